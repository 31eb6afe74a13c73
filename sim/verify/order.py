"""Who was first: queues and departures take waiting cases by (priority rank, time joined, case number)."""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush

from sim.plan import COLLECT, WORK
from sim.verify.hand_out import Keeping
from sim.verify.seen import Row, Seen, Stretch


def check_order(seen: Seen) -> None:
    """Raise Inconsistent if a case was passed over by one that stood behind it, or departures ran too full or too
    empty.
    """
    lines: dict[int, list[Row]] = defaultdict(list)
    docks: dict[int, list[Row]] = defaultdict(list)
    for row in seen.rows:
        step = seen.plan.steps[row.step]
        if step.verb == WORK:
            lines[step.line].append(row)
        elif step.verb == COLLECT and step.capacity:
            docks[row.step].append(row)
    for rows in lines.values():
        _check_queue(seen, rows)
    for number, rows in docks.items():
        _check_departures(seen, number, rows)


def _check_queue(seen: Seen, rows: list[Row]) -> None:
    """Nobody is begun while somebody waits who came at an earlier instant and stands before it; but for cases that
    need several, of which none could have come to those who began it before they went home.
    """
    keeping = Keeping(seen.plan)
    coming = sorted(((wait, row) for row in rows for wait in row.waits), key=lambda each: each[0][0], reverse=True)
    standing: list[tuple[tuple[int, int, int], int, int, Row]] = []
    begun = [(stretch, row) for row in rows for stretch in row.stretches]
    for stretch, row in sorted(begun, key=lambda each: each[0].began):
        began, passed = stretch.began, []
        while coming and coming[-1][0][0] < began:
            (_, until), other = coming.pop()
            heappush(standing, (seen.key(other), other.visit, until, other))
        while standing and (standing[0][2] <= began or _may_pass(keeping, stretch, standing[0][3])):
            if (first := heappop(standing))[2] > began:
                passed.append(first)
        if standing and standing[0][0] < seen.key(row):
            raise seen.fault(row, f"begun at {began} before case {standing[0][3].case}, which stands before it")
        for first in passed:
            heappush(standing, first)


def _may_pass(keeping: Keeping, stretch: Stretch, first: Row) -> bool:
    """Whether those who began something else could not be kept for the case that stands first."""
    if keeping.plan.steps[first.step].people == 1:
        return False
    return not all(keeping.keeps(person, first.step, stretch.began) for person in stretch.people)


def _check_departures(seen: Seen, number: int, rows: list[Row]) -> None:
    """A departure takes who stands there, in order, as far as there is room; it leaves nobody behind while there is."""
    step = seen.plan.steps[number]
    rows = sorted(rows, key=lambda row: row.joined)
    standing: list[Row] = []
    came = 0
    for instant in step.departures:
        if instant >= seen.plan.runs_for:
            break
        while came < len(rows) and rows[came].joined <= instant:
            standing.append(rows[came])
            came += 1
        taken = [row for row in standing if row.left == instant]
        left = [row for row in standing if row.left != instant]
        _check_departure(seen, instant, step.capacity, taken, left)
        standing = left


def _check_departure(seen: Seen, instant: int, capacity: int, taken: list[Row], left: list[Row]) -> None:
    if len(taken) > capacity:
        raise seen.fault(taken[0], f"{len(taken)} left at {instant}, where {capacity} have room")
    if left and len(taken) < capacity:
        raise seen.fault(left[0], f"stayed behind at {instant}, though there was room")
    first_left = min((row for row in left if row.joined < instant), key=seen.key, default=None)
    for row in taken:
        if first_left is not None and seen.key(first_left) < seen.key(row):
            raise seen.fault(row, f"left at {instant} before case {first_left.case}, which stands before it")
