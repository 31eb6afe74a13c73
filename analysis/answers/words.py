"""Numbers as people read them: with their interval, in a unit that suits their size."""

from __future__ import annotations

import math

from analysis.statistics import Estimate
from sim.language import later, say
from sim.plan import Plan
from sim.scenario.fields import in_language


def with_interval(estimate: Estimate, unit: str = "", scale: float = 1.0, digits: int | None = None) -> str:
    """An estimate times `scale` with its half-width: "6.1 ± 0.4 h" ("6.1 h" from one replication, "–" from none)."""
    if math.isnan(estimate.mean):
        return "–"
    mean, half = estimate.mean * scale, estimate.half_width * scale
    places = _places(mean, half) if digits is None else digits
    text = f"{mean:,.{places}f}"
    if not math.isnan(half):
        text += f" ± {half:,.{places}f}"
    return f"{text} {unit}".rstrip()


def _places(mean: float, half: float) -> int:
    """Decimals: two significant digits of the half-width, or three of the mean if that is fewer; at most 3."""
    known = [x for x in (half, abs(mean) / 10) if x > 0 and not math.isnan(x)]
    return max(0, min(3, 1 - math.floor(math.log10(max(known))))) if known else 0


def change(mean: float, low: float, high: float) -> str:
    """A difference with the ends of its interval ("–" if there is none).

    >>> change(-1.7, -2.1, -1.3), change(120, float("nan"), float("nan"))
    ('−1.70 (−2.10 to −1.30)', '+120')
    """
    if math.isnan(mean):
        return "–"
    if mean == low == high == 0:
        return "0"
    places = _places(mean, (high - low) / 2)
    ends = (
        ""
        if math.isnan(low + high)
        else say(" ({low:+,.{places}f} to {high:+,.{places}f})", low=low, places=places, high=high)
    )
    return f"{mean:+,.{places}f}{ends}".replace("-", "−")


def level(mean: float, half: float, scale: float = 1.0) -> str:
    """A figure as exact as its half-width lets it be read, without the half-width.

    >>> level(78.024, 1.6), level(0.9541, 0.032, 100), level(31.8, 0)
    ('78.0', '95.4', '31.8')
    """
    return with_interval(Estimate(mean, half, 2), scale=scale).partition(" ±")[0]


def read_as(unit: str) -> tuple[float, str]:
    """The factor and the unit in which people read a measure of this unit: shares in per cent."""
    return (100.0, "%") if unit == "share" else (1.0, unit)


def of_differences(unit: str) -> str:
    """The unit in which people read differences: those of per cent are percentage points."""
    return "percentage points" if unit == "%" else unit


def hours(estimate: Estimate) -> str:
    """Hours, or minutes or seconds where they are few."""
    if abs(estimate.mean) >= 1 or math.isnan(estimate.mean):
        return with_interval(estimate, "h")
    if abs(estimate.mean) >= 1 / 60:
        return with_interval(estimate, "min", 60)
    return with_interval(estimate, "s", 3600)


def per_cent(estimate: Estimate) -> str:
    """A share in per cent: "93 ± 1 %"."""
    return with_interval(estimate, "%", 100)


def in_per_cent(share: float) -> str:
    """A share that was given, not measured: as exact as it was written.

    >>> in_per_cent(0.9), in_per_cent(0.975)
    ('90 %', '97.5 %')
    """
    return f"{100 * share:.6g} %"


def figure(value: float) -> str:
    """A figure of a table: four significant digits, thousands apart, never with an exponent; – for what does not
    exist.

    >>> figure(21412.5), figure(-0.98765), figure(-3.1174e-05), figure(1.0), figure(float("nan"))
    ('21,412', '−0.9877', '−0.00003117', '1', '–')
    """
    if math.isnan(value):
        return "–"
    small = 0 < abs(value) < 1e-4
    text = f"{value:,.0f}" if abs(value) >= 1000 else _positional(value) if small else f"{value:.4g}"
    return text.replace("-", "−")


def _positional(value: float) -> str:
    return f"{value:.{3 - math.floor(math.log10(abs(value)))}f}"


def capital(title: str) -> str:
    """A title as it begins a sentence.

    >>> capital("pick"), capital("拣货")
    ('Pick', '拣货')
    """
    return title[:1].upper() + title[1:]


def a(noun: str) -> str:
    """The noun with its article, fit for a sentence: "an order", "a chat", "a desk work"."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {plain(noun)}"


def plain(name: str) -> str:
    """A name as it reads in a sentence."""
    return name.replace("_", " ")


def who_is_paid(plan: Plan) -> str:
    """Whose pay is known, where it is not everybody's: "11 of 13 people have pay"."""
    paid = sum(plan.teams[person.team].pay is not None for person in plan.people)
    return (
        ""
        if paid == len(plan.people)
        else say("{paid} of {people} people have pay", paid=paid, people=len(plan.people))
    )


def role_title(plan: Plan, role: int, language: str = "en") -> str:
    """What people call a role."""
    return in_language(plan.roles[role].title, language)


def step_title(plan: Plan, step: int, language: str = "en") -> str:
    """What people call a step."""
    return in_language(plan.steps[step].title, language)


_MEASURES = {
    "wait_min": "wait {of}",
    "cycle_h": later("cycle time of {a}"),
    "in_progress": later("cases in the shop: {place}"),
    "queue": "queue {of}",
    "gave_up_share": later("share that gives up {of}"),
    "utilisation": later("utilisation of {place}"),
    "overtime_h": later("overtime of {place}"),
    "share": "kept: {place}",
    "days_share": later("days on which it is kept: {place}"),
    "staff_cost_per_week": "staff cost",
    "contribution_per_week": "contribution",
    "surplus_per_week": later("contribution less staff cost"),
    "cost_per_week": later("cost of {place}"),
}


def measure_title(key: tuple[str, str, str]) -> str:
    """What people call a measure.

    >>> measure_title(("route", "order", "cycle_h")), measure_title(("step", "order/pack", "wait_min"))
    ('cycle time of an order', 'wait at order/pack')
    """
    kind, place, measure = key
    told = plain(place)
    of = (
        say("for {told}", told=told) if kind in ("role", "team") else f"{'in' if kind == 'department' else 'at'} {told}"
    )
    if measure in _MEASURES:
        return say(_MEASURES[measure], of=of, place=told, a=a(place))
    return f"{told}: {plain(measure)}"


def percent_change(mean: float, low: float, high: float) -> str:
    """A change in per cent with the ends of its interval.

    >>> percent_change(-35.2, -37.0, -33.4)
    '−35.2 % (−37.0 to −33.4)'
    """
    told, _, ends = change(mean, low, high).partition(" ")
    return f"{told} %{f' {ends}' if ends else ''}"
