"""Sums over the rows of a log, taken while they are told: all that the brief measures are made of.

Compiled, and all in this file: numba notices only changes of the file whose function is called.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.fast.compiled import part, whole
from sim.log import GAVE_UP, OPEN, WENT
from sim.plan import END, WORK
from sim.units import NEVER, NOT_COME

NONE = -1

# step[s, …]
(VERB, TAKES_TIME, ROUTE, POINTS, POINTS_END, SHARED, STEP_COLUMNS) = range(7)

# point[…]: what a step means to a promise; POINT_IS one of the three below; the first case of the promise's route
(PROMISE, POINT_IS, FIRST_CASE, POINT_COLUMNS) = range(4)
(CLOCK_STARTS, REACHED_BY_BEGIN, REACHED_BY_END) = range(3)

# by_step[s, …]: of visits that count, and the time spent waiting by all (case × ms)
(VISITS, GAVE_UP_THERE, STILL_THERE, TOOK_EFFECT, WAITS, WAITED, DONE, SERVICE, QUEUED, BY_STEP_COLUMNS) = range(10)

# by_route[r, …]: of cases that count, how many ended and their cycle times; of all, those ended in the window, and
# how much of the window came after they had ended
(ENDED, CYCLE, ENDED_INSIDE, AFTERWARDS, BY_ROUTE_COLUMNS) = range(5)

# by_end[s, …]: of an end step: cases that count, and all that ended in the window
(COUNTED, INSIDE, BY_END_COLUMNS) = range(3)

# person[p, …], by_person[p, …]
(SPANS, SPANS_END, PAUSING, PERSON_COLUMNS) = range(4)
(BUSY, OVERTIME, BY_PERSON_COLUMNS) = range(3)


# told_again[…]: see `sim.fast.play.Reader`
(ROW, WHO, FROM, UNTIL) = range(4)


class Sums(NamedTuple):
    """Tables, and what is summed up in them: int64, but for the last."""

    start: Any
    end: Any
    step: Any
    point: Any
    person: Any
    on: Any
    off: Any
    before: Any
    """Spans of shifts inside the window, and the time on shift before each."""
    near: Any
    """Of each person, the span that was looked at last."""
    open_from: Any
    open_until: Any
    """Of each person, the stretch of overlapping work at hand; from NEVER: none."""
    by_step: Any
    by_route: Any
    by_end: Any
    by_person: Any
    value: Any
    """Of each case, in millionths."""
    value_inside: Any
    """By end step, the value of cases that ended in the window."""
    arrived: Any
    ended: Any
    since: Any
    reached: Any
    gave_up: Any
    """(promise, case of its route): when its clock started, when a point was first reached, and when the case gave up
    at one; NONE if not.
    """


@part
def _overlap(t: Sums, a: int, b: int) -> int:
    """How much of [a, b) lies inside the window."""
    return int(max(0, min(b, t.end) - max(a, t.start)))


@part
def _on_shift(t: Sums, p: int, instant: int) -> int:
    """How long a person was on shift inside the window until an instant. What is asked next is near: visits are
    told in the order in which they ended.
    """
    first, end = t.person[p, SPANS], t.person[p, SPANS_END]
    i = t.near[p]
    while i > first and t.on[i] > instant:
        i -= 1
    while i + 1 < end and t.on[i + 1] <= instant:
        i += 1
    t.near[p] = i
    if i == end or t.on[i] > instant:
        return 0
    return int(t.before[i] + min(instant, t.off[i]) - t.on[i])


@part
def _work(t: Sums, p: int, began: int, left: int) -> None:
    """Somebody's work from then to then."""
    busy = _on_shift(t, p, left) - _on_shift(t, p, began)
    t.by_person[p, BUSY] += busy
    if not t.person[p, PAUSING]:
        t.by_person[p, OVERTIME] += _overlap(t, began, left) - busy


@part
def _sooner(one: int, other: int) -> int:
    """The earlier of two instants, of which each may be NONE."""
    if one < 0 or other < 0:
        return max(one, other)
    return min(one, other)


@part
def _pass_points(t: Sums, s: int, c: int, joined: int, began: int, left: int, outcome: int) -> None:
    """The first visit to a step that a promise is about."""
    for i in range(t.step[s, POINTS], t.step[s, POINTS_END]):
        q, what, row = t.point[i, PROMISE], t.point[i, POINT_IS], c - t.point[i, FIRST_CASE]
        if what == CLOCK_STARTS:
            t.since[q, row] = joined
        elif outcome == GAVE_UP:
            t.gave_up[q, row] = _sooner(t.gave_up[q, row], left)
        else:
            t.reached[q, row] = _sooner(t.reached[q, row], began if what == REACHED_BY_BEGIN else left)


