"""Whom first? What one person more or fewer does, in sentences: who saves customers most time for the money, and how
sure that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from analysis.answers.words import change as change_in_words
from analysis.answers.words import figure, measure_title
from analysis.statistics import CONFIDENCE, Estimate, estimate
from analysis.statistics.comparisons import PairedComparison
from sim.language import counted, say
from sim.plan import Plan

Floats = NDArray[np.float64]

WAITING = "time of customers"
"""All hours a week that customers' cases spend in the shop."""
COST, BROUGHT, LEFT = (("money", "shop", f"{what}_per_week") for what in ("staff_cost", "contribution", "surplus"))
MONEY = [measure_title(key) for key in (COST, BROUGHT, LEFT)]


HARDLY = 0.1
"""A team with less work than this share of one person's hours is needed, if at all, for what is not in the scenario."""


@dataclass(frozen=True, eq=False)
class Alternative:
    """One team with one person more or fewer, or with an hour a day more or less."""

    team: str
    change: int
    """+1 or -1."""
    what: str
    """"person" or "hour a day"."""
    plan: Plan
    priced: bool
    """Whether it is known what the change costs: the team has pay, or nobody has."""
    busy: float = 1.0
    """The work that the team has in this scenario, as a share of one person's hours."""

    @property
    def blind(self) -> bool:
        """Whether it takes away people whose work is hardly in the scenario: what else they do nobody misses there."""
        return self.change < 0 and self.busy < HARDLY


@dataclass(frozen=True)
class Effect:
    """What one alternative does to one measure."""

    alternative: Alternative
    measure: str
    unit: str
    base: float
    pair: PairedComparison
    each: Floats
    """Alternative less base, in every replication."""

    @property
    def difference(self) -> Estimate:
        """Alternative less base."""
        return self.pair.difference


def effect_on(effects: Sequence[Effect], alternative: Alternative, measure: str) -> Effect | None:
    """What an alternative does to a measure; None where that is not measured."""
    return next((e for e in effects if e.alternative is alternative and e.measure == measure), None)


def cost_of(effects: Sequence[Effect], effect: Effect) -> Effect | None:
    """What the alternative behind an effect costs."""
    return effect_on(effects, effect.alternative, measure_title(COST))


def ratio(waiting: Effect, cost: Effect | None) -> float:
    """Hours saved per money spent; for one person fewer, hours lost per money saved, below 0."""
    return -waiting.difference.mean / _price(waiting, cost)


def _price(waiting: Effect, cost: Effect | None) -> float:
    """The money by which the hours saved are divided: 1 where there is none to speak of; infinite, so that it comes
    last, where it is not known.
    """
    if not waiting.alternative.priced:
        return inf
    return 1.0 if cost is None or abs(cost.difference.mean) < 1e-9 else abs(cost.difference.mean)


def per_money(waiting: Effect, cost: Effect) -> str:
    """The ratio in words: in brackets if it is not proven that time is saved or lost."""
    if abs(cost.difference.mean) < 1e-9 or not waiting.alternative.priced:
        return "–"
    if waiting.pair.verdict == "the same":
        return "0"
    told = figure(float(f"{ratio(waiting, cost):.3g}"))
    return told if waiting.pair.verdict in ("better", "worse") else f"[{told}]"


def named(alternative: Alternative) -> str:
    """The alternative in words: "+1 Packer", "−1 h a day: Packer"."""
    sign = "+1" if alternative.change > 0 else "−1"
    return (
        f"{sign} {alternative.team}"
        if alternative.what == "person"
        else say("{sign} h a day: {team}", sign=sign, team=alternative.team)
    )


def sentences(effects: Sequence[Effect], currency: str) -> list[str]:
    """Whom first, what it brings in money, and who would hardly be missed."""
    waiting = [each for each in effects if each.measure == WAITING]
    more = [each for each in waiting if each.alternative.change > 0 and each.pair.verdict == "better"]
    first = _whom_first(effects, more, currency) if more else [_nobody(waiting)]
    return [*first, *_by_money(effects), *_hardly_missed(effects), *_blind(effects)]


def _by_money(effects: Sequence[Effect]) -> list[str]:
    """What leaves most of what cases bring, without making anything else worse."""
    left = [each for each in effects if each.measure == measure_title(LEFT) and each.alternative.priced]
    seen = [each for each in left if not each.alternative.blind]
    free = [each for each in seen if each.pair.verdict == "better" and not _worse(effects, each.alternative)]
    if not left:
        return []
    if not free:
        return [say("By money: no change is proven to leave more without making something else worse.")]
    best = max(free, key=lambda each: each.difference.mean)
    found = best.difference
    more = _so_much(found.mean, found.low, found.high, say("{unit} more", unit=best.unit))
    told = say(
        "By money: {named} leaves {more}, and nothing that was measured is proven",
        named=named(best.alternative),
        more=more,
    )
    return [say("{told} to become worse (work that is not in the scenario is not counted).", told=told)]


def _worse(effects: Sequence[Effect], alternative: Alternative) -> bool:
    """Whether something but money is proven to become worse, or customers' time or work left undone seems to."""
    mine = [each for each in effects if each.alternative is alternative and each.measure not in MONEY]
    seems = [e for e in mine if e.measure == WAITING or e.measure.endswith(say(": open"))]
    return any(e.pair.verdict == "worse" for e in mine) or any(e.difference.mean > 0 for e in seems)


