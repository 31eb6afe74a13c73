"""The clock of the compiled engine: all that is due at an instant, then the hand-out, until nothing is due
(rules.py).
"""

from __future__ import annotations

from sim.fast.calendars import departure_from
from sim.fast.compiled import part, whole
from sim.fast.floor import begin_shift, end_shift
from sim.fast.hand_out import hand_out
from sim.fast.heap import pop, push
from sim.fast.journey import expect, finish, give_up, go
from sim.fast.lexicon import (
    ARRIVED,
    AT,
    CAPACITY,
    CASE_OF_FIRST,
    COME,
    COMES,
    DEPARTS,
    DEPARTS_END,
    DOCK_CHAINS,
    DOCK_STEP,
    DONE,
    EVENTS,
    GIVE_UP,
    GO_ON,
    INSTANT,
    KIND,
    KIND_BITS,
    LOG_FULL,
    LUCK_MISSING,
    NEXT,
    NEXT_CHANGE,
    NONE,
    RANK,
    ROOM,
    ROW,
    ROWS,
    STANDING,
    STARTED,
    STEP,
    STREAM_END,
    STREAM_ROUTE,
    WAITING,
    WHO,
)  # fmt: skip
from sim.fast.queues import first_of, take_out
from sim.fast.world import Ints, World, borrow
from sim.units import NEVER


@whole
def play(at: Ints, n: Ints, until: int) -> int:
    """Play the world that was lent up to an instant. Returns DONE, LOG_FULL (lend a longer log and call again), or
    LUCK_MISSING (a case came more often than luck was laid out for: begin anew with more).
    """
    w = borrow(at)
    while True:
        now = next_instant(w, n)
        if now >= until:
            return DONE
        state = _due(w, n, now)
        if state != DONE:
            return state
        for d in range(w.dock.shape[0]):
            _depart(w, n, d, now)
        hand_out(w, n, now)


@part
def next_instant(w: World, n: Ints) -> int:
    """The instant at which something is due next; NEVER if nothing is to come."""
    now = w.event_at[0] if n[EVENTS] else NEVER
    for i in range(w.stream.shape[0]):
        if w.stream[i, NEXT] < w.stream[i, STREAM_END]:
            now = min(now, w.arrival[w.stream[i, NEXT]])
    if n[NEXT_CHANGE] < w.change.shape[0]:
        now = min(now, w.change[n[NEXT_CHANGE], AT])
    return int(now)


@part
def _due(w: World, n: Ints, now: int) -> int:
    """Let everything happen that is due: shift changes, arrivals, and what the heap holds. (In any order: see
    rules.py.)
    """
    while n[NEXT_CHANGE] < w.change.shape[0] and w.change[n[NEXT_CHANGE], AT] == now:
        change = w.change[n[NEXT_CHANGE]]
        n[NEXT_CHANGE] += 1
        if change[COMES]:
            begin_shift(w, change[WHO])
        else:
            end_shift(w, change[WHO])
    room = w.log_case.shape[0] - w.margin
    while next_instant(w, n) == now:
        if n[ROWS] > room:
            return LOG_FULL
        c = _next_arrival(w, now)
        if c < 0:
            c = _happen(w, n, pop(w, n), now)
        if c >= 0 and not go(w, n, c, now):
            return LUCK_MISSING
    return DONE


@part
def _next_arrival(w: World, now: int) -> int:
    """A case that comes now from a stream; NONE if there is no more."""
    for i in range(w.stream.shape[0]):
        stream = w.stream[i]
        if stream[NEXT] < stream[STREAM_END] and w.arrival[stream[NEXT]] == now:
            c = stream[CASE_OF_FIRST] + stream[NEXT]
            stream[NEXT] += 1
            w.case[c, STEP], w.clock[c, ARRIVED] = w.route_first[stream[STREAM_ROUTE]], now
            return int(c)
    return NONE


@part
def _happen(w: World, n: Ints, what: int, now: int) -> int:
    """One event of the heap. Returns the case that goes on by it, or NONE."""
    kind, c = what & KIND, what >> KIND_BITS
    if kind == GO_ON:
        finish(w, c, now)
        return c
    if kind == COME:
        w.started[n[STARTED]], w.clock[c, ARRIVED] = c, now
        n[STARTED] += 1
        return c
    if kind == GIVE_UP:
        row, c = c, w.log_case[c]
        if w.case[c, WAITING] and w.case[c, ROW] == row:
            give_up(w, c, now)
            return int(c)
    return NONE


@part
def _depart(w: World, n: Ints, d: int, now: int) -> None:
    """If now is a departure of a dock: take along who stands there, as far as there is room."""
    step, dock = w.step[w.dock[d, DOCK_STEP]], w.dock[d]
    if dock[STANDING] == 0 or departure_from(w, step[DEPARTS], step[DEPARTS_END], now) != now:
        return
    if dock[INSTANT] != now:
        dock[INSTANT], dock[ROOM] = now, step[CAPACITY]
    while dock[STANDING] and dock[ROOM]:
        c = first_of(w, dock[DOCK_CHAINS])
        take_out(w, dock[DOCK_CHAINS] + w.case[c, RANK], c)
        dock[STANDING] -= 1
        dock[ROOM] -= 1
        push(w, n, now, (c << KIND_BITS) | GO_ON)
    if dock[STANDING]:
        expect(w, n, d, departure_from(w, step[DEPARTS], step[DEPARTS_END], now + 1))
