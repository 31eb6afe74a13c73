"""What a planner reads first: what holds cases most, and what would help there; which promise is in danger, when."""

from __future__ import annotations

import numpy as np

from analysis.answers.answer import BROKEN, KEPT, verdict
from analysis.answers.bottlenecks import Bottleneck, bottlenecks
from analysis.answers.words import a, capital, hours, step_title
from analysis.measures.ledger import NOBODY, TOLD
from analysis.runs.result import Result
from analysis.statistics import Estimate
from sim.language import later, say
from sim.plan import Promise

HELPS = {
    "rest_day": later("somebody on rest days would help there, rather than hands"),
    "night": later("longer hours would help there, rather than hands"),
    "break": later("breaks at different times would help there"),
    "busy_same": later("another pair of hands would help there"),
    "busy_other": later("hands that do nothing else would help there"),
    "too_few": later("more people at the same time would help there"),
    "held_back": later("shifts that end later would help there"),
    "resting": later("work that is handed over, not put down, would help there"),
    "departure": later("a further departure would help there"),
    "full": later("departures with more room would help there"),
}
"""Cause of a delay → what would help."""

NOTED = 0.02
"""When nobody is on shift is told down to this share of a delay."""

FAR_WORSE = 0.02
"""An event is told of if a promise is kept there for a share that is lower by this than all in all."""


def first_lines(result: Result) -> list[str]:
    """Two lines, or one where nothing was promised."""
    found = bottlenecks(result)
    held = _held(result, found[0]) if found else say("Nothing holds cases for a noticeable share of their time.")
    return [held, *_promised(result)]


def _held(result: Result, first: Bottleneck) -> str:
    title = step_title(result.plan, first.number)
    shares = {cause: lost.mean / first.lost_h_per_week.mean for cause, lost in first.causes.items()}
    hold = hours(Estimate(first.hold_h.mean, float("nan"), 1))
    told = say(
        "{title} holds {route} longest: {hold} each",
        title=capital(title),
        route=a(first.route),
        hold=hold,
    )
    cause, why = _why(shares)
    return say("{told}, {why}; {help}.", told=told, why=why, help=say(HELPS[cause]))


def _why(shares: dict[str, float]) -> tuple[str, str]:
    """The cause of most of a delay, and how it is told; that nobody is on shift is one until it is asked when."""
    away = {cause: shares[cause] for cause in NOBODY if shares[cause] >= NOTED}
    cause = max((c for c in shares if c not in NOBODY), key=lambda c: shares[c])
    if sum(away.values()) <= shares[cause]:
        return cause, say("{share:.0f} % of it {cause}", share=100 * shares[cause], cause=say(TOLD[cause]))
    cause = max(away, key=lambda c: away[c])
    if len(away) == 1:
        return cause, say("{share:.0f} % of it {cause}", share=100 * away[cause], cause=say(TOLD[cause]))
    when = (f"{100 * share:.0f} % {say(NOBODY[c])}" for c, share in sorted(away.items(), key=lambda each: -each[1]))
    return cause, say(
        "{share:.0f} % of it nobody on shift: {listed}", share=100 * sum(away.values()), listed=", ".join(when)
    )


def _promised(result: Result) -> list[str]:
    """The promise that is furthest from being kept; or that all are."""
    judged = [(each, result.get("promise", each.name, "share")) for each in result.plan.promises]
    judged = [(promise, share) for promise, share in judged if not np.isnan(share.mean)]
    if not judged:
        return []
    open_ = [(promise, share) for promise, share in judged if verdict(share, promise.share) != KEPT]
    if not open_:
        return [say("Every promise is kept: {listed}.", listed="; ".join((promise.name for promise, _ in judged)))]
    broken = [(promise, share) for promise, share in open_ if verdict(share, promise.share) == BROKEN]
    promise, share = min(broken or open_, key=lambda each: each[1].mean - each[0].share)
    said = "is broken" if broken else say("is too close to call with so few runs")
    told = say(
        "“{name}” {said}: kept for {between}, promised {share:.4g} %",
        name=promise.name,
        said=said,
        between=_between(share),
        share=100 * promise.share,
    )
    return [f"{told}{_worst(result, promise, share)}."]


def _between(share: Estimate) -> str:
    """An interval as people say it: "90 to 98 %"."""
    if np.isnan(share.half_width) or share.half_width == 0:
        return f"{100 * share.mean:.3g} %"
    low, high = (100 * min(max(end, 0.0), 1.0) for end in (share.low, share.high))
    digits = 0 if high - low >= 1.5 else 1
    return say("{low:.{digits}f} to {high:.{digits}f} %", low=low, digits=digits, high=high)


def _worst(result: Result, promise: Promise, share: Estimate) -> str:
    """The event in which it was kept least, where that is far below."""
    known = [
        (result.get("event promise", f"{event.name}/{promise.name}", "share").mean, event.name)
        for event in result.plan.events
    ]
    known = [each for each in known if each[0] < share.mean - FAR_WORSE]
    if not known:
        return ""
    least, name = min(known)
    return say("; worst at “{name}”: {least:.0f} %", name=name, least=100 * least)
