"""Where cases are held, ranked by what it costs them, and why, in words.

A bottleneck here is a step that holds cases: hours of waiting, not high utilisation. The rank is by the time that all
cases together lose there in a week, ended or not: the number that stand there on average times the hours of a week
(Little's law, L = λW; Little 1961, "A proof for the queuing formula L = λW", Operations Research 9(3), 383-387).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.answers.words import a, capital, hours, per_cent, role_title, step_title
from analysis.measures.ledger import HOLDING, TOLD
from analysis.runs.known import ANY, FROM_ZERO, SHARE, Range
from analysis.runs.result import Result
from analysis.statistics import Estimate
from sim.language import say
from sim.plan import WORK, Plan
from sim.units import DAY, HOUR, MINUTE, WEEK, clock

WORTH_TELLING = 0.01
"""Steps that hold cases for less than this share of their time in the shop are left out."""

MANY_NEVER = 0.05
"""From this share of visits on that still wait at the end of the run, the sentence says so."""


@dataclass(frozen=True)
class Bottleneck:
    """A step that holds cases."""

    rank: int
    route: str
    step: str
    number: int
    """Of the step in the plan."""
    hold_h: Estimate
    """Hours lost here for each case of the route that came."""
    share: Estimate
    """Of the time that cases of the route spend in the shop."""
    lost_h_per_week: Estimate
    """Hours that all cases together lose here in a week."""
    causes: dict[str, Estimate]
    """Cause → hours a week."""
    utilisation: dict[str, Estimate]
    """Role → utilisation, for those who serve the step."""
    proven: bool
    """Whether it is proven that more time is lost here than at the next in rank."""
    sentence: str


def bottlenecks(result: Result) -> list[Bottleneck]:
    """All steps that hold cases for a noticeable share of their time, the costliest first."""
    plan = result.plan
    lost = {n: _lost(result, n) for n, step in enumerate(plan.steps) if step.takes_time}
    telling = [n for n in lost if _share(result, n, lost[n]).mean >= WORTH_TELLING]
    ranked = sorted(telling, key=lambda n: (-_at(result, n, lost[n]).mean, n))
    following = {n: lost[after] for n, after in pairwise(ranked)}
    return [_describe(result, n, rank, lost[n], following.get(n)) for rank, n in enumerate(ranked, 1)]


def _lost(result: Result, step: int) -> NDArray[np.float64]:
    """Hours a week that all cases lose at a step, in each replication."""
    key = result.plan.step_key(step)
    total: NDArray[np.float64] = sum(
        (result.each("step losses", key, cause) for cause in HOLDING), np.zeros(result.replications)
    )
    return total


def _at(result: Result, step: int, values: NDArray[np.float64], within: Range = FROM_ZERO) -> Estimate:
    """The estimate of what was worked out for a step."""
    return result.estimate(values, "step", result.plan.step_key(step), within)


def _hold(result: Result, step: int, lost: NDArray[np.float64]) -> Estimate:
    """Hours lost at a step for each case of its route that came."""
    plan = result.plan
    weeks = (plan.runs_for - plan.warm_up) / WEEK
    came = result.each("route", plan.routes[plan.steps[step].route].name, "arrived")
    with np.errstate(invalid="ignore", divide="ignore"):
        return _at(result, step, np.where(came > 0, lost * weeks / came, np.nan))


def _share(result: Result, step: int, lost: NDArray[np.float64]) -> Estimate:
    """The share of what cases of the step's route spend in the shop."""
    route = result.plan.routes[result.plan.steps[step].route].name
    with np.errstate(invalid="ignore", divide="ignore"):
        return _at(result, step, lost / (result.each("route", route, "in_progress") * (WEEK / HOUR)), SHARE)


