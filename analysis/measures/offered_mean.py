"""The expected value of what is offered (`analysis.measures.offered`), from the plan alone.

Expected cases of a stream in the window, times the expected work of one: cases are parted by what the plan's conditions
ask of them (a value over 500, the first class), and the journey of each part is a Markov chain with the plan's chances
(Kemeny & Snell 1960, *Finite Markov Chains*, ch. 3). Exact but for the rounding of drawn times to whole ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.measures.offered import MOST_RETURNS, Floats, first_choice_of
from sim.distributions import Law, below, mean
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
    Stream,
)
from sim.units import HOUR

Condition = tuple[int, float]
"""What a step asks of a case: VALUE_OVER, LINES_OVER, UNITS_OVER or PRIORITY_IS, and its threshold."""

SURELY = 1e-12
"""What is less likely than this is left out of a law of counts."""

MOST_COUNTS = 1_000_000


ABOUT = {VALUE_OVER: "value", LINES_OVER: "lines", UNITS_OVER: "units", PRIORITY_IS: "priority"}
"""What of a case a condition asks."""

Asked = dict[int, list[float]]
"""Condition → the thresholds that occur in a plan."""

ONE_LINE, NOTHING = Law(family="constant"), Law(family="constant", scale=0.0)


class Part(NamedTuple):
    """Cases of which the same conditions hold."""

    cases: float
    lines: float
    units: float
    """Of all of them together."""
    holds: frozenset[Condition]

    def split(self, share: float, holds: frozenset[Condition]) -> Part:
        """A share of these cases, of which more holds."""
        return Part(self.cases * share, self.lines * share, self.units * share, self.holds | holds)


def offered_mean(plan: Plan) -> tuple[Floats, Floats]:
    """Expected work (person-ms at the norm) by role, and expected cases by route."""
    chain = _Chain(plan)
    work, cases = np.zeros(len(plan.roles)), np.zeros(len(plan.routes))
    for stream in (each for each in plan.streams if each.at < 0):
        for part in parts_of(plan, stream):
            by_role, by_route = chain.expected(stream.route, part.holds)
            work += by_role @ (part.cases, part.lines, part.units)
            cases += by_route * part.cases
    return work, cases


class _Chain:
    """The journeys of a plan as Markov chains."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.expected = cache(self._expected)

    def _expected(self, route: int, holds: frozenset[Condition]) -> tuple[Floats, Floats]:
        """What a case brings from the start of its route, with all that it starts: work by role (for the order, for
        each of its lines, for each unit), and cases by route.
        """
        plan = self.plan
        work, cases = np.zeros((len(plan.roles), 3)), np.zeros(len(plan.routes))
        cases[route] = 1.0
        for step, times in self._times(route, holds).items():
            each = plan.steps[step]
            if each.verb == WORK and each.takes is not None:
                per = 0 if each.per == PER_ORDER else 2 if each.per == PER_UNIT else 1
                work[first_choice_of(plan, step), per] += times * mean(each.takes) * each.people
            elif each.verb == START:
                more_work, more_cases = self.expected(each.starts_route, holds)
                work, cases = work + times * more_work, cases + times * more_cases
        return work, cases

    def _times(self, route: int, holds: frozenset[Condition]) -> dict[int, float]:
        """How often a case is expected at each step; at a step that starts cases, how often one is started."""
        times: dict[int, float] = {}
        back = [n for n in self.plan.route_steps(route) if self.plan.steps[n].at_most]
        open_: dict[State, float] = {State(self.plan.routes[route].first, (0,) * len(back), frozenset()): 1.0}
        while open_:
            state = min(open_, key=lambda each: (sum(each.returns), each.step))
            share = open_.pop(state)
            chance = self._chance(state.step, holds)
            if self.plan.steps[state.step].verb == START:
                times[state.step] = times.get(state.step, 0.0) + share * chance * (state.step not in state.started)
            else:
                times[state.step] = times.get(state.step, 0.0) + share
            for onward, likely in self._onward(state, chance, back):
                if likely > 0:
                    open_[onward] = open_.get(onward, 0.0) + share * likely
        return times

    def _onward(self, state: State, chance: float, back: list[int]) -> Iterator[tuple[State, float]]:
        """Where a case may come from here, and how likely."""
        each = self.plan.steps[state.step]
        if each.verb == START and each.again:
            yield State(state.step + 1, state.returns, state.started | {state.step}), 1.0
        elif each.verb == BRANCH:
            returns = tuple(r + (b == state.step) for r, b in zip(state.returns, back, strict=True))
            used_up = each.at_most and (sum(returns) > MOST_RETURNS or returns[back.index(state.step)] > each.at_most)
            chance = 0.0 if used_up else chance
            yield State(each.goes_to, returns, state.started), chance
            yield State(state.step + 1, state.returns, state.started), 1 - chance
        elif each.verb != END:
            yield State(state.step + 1, state.returns, state.started), 1.0

    def _chance(self, step: int, holds: frozenset[Condition]) -> float:
        """How likely a branch or a start takes effect."""
        each = self.plan.steps[step]
        return each.chance if each.condition == ALWAYS else float((each.condition, each.threshold) in holds)


class State(NamedTuple):
    """Where a case is on its journey, and what of its past matters."""

    step: int
    returns: tuple[int, ...]
    """Over each way back so far."""
    started: frozenset[int]
    """Steps that it came to before and that start a case the first time only."""


# --- cases ----------------------------------------------------------------------------------------------------------


