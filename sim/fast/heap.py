"""Coming events, earliest first. Events of one instant come in any order (see rules.py).

An event is one number: instant, slot, kind (lexicon.py). Those of the hour that is being played, or looked at, are in
a heap; those of later hours lie unsorted in a chain for each hour until it begins. So the heap stays small however many
parcels are on their way. It has four branches at each fork: half as many levels as with two, and the four lie in one
line of the processor's cache.
"""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.lexicon import (
    EVENT,
    EVENTS,
    FOLLOWING,
    FREE_NOTE,
    HOUR_OF_HEAP,
    INSTANT_SHIFT,
    KIND_BITS,
    LATER,
    NONE,
    NOTES,
)  # fmt: skip
from sim.fast.world import Ints, World
from sim.units import HOUR


@part
def push(w: World, n: Ints, t: int, k: int, kind: int) -> None:
    """Let something happen to a slot at an instant; what would be after the end of the run is left out."""
    if t >= w.runs_for:
        return
    event = packed(t, k, kind)
    hour = t // HOUR
    if hour > n[HOUR_OF_HEAP]:
        _note(w, n, hour, event)
    else:
        _lift(w, n, event)


@part
def packed(t: int, k: int, kind: int) -> int:
    """An event as one number."""
    return (t << INSTANT_SHIFT) | (k << KIND_BITS) | kind


@part
def forget(w: World, n: Ints, event: int) -> None:
    """Take back what was to come."""
    t = event >> INSTANT_SHIFT
    if t >= w.runs_for:
        return
    if t // HOUR > n[HOUR_OF_HEAP]:
        _forget_note(w, n, t // HOUR, event)
        return
    i = 0
    while w.event[i] != event:
        i += 1
    size = n[EVENTS] - 1
    last = w.event[size]
    n[EVENTS] = size
    if i == size:
        return
    if last < event:
        _rise(w, i, last)
    else:
        _sink(w, size, i, last)


@part
def _forget_note(w: World, n: Ints, hour: int, event: int) -> None:
    i, before = w.later[hour], NONE
    while w.note[i, EVENT] != event:
        before, i = i, w.note[i, FOLLOWING]
    if before < 0:
        w.later[hour] = w.note[i, FOLLOWING]
    else:
        w.note[before, FOLLOWING] = w.note[i, FOLLOWING]
    w.note[i, FOLLOWING] = n[FREE_NOTE]
    n[FREE_NOTE] = i
    n[LATER] -= 1


@part
def open_hours(w: World, n: Ints, now: int) -> None:
    """See to it that the heap holds everything up to the end of this hour; and the earliest event, if there is any."""
    while n[HOUR_OF_HEAP] < now // HOUR or (n[EVENTS] == 0 and n[LATER] > 0):
        n[HOUR_OF_HEAP] += 1
        i = w.later[n[HOUR_OF_HEAP]]
        while i >= 0:
            _lift(w, n, w.note[i, EVENT])
            following = w.note[i, FOLLOWING]
            w.note[i, FOLLOWING] = n[FREE_NOTE]
            n[FREE_NOTE] = i
            n[LATER] -= 1
            i = following


@part
def _note(w: World, n: Ints, hour: int, event: int) -> None:
    """Put an event with those of its hour."""
    i = n[FREE_NOTE]
    if i >= 0:
        n[FREE_NOTE] = w.note[i, FOLLOWING]
    else:
        i = n[NOTES]
        n[NOTES] = i + 1
    w.note[i, EVENT], w.note[i, FOLLOWING] = event, w.later[hour]
    w.later[hour] = i
    n[LATER] += 1


@part
def _lift(w: World, n: Ints, event: int) -> None:
    """Put an event into the heap."""
    n[EVENTS] += 1
    _rise(w, n[EVENTS] - 1, event)


@part
def _rise(w: World, i: int, event: int) -> None:
    """Put an event into the heap at a place, or above it."""
    while i > 0:
        above = (i - 1) >> 2
        if w.event[above] <= event:
            break
        w.event[i] = w.event[above]
        i = above
    w.event[i] = event


@part
def pop(w: World, n: Ints) -> int:
    """Take the earliest event away and return it."""
    first = w.event[0]
    size = n[EVENTS] - 1
    n[EVENTS] = size
    _sink(w, size, 0, w.event[size])
    return int(first)


@part
def _sink(w: World, size: int, i: int, event: int) -> None:
    """Put an event into the heap at a place, or below it."""
    while True:
        below = 4 * i + 1
        if below >= size:
            break
        least, smallest = below, w.event[below]
        for j in range(below + 1, min(below + 4, size)):
            if w.event[j] < smallest:
                least, smallest = j, w.event[j]
        if smallest >= event:
            break
        w.event[i] = smallest
        i = least
    w.event[i] = event
