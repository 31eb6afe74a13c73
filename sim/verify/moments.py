"""A shop at the end of an instant, as either engine has it: who is here, who waits, where cases are, what was logged.

`of_floor` reads the SimPy engine's floor, `of_tables` the tables of the compiled engine. Both change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.fast import lexicon as x
from sim.log import OPEN, UNKNOWN
from sim.units import NOT_COME

if TYPE_CHECKING:
    from sim.engine.floor import Floor
    from sim.fast.stepped import Stepped


class Row(NamedTuple):
    """A row of the log so far."""

    case: int
    step: int
    visit: int
    people: tuple[int, ...]
    """Who works on it, UNKNOWN if nobody."""
    joined: int
    began: int
    left: int
    outcome: int
    work: tuple[tuple[int, int, int], ...]
    """(person, began, left) of a visit that was handed back."""


class Person(NamedTuple):
    """Somebody, by number of the plan."""

    on_shift: bool
    free: bool
    in_hand: int


class Moment(NamedTuple):
    """A shop at the end of an instant."""

    rows: list[Row]
    """Of the log: those written since the moment before or open then, by case."""
    people: list[Person]
    queues: list[list[tuple[int, int]]]
    """By line: (case, step) of who waits, in order."""
    places: dict[int, int]
    """Case → step, of every case that is waiting, worked on or under way."""
    started: list[tuple[int, int]]
    """(case, instant of arrival) of who was started by another case since the moment before."""

    def later(self) -> Moment:
        """The same shop if nothing more has happened."""
        return self._replace(rows=[row for row in self.rows if row.outcome == OPEN], started=[])


class Reader:
    """How far a growing log has been read."""

    def __init__(self) -> None:
        self.size = self.helpers = self.started = 0
        """Rows of each table that have been read."""
        self.open: list[int] = []
        """Which of them were open when they were read."""
        self.helping: dict[int, list[int]] = {}
        """Row → everybody but the first who works on it."""
        self.work: dict[int, list[tuple[int, int, int]]] = {}
        """Row → stretches of work, of those that were handed back."""

    def rows(
        self,
        columns: Sequence[Any],
        size: int,
        helpers: Sequence[tuple[int, int]],
        stretches: Iterable[tuple[int, int, int, int]],
    ) -> list[Row]:
        """New rows and those that were open; `columns` as in Row but with one person, `helpers` (row, person) that are
        new, `stretches` (row, person, began, left), all so far.
        """
        for row, person in helpers:
            self.helping.setdefault(int(row), []).append(int(person))
        self.helpers += len(helpers)
        self.work = {}
        for row, *work in stretches:
            self.work.setdefault(row, []).append((work[0], work[1], work[2]))
        numbers = [*self.open, *range(self.size, size)]
        rows = [self._row(number, [int(column[number]) for column in columns]) for number in numbers]
        self.size, self.open = size, [n for n, row in zip(numbers, rows, strict=True) if row.outcome == OPEN]
        return sorted(rows, key=lambda row: row.case)

    def _row(self, number: int, told: list[int]) -> Row:
        case, step, visit, person, joined, began, left, outcome = told
        helping, work = self.helping.get(number, []), tuple(self.work.get(number, ()))
        if work:  # of those who helped, the last
            helping = [who for who, began, _ in work if began == work[-1][1]][1:]
        return Row(case, step, visit, (person, *helping), joined, began, left, outcome, work)


def of_floor(floor: Floor, reader: Reader) -> Moment:
    """The floor of the SimPy engine."""
    log, plan = floor.log, floor.plan
    columns = (log.case, log.step, log.visit, log.person, log.joined, log.began, log.left, log.outcome)
    helpers = list(zip(log.helper_rows[reader.helpers :], log.helpers[reader.helpers :], strict=True))
    told = (log.stretch_rows, log.stretch_people, log.stretch_began, log.stretch_left)
    stretches = zip(*told, strict=True)
    rows = [
        row if plan.steps[row.step].takes_time else row._replace(began=row.joined, left=row.joined)
        for row in reader.rows(columns, len(log.case), helpers, stretches)
    ]  # the times of these are filled in at the end
    started = sorted(zip(log.started[reader.started :], log.started_at[reader.started :], strict=True))
    reader.started = len(log.started)
    free = {person for role in floor.free for person in role}
    present = zip(floor.on_duty, floor.in_hand, strict=True)
    return Moment(
        rows=rows,
        people=[Person(on, p in free, held) for p, (on, held) in enumerate(present)],
        queues=[
            [(case, ticket.step) for _, _, case, ticket in sorted(line) if not ticket.gone] for line in floor.waiting
        ],
        places={row.case: row.step for row in rows if row.outcome == OPEN},
        started=started,
    )


def of_tables(stepped: Stepped, reader: Reader) -> Moment:
    """The tables of the compiled engine."""
    w, n = stepped.world, stepped.counts
    columns = (
        w.log_case, w.log_step, w.log_visit, w.log_person, w.log_joined, w.log_began, w.log_left, w.log_outcome,
    )  # fmt: skip
    helpers = w.helper[reader.helpers : n[x.HELPS]][:, [x.HELPED_ROW, x.HELPER]].tolist()
    stretches = map(tuple, w.stretch[: n[x.STRETCHES]].tolist())
    rows = reader.rows(columns, int(n[x.ROWS]), helpers, stretches)
    here = [k for k in range(int(n[x.SLOTS])) if w.slot[k, x.STEP] >= 0 and w.slot[k, x.ARRIVED] > NOT_COME]
    if not stepped.over:
        rows = sorted(rows + [_open(w, k) for k in here], key=lambda row: row.case)
    came = w.started[reader.started : n[x.STARTED]][:, [x.STARTED_CASE, x.STARTED_AT]].tolist()
    reader.started = int(n[x.STARTED])
    people = w.person[:, [x.ON_DUTY, x.IS_FREE, x.IN_HAND]].tolist()
    return Moment(
        rows=rows,
        people=[Person(bool(on), bool(free), held) for on, free, held in people],
        queues=[list(_line(w, line)) for line in range(len(w.line))],
        places={int(w.slot[k, x.CASE]): int(w.slot[k, x.STEP]) for k in here},
        started=sorted((case, at) for case, at in came),
    )


def _open(w: Any, k: int) -> Row:
    """What the row would be of the visit that a slot's case is at."""
    names = (x.CASE, x.STEP, x.VISIT, x.PERSON, x.JOINED, x.BEGAN)
    case, step, visit, person, joined, began = (int(w.slot[k, name]) for name in names)
    helpers = w.helpers[k, : w.step[step, x.PEOPLE] - 1].tolist() if began != UNKNOWN else []
    work = tuple(_work(w, k, [person, *helpers])) if w.slot[k, x.HANDED_BACK] else ()
    return Row(case, step, visit, (person, *helpers), joined, began, UNKNOWN, OPEN, work)


def _work(w: Any, k: int, people: list[int]) -> Iterator[tuple[int, int, int]]:
    """The stretches of work on a slot's case that was handed back."""
    j = int(w.back[k, x.FIRST_STRETCH])
    while j >= 0:
        person, began, left = (int(value) for value in w.past[j, x.WHO_WORKED :])
        yield person, began, left
        j = int(w.past[j, x.NEXT_STRETCH])
    if not w.slot[k, x.WAITING]:
        for person in people:
            yield person, int(w.back[k, x.STRETCH_BEGAN]), UNKNOWN


def _line(w: Any, line: int) -> Iterator[tuple[int, int]]:
    """Who waits in a queue: its chains, most urgent rank first."""
    for rank in range(w.ranks):
        k, seen = int(w.queue[w.line[line, x.CHAINS] + rank, x.HEAD]), 0
        while k >= 0 and seen < len(w.slot):  # a chain may be broken: that is what is looked for
            yield int(w.slot[k, x.CASE]), int(w.slot[k, x.STEP])
            k, seen = int(w.slot[k, x.BEHIND]), seen + 1
