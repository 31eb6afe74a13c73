"""The clock of the compiled engine: all that is due at an instant, then the hand-out, until nothing is due
(rules.py).
"""

from __future__ import annotations

from sim.fast.calendars import departure_from
from sim.fast.compiled import part, whole
from sim.fast.floor import begin_shift, end_shift, hand_back
from sim.fast.hand_out import hand_out
from sim.fast.heap import open_hours, pop, push
from sim.fast.journey import expect, finish, give_up, go
from sim.fast.lexicon import (
    ARRIVED,
    AT,
    CAPACITY,
    CASE,
    CASE_OF_FIRST,
    CLOSED,
    COME,
    COMES,
    DEPARTS,
    DEPARTS_END,
    DOCK_CHAINS,
    DOCK_STEP,
    DONE,
    EARLY,
    EVENTS,
    GIVE_UP,
    GIVES_UP_AT,
    GO_ON,
    HAND_BACK,
    HELPS,
    INSTANT,
    INSTANT_SHIFT,
    KIND,
    KIND_BITS,
    LOG_FULL,
    NEXT,
    NEXT_ARRIVAL,
    NEXT_CHANGE,
    NEXT_STREAM,
    NONE,
    PAST_FULL,
    PASTS_IN_USE,
    RANK,
    ROOM,
    ROWS,
    SLOT,
    SLOTS,
    SLOTS_FULL,
    STANDING,
    STARTED,
    STARTED_AT,
    STARTED_CASE,
    STEP,
    STREAM_AT,
    STREAM_END,
    STREAM_ROUTE,
    STRETCHES,
    WAITING,
    WHO,
)  # fmt: skip
from sim.fast.queues import first_of, take_out
from sim.fast.slots import take_slot, write_visit
from sim.fast.world import Ints, World
from sim.log import OPEN, UNKNOWN
from sim.units import NEVER, NOT_COME


@whole
def play(w: World, n: Ints, until: int) -> int:
    """Play the world up to an instant; played to the end of the run, tell the open visits too.

    Returns DONE, LOG_FULL (give it a longer log, or take the rows away, and call again), PAST_FULL (give it more room
    for stretches of work, and call again), LUCK_MISSING (a case came more often than luck was laid out for: begin anew
    with more) or SLOTS_FULL (more cases at once than it can hold).
    """
    while True:
        now = next_instant(w, n)
        if now >= until:
            return _tell_open(w, n) if until >= w.runs_for else DONE
        open_hours(w, n, now)
        state = _due(w, n, now)
        if state != DONE:
            return state
        for d in range(w.dock.shape[0]):
            _depart(w, n, d, now)
        hand_out(w, n, now)


@part
def next_instant(w: World, n: Ints) -> int:
    """The instant at which something is due next; NEVER if nothing is to come."""
    now = n[NEXT_ARRIVAL]
    open_hours(w, n, 0)
    if n[EVENTS]:
        now = min(now, w.event[0] >> INSTANT_SHIFT)
    if n[NEXT_CHANGE] < w.change.shape[0]:
        now = min(now, w.change[n[NEXT_CHANGE], AT])
    return int(now)


@part
def _due(w: World, n: Ints, now: int) -> int:
    """Let everything happen that is due: shift changes, arrivals, and what the heap holds. (In any order: see
    rules.py.)
    """
    if n[PASTS_IN_USE] > w.past.shape[0] - w.most_stretches:
        return PAST_FULL
    while n[NEXT_CHANGE] < w.change.shape[0] and w.change[n[NEXT_CHANGE], AT] == now:
        change = w.change[n[NEXT_CHANGE]]
        n[NEXT_CHANGE] += 1
        if change[COMES]:
            begin_shift(w, n, change[WHO], now)
        else:
            end_shift(w, change[WHO], now)
    while True:
        arrives = n[NEXT_ARRIVAL] == now
        if not arrives and (n[EVENTS] == 0 or w.event[0] >> INSTANT_SHIFT != now):
            return DONE
        if _log_is_full(w, n):
            return LOG_FULL
        if n[PASTS_IN_USE] > w.past.shape[0] - w.most_stretches:
            return PAST_FULL
        k = _arrive(w, n, now) if arrives else _happen(w, n, now)
        if arrives and k < 0:
            return SLOTS_FULL
        if k >= 0:
            state = go(w, n, k, now)
            if state != DONE:
                return state


