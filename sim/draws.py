"""All the luck of a run, drawn before the clock starts: one row per case, one column per decision.

A column belongs to (seed, replication, name of the decision, feed, visit) and to nothing else. So two plans that
differ in people or hours face the same orders; a step put in moves no other draw; and no order's luck depends on
another's.

A *feed* is a way in which cases come to a route: a stream of arrivals, or a start step of another route. A start
step's feed has a row for every case that could start one, so a changed chance moves nobody else's luck either.

Arrivals are a unit-rate Poisson process bent by the expected rate (time change; Çinlar 1975, "Introduction to
Stochastic Processes", ch. 4.7): the n-th order keeps its luck when rates change, it only comes sooner or later.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.distributions import Law, sample
from sim.plan import PER_LINE, PER_ORDER, Plan, Step, Stream
from sim.units import HOUR, NOT_COME

Ints = NDArray[np.int64]

BLOCK = 65_536
"""Rows drawn at a time, so that a million orders need little memory beside their columns."""

SEED_MAX = 2**63 - 1


@dataclass(frozen=True)
class Feed:
    """One way into a route: its rows are `first` … `first + size` of the route's cases."""

    name: str
    route: int
    first: int
    size: int
    stream: int = -1
    """The stream of arrivals, or -1."""
    parent_step: int = -1
    """The start step, or -1."""
    parent_first: int = -1
    """The row of the parent's route that belongs to the first row here."""


@dataclass(frozen=True)
class CaseLuck:
    """What the cases of a route are like; row = case number - base of the route."""

    arrived: Ints
    """Instant of arrival (ms), before 0 for those who stand there when the run begins; NOT_COME where a start step
    decides.
    """
    lines: NDArray[np.int32]
    units: NDArray[np.int32]
    value: NDArray[np.float64]
    rank: NDArray[np.int8]


class ByVisit(dict[int, "array[int]"]):
    """The columns of one decision by visit; each is drawn when it is first asked for."""

    def __init__(self, draw: Callable[[int], array[int]]) -> None:
        self._draw = draw

    def __missing__(self, visit: int) -> array[int]:
        column = self[visit] = self._draw(visit)
        return column


