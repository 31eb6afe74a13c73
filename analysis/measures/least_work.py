"""How much work a case brings at the very least: expected visits of every step, times what a visit takes.

Chances are followed exactly, ways back with their counter. Where a named condition decides, or patience, the case is
supposed to take the way with less work; so the result is a lower bound whatever the shop floor does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Law, mean
from sim.plan import (
    ALWAYS,
    BRANCH,
    END,
    LINES_OVER,
    PER_ORDER,
    PER_UNIT,
    PRIORITY_IS,
    START,
    UNITS_OVER,
    VALUE_OVER,
    WORK,
    Plan,
    Step,
    Stream,
)

Vector = NDArray[np.float64]
"""Work (ms at the norm) of an order: a part that every order brings, one for each of its lines, one for each unit."""

MOST_RETURNS = 12
"""After so many returns a case is supposed to bring no more work: what is left out is never more than what is there."""

Range = tuple[float, float]


@dataclass(frozen=True)
class Kind:
    """What is known of the cases of a stream, whatever luck brings."""

    amounts: Mapping[int, Range]
    """Condition (VALUE_OVER, LINES_OVER, UNITS_OVER) → least and most of what it compares."""
    ranks: frozenset[int]
    """Priority ranks that occur."""

    def decides(self, step: Step) -> bool | None:
        """Whether a step's condition surely holds (True), surely does not (False), or depends (None)."""
        if step.condition in self.amounts:
            low, high = self.amounts[step.condition]
            return True if low > step.threshold else False if high <= step.threshold else None
        if step.condition == PRIORITY_IS:
            if step.threshold not in self.ranks:
                return False
            return True if len(self.ranks) == 1 else None
        return None


def kind_of(plan: Plan, stream: Stream) -> Kind:
    """What is known of the cases of a stream."""
    lines = _counted(_range(stream, "lines", stream.lines, (1.0, 1.0)))
    units = _counted(_range(stream, "units", stream.units, lines))
    amounts = {VALUE_OVER: _range(stream, "value", stream.value, (0.0, 0.0)), LINES_OVER: lines, UNITS_OVER: units}
    if "priority" in stream.given:
        ranks = {int(rank) for rank in stream.given["priority"]}
    else:
        ranks = {rank for rank, share in enumerate(stream.shares) if share > 0} or {len(plan.priorities) - 1}
    return Kind(amounts, frozenset(ranks))


def _range(stream: Stream, what: str, law: Law | None, default: Range) -> Range:
    values = stream.given.get(what) or (law.values if law else ())
    if values:
        return min(values), max(values)
    if law is None:
        return default
    known = law.scale + law.shift
    return (known, known) if law.family == "constant" else (0.0, float("inf"))


def _counted(amounts: Range) -> Range:
    """The range of amounts once they are rounded and at least 1."""
    low, high = np.maximum(np.rint(amounts), 1)
    return float(low), float(high)


def amount(stream: Stream, what: str) -> float:
    """The mean number of lines or units of a stream's cases, or of the cases of a group, or less: amounts are rounded,
    and at least 1.
    """
    law: Law | None = getattr(stream, what)
    if what in stream.given:
        return float(np.maximum(np.rint(stream.given[what]), 1).mean())
    if law is None:
        return 1.0 if what in ("lines", "group") else amount(stream, "lines")
    if law.family in ("empirical", "constant"):
        values = np.array(law.values or (law.scale + law.shift,))
        return float(np.average(np.maximum(np.rint(values), 1), weights=law.weights or None))
    return max(1.0, mean(law) - 0.5)


def visit_work(step: Step) -> Vector:
    """Hours of people (as ms at the norm) that a visit of a work step takes at least.

    With `at_once` n, one person's time is shared by n cases at most.
    """
    assert step.takes is not None
    work = np.zeros(3)
    work[0 if step.per == PER_ORDER else 2 if step.per == PER_UNIT else 1] = mean(step.takes)
    return work * (step.people / step.at_once)


def least_work(plan: Plan, route: int, kind: Kind, counted: frozenset[int]) -> Vector:
    """The least expected work on the counted queues that a case brings from the start of its route, with all that
    it starts on other routes.
    """
    steps = plan.route_steps(route)
    back = [n for n in steps if plan.steps[n].verb == BRANCH and plan.steps[n].at_most]
    children = {
        n: least_work(plan, plan.steps[n].starts_route, kind, counted) for n in steps if plan.steps[n].verb == START
    }
    known: dict[tuple[int, tuple[int, ...]], Vector] = {}
    for returns in _returns([plan.steps[n].at_most for n in back]):
        for n in reversed(steps):
            onward = _onward(plan.steps[n], n, returns, back)
            ahead = known.get((n + 1, returns), np.zeros(3))
            there = known.get(onward, np.zeros(3))
            child = children.get(n, np.zeros(3)) * (not any(returns))  # only the first pass starts a case
            used_up = n in back and returns[back.index(n)] == plan.steps[n].at_most
            known[n, returns] = _from_step(plan.steps[n], kind, counted, ahead, ahead if used_up else there, child)
    return known[steps.start, (0,) * len(back)]


def _returns(at_most: list[int]) -> Iterator[tuple[int, ...]]:
    """Every tuple of returns so far, those with most returns first."""
    each = product(*(range(min(most, MOST_RETURNS) + 1) for most in at_most))
    return iter(sorted((r for r in each if sum(r) <= MOST_RETURNS), key=sum, reverse=True))


def _onward(step: Step, number: int, returns: tuple[int, ...], back: list[int]) -> tuple[int, tuple[int, ...]]:
    """Where a step's `goes_to` leads, and how many returns there have been then."""
    return step.goes_to, tuple(r + (b == number) for r, b in zip(returns, back, strict=True))


def _from_step(step: Step, kind: Kind, counted: frozenset[int], ahead: Vector, there: Vector, child: Vector) -> Vector:
    """The least work from a step on, given that of the step behind it, of where it `goes_to`, and of what it starts."""
    if step.verb == WORK:
        served = ahead + (visit_work(step) if step.line in counted else 0.0)
        return served if step.goes_to < 0 else np.minimum(served, there)
    if step.verb == END:
        return np.zeros(3)
    if not step.decides:
        return ahead
    if step.verb == START:
        there = ahead + child
    if step.condition == ALWAYS:
        return step.chance * there + (1 - step.chance) * ahead
    decided = kind.decides(step)
    return np.minimum(ahead, there) if decided is None else there if decided else ahead
