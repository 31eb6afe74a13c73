"""What people held: nobody more than is allowed, everybody capable and on shift when work begins."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from sim.intervals import on_at
from sim.log import SERVED
from sim.plan import WORK
from sim.units import NEVER
from sim.verify.seen import Row, Seen, Stretch

InHand = dict[tuple[Row, Stretch], tuple[int, int]]
"""Stretch of work → how many cases its person may have had in hand when it began: at least, at most (see
`check_hands`).
"""


def check_hands(seen: Seen) -> InHand:
    """Raise Inconsistent if somebody held too much or could not be there.

    Returns how many cases were in hand when work began: exactly known unless more work of the same person began at
    that instant, for a log does not tell in which order.
    """
    held_by: list[list[tuple[Row, Stretch]]] = [[] for _ in seen.plan.people]
    calendars = [_calendar(seen, person) for person in range(len(seen.plan.people))]
    for row in seen.rows:
        _check_stretches(seen, row)
        for stretch in row.stretches:
            _check_people(seen, row, stretch)
            for person in stretch.people:
                if not on_at(*calendars[person], stretch.began):
                    name = seen.plan.people[person].name
                    raise seen.fault(row, f"begun at {stretch.began} by {name}, who is off then")
                held_by[person].append((row, stretch))
    in_hand: InHand = {}
    for person, held in enumerate(held_by):
        in_hand.update(_check_hands_of(seen, person, held))
    return in_hand


def _calendar(seen: Seen, person: int) -> tuple[list[int], list[int]]:
    shifts = seen.plan.calendar(person)
    return [on for on, _ in shifts], [off for _, off in shifts]


def _check_stretches(seen: Seen, row: Row) -> None:
    """Work on a visit follows each other, begins when the visit tells, and its last people are those it names."""
    if seen.plan.steps[row.step].verb != WORK or row.began == NEVER:
        if row.people or (row.stretches and seen.plan.steps[row.step].verb == WORK):
            raise seen.fault(row, f"nothing was begun, but {row.people} have worked on it")
        return
    first, last = row.stretches[0], row.stretches[-1]
    if first.began != row.began or last.people != row.people:
        raise seen.fault(row, "does not begin with its first stretch of work, or names others than worked on it last")
    if any(one.left > other.began for one, other in pairwise(row.stretches)):
        raise seen.fault(row, "is worked on again before it is handed back")
    if row.outcome == SERVED and last.left != row.left:
        raise seen.fault(row, f"left at {row.left}, but work on it ended at {last.left}")


def _check_people(seen: Seen, row: Row, stretch: Stretch) -> None:
    """As many as the step needs, all different, all able to do it."""
    step = seen.plan.steps[row.step]
    if step.verb != WORK:
        return
    if len(stretch.people) != step.people or len(set(stretch.people)) != step.people:
        raise seen.fault(row, f"needs {step.people} people, has {stretch.people}")
    able = {role for role, _ in seen.plan.lines[step.line].servers}
    for person in stretch.people:
        if seen.plan.people[person].role not in able:
            raise seen.fault(row, f"{seen.plan.people[person].name} does not do this")


def _check_hands_of(seen: Seen, person: int, work: list[tuple[Row, Stretch]]) -> InHand:
    in_hand: InHand = {}
    held: list[tuple[Row, Stretch]] = []
    begun_at = Counter(stretch.began for _, stretch in work)
    for row, stretch in sorted(work, key=lambda each: (each[1].began, each[1].left)):
        held = [other for other in held if other[1].left > stretch.began]
        at_once = seen.plan.steps[row.step].at_once
        if len(held) >= at_once or any(other.step != row.step for other, _ in held):
            others = ", ".join(f"case {other.case}" for other, _ in held)
            raise seen.fault(row, f"begun while {seen.plan.people[person].name} still holds {others}")
        if at_once > 1:
            before = sum(other.began < stretch.began for _, other in held)
            in_hand[row, stretch] = (before, before + begun_at[stretch.began] - 1)
        held.append((row, stretch))
    return in_hand
