"""What people held: nobody more than is allowed, everybody capable and on shift when work begins."""

from __future__ import annotations

from collections import Counter

from sim.intervals import on_at
from sim.plan import WORK
from sim.units import NEVER
from sim.verify.seen import Row, Seen

InHand = dict[Row, tuple[int, int]]
"""Visit → how many cases its person may have had in hand when it began: at least, at most (see `check_hands`)."""


def check_hands(seen: Seen) -> InHand:
    """Raise Inconsistent if somebody held too much or could not be there.

    Returns how many cases were in hand when work began: exactly known unless more work of the same person began at
    that instant, for a log does not tell in which order.
    """
    held_by: list[list[Row]] = [[] for _ in seen.plan.people]
    calendars = [_calendar(seen, person) for person in range(len(seen.plan.people))]
    for row in seen.rows:
        _check_people(seen, row)
        for person in row.people:
            if not on_at(*calendars[person], row.began):
                raise seen.fault(row, f"begun at {row.began} by {seen.plan.people[person].name}, who is off then")
            held_by[person].append(row)
    in_hand: InHand = {}
    for person, rows in enumerate(held_by):
        in_hand.update(_check_hands_of(seen, person, rows))
    return in_hand


def _calendar(seen: Seen, person: int) -> tuple[list[int], list[int]]:
    shifts = seen.plan.calendar(person)
    return [on for on, _ in shifts], [off for _, off in shifts]


def _check_people(seen: Seen, row: Row) -> None:
    """As many as the step needs, all different, all able to do it; nobody where nothing was begun."""
    step = seen.plan.steps[row.step]
    needed = step.people if step.verb == WORK and row.began < NEVER else 0
    if len(row.people) != needed or len(set(row.people)) != needed:
        raise seen.fault(row, f"needs {needed} people, has {row.people}")
    if step.verb == WORK:
        able = {role for role, _ in seen.plan.lines[step.line].servers}
        for person in row.people:
            if seen.plan.people[person].role not in able:
                raise seen.fault(row, f"{seen.plan.people[person].name} does not do this")


def _check_hands_of(seen: Seen, person: int, rows: list[Row]) -> InHand:
    in_hand: InHand = {}
    held: list[Row] = []
    begun_at = Counter(row.began for row in rows)
    for row in sorted(rows, key=lambda row: (row.began, row.left)):
        held = [other for other in held if other.left > row.began]
        at_once = seen.plan.steps[row.step].at_once
        if len(held) >= at_once or any(other.step != row.step for other in held):
            others = ", ".join(f"case {other.case}" for other in held)
            raise seen.fault(row, f"begun while {seen.plan.people[person].name} still holds {others}")
        if at_once > 1:
            before = sum(other.began < row.began for other in held)
            in_hand[row] = (before, before + begun_at[row.began] - 1)
        held.append(row)
    return in_hand
