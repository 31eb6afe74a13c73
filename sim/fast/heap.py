"""Coming events, earliest first. Events of one instant come in any order (see rules.py).

An event is one number: instant, slot, kind (lexicon.py). The heap has four branches at each fork: half as many
levels as with two, and the four lie in one line of the processor's cache.
"""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.lexicon import EVENTS, INSTANT_SHIFT, KIND_BITS
from sim.fast.world import Ints, World


@part
def push(w: World, n: Ints, t: int, k: int, kind: int) -> None:
    """Let something happen to a slot at an instant; what would be after the end of the run is left out."""
    if t >= w.runs_for:
        return
    event = (t << INSTANT_SHIFT) | (k << KIND_BITS) | kind
    i = n[EVENTS]
    n[EVENTS] = i + 1
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
    event = w.event[size]
    i = 0
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
    return int(first)
