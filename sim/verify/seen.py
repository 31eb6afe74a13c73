"""A log in plain Python, beside the luck it was played under: what all checks look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sim.draws import Draws
from sim.log import OUTCOMES, SERVED, UNKNOWN, Log
from sim.plan import WORK, Plan
from sim.units import NEVER
from sim.verify.inconsistent import Inconsistent


class Stretch(NamedTuple):
    """Work on a visit without a break; `left` when it was handed back or done, NEVER if it is in hand."""

    people: tuple[int, ...]
    began: int
    left: int


class Row(NamedTuple):
    """One visit of a case to a step; instants that did not come are NEVER."""

    case: int
    step: int
    visit: int
    people: tuple[int, ...]
    """Who worked on it last."""
    joined: int
    began: int
    left: int
    outcome: int
    stretches: tuple[Stretch, ...]
    """The work on it, in order; several if it was handed back."""

    @property
    def waits(self) -> list[tuple[int, int]]:
        """(from when, until when) it stood in its queue; until NEVER if it stands there still."""
        begins = [stretch.began for stretch in self.stretches]
        ends = [stretch.left for stretch in self.stretches]
        over = [*begins, self.left] if self.outcome != SERVED else begins
        return [(a, b) for a, b in zip([self.joined, *ends], over, strict=False) if a < NEVER]


@dataclass(frozen=True)
class Seen:
    """A log to be checked."""

    log: Log
    plan: Plan
    draws: Draws
    rows: list[Row]
    place: dict[int, int]
    """Case → its position in `log.cases`."""

    def luck(self, row: Row, what: str) -> int:
        """What was drawn for a visit."""
        return self.draws.column(row.step, what, row.visit)[self.luck_row(row)]

    @cached_property
    def taken(self) -> dict[tuple[int, int], int]:
        """(instant, person) → the rank of the most urgent case that may interrupt others and was begun so."""
        found: dict[tuple[int, int], int] = {}
        for row in self.rows:
            if self.plan.steps[row.step].verb == WORK and self.plan.can_interrupt(row.step):
                rank = self.rank(row)
                for stretch in row.stretches if rank < self.plan.interrupting else ():
                    key = stretch.began, stretch.people[0]
                    found[key] = min(rank, found.get(key, rank))
        return found

    def luck_row(self, row: Row) -> int:
        """The row of the case among those of its route."""
        return row.case - self.draws.bases[self.plan.steps[row.step].route]

    def rank(self, row: Row) -> int:
        """The priority rank in which a case queues at a step."""
        own = self.plan.steps[row.step].rank
        return own if own >= 0 else int(self.log.cases.rank[self.place[row.case]])

    def key(self, row: Row) -> tuple[int, int, int]:
        """Its place in a queue: (priority rank, time joined, case number)."""
        return self.rank(row), row.joined, row.case

    def fault(self, row: Row, message: str) -> Inconsistent:
        """What is wrong with a visit."""
        where = f"case {row.case} at {self.plan.step_key(row.step)} (visit {row.visit}, {OUTCOMES[row.outcome]})"
        return Inconsistent(f"{where}: {message}")


def look(log: Log, draws: Draws) -> Seen:
    """Make a log ready for its checks."""
    v = log.visits
    helpers: dict[int, list[int]] = {}
    for row, person in zip(log.helpers[0].tolist(), log.helpers[1].tolist(), strict=True):
        helpers.setdefault(row, []).append(person)
    handed_back = _stretches(log)
    columns = (v.case, v.step, v.visit, v.person, v.joined, v.began, v.left, v.outcome)
    rows = []
    for i, (case, step, visit, person, joined, began, left, outcome) in enumerate(
        zip(*(column.tolist() for column in columns), strict=True)
    ):
        people = (() if person == UNKNOWN else (person,)) + tuple(helpers.get(i, ()))
        times = joined, _instant(began), _instant(left)
        alone = () if began == UNKNOWN else (Stretch(people, *times[1:]),)
        rows.append(Row(case, step, visit, people, *times, outcome, tuple(handed_back.get(i, alone))))
    place = {case: i for i, case in enumerate(log.cases.case.tolist())}
    return Seen(log, log.plan, draws, rows, place)


def _stretches(log: Log) -> dict[int, list[Stretch]]:
    """Row → the work on it, of visits that were handed back."""
    found: dict[int, list[Stretch]] = {}
    s = log.stretches
    for row, person, began, left in zip(*(c.tolist() for c in (s.row, s.person, s.began, s.left)), strict=True):
        of_row = found.setdefault(row, [])
        if of_row and of_row[-1][1:] == (began, _instant(left)):
            of_row[-1] = of_row[-1]._replace(people=(*of_row[-1].people, person))
        else:
            of_row.append(Stretch((person,), began, _instant(left)))
    return found


def _instant(logged: int) -> int:
    return NEVER if logged == UNKNOWN else logged