def _describe(
    result: Result, number: int, rank: int, lost: NDArray[np.float64], following: NDArray[np.float64] | None
) -> Bottleneck:
    plan, step = result.plan, result.plan.steps[number]
    key, route = plan.step_key(number), plan.routes[step.route].name
    causes = {cause: result.get("step losses", key, cause) for cause in HOLDING}
    servers = [role for role, _ in plan.lines[step.line].servers] if step.verb == WORK else []
    manned = [plan.roles[role].name for role in servers if plan.people_of(role)]
    bottleneck = Bottleneck(
        rank=rank,
        route=route,
        step=step.name,
        number=number,
        hold_h=_hold(result, number, lost),
        share=_share(result, number, lost),
        lost_h_per_week=_at(result, number, lost),
        causes=causes,
        utilisation={role: result.get("role", role, "utilisation") for role in manned},
        proven=following is None or _at(result, number, lost - following, ANY).excludes(0.0),
        sentence="",
    )
    return Bottleneck(**{**vars(bottleneck), "sentence": _sentence(result, bottleneck)})


def _sentence(result: Result, found: Bottleneck) -> str:
    plan = result.plan
    title = step_title(plan, found.number)
    begin = say(
        "{title} holds {route} {hold_h}",
        title=capital(title),
        route=a(found.route),
        hold_h=hours(found.hold_h),
    )
    whole = say(" ({bare} of its time)", bare=per_cent(_bare(found.share)))
    parts = _reasons(plan, found)
    told = f"{begin}{whole}: {', '.join(parts)}" if parts else begin + whole
    if plan.steps[found.number].verb == WORK:
        told += _busy(plan, found)
    gave_up = result.get("step", plan.step_key(found.number), "gave_up_share")
    if gave_up.mean >= 0.005:
        told += say("; {gave_up} give up", gave_up=per_cent(gave_up))
    return told + _still(result, found.number) + "."


def _still(result: Result, step: int) -> str:
    """Say how many still wait at the end of the run, where they are many."""
    visits, still = (result.get("step", result.plan.step_key(step), name).mean for name in ("visits", "still_waiting"))
    return (
        say("; {still:,.0f} of {visits:,.0f} still wait at the end", still=still, visits=visits)
        if still > MANY_NEVER * visits
        else ""
    )


def _reasons(plan: Plan, found: Bottleneck) -> list[str]:
    """The causes that make up at least a tenth of the waiting, the largest first."""
    total = found.lost_h_per_week.mean
    shares = {cause: each.mean / total for cause, each in found.causes.items() if total > 0}
    parts = []
    for cause, share in sorted(shares.items(), key=lambda item: -item[1]):
        if share >= 0.1:
            told = TOLD[cause]
            if cause == "night":
                told += _away(plan, found.number)
            parts.append(f"{share:.0%} {told}".replace("%", " %"))
    return parts


def _away(plan: Plan, step: int) -> str:
    """Say " (as from 18:00 to 09:00)": the longest time of day in which, most days, nobody is there for the step."""
    slots, length = 48, DAY // 48
    servers = {role for role, _ in plan.lines[plan.steps[step].line].servers}
    present = np.zeros((max(1, plan.runs_for // DAY), slots), dtype=bool)
    for calendar in (each for role in servers for each in plan.calendars_of(role)):
        for on, off in calendar:
            for slot in range(on // length, -(-min(off, present.size * length) // length)):
                present[slot // slots, slot % slots] = True
    away = list(present.mean(axis=0) < 0.5)
    if all(away) or not any(away):
        return ""
    start, end = _longest_run(away)
    minutes = length // MINUTE
    return say(
        " (as from {clock} to {clock_2})", clock=clock(start * minutes), clock_2=clock(end * minutes % (24 * 60))
    )


def _longest_run(marked: list[bool]) -> tuple[int, int]:
    """The longest run of marked slots round the clock (some are not): its first slot, and the slot after its last."""
    runs = []
    for start in range(len(marked)):
        if marked[start] and not marked[start - 1]:
            end = next(i for i in range(start, start + len(marked)) if not marked[i % len(marked)])
            runs.append((start - end, start, end))
    _, start, end = min(runs)
    return start, end


def _busy(plan: Plan, found: Bottleneck) -> str:
    names = [role.name for role in plan.roles]
    told = [f"{role_title(plan, names.index(role))} {per_cent(u)}" for role, u in found.utilisation.items()]
    return say("; busy: {listed} of their hours", listed=", ".join(told)) if told else ""


def _bare(value: Estimate) -> Estimate:
    return Estimate(value.mean, float("nan"), 1)