def parts_of(plan: Plan, stream: Stream) -> list[Part]:
    """The expected cases of a stream in the window, parted by which of the plan's conditions hold for them."""
    asked: Asked = {
        condition: sorted({step.threshold for step in plan.steps if step.condition == condition}) for condition in ABOUT
    }
    parts = _given(plan, stream, asked)
    parts = [each for part in parts for each in _by_value(part, stream, asked[VALUE_OVER])]
    parts = [each for part in parts for each in _by_rank(plan, part, stream, asked[PRIORITY_IS])]
    return [each for part in parts for each in _by_counts(part, stream, asked[LINES_OVER], asked[UNITS_OVER])]


def cases_in_window(plan: Plan, stream: Stream) -> float:
    """Expected cases of a stream between the end of the warm-up and the end of the run."""
    together = 1.0 if stream.group is None else float(np.dot(*counts_of(stream.group)))
    if not stream.rates:
        return together * sum(plan.warm_up <= instant < plan.runs_for for instant in stream.times)
    begins = np.arange(len(stream.rates)) * HOUR
    inside = np.minimum(begins + HOUR, plan.runs_for) - np.maximum(begins, plan.warm_up)
    return together * float(np.dot(stream.rates, np.maximum(inside, 0) / HOUR))


def _given(plan: Plan, stream: Stream, asked: Asked) -> list[Part]:
    """The cases of a stream, parted by what a file says of them."""
    if not stream.given:
        return [Part(cases_in_window(plan, stream), 0.0, 0.0, frozenset())]
    times = np.array(stream.times)
    inside = (times >= plan.warm_up) & (times < plan.runs_for)
    given = {what: np.array(values)[inside] for what, values in stream.given.items()}
    for what in given.keys() & {"lines", "units"}:
        given[what] = np.maximum(np.rint(given[what]), 1)
    if "lines" in given and _units_are_lines(stream):
        given["units"] = given["lines"]
    asks: list[Condition] = [
        (condition, t) for condition, what in ABOUT.items() if what in given for t in asked[condition]
    ]
    rows = [given[ABOUT[c]] == t if c == PRIORITY_IS else given[ABOUT[c]] > t for c, t in asks]
    patterns, which = np.unique(np.array([*rows, np.ones(inside.sum(), dtype=bool)]), axis=1, return_inverse=True)
    sums = {what: np.bincount(which, given[what]) if what in given else None for what in ("lines", "units")}
    return [
        Part(
            float(count),
            0.0 if sums["lines"] is None else float(sums["lines"][n]),
            0.0 if sums["units"] is None else float(sums["units"][n]),
            frozenset(each for each, held in zip(asks, patterns[:-1, n], strict=True) if held),
        )
        for n, count in enumerate(np.bincount(which))
    ]


def _by_value(part: Part, stream: Stream, thresholds: Sequence[float]) -> Iterator[Part]:
    if "value" in stream.given or not thresholds:
        yield part
        return
    law = stream.value or NOTHING
    edges = sorted(set(thresholds))
    reached = [0.0, *(float(below(law, edge)) for edge in edges), 1.0]
    for n in range(len(edges) + 1):
        yield part.split(reached[n + 1] - reached[n], frozenset((VALUE_OVER, edge) for edge in edges[:n]))


def _by_rank(plan: Plan, part: Part, stream: Stream, ranks: Sequence[float]) -> Iterator[Part]:
    if "priority" in stream.given or not ranks:
        yield part
        return
    last = len(plan.priorities) - 1
    shares = stream.shares or [float(rank == last) for rank in range(last + 1)]
    for rank, share in enumerate(shares):
        yield part.split(share, frozenset((PRIORITY_IS, each) for each in ranks if each == rank))


def _by_counts(part: Part, stream: Stream, lines_over: Sequence[float], units_over: Sequence[float]) -> Iterator[Part]:
    """Parted by lines and units that are drawn."""
    parts = [part]
    if "lines" not in stream.given:
        asks = [(LINES_OVER, each) for each in lines_over]
        asks += [(UNITS_OVER, each) for each in units_over] if _units_are_lines(stream) else []
        parts = list(_by_count(part, stream.lines or ONE_LINE, asks, True, _units_are_lines(stream)))
    if _units_are_lines(stream) or "units" in stream.given:
        yield from parts
    else:
        asks = [(UNITS_OVER, each) for each in units_over]
        yield from (each for one in parts for each in _by_count(one, stream.units or ONE_LINE, asks, False, True))


def _by_count(part: Part, law: Law, asks: list[Condition], lines: bool, units: bool) -> Iterator[Part]:
    """Parted by a law of counts, which tells of lines, of units or of both."""
    counts, shares = counts_of(law)
    place = np.searchsorted(sorted({t for _, t in asks}), counts, side="left")
    for n in np.unique(place):
        share, mine = float(shares[place == n].sum()), float(np.dot(counts[place == n], shares[place == n]))
        held = frozenset(each for each in asks if counts[place == n][0] > each[1])
        found = part.split(share, held)
        total = part.cases * mine
        yield found._replace(lines=total if lines else found.lines, units=total if units else found.units)


def _units_are_lines(stream: Stream) -> bool:
    return stream.units is None and "units" not in stream.given


def counts_of(law: Law) -> tuple[Floats, Floats]:
    """The counts (rounded, at least 1) that a law gives, and how likely each is."""
    if law.family in ("empirical", "constant"):
        values = np.array(law.values or (law.shift + law.scale,))
        return np.maximum(np.rint(values), 1), np.array(law.weights or np.full(values.size, 1 / values.size))
    most = 64
    while most < MOST_COUNTS and 1 - float(below(law, most + 0.5)) > SURELY:
        most *= 2
    reached = below(law, np.arange(1, most + 1) + 0.5)
    return np.arange(1.0, most + 1), np.diff(reached, prepend=0.0)
