"""How long everything took: work by the drawn time, pace and calendar; waits, patience and departures to the ms."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import reduce
from itertools import product

from sim.intervals import Intervals, common
from sim.log import GAVE_UP, OPEN, SERVED
from sim.plan import ALL_ALONG, COLLECT, FITS, HAND_OVER, ONE, PAUSE, WAIT, WORK
from sim.rules import needed_time, pace_of, rest
from sim.units import NEVER
from sim.verify.hands import InHand
from sim.verify.seen import Row, Seen, Stretch


def check_durations(seen: Seen, in_hand: InHand) -> None:
    """Raise Inconsistent if a visit took another time than it should."""
    for row in seen.rows:
        step = seen.plan.steps[row.step]
        if step.verb == WORK:
            turned_away = step.room >= 0 and row.outcome == GAVE_UP and row.left == row.joined  # see room.py
            if step.patience is not None and not turned_away:
                _check_patience(seen, row)
            elif row.outcome == GAVE_UP and not turned_away:
                raise seen.fault(row, "gave up at a step where patience has no end")
            left_of_work(seen, row, in_hand)
        elif step.verb == WAIT:
            if not _is_over_in_time(step.hours or None, row, seen.luck(row, "takes"), seen.plan.runs_for):
                raise seen.fault(row, f"a wait of {seen.luck(row, 'takes')} ms from {row.began} ended {_told(row)}")
        elif step.verb == COLLECT:
            _check_departure(seen, row, step.departures)


def _told(row: Row) -> str:
    return "never" if row.outcome == OPEN else f"at {row.left}"


def _check_patience(seen: Seen, row: Row) -> None:
    expires = max(row.joined, 0) + seen.luck(row, "patience")
    if row.outcome == GAVE_UP:
        if row.left != expires:
            raise seen.fault(row, f"patience ends at {expires}, the case left at {row.left}")
    elif row.began == NEVER:
        if expires < seen.plan.runs_for:
            raise seen.fault(row, f"still waits, though patience ended at {expires}")
    elif row.began >= expires and row.began != max(row.joined, 0):
        raise seen.fault(row, f"begun at {row.began}, but patience ended at {expires}")


def left_of_work(seen: Seen, row: Row, in_hand: InHand) -> list[int]:
    """What the work on a visit needs (ms at the norm) each time it waits for somebody: at first all, then what is left;
    the least where that is not known exactly (see `check_hands`). Raises Inconsistent if its stretches could not have
    gone so.

    Stretch after stretch goes at the pace of the slowest, by the calendars of all who pause; it takes longer for what
    the person had in hand beside it.
    """
    found, left = [], {seen.luck(row, "takes")}
    for stretch in row.stretches:
        found.append(min(left))
        held = in_hand.get((row, stretch), (0, 0))
        done = row.outcome == SERVED and stretch is row.stretches[-1]
        left = _after(seen, row, stretch, held, left, done)
    return [*found, min(left)]


def _after(seen: Seen, row: Row, stretch: Stretch, held: tuple[int, int], left: set[int], done: bool) -> set[int]:
    """What may be left of work after a stretch of it, given what may have been left before. Raises Inconsistent if that
    could not have gone so.
    """
    plan, step = seen.plan, seen.plan.steps[row.step]
    share = dict(plan.lines[step.line].servers)
    paces = [pace_of(plan.people[person].speed, share[plan.people[person].role]) for person in stretch.people]
    slows = [ONE + step.slower_by * beside for beside in range(held[0], held[1] + 1)]
    for person, pace in zip(stretch.people, paces, strict=True):
        if plan.roles[plan.people[person].role].at_shift_end == FITS:
            _check_fit(seen, row, stretch, person, needed_time(min(left), pace, slows[0]))
    shifts, back = _common_shifts(seen, stretch.people), handed_back(seen, stretch)
    rank = seen.rank(row)
    taken = any(seen.taken.get((stretch.left, person), rank) < rank for person in stretch.people)
    after: set[int] = set()
    for takes, slow in product(left, slows):
        needed = needed_time(takes, min(paces), slow)
        due = _over(shifts, stretch.began, needed)
        if done and due == stretch.left <= back:
            after.add(0)
        elif not done and stretch.left == NEVER and min(due, back) >= plan.runs_for:
            after.add(takes)
        elif not done and (stretch.left == back < due or (stretch.left < min(due, back) and taken)):
            after.add(rest(takes, passed(shifts or (ALL_ALONG,), stretch.began, stretch.left), min(paces), slow))
    if not after:
        needed = needed_time(min(left), min(paces), slows[0])
        told = "never" if stretch.left == NEVER else f"at {stretch.left}"
        raise seen.fault(row, f"work of {needed} ms begun at {stretch.began} ended {told}")
    return after


def _over(hours: Intervals | None, began: int, needed: int) -> int:
    """When work is over that goes on inside the hours only; NEVER if they do not suffice."""
    if hours is None:
        return began + needed
    for on, off in hours[max(bisect_left(hours, (began, 0)) - 1, 0) :]:
        if began < off:
            if needed <= off - max(on, began):
                return max(on, began) + needed
            needed -= off - max(on, began)
    return NEVER


def handed_back(seen: Seen, stretch: Stretch) -> int:
    """When work leaves the hands of these people if it is not done before."""
    plan, back = seen.plan, NEVER
    for person in stretch.people:
        if plan.roles[plan.people[person].role].at_shift_end == HAND_OVER:
            shifts = plan.calendar(person)
            back = min(back, shifts[bisect_right(shifts, (stretch.began, NEVER)) - 1][1])
    together = _common_shifts(seen, stretch.people)
    return min(back, together[-1][1]) if together else back


def _common_shifts(seen: Seen, people: Sequence[int]) -> Intervals | None:
    """The intervals in which work goes on; None if it never rests."""
    plan = seen.plan
    calendars = [plan.calendar(p) for p in people if plan.roles[plan.people[p].role].at_shift_end == PAUSE]
    return reduce(common, calendars) if calendars else None


def _check_fit(seen: Seen, row: Row, stretch: Stretch, person: int, needed: int) -> None:
    shifts = seen.plan.calendar(person)
    on, off = shifts[bisect_right(shifts, (stretch.began, NEVER)) - 1]
    if stretch.began + needed > off and stretch.began != on:
        raise seen.fault(row, f"{needed} ms of work begun at {stretch.began} do not fit before {off}")


def _is_over_in_time(hours: Intervals | None, row: Row, needed: int, runs_for: int) -> bool:
    """Whether a visit ended when `needed` ms had passed since it began (inside the hours, if given)."""
    if hours is None:
        over = row.began + needed
    elif needed == 0:
        over = _first_inside(hours, row.began)
    elif row.outcome == OPEN:
        return passed(hours, row.began, runs_for - 1) < needed
    else:
        return passed(hours, row.began, row.left) == needed == passed(hours, row.began, row.left - 1) + 1
    return over >= runs_for if row.outcome == OPEN else over == row.left


def passed(hours: Intervals, start: int, end: int) -> int:
    """The milliseconds from `start` to `end` that lie inside the hours."""
    first, last = bisect_left(hours, (start, 0)), bisect_left(hours, (end, 0))
    return sum(max(0, min(off, end) - max(on, start)) for on, off in hours[max(first - 1, 0) : last])


def _first_inside(hours: Intervals, now: int) -> int:
    return next((max(on, now) for on, off in hours[max(bisect_left(hours, (now, 0)) - 1, 0) :] if now < off), NEVER)


def _check_departure(seen: Seen, row: Row, departures: Sequence[int]) -> None:
    first = bisect_left(departures, row.joined)
    if row.outcome == OPEN:
        if row.began != NEVER:
            raise seen.fault(row, "is taken along, but has not left")
    elif row.began != row.left:
        raise seen.fault(row, "who is taken along leaves at once")
    elif not _departs(departures, row.left):
        raise seen.fault(row, f"nothing departs at {row.left}")
    if not seen.plan.steps[row.step].capacity and first < len(departures):
        should = departures[first]
        if row.left != (should if should < seen.plan.runs_for else NEVER):
            raise seen.fault(row, f"should have left with the departure at {should}")


def _departs(departures: Sequence[int], instant: int) -> bool:
    """Whether something departs at an instant."""
    at = bisect_left(departures, instant)
    return at < len(departures) and departures[at] == instant
