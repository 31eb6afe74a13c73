"""Bounds from below that need no simulation: the hours of work that come in against the hours of those who do it.

Offered load = expected arrivals × expected visits × mean service time (Gross, Shortle, Thompson & Harris 2008,
*Fundamentals of Queueing Theory*, 4th ed., sec. 1.5). With less than that, a queue grows as long as the shop is open.
It is a demand of its own, and follows from a promise only in the long run: a run that ends before the queue is long may
still keep it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.measures.least_work import amount, kind_of, least_work
from sim.distributions import Law, sample
from sim.intervals import Intervals
from sim.plan import ONE, PAUSE, PER_LINE, PER_ORDER, WORK, Plan, Step, Stream
from sim.units import HOUR, WEEK

Staffing = tuple[int, ...]
"""People in each team."""

SAME = 1e-9
"""Costs and hours closer than this, in proportion, are the same: sums of floats."""

SAMPLES = 16_384
"""Values by which the second moment of a law is found."""


@dataclass(frozen=True)
class Need:
    """What several teams together must bring: the sum of each[i] × people[i] must reach `least`."""

    name: str
    each: tuple[float, ...]
    """What one person of each team brings (h/week of work at the norm; 1 where people are counted)."""
    least: float
    """h/week at the norm, or people."""

    def met(self, staffing: Staffing) -> bool:
        """Whether so many people bring enough."""
        return math.fsum(a * n for a, n in zip(self.each, staffing, strict=True)) >= self.least * (1 - SAME)

    def share(self, staffing: Staffing) -> float:
        """What is needed, as a share of what so many people bring."""
        brought = math.fsum(a * n for a, n in zip(self.each, staffing, strict=True))
        return self.least / brought if brought else math.inf


def lower_bounds(plan: Plan) -> tuple[Need, ...]:
    """What the teams of a plan (all, in plan order) must bring: hours for the work that comes in, and for every queue
    as many people as a case of it needs at once.

    Hours are told for the queues that each set of roles has to itself, and for each crew. Valid whatever the shop floor
    does: cases take the way with less work wherever a condition decides, those who may give up do so, everybody always
    does what they do best, and whoever finishes work in overtime has a last case in hand at the end of every
    shift. How fast new people are is taken from the fastest of their team in the plan.
    """
    return (*_hands_needed(plan), *hours_needed(plan))


def _hands_needed(plan: Plan) -> Iterator[Need]:
    for number in range(len(plan.lines)):
        lines = frozenset([number])
        most = max(step.people for step in plan.steps if step.line == number)
        there = [float(_hours(plan, team, lines) > 0) for team in range(len(plan.teams))]
        yield Need(f"{_names(plan, lines)} (people at once)", tuple(there), most)


def hours_needed(plan: Plan) -> Iterator[Need]:
    """Hours a week for the work that comes in."""
    weeks = plan.runs_for / WEEK
    for lines in _line_sets(plan):
        work = sum(_arrivals(plan, stream) * _case_work(plan, stream, lines) for stream in plan.streams)
        hours = [_hours(plan, team, lines) / HOUR / weeks for team in range(len(plan.teams))]
        if work > 0:
            yield Need(f"{_names(plan, lines)} (h/week)", tuple(hours), work / HOUR / weeks)


def _names(plan: Plan, lines: frozenset[int]) -> str:
    roles = sorted({role for line in lines for role, _ in plan.lines[line].servers})
    return " + ".join(plan.roles[role].name for role in roles)


def _line_sets(plan: Plan) -> list[frozenset[int]]:
    """Sets of queues worth a bound: all that the servers of a queue have to themselves, and all of a crew."""
    serving = [{role for role, _ in line.servers} for line in plan.lines]
    own = [frozenset(n for n, roles in enumerate(serving) if roles <= those) for those in serving]
    crews = sorted({line.crew for line in plan.lines})
    whole = [frozenset(n for n, line in enumerate(plan.lines) if line.crew == crew) for crew in crews]
    return list(dict.fromkeys([*own, *whole]))


def _arrivals(plan: Plan, stream: Stream) -> float:
    """Cases that a stream is expected to bring in the run."""
    if not stream.rates:
        return len(stream.times) * amount(stream, "group")
    part = plan.runs_for / HOUR - (len(stream.rates) - 1)  # the last hour may be cut by the end of the run
    return (math.fsum(stream.rates[:-1]) + stream.rates[-1] * part) * amount(stream, "group")


def _case_work(plan: Plan, stream: Stream, lines: frozenset[int]) -> float:
    """The least expected work (ms at the norm) that a case of a stream brings to these queues."""
    order, per_line, per_unit = least_work(plan, stream.route, kind_of(plan, stream), lines)
    return float(order + per_line * amount(stream, "lines") + per_unit * amount(stream, "units"))


def _hours(plan: Plan, team: int, lines: frozenset[int]) -> float:
    """The most work (ms at the norm) that one person of a team can do for these queues in the run."""
    return max(_hours_by(plan, team, shifts, lines) for shifts in plan.teams[team].calendars)


def _hours_by(plan: Plan, team: int, shifts: Intervals, lines: frozenset[int]) -> float:
    """The same, with these shifts."""
    role = plan.teams[team].role
    efficiency = max((e for n in lines for r, e in plan.lines[n].servers if r == role), default=0)
    speed = max((person.speed for person in plan.people if person.team == team), default=ONE)
    on = sum(min(off, plan.runs_for) - on for on, off in shifts if on < plan.runs_for)
    if efficiency == 0 or plan.roles[role].at_shift_end == PAUSE:
        return on * efficiency * speed / ONE**2
    ends = sum(off < plan.runs_for for _, off in shifts)
    mine = [n for n in lines if any(r == role for r, _ in plan.lines[n].servers)]
    overrun = max((_overrun(plan, step) for step in plan.steps if step.verb == WORK and step.line in mine), default=0.0)
    return on * efficiency * speed / ONE**2 + ends * overrun


def _overrun(plan: Plan, step: Step) -> float:
    """How far (ms of work) the case in hand lasts beyond the end of a shift on average, at most: E[S²] / E[S].

    Source: Lorden (1970), "On excess over the boundary", Annals of Mathematical Statistics 41(2), 520-527.
    """
    assert step.takes is not None
    values = sample(step.takes, np.random.default_rng(0), SAMPLES)
    if step.per == PER_ORDER or not values.any():
        return _size_biased(values)
    what = "lines" if step.per == PER_LINE else "units"
    many = max(_size_biased(_amounts(stream, what)) for stream in plan.streams)
    return _size_biased(values) + float(values.mean()) * (many - 1)  # as S is a sum of so many independent times


def _amounts(stream: Stream, what: str) -> NDArray[np.float64]:
    law: Law | None = getattr(stream, what)
    if what in stream.given:
        values = np.array(stream.given[what])
    elif law is None:
        return np.ones(1) if what == "lines" else _amounts(stream, "lines")
    else:
        values = sample(law, np.random.default_rng(0), SAMPLES)
    counts: NDArray[np.float64] = np.maximum(np.rint(values), 1)
    return counts


def _size_biased(values: NDArray[np.float64]) -> float:
    return float((values**2).mean() / values.mean()) if values.any() else 0.0