@part
def _end(t: Sums, s: int, c: int, now: int) -> None:
    """A case has ended."""
    r = t.step[s, ROUTE]
    t.ended[c] = now
    t.by_route[r, AFTERWARDS] += t.end - max(now, t.start)
    if t.arrived[c] >= t.start:
        t.by_route[r, ENDED] += 1
        t.by_route[r, CYCLE] += now - t.arrived[c]
        t.by_end[s, COUNTED] += 1
    if now >= t.start:
        t.by_route[r, ENDED_INSIDE] += 1
        t.by_end[s, INSIDE] += 1
        t.value_inside[s] += t.value[c]


@part
def _visit(t: Sums, s: int, joined: int, began: int, left: int, outcome: int) -> None:
    """A visit of a step."""
    if not t.step[s, TAKES_TIME]:
        if joined >= t.start:
            for what in (VISITS, WAITS, DONE):
                t.by_step[s, what] += 1
            t.by_step[s, TOOK_EFFECT] += outcome == WENT
        return
    over = left if left >= 0 else t.end
    waited_until = began if began >= 0 else over
    t.by_step[s, QUEUED] += _overlap(t, joined, waited_until)
    if joined < t.start:
        return
    t.by_step[s, VISITS] += 1
    t.by_step[s, GAVE_UP_THERE] += outcome == GAVE_UP
    t.by_step[s, STILL_THERE] += outcome == OPEN
    t.by_step[s, WAITED] += waited_until - joined
    t.by_step[s, WAITS] += began >= 0 or outcome == GAVE_UP
    if began >= 0 and left >= 0:
        t.by_step[s, DONE] += 1
        t.by_step[s, SERVICE] += left - began


@part
def _again(t: Sums, s: int, joined: int, left: int, told: Any, a: int, b: int) -> None:
    """What is otherwise for a visit that was handed back, whose stretches of work are told in rows a … b: it waited in
    between, too, and that was no service.
    """
    gaps = 0
    for i in range(a + 1, b + 1):
        since = told[i - 1, UNTIL]
        if i < b and told[i, FROM] == told[i - 1, FROM]:  # several worked together
            continue
        if i < b or (since >= 0 and left < 0):
            until = told[i, FROM] if i < b else t.end
            t.by_step[s, QUEUED] += _overlap(t, since, until)
            gaps += until - since
    if joined < t.start:
        return
    t.by_step[s, WAITED] += gaps
    if left >= 0:
        t.by_step[s, SERVICE] -= gaps
    elif told[b - 1, UNTIL] >= 0:
        t.by_step[s, WAITS] -= 1


@whole
def take_in(
    t: Sums,
    overlapping: Any,
    told_again: Any,
    case: Any,
    step: Any,
    visit: Any,
    person: Any,
    joined: Any,
    began: Any,
    left: Any,
    outcome: Any,
) -> int:
    """Add rows of a log to the sums, but for the work of those who may hold several cases at once, and that of visits
    that were handed back (`told_again`: its stretches, by row). How many rows of the former there are; which, is
    written to `overlapping`.
    """
    found, a = 0, 0
    for i in range(case.size):
        c, s, told = case[i], step[i], outcome[i]
        if t.arrived[c] == NOT_COME:
            t.arrived[c] = joined[i]
        _visit(t, s, joined[i], began[i], left[i], told)
        if t.step[s, VERB] == END:
            _end(t, s, c, joined[i])
        b = a
        while b < told_again.shape[0] and told_again[b, ROW] == i:
            b += 1
        if b > a:
            _again(t, s, joined[i], left[i], told_again, a, b)
            a = b
        elif t.step[s, VERB] == WORK and began[i] >= 0:
            if t.step[s, SHARED]:
                overlapping[found] = i
                found += 1
            else:
                _work(t, person[i], began[i], left[i] if left[i] >= 0 else t.end)
        if visit[i] == 1 and t.step[s, POINTS] < t.step[s, POINTS_END]:
            _pass_points(t, s, c, joined[i], began[i], left[i], told)
    return found


@whole
def take_in_work(t: Sums, person: Any, began: Any, left: Any) -> None:
    """Add stretches of work that do not overlap for any one person."""
    for i in range(person.size):
        _work(t, person[i], began[i], left[i])


@whole
def take_in_overlapping(t: Sums, person: Any, began: Any, left: Any) -> None:
    """Add stretches of work that may overlap, in the order in which they ended; what overlaps counts once."""
    for i in range(person.size - 1, -1, -1):
        p = person[i]
        if left[i] < t.open_from[p]:
            if t.open_from[p] < NEVER:
                _work(t, p, t.open_from[p], t.open_until[p])
            t.open_from[p], t.open_until[p] = NEVER, left[i]
        t.open_from[p] = min(t.open_from[p], began[i])
    for p in range(t.open_from.size):
        if t.open_from[p] < NEVER:
            _work(t, p, t.open_from[p], t.open_until[p])
            t.open_from[p] = NEVER
