"""Plus one, minus one: what one person more or fewer in each team would change. Whom to hire first?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.answers.finding import Drawn, Finding, Told, title_of
from analysis.answers.mind import mind, unpriced_hours
from analysis.answers.words import change as change_in_words
from analysis.answers.words import measure_title
from analysis.measures import Key
from analysis.measures.paths import direction
from analysis.questions.compare_known import controls_of_row
from analysis.questions.teams import team_title
from analysis.questions.whom_first import (
    BROUGHT,
    COST,
    LEFT,
    WAITING,
    Alternative,
    Effect,
    cost_of,
    effect_on,
    named,
    per_money,
    ratio,
    sentences,
)
from analysis.runs.known import Known
from analysis.runs.observe import Observed, Setting, observe, provenance
from analysis.runs.result import unit
from analysis.statistics import estimate
from analysis.statistics.comparisons import compare_family
from sim.faults import bad_input
from sim.language import later, say
from sim.plan import Plan
from sim.planning.staffing import has_working_days, lengthened, staffed
from sim.units import HOUR, WEEK

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Good = Literal["lower", "higher"]


def marginal(plan: Plan, replications: int = 20, setting: Setting | None = None, hours: bool = False) -> Finding:
    """What one person more and one fewer in each team would change; with `hours`, also an hour a day more and less
    (but for those who work round the clock). Raises BadInput where there is no team.
    """
    setting = setting or Setting()
    if not plan.teams:
        raise bad_input("marginal", say("nobody works in this scenario: there is no team with one more or one fewer"))
    tried = alternatives(plan, hours)
    observed = observe([plan, *(each.plan for each in tried)], range(replications), setting)
    tried = [replace(each, busy=_busy(observed, plan, each)) for each in tried]
    effects = effects_of(observed, tried, plan)
    ranked = ranking(effects, plan.currency)
    return Finding(
        experiment="marginal",
        title=say("One more, one fewer: {title_of}", title_of=title_of(plan)),
        question=say("Whom first? What would one person more, or one fewer, in each team change?"),
        recommendation=sentences(effects, plan.currency),
        tables=[
            Told("ranking", _caption(plan, hours), ranked, say(NOTES)),
            Told("marginal", say("Every effect"), _table(effects), ""),
        ],
        pictures=_pictures(effects, plan.currency),
        warnings=[*mind([plan]), *unpriced_hours(plan, [each.plan for each in tried])],
        provenance=provenance(observed, setting),
    )


def _busy(observed: Observed, plan: Plan, each: Alternative) -> float:
    """The work that a team has, as a share of one person's hours; 1 where nobody is on shift."""
    number = next(n for n in range(len(plan.teams)) if team_title(plan, n) == each.team)
    group = plan.teams[number]
    busy = observed.each(0, ("team", f"{plan.roles[group.role].name}/{group.name}", "utilisation")).mean()
    return 1.0 if np.isnan(busy) else float(busy) * plan.headcount()[number]


def _caption(plan: Plan, hours: bool) -> str:
    paid = any(team.pay for team in plan.teams)
    tried = say("One person, or one hour a day, more or fewer") if hours else say("One person more or fewer")
    return say(
        "{tried}, by the time of customers saved{say}",
        tried=tried,
        say=say(" for each {currency}", currency=plan.currency) * paid,
    )


KEPT = measure_title(("promise", "", "share"))
"""Before the name of a promise, in what its measure is called."""

NOTES = later(
    "Time of customers: hours a week that cases of the routes with a promise or a contribution spend in the shop, by "
    "Little's law. Surplus: contribution less staff cost. Intervals of a column hold all at once with 95 %. A "
    "change that is not proven is in brackets, and stands behind those that are."
)