@part
def _log_is_full(w: World, n: Ints) -> bool:
    """Whether there may be too little room for the rows of one more event."""
    stretches = n[STRETCHES] + n[PASTS_IN_USE]  # a row is written for each when its visit is over
    return bool(
        n[ROWS] > w.log_case.shape[0] - w.margin
        or n[HELPS] > w.helper.shape[0] - w.most_helpers
        or stretches > w.stretch.shape[0] - w.most_stretches
    )


@part
def _arrive(w: World, n: Ints, now: int) -> int:
    """The slot of the case that comes now from a stream; NONE if there is none for it."""
    stream = w.stream[n[NEXT_STREAM]]
    s = w.route_first[stream[STREAM_ROUTE]] if stream[STREAM_AT] < 0 else stream[STREAM_AT]
    k = take_slot(w, n, stream[CASE_OF_FIRST] + stream[NEXT], s)
    if k >= 0:
        w.slot[k, ARRIVED] = now
        if stream[STREAM_AT] >= 0:
            w.slot[k, ARRIVED], w.slot[k, EARLY] = -w.age[stream[NEXT]], 1
        stream[NEXT] += 1
        look_ahead(w, n)
    return k


@part
def look_ahead(w: World, n: Ints) -> None:
    """Find the stream from which a case comes next, and when."""
    n[NEXT_ARRIVAL] = NEVER
    for i in range(w.stream.shape[0]):
        if w.stream[i, NEXT] < w.stream[i, STREAM_END] and w.arrival[w.stream[i, NEXT]] < n[NEXT_ARRIVAL]:
            n[NEXT_STREAM], n[NEXT_ARRIVAL] = i, w.arrival[w.stream[i, NEXT]]


@part
def _happen(w: World, n: Ints, now: int) -> int:
    """The next event of the heap. Returns the slot whose case goes on by it, or NONE."""
    event = pop(w, n)
    kind, k = event & KIND, (event >> KIND_BITS) & SLOT
    if kind == GO_ON:
        finish(w, n, k, now)
        return int(k)
    if kind == COME:
        w.started[n[STARTED], STARTED_CASE], w.started[n[STARTED], STARTED_AT] = w.slot[k, CASE], now
        n[STARTED] += 1
        w.slot[k, ARRIVED] = now
        return int(k)
    if kind == HAND_BACK:
        hand_back(w, n, k, now)
        return NONE
    if kind == GIVE_UP and w.slot[k, WAITING] and w.slot[k, GIVES_UP_AT] == now:
        give_up(w, n, k, now)
        return int(k)
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
        k = first_of(w, dock[DOCK_CHAINS])
        take_out(w, dock[DOCK_CHAINS] + w.slot[k, RANK], k)
        dock[STANDING] -= 1
        dock[ROOM] -= 1
        push(w, n, now, k, GO_ON)
    if dock[STANDING]:
        expect(w, n, d, departure_from(w, step[DEPARTS], step[DEPARTS_END], now + 1))


@part
def _tell_open(w: World, n: Ints) -> int:
    """Write a row for every visit that is not over at the end of the run."""
    while n[CLOSED] < n[SLOTS]:
        if _log_is_full(w, n):
            return LOG_FULL
        k = n[CLOSED]
        n[CLOSED] += 1
        if w.slot[k, STEP] >= 0 and w.slot[k, ARRIVED] > NOT_COME:
            write_visit(w, n, k, UNKNOWN, OPEN)
    return DONE
