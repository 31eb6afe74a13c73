"""A log in plain Python, beside the luck it was played under: what all checks look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sim.draws import Draws
from sim.log import OUTCOMES, UNKNOWN, Log
from sim.plan import Plan
from sim.units import NEVER
from sim.verify.inconsistent import Inconsistent


class Row(NamedTuple):
    """One visit of a case to a step; instants that did not come are NEVER."""

    case: int
    step: int
    visit: int
    people: tuple[int, ...]
    joined: int
    began: int
    left: int
    outcome: int

    @property
    def end_of_wait(self) -> int:
        """When the case began to be served, or gave up."""
        return min(self.began, self.left)


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
    columns = (v.case, v.step, v.visit, v.person, v.joined, v.began, v.left, v.outcome)
    rows = []
    for i, (case, step, visit, person, joined, began, left, outcome) in enumerate(
        zip(*(column.tolist() for column in columns), strict=True)
    ):
        people = (() if person == UNKNOWN else (person,)) + tuple(helpers.get(i, ()))
        rows.append(Row(case, step, visit, people, joined, _instant(began), _instant(left), outcome))
    place = {case: i for i, case in enumerate(log.cases.case.tolist())}
    return Seen(log, log.plan, draws, rows, place)


def _instant(logged: int) -> int:
    return NEVER if logged == UNKNOWN else logged
