"""Coming events: (instant, what), earliest first. Events of one instant come in any order (see rules.py)."""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.lexicon import EVENTS
from sim.fast.world import Ints, World


@part
def push(w: World, n: Ints, t: int, what: int) -> None:
    """Let something happen at an instant."""
    i = n[EVENTS]
    n[EVENTS] = i + 1
    while i > 0:
        above = (i - 1) >> 1
        if w.event_at[above] <= t:
            break
        w.event_at[i], w.event[i] = w.event_at[above], w.event[above]
        i = above
    w.event_at[i], w.event[i] = t, what


@part
def pop(w: World, n: Ints) -> int:
    """Take the earliest event away and return it."""
    first = w.event[0]
    size = n[EVENTS] - 1
    n[EVENTS] = size
    t, what = w.event_at[size], w.event[size]
    i = 0
    while True:
        below = 2 * i + 1
        if below >= size:
            break
        if below + 1 < size and w.event_at[below + 1] < w.event_at[below]:
            below += 1
        if w.event_at[below] >= t:
            break
        w.event_at[i], w.event[i] = w.event_at[below], w.event[below]
        i = below
    w.event_at[i], w.event[i] = t, what
    return int(first)
