"""The short answer: what a planner should know first, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.answers import precision
from analysis.answers.bottlenecks import Bottleneck, bottlenecks
from analysis.answers.events import days_sentence, event_sentence
from analysis.answers.mind import doubts
from analysis.answers.words import hours, per_cent, plain, step_title, who_is_paid, with_interval
from analysis.runs.result import Result
from analysis.statistics import Estimate, estimate
from sim.language import later, say
from sim.plan import Promise

MOST_OF_FIRST = 3
"""Bottlenecks that are told of the route that loses most time."""

MOST_GROWING = 2
"""Growing queues that are told of by name."""

GRAVE = (later("More comes than can be done"), later("The queue at"))
"""How warnings begin that come before all else."""

MANY_OPEN = 0.01
"""From this share of cases that are still open on, what they have not brought yet is told."""

UNDECIDED = 0.1
"""From this share of undecided cases on, or of those that are not meant, the sentence about a promise says so."""

KEPT, BROKEN, NOT_PROVEN = "kept", "broken", "not proven"


@dataclass(frozen=True)
class Answer:
    """Sentences, from the first to be read to the last."""

    flow: list[str]
    """How long cases of each route take."""
    holds: list[str]
    """Where they are held, the costliest route first."""
    promises: list[str]
    """Which promises are kept."""
    events: list[str]
    """What each dated event brought, and what it did; then its days."""
    money: list[str]
    """What people cost and cases bring, in a line; none where the scenario says neither."""
    precision: list[str]
    """How precisely the measures are known of which that was asked."""
    warnings: list[str]
    """What makes the figures doubtful."""


def answer(result: Result) -> Answer:
    """The short answer to a run."""
    found = bottlenecks(result)
    return Answer(
        flow=[*(_flow(result, route.name) for route in result.plan.routes), *_already_there(result)],
        holds=_holds(found),
        promises=[_promise(result, promise) for promise in result.plan.promises],
        events=[*(event_sentence(result, event) for event in result.plan.events), *days_sentence(result)],
        money=_money(result),
        precision=precision.told(result),
        warnings=warnings(result),
    )


def _already_there(result: Result) -> list[str]:
    """What became of those who stood somewhere when the run began, by step."""
    return [
        _backlog(result, number) for number in sorted({stream.at for stream in result.plan.streams if stream.at >= 0})
    ]


def _backlog(result: Result, step: int) -> str:
    get = partial(result.each, "already there", result.plan.step_key(step))
    title, many, done = step_title(result.plan, step), get("cases").mean(), get("worked_off_h")
    told = say("{many:,.0f} cases stood at {title} when the run began", many=many, title=title)
    if not many:
        return f"{told}."
    if np.isnan(done).all():
        told += say(", and some of them stand there at its end")
    else:
        told += say("; they were worked off after {estimate}", estimate=hours(estimate(done[~np.isnan(done)])))
        if open_ := int(np.isnan(done).sum()):
            told += say(" (in {open} of {size} runs not before its end)", open=open_, size=done.size)
    return say(
        "{told}. They came before the window: queues and hours see them; waits, cycle times and promises do not.",
        told=told,
    )


def _flow(result: Result, route: str) -> str:
    cycle = result.get("route", route, "cycle_h")
    arrived, ended, still = (result.get("route", route, name).mean for name in ("arrived", "ended", "open"))
    counts = say(
        "{arrived:,.0f} came, {ended:,.0f} ended, {still:,.0f} still open", arrived=arrived, ended=ended, still=still
    )
    if np.isnan(cycle.mean):
        return say("{route}: none ended ({counts}).", route=plain(route), counts=counts)
    p90 = result.get("route", route, "cycle_p90_h")
    bare = Estimate(p90.mean, float("nan"), 1)
    took = say(
        "{cycle} from arrival to end on average, nine in ten within {bare}", cycle=hours(cycle), bare=hours(bare)
    )
    return f"{plain(route)}: {took} ({counts})."


def _holds(found: list[Bottleneck]) -> list[str]:
    """The first three of the route that loses most, the first of each other route."""
    told: dict[str, list[Bottleneck]] = {}
    for each in found:
        told.setdefault(each.route, []).append(each)
    chosen = [each for i, route in enumerate(told.values()) for each in route[: 1 if i else MOST_OF_FIRST]]
    return [each.sentence + ("" if each.proven else say(" (Not proven to be ahead of the next.)")) for each in chosen]


def verdict(share: Estimate, target: float) -> str:
    """Kept or broken where the interval excludes the target, else not proven."""
    if not share.excludes(target):
        return KEPT if share.n > 1 and share.half_width == 0 and share.mean == target else NOT_PROVEN
    return KEPT if share.mean > target else BROKEN


def _promise(result: Result, promise: Promise) -> str:
    share = result.get("promise", promise.name, "share")
    if np.isnan(share.mean):
        return say("{name}: nothing to judge.", name=promise.name)
    said = verdict(share, promise.share)
    names = ("kept", "broken", "undecided", "not_meant")
    counts = {name: result.get("promise", promise.name, name).mean for name in names}
    came = sum(counts.values())
    notes = [say("one replication proves nothing")] if share.n == 1 else []
    if counts["undecided"] > UNDECIDED * came:
        notes.append(
            say("{undecided:,.0f} cases came too late to tell before the run ended", undecided=counts["undecided"])
        )
    if counts["not_meant"] > UNDECIDED * came:
        notes.append(
            say(
                "{not_meant:,.0f} of {came:,.0f} cases ended without coming to it: not counted",
                not_meant=counts["not_meant"],
                came=came,
            )
        )
    note = f" ({'; '.join(notes)})" if notes else ""
    return say(
        "{name}: kept for {share}, promised {share_2:.4g} %: {said}{note}.",
        name=promise.name,
        share=per_cent(share),
        share_2=100 * promise.share,
        said=said,
        note=note,
    )


def _money(result: Result) -> list[str]:
    paid, unit = who_is_paid(result.plan), say("{currency} a week", currency=result.plan.currency)
    sayings = {
        "staff_cost_per_week": say("people cost {}, overtime included") + (f" ({paid})" if paid else ""),
        "contribution_per_week": say("cases that ended brought {}"),
        "surplus_per_week": "{} are left",
    }
    said = "; ".join(
        words.format(with_interval(result.get("money", "shop", measure), unit))
        for measure, words in sayings.items()
        if result.has("money", "shop", measure)
    )
    return [f"{said[0].upper()}{said[1:]}{_not_yet(result)}."] if said else []


def _not_yet(result: Result) -> str:
    """Say that cases which have not ended brought nothing yet, where they are many."""
    routes = [result.plan.routes[each.route].name for each in result.plan.contributions]
    came, still = (sum(result.get("route", route, name).mean for route in routes) for name in ("arrived", "open"))
    return (
        say("; {still:,.0f} cases that are still open have brought nothing yet", still=still)
        if still > MANY_OPEN * came
        else ""
    )


def grave(warnings: list[str]) -> bool:
    """Whether there is one that makes all figures depend on the length of the run: it comes before all else."""
    return any(sentence.startswith(tuple(map(say, GRAVE))) for sentence in warnings)


def warnings(result: Result) -> list[str]:
    """What makes the figures doubtful: a single replication, no warm-up, queues that grow, notices of the scenario."""
    told = doubts(result.plan)
    if result.replications == 1:
        told.append(say("One replication has no interval: nothing here is proven. Use --replications 10 or more."))
    grown = sorted(growing(result), key=lambda each: each[1] - each[2])
    told += [
        say(
            'The queue at "{step_title}" still grows at the end of the run (from {early:,.0f} to {late:,.0f} '
            "cases): more comes than can be done, and waits grow with the run.",
            step_title=step_title(result.plan, n),
            early=early,
            late=late,
        )
        for n, early, late in grown[:MOST_GROWING]
    ]
    if len(grown) > MOST_GROWING:
        told.append(say("So do the queues at {grown} other steps.", grown=len(grown) - MOST_GROWING))
    return told


def growing(result: Result) -> list[tuple[int, float, float]]:
    """Steps whose queue keeps growing: (step, mean queue in the second quarter, mean queue in the last quarter).

    Quarters are those of the run after its warm-up. A queue counts as growing if, paired over replications, the last
    quarter exceeds the second beyond its interval, by more than half and by more than 5 cases.
    """
    queue = result.over_time["along", "queue"]
    queue = queue[:, :, queue.shape[2] * result.plan.warm_up // result.plan.runs_for :]
    quarter = queue.shape[2] // 4
    if quarter == 0 or result.replications < 2:
        return []
    found = []
    for number, step in enumerate(result.plan.steps):
        if step.takes_time:
            early, late = queue[:, number, quarter : 2 * quarter].mean(axis=1), queue[:, number, -quarter:].mean(axis=1)
            proven = estimate(late - early).excludes(0.0)
            if proven and late.mean() > 1.5 * early.mean() and late.mean() > early.mean() + 5:
                found.append((number, float(early.mean()), float(late.mean())))
    return found
