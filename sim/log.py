"""What happened in a run: the tables that an engine leaves and everything else is computed from.

`visits`   one row per visit of a step, in the order (case, joined): who, when, and how it went
`helpers`  further people on a visit that took several
`stretches` who worked when on a visit that was handed back before it was done
`cases`    one row per case that arrived, with what it was like

All times are whole ms since the start of the run. What was not over at the end of the run stays in, marked OPEN.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.draws import Draws
from sim.plan import Plan
from sim.units import NOT_COME

Ints = NDArray[np.int64]

OPEN, SERVED, GAVE_UP, WENT, PASSED = range(5)
OUTCOMES = ("open", "served", "gave_up", "went", "passed")
"""How a visit went: still there at the end; done; gave up waiting; a branch or start that took effect, or did not."""

UNKNOWN = -1
"""In place of an instant that has not come, or of a person where there is none."""


@dataclass(frozen=True)
class Visits:
    """Columns of equal length, one row a visit."""

    case: Ints
    step: NDArray[np.int32]
    visit: NDArray[np.int32]
    """1 for the first time the case comes to the step."""
    person: NDArray[np.int32]
    joined: Ints
    began: Ints
    left: Ints
    outcome: NDArray[np.int8]


@dataclass(frozen=True)
class Stretches:
    """Columns of equal length, one row for each person and stretch of work, of those visits only that were handed back:
    by row of the visit, in the order in which they began. The visit itself tells when the first stretch began, and who
    worked on the last.
    """

    row: Ints
    """In visits."""
    person: Ints
    began: Ints
    left: Ints
    """When the work was handed back or done; UNKNOWN if it was in hand at the end of the run."""


@dataclass(frozen=True)
class Cases:
    """Columns of equal length, one row a case, in the order of their numbers."""

    case: Ints
    route: NDArray[np.int32]
    parent: Ints
    """The case that started it, or UNKNOWN."""
    arrived: Ints
    """Before 0 for those who stood there when the run began."""
    lines: NDArray[np.int32]
    units: NDArray[np.int32]
    value: NDArray[np.float64]
    rank: NDArray[np.int8]


@dataclass(frozen=True)
class Log:
    """A run, as it went."""

    plan: Plan
    engine: str
    seed: int
    replication: int
    visits: Visits
    helpers: tuple[Ints, Ints]
    """(row in visits, person) of everybody but the first on visits that took several."""
    stretches: Stretches
    cases: Cases

    def provenance(self) -> dict[str, Any]:
        """What it takes to run this again: plan hash, seed, replication, engine, versions."""
        return {
            "plan": self.plan.digest(),
            "source": self.plan.source,
            "seed": self.seed,
            "replication": self.replication,
            "engine": self.engine,
            "versions": versions(),
        }


def versions() -> dict[str, str]:
    """Versions of Python and of what decides the numbers."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version()}
    for package in ("numpy", "simpy", "shopfloor-sim"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


COLUMN_TYPES: dict[str, type[np.generic]] = {
    "case": np.int64,
    "step": np.int32,
    "visit": np.int32,
    "person": np.int32,
    "joined": np.int64,
    "began": np.int64,
    "left": np.int64,
    "outcome": np.int8,
}

AHEAD = 4096
"""Rows for which a writer has prepared what is usual."""


class Writer:
    """Where an engine writes its log while it runs: rows in the order in which visits began to be.

    Every visit costs a row, so a row is cheap: only who, where and when are written as a case comes. The other
    columns are filled ahead with what holds until something happens, and may be longer than there are rows.
    """

    def __init__(self) -> None:
        self.case, self.step, self.joined = array("q"), array("i"), array("q")
        self.visit, self.person = array("i"), array("i")
        self.began, self.left, self.outcome = array("q"), array("q"), bytearray()
        self.filled = 0
        self.helper_rows, self.helpers = array("q"), array("q")
        self.stretch_rows, self.stretch_people = array("q"), array("q")
        self.stretch_began, self.stretch_left = array("q"), array("q")
        self.started, self.started_at = array("q"), array("q")

    def join(self, case: int, step: int, visit: int, now: int) -> int:
        """A case comes to a step. Returns the row, to be completed when it begins and leaves."""
        row = len(self.case)
        self.case.append(case)
        self.step.append(step)
        self.joined.append(now)
        if row == self.filled:
            self._fill_ahead()
        if visit > 1:
            self.visit[row] = visit
        return row

    def pass_by(self, case: int, step: int, visit: int, now: int, outcome: int) -> None:
        """A case goes through a step that takes no time (so `finish` knows when it began and left)."""
        row = len(self.case)
        self.case.append(case)
        self.step.append(step)
        self.joined.append(now)
        if row == self.filled:
            self._fill_ahead()
        if visit > 1:
            self.visit[row] = visit
        self.outcome[row] = outcome

    def _fill_ahead(self) -> None:
        self.filled += AHEAD
        self.visit.extend(array("i", [1]) * AHEAD)
        self.person.extend(array("i", [UNKNOWN]) * AHEAD)
        self.began.extend(array("q", [UNKNOWN]) * AHEAD)
        self.left.extend(array("q", [UNKNOWN]) * AHEAD)
        self.outcome.extend(bytes([OPEN]) * AHEAD)

    def help(self, row: int, person: int) -> None:
        """One more person works on a visit."""
        self.helper_rows.append(row)
        self.helpers.append(person)

    def stretch(self, row: int, person: int, began: int, left: int) -> int:
        """Somebody's stretch of work on a visit that is handed back, or was. Returns its number, to be completed when
        it is over.
        """
        self.stretch_rows.append(row)
        self.stretch_people.append(person)
        self.stretch_began.append(began)
        self.stretch_left.append(left)
        return len(self.stretch_rows) - 1

    def start(self, case: int, now: int) -> None:
        """A case arrives that another one started."""
        self.started.append(case)
        self.started_at.append(now)

    def finish(self, plan: Plan, draws: Draws, engine: str) -> Log:
        """The log in its final order: cases by number, the visits of each case as it made them. Uses the writer up."""
        order = np.argsort(np.asarray(self.case), kind="stable")
        new_row = _inverse(order) if self.helper_rows or self.stretch_rows else order
        helpers, stretches = self._helpers_in(new_row, plan), self._stretches_in(new_row)
        visits = Visits(**{name: self._column_in(order, name, kind) for name, kind in COLUMN_TYPES.items()})
        timeless = np.array([not step.takes_time for step in plan.steps])[visits.step]
        np.copyto(visits.began, visits.joined, where=timeless)
        np.copyto(visits.left, visits.joined, where=timeless)
        cases = cases_of(draws, np.array(self.started, dtype=np.int64), np.array(self.started_at, dtype=np.int64))
        return Log(plan, engine, draws.seed, draws.replication, visits, helpers, stretches, cases)

    def _column_in(self, order: Ints, name: str, kind: type[np.generic]) -> NDArray[Any]:
        """A column in its final order. As it was written it is emptied, or memory would hold the whole log twice."""
        written: array[int] | bytearray = getattr(self, name)
        column = np.frombuffer(written, kind)[: order.size][order]
        del written[:]
        return column

    def _helpers_in(self, new_row: Ints, plan: Plan) -> tuple[Ints, Ints]:
        """Further people on visits; of one that was handed back, those who worked on it last."""
        rows, people = np.array(self.helper_rows, dtype=np.int64), np.array(self.helpers, dtype=np.int64)
        if self.stretch_rows:
            most = np.array([step.people for step in plan.steps])[np.asarray(self.step)[rows]] - 1
            later = np.array(_later_of_same(self.helper_rows), dtype=np.int64)
            rows, people = rows[later < most], people[later < most]
        rows = new_row[rows] if rows.size else rows
        helped = np.argsort(rows, kind="stable")
        return rows[helped], people[helped]

    def _stretches_in(self, new_row: Ints) -> Stretches:
        rows = np.array(self.stretch_rows, dtype=np.int64)
        rows = new_row[rows] if rows.size else rows
        order = np.argsort(rows, kind="stable")
        columns = (self.stretch_people, self.stretch_began, self.stretch_left)
        return Stretches(rows[order], *(np.array(column, dtype=np.int64)[order] for column in columns))


def _inverse(order: Ints) -> Ints:
    """Old place → new place."""
    places = np.empty_like(order)
    places[order] = np.arange(order.size)
    return places


def _later_of_same(rows: array[int]) -> list[int]:
    """For each entry: how many later ones have the same row."""
    seen: dict[int, int] = {}
    counts = []
    for row in reversed(rows):
        counts.append(seen.get(row, 0))
        seen[row] = counts[-1] + 1
    return counts[::-1]


def cases_of(draws: Draws, started: Ints, started_at: Ints) -> Cases:
    """Everybody who arrived: by a stream, as drawn; from a start step, as it happened."""
    arrived = np.concatenate([cases.arrived for cases in draws.cases])
    arrived[started] = started_at
    by_route = np.split(arrived, draws.bases[1:-1])
    columns = zip(*(_came(draws, route, instants) for route, instants in enumerate(by_route)), strict=True)
    return Cases(*(np.concatenate(column) for column in columns))


def _came(draws: Draws, route: int, arrived: Ints) -> tuple[NDArray[Any], ...]:
    """The columns of `Cases` for those of a route who arrived."""
    came, luck = np.flatnonzero(arrived > NOT_COME), draws.cases[route]
    parent = np.full(came.size, UNKNOWN, dtype=np.int64)
    for feed in draws.feeds[route]:
        if feed.parent_step >= 0:
            first = draws.bases[draws.plan.steps[feed.parent_step].route] + feed.parent_first
            theirs = slice(*np.searchsorted(came, (feed.first, feed.first + feed.size)))
            parent[theirs] = came[theirs] + (first - feed.first)
    these = came if came.size < arrived.size else slice(None)  # all of a stream's come, and need not be copied
    attributes = (column[these] for column in (arrived, luck.lines, luck.units, luck.value, luck.rank))
    return draws.bases[route] + came, np.full(came.size, route, dtype=np.int32), parent, *attributes