def alternatives(plan: Plan, hours: bool = False) -> list[Alternative]:
    """Every team with one person more and, if it has any, one fewer."""
    found = []
    nobody_paid = not any(team.pay for team in plan.teams)
    for number, count in enumerate(plan.headcount()):
        label, priced = team_title(plan, number), nobody_paid or plan.teams[number].pay is not None
        people = (1, -1) if count else (1,)
        found += [Alternative(label, by, "person", staffed(plan, {number: count + by}), priced) for by in people]
        if hours and count and has_working_days(plan, number):
            longer = ((by, lengthened(plan, number, by * HOUR)) for by in (1, -1))
            found += [Alternative(label, by, "hour a day", each, priced) for by, each in longer]
    return found


# --- measures ---------------------------------------------------------------------------------------------------


SHOP: Key = ("money", "shop", WAITING)
"""Stands for what customers spend in the shop, on all routes that matter."""


class Measure(NamedTuple):
    """Something that is measured of every alternative."""

    name: str
    unit: str
    good: Good
    key: Key
    of: Callable[[int], Floats]
    """Number of the plan → its value in every replication."""


def _measures(observed: Observed, plan: Plan) -> list[Measure]:
    """Customers' time, money, promises, cycle times and waits, as far as there are any."""
    keys = observed.keys()
    wanted = [key for key in (LEFT, COST, BROUGHT) if key in keys]
    wanted += [key for key in keys if key[0] == "promise" and key[2] in ("share", "days_share")]
    wanted += [key for key in keys if key[0] == "route" and key[2] == "cycle_h"]
    wanted += [key for key in keys if key[0] == "route" and key[2] == "open"]
    wanted += [key for key in keys if key[0] == "role" and key[2] == "wait_min"]
    waiting = Measure(WAITING, "h/week", "lower", SHOP, lambda number: time_of_customers(observed, plan, number))
    return [waiting, *(_plain_measure(observed, key, plan.currency) for key in wanted)]


def _plain_measure(observed: Observed, key: Key, currency: str) -> Measure:
    good: Good = "higher" if direction(key[2]) == "higher" else "lower"
    return Measure(measure_title(key), unit(*key, currency), good, key, lambda number: observed.each(number, key))


def time_of_customers(observed: Observed, plan: Plan, number: int) -> Floats:
    """Hours a week that their cases spend in the shop: Little's law, L = λW, with L from the log."""
    routes = {promise.route for promise in plan.promises} | {each.route for each in plan.contributions}
    names = [plan.routes[r].name for r in sorted(routes or range(len(plan.routes)))]
    present = [observed.each(number, ("route", name, "in_progress")) for name in names]
    total: Floats = np.sum(present, axis=0) * (WEEK / HOUR)
    return total


def effects_of(
    observed: Observed, tried: Sequence[Alternative], plan: Plan, known: Known | None = None
) -> list[Effect]:
    """The effect of every alternative on every measure; plan 0 of the observed is the present one, and what is `known`
    of the orders that came is that of it.
    """
    return [effect for measure in _measures(observed, plan) for effect in _effects(tried, measure, known)]


def _effects(tried: Sequence[Alternative], measure: Measure, known: Known | None) -> list[Effect]:
    """The effect of every alternative on one measure, judged as one family."""
    base = measure.of(0)
    if np.isnan(base).all():
        return []
    values = [measure.of(n) for n in range(1, len(tried) + 1)]
    controls = [controls_of_row(known, measure.key, (value, base)) for value in values]
    pairs = compare_family([(value, base) for value in values], measure.good, controls=controls)
    mean = estimate(base).mean
    return [
        Effect(each, measure.name, measure.unit, mean, pair, value - base)
        for each, pair, value in zip(tried, pairs, values, strict=True)
    ]


# --- tables and sentences ---------------------------------------------------------------------------------------


def _table(effects: Sequence[Effect]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            "team": each.alternative.team,
            "change": each.alternative.change,
            "of": each.alternative.what,
            "measure": each.measure,
            "unit": each.unit,
            "base": each.base,
            "difference": each.difference.mean,
            "low": each.difference.low,
            "high": each.difference.high,
            "verdict": each.pair.verdict,
            "needed": each.pair.needed,
            "variance_ratio": each.pair.variance_ratio,
            "n": each.difference.n,
        }
        for each in effects
    ]
    return pd.DataFrame(rows).astype({"needed": "Int64"})