def _whom_first(effects: Sequence[Effect], more: Sequence[Effect], currency: str) -> list[str]:
    """Of those that are proven to save time: who saves most for the money, and how sure the order is."""
    by_ratio = sorted(more, key=lambda e: -ratio(e, cost_of(effects, e)))
    first, cost = by_ratio[0], cost_of(effects, by_ratio[0])
    found = first.difference
    saved = _so_much(-found.mean, -found.high, -found.low, "h a week")
    sentence = say("First: {named}. It saves customers {saved}", named=named(first.alternative), saved=saved)
    if not first.alternative.priced:
        sentence += say(" (what that costs is not known)")
    elif cost is not None and cost.difference.mean > 0:
        sentence += say(
            " for {mean:,.0f} {currency} a week: {per_money} h for each {currency}",
            mean=cost.difference.mean,
            currency=currency,
            per_money=per_money(first, cost),
        )
    elif cost is not None and cost.difference.mean < 0:
        sentence += say(
            ", and {mean:,.0f} {currency} a week of overtime besides", mean=-cost.difference.mean, currency=currency
        )
    following = [named(each.alternative) for each in by_ratio[1:4]]
    sentence += f".{_pays(effect_on(effects, first.alternative, measure_title(LEFT)))}"
    sentence += say(" Next: {listed}.", listed="; ".join(following)) if following else ""
    return [sentence, *_maybe_before(effects, by_ratio), *_maybe_better(effects, first)]


def _pays(left: Effect | None) -> str:
    """Whether who is hired first brings more than they cost: nothing is said where there is no money in the shop."""
    if left is None or left.pair.verdict == "the same" or not left.alternative.priced:
        return ""
    mean, low, high = left.difference.mean, left.difference.low, left.difference.high
    if left.pair.verdict == "not proven":
        return say(
            " Whether that pays for itself is not proven: {change_in_words} {unit} are left.",
            change_in_words=change_in_words(mean, low, high),
            unit=left.unit,
        )
    if mean > 0:
        return say(" That pays for itself: {so_much} are left.", so_much=_so_much(mean, low, high, left.unit + " more"))
    return say(
        " That does not pay for itself: {so_much} are left.", so_much=_so_much(-mean, -high, -low, left.unit + " less")
    )


def _so_much(mean: float, low: float, high: float, unit: str) -> str:
    """How much is saved or left, with its interval; where that holds 0 although the verdict stands (Holm), how much is
    open.
    """
    if low > 0:
        return f"{change_in_words(mean, low, high).replace('+', '')} {unit}"
    return say(
        "{replace} {unit} (how much is open)", replace=change_in_words(mean, nan, nan).replace("+", ""), unit=unit
    )


def _maybe_before(effects: Sequence[Effect], by_ratio: Sequence[Effect]) -> list[str]:
    """Whom the first is not proven to be ahead of, under the same luck; cost is taken as known."""
    saved = [-each.each / _price(each, cost_of(effects, each)) for each in by_ratio]
    at_once = 1 - (1 - CONFIDENCE) / max(1, len(saved) - 1)
    close = [
        named(each.alternative)
        for each, hours in zip(by_ratio[1:], saved[1:], strict=True)
        if not (each.alternative.priced and estimate(saved[0] - hours, at_once).excludes(0))
    ]
    return [say("That it comes before {listed} is not proven.", listed=" or ".join(close))] if close else []


def _maybe_better(effects: Sequence[Effect], first: Effect) -> list[str]:
    """Who saves more for the money on average, without being proven to save any."""
    least = ratio(first, cost_of(effects, first))
    open_ = [
        each
        for each in effects
        if each.measure == WAITING
        and each.alternative.change > 0
        and each.pair.verdict == "not proven"
        and ratio(each, cost_of(effects, each)) > least
    ]
    if not open_:
        return []
    needed = [each.pair.needed for each in open_ if each.pair.needed is not None]
    which = "it" if len(open_) == 1 else say("the first of them")
    more = (
        say("; about {number} would settle {which}", number=counted(min(needed), "replication"), which=which)
        if needed
        else ""
    )
    open_.sort(key=lambda e: -ratio(e, cost_of(effects, e)))
    listed = "; ".join(named(each.alternative) for each in open_)
    return [
        say("More for the money on average, but not proven to save any time: {listed}{more}.", listed=listed, more=more)
    ]


def _nobody(waiting: Sequence[Effect]) -> str:
    needed = [e.pair.needed for e in waiting if e.alternative.change > 0 and e.pair.needed and e.difference.mean < 0]
    more = say("; about {number} would settle the first", number=counted(min(needed), "replication")) if needed else ""
    return say("Not proven for any team that one more person saves customers time{more}.", more=more)


def _hardly_missed(effects: Sequence[Effect]) -> list[str]:
    """Teams in which one fewer changes nothing at all but money."""
    fewer = dict.fromkeys(each.alternative for each in effects if each.alternative.change < 0)
    names = [named(alternative) for alternative in fewer if _same(effects, alternative) and not alternative.blind]
    but = say(" but money") * any(each.measure in MONEY for each in effects)
    return (
        [say("Nothing that was measured changes{but} with: {listed}.", but=but, listed="; ".join(names))]
        if names
        else []
    )


def _same(effects: Sequence[Effect], alternative: Alternative) -> bool:
    """Whether an alternative changes nothing but money."""
    mine = (each for each in effects if each.alternative is alternative and each.measure not in MONEY)
    return all(each.pair.verdict == "the same" for each in mine)


def _blind(effects: Sequence[Effect]) -> list[str]:
    """Whose work is hardly in the scenario, so that it cannot say whether they are needed."""
    fewer = dict.fromkeys(each.alternative for each in effects if each.alternative.change < 0)
    those = {each.team: each.busy for each in fewer if each.blind}
    if not those:
        return []
    listed = "; ".join(say("{team} (busy {busy:.2g} %)", team=team, busy=100 * busy) for team, busy in those.items())
    return [
        say(
            "Hardly any of their work is in this scenario, which cannot say what else they are needed for: {listed}.",
            listed=listed,
        )
    ]