class Draws:
    """The luck of one replication of a plan. Columns of later visits are drawn when first asked for, under their
    own key.
    """

    def __init__(self, plan: Plan, seed: int, replication: int, shared: Draws | None = None) -> None:
        """`seed` 0 … 2^63 - 1, `replication` from 0. `shared`: see `for_plan`."""
        self.plan, self.seed, self.replication = plan, seed, replication
        self.feeds: list[list[Feed]] = [[] for _ in plan.routes]
        self.cases: list[CaseLuck] = []
        self._columns: dict[tuple[int, str], ByVisit] = {}
        self._shared = shared if shared is not None and _same_cases(plan, shared.plan) else None
        if self._shared is not None:
            self.feeds, self.cases = self._shared.feeds, self._shared.cases
        else:
            self._draw_cases()
        sizes = [cases.arrived.size for cases in self.cases]
        self.bases = [int(base) for base in np.cumsum([0, *sizes])]
        """The number of the first case of each route (and, last, the number of all cases)."""
        self._first_children = {
            feed.parent_step: self.bases[feed.route] + feed.first - feed.parent_first
            for feeds in self.feeds
            for feed in feeds
            if feed.parent_step >= 0
        }

    def for_plan(self, plan: Plan) -> Draws:
        """The same luck for another plan (this seed, this replication). What both plans have in common is kept and
        not drawn again: everything, if they differ in people and hours alone.
        """
        return Draws(plan, self.seed, self.replication, self)

    def column(self, step: int, what: str, visit: int = 1) -> array[int]:
        """One value for every case of the step's route.

        `what`: "takes", "patience", "after" (ms, int64) or "chance" (1 where it comes true, int8).
        """
        return self.by_visit(step, what)[visit]

    def by_visit(self, step: int, what: str) -> ByVisit:
        """The columns of a decision (see `column`), to be asked for again and again."""
        if (step, what) not in self._columns:
            shared = self._shared_columns(step, what)
            self._columns[step, what] = ByVisit(partial(self._draw_column, step, what)) if shared is None else shared
        return self._columns[step, what]

    def _shared_columns(self, step: int, what: str) -> ByVisit | None:
        """The columns of a decision that another plan makes in the same way."""
        if self._shared is None or step >= len(self._shared.plan.steps):
            return None
        mine, other = self.plan.steps[step], self._shared.plan.steps[step]
        same = (mine.route, mine.name, mine.per) == (other.route, other.name, other.per)
        return self._shared.by_visit(step, what) if same and getattr(mine, what) == getattr(other, what) else None

    def child(self, step: int, row: int) -> int:
        """The number of the case that a start step starts for the case in this row of its route."""
        return self._first_children[step] + row

    def generator(self, *name: str | int) -> np.random.Generator:
        """The stream of random numbers that belongs to a name in this replication."""
        digest = hashlib.sha256("\0".join(map(str, name)).encode()).digest()
        words = [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4)]
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence(self.seed, spawn_key=(self.replication, *words)))
        )

    # --- cases --------------------------------------------------------------------------------------------------

    def _draw_cases(self) -> None:
        """Routes in such an order that a route comes after all that start it."""
        drawn: dict[int, CaseLuck] = {}
        while len(drawn) < len(self.plan.routes):
            before = len(drawn)
            for route in range(len(self.plan.routes)):
                parents = [n for n, step in enumerate(self.plan.steps) if step.starts_route == route]
                if route not in drawn and all(self.plan.steps[n].route in drawn for n in parents):
                    drawn[route] = self._draw_route(route, parents, drawn)
            if len(drawn) == before:
                raise ValueError("routes start each other in a circle: there would be no end of cases")
        self.cases = [drawn[route] for route in range(len(self.plan.routes))]

    def _draw_route(self, route: int, parents: list[int], drawn: dict[int, CaseLuck]) -> CaseLuck:
        parts = []
        for number, stream in enumerate(self.plan.streams):
            if stream.route == route:
                parts.append(self._draw_stream(stream))
                self._add_feed(stream.name, route, parts[-1].arrived.size, stream=number)
        for step in parents:
            parent = self.plan.steps[step].route
            for feed in self.feeds[parent]:
                rows = slice(feed.first, feed.first + feed.size)
                luck = drawn[parent]
                unknown = np.full(feed.size, NOT_COME, dtype=np.int64)
                parts.append(CaseLuck(unknown, luck.lines[rows], luck.units[rows], luck.value[rows], luck.rank[rows]))
                name = f"{feed.name} > {self.plan.step_key(step)}"
                self._add_feed(name, route, feed.size, parent_step=step, parent_first=feed.first)
        if len(parts) == 1:
            return parts[0]
        columns = zip(*((p.arrived, p.lines, p.units, p.value, p.rank) for p in parts), strict=True)
        return CaseLuck(*(np.concatenate(column) for column in columns))

    def _add_feed(
        self, name: str, route: int, size: int, stream: int = -1, parent_step: int = -1, parent_first: int = -1
    ) -> None:
        first = sum(feed.size for feed in self.feeds[route])
        self.feeds[route].append(Feed(name, route, first, size, stream, parent_step, parent_first))

    def _draw_stream(self, stream: Stream) -> CaseLuck:
        arrived = np.array(stream.times, dtype=np.int64) if not stream.rates else self._arrivals(stream)
        if stream.age is not None:
            ages = np.rint(sample(stream.age, self.generator(stream.name, "age"), arrived.size))
            arrived = arrived - ages.astype(np.int64)
        if stream.group is not None:
            together = sample(stream.group, self.generator(stream.name, "group"), arrived.size)
            arrived = np.repeat(arrived, np.maximum(np.rint(together), 1).astype(np.int64))
        size = arrived.size
        lines = self._amounts(stream, "lines", size, stream.lines)
        units = self._amounts(stream, "units", size, stream.units)
        value = self._amounts(stream, "value", size, stream.value)
        ones = np.ones(size)
        lines = ones if lines is None else np.maximum(np.rint(lines), 1)
        units = lines if units is None else np.maximum(np.rint(units), 1)
        value = np.zeros(size) if value is None else value
        return CaseLuck(arrived, lines.astype(np.int32), units.astype(np.int32), value, self._ranks(stream, size))

    def _amounts(self, stream: Stream, what: str, size: int, law: Law | None) -> NDArray[np.float64] | None:
        if what in stream.given:
            return np.array(stream.given[what])
        return None if law is None else sample(law, self.generator(stream.name, what), size)

    def _ranks(self, stream: Stream, size: int) -> NDArray[np.int8]:
        if "priority" in stream.given:
            return np.array(stream.given["priority"], dtype=np.int8)
        last = len(self.plan.priorities) - 1
        if not stream.shares:
            return np.full(size, last, dtype=np.int8)
        u = self.generator(stream.name, "priority").random(size)
        return np.minimum(np.searchsorted(np.cumsum(stream.shares), u, side="right"), last).astype(np.int8)

    def _arrivals(self, stream: Stream) -> Ints:
        """Instants of arrival (ms): the n-th is where the accumulated rate reaches the n-th point of a unit-rate
        process.
        """
        rates = np.array(stream.rates)
        rates *= np.repeat(self._busyness(stream, "day", stream.day_scatter, -(-rates.size // 24)), 24)[: rates.size]
        rates *= self._busyness(stream, "hour", stream.hour_scatter, rates.size)
        expected = np.concatenate(([0.0], np.cumsum(rates)))
        rng, points = self.generator(stream.name, "gaps"), [np.zeros(1)]
        while points[-1][-1] < expected[-1]:
            points.append(points[-1][-1] + np.cumsum(rng.standard_exponential(4096)))
        reached = np.concatenate(points)[1:]
        times = _bend(reached[: np.searchsorted(reached, expected[-1])], expected)
        return times[: np.searchsorted(times, self.plan.runs_for)]

    def _busyness(self, stream: Stream, what: str, cv: float, size: int) -> NDArray[np.float64]:
        """Gamma factors with mean 1."""
        if cv == 0:
            return np.ones(size)
        shape = 1 / cv**2
        return self.generator(stream.name, "busyness by " + what).standard_gamma(shape, size) / shape

    # --- columns ------------------------------------------------------------------------------------------------

    def _draw_column(self, number: int, what: str, visit: int) -> array[int]:
        step = self.plan.steps[number]
        size = self.cases[step.route].arrived.size
        column = array("b" if what == "chance" else "q", bytes(size * (1 if what == "chance" else 8)))
        values = np.frombuffer(column, dtype=np.int8 if what == "chance" else np.int64)
        for feed in self.feeds[step.route]:
            rng = self.generator(self.plan.step_key(number), what, feed.name, visit)
            for start in range(feed.first, feed.first + feed.size, BLOCK):
                rows = slice(start, min(start + BLOCK, feed.first + feed.size))
                values[rows] = self._draw_block(step, what, rng, rows)
        return column

    def _draw_block(self, step: Step, what: str, rng: np.random.Generator, rows: slice) -> NDArray[np.generic]:
        size = rows.stop - rows.start
        if what == "chance":
            came_true: NDArray[np.bool_] = rng.random(size) < step.chance
            return came_true
        law: Law = getattr(step, what)
        if what != "takes" or step.per == PER_ORDER:
            return np.rint(sample(law, rng, size))
        luck = self.cases[step.route]
        counts = (luck.lines if step.per == PER_LINE else luck.units)[rows].astype(np.int64)
        each = sample(law, rng, int(counts.sum()))
        totals: NDArray[np.float64] = np.add.reduceat(each, np.cumsum(counts) - counts)
        return np.rint(totals)


def _same_cases(plan: Plan, other: Plan) -> bool:
    """Whether the same cases come in two plans, under the same numbers."""

    def starts(each: Plan) -> list[tuple[int, str, int]]:
        return [(n, each.step_key(n), s.starts_route) for n, s in enumerate(each.steps) if s.starts_route >= 0]

    return (
        (plan.runs_for, plan.priorities, plan.streams) == (other.runs_for, other.priorities, other.streams)
        and [route.name for route in plan.routes] == [route.name for route in other.routes]
        and starts(plan) == starts(other)
    )


def _bend(reached: NDArray[np.float64], expected: NDArray[np.float64]) -> Ints:
    """Instants (ms) at which the accumulated rate, known at full hours, reaches given levels."""
    hour = np.searchsorted(expected, reached, side="right") - 1
    share = (reached - expected[hour]) / (expected[hour + 1] - expected[hour])
    return ((hour + share) * HOUR).astype(np.int64)