def ranking(effects: Sequence[Effect], currency: str) -> pd.DataFrame:
    """A row an alternative, the most customers' time saved per money first: columns change, time saved, cost, hours
    saved per money, surplus, with words where something is not proven.
    """
    import pandas as pd

    waiting = [each for each in effects if each.measure == WAITING]
    waiting.sort(
        key=lambda e: (
            -e.alternative.change,
            e.alternative.blind,
            not _proven(e),
            -ratio(e, cost_of(effects, e)),
        )
    )
    promised = any(each.measure.startswith(KEPT) for each in effects)
    rows = []
    for each in waiting:
        cost, left = (effect_on(effects, each.alternative, measure_title(key)) for key in (COST, LEFT))
        hardly = say(" (hardly any work here)") * each.alternative.blind
        row = {"change": f"{named(each.alternative)}{hardly}", "time of customers, h/week": _shown(each)}
        priced = each.alternative.priced
        if cost is not None:
            more = cost.difference.mean
            told = change_in_words(more, nan, nan) if abs(more) >= 1e-9 else "0"
            row[f"staff cost, {currency}/week"] = told if priced else "–"
            row[f"hours saved per {currency}"] = per_money(each, cost)
        if left is not None:
            row[f"surplus, {currency}/week"] = _shown(left) if priced else "–"
        if promised:
            row["promises kept, points"] = _promises(effects, each.alternative)
        rows.append(row)
    return pd.DataFrame(rows)


def _proven(effect: Effect) -> bool:
    return effect.pair.verdict in ("better", "worse")


def _promises(effects: Sequence[Effect], alternative: Alternative) -> str:
    """What is proven to become better or worse of the promises."""
    mine = [each for each in effects if each.alternative is alternative and each.measure.startswith(KEPT)]
    told = [f"{each.measure.removeprefix(KEPT)} {_points(each)}" for each in mine if _proven(each)]
    return "; ".join(told) or "–"


def _points(effect: Effect) -> str:
    found = effect.difference
    return change_in_words(100 * found.mean, 100 * found.low, 100 * found.high)


def _shown(effect: Effect) -> str:
    """A change with its interval; in brackets if it is not proven."""
    if effect.pair.verdict == "the same":
        return "0"
    told = change_in_words(effect.difference.mean, effect.difference.low, effect.difference.high)
    return told if _proven(effect) else f"[{told}]"


# --- pictures ---------------------------------------------------------------------------------------------------


def _pictures(effects: Sequence[Effect], currency: str) -> list[Drawn]:
    pictures = [
        Drawn("waiting", say("Left of the line: customers spend less time in the shop."), _tornado(effects, WAITING))
    ]
    if any(each.measure == measure_title(LEFT) for each in effects):
        caption = say("Right of the line: more is left of what cases bring, in {currency} a week.", currency=currency)
        pictures.append(Drawn("money", caption, _tornado(effects, measure_title(LEFT))))
    return pictures


def _tornado(effects: Sequence[Effect], measure: str) -> Callable[[], Figure]:
    def draw() -> Figure:
        import pandas as pd

        from analysis.pictures import marginal as tornado

        mine = [each for each in effects if each.measure == measure and each.alternative.what == "person"]
        hardly = {each.alternative.team for each in mine if each.alternative.blind}
        rows = [
            {
                "label": each.alternative.team + say("\n(hardly any work here)") * (each.alternative.team in hardly),
                "change": each.alternative.change,
                "mean": each.difference.mean,
                "low": each.difference.low,
                "high": each.difference.high,
                "proven": each.pair.verdict not in ("not proven", "the same"),
            }
            for each in mine
        ]
        return tornado(pd.DataFrame(rows), measure, mine[0].unit)

    return draw
