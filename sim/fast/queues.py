"""Queues: a chain of slots for each priority rank, by (time joined, case number)."""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.lexicon import BEFORE, BEHIND, CASE, HEAD, JOINED, NONE, TAIL
from sim.fast.world import World


@part
def put(w: World, q: int, k: int) -> None:
    """Put a slot into a chain. Time never runs back, so its place is at the end but for cases of the same instant."""
    slot, joined = w.slot, w.slot[k, JOINED]
    before = w.queue[q, TAIL]
    while before >= 0 and slot[before, CASE] > slot[k, CASE] and slot[before, JOINED] == joined:
        before = slot[before, BEFORE]
    behind = w.queue[q, HEAD] if before < 0 else slot[before, BEHIND]
    slot[k, BEFORE], slot[k, BEHIND] = before, behind
    if before < 0:
        w.queue[q, HEAD] = k
    else:
        slot[before, BEHIND] = k
    if behind < 0:
        w.queue[q, TAIL] = k
    else:
        slot[behind, BEFORE] = k


@part
def take_out(w: World, q: int, k: int) -> None:
    """Take a slot out of a chain, wherever it stands."""
    slot = w.slot
    before, behind = slot[k, BEFORE], slot[k, BEHIND]
    if before < 0:
        w.queue[q, HEAD] = behind
    else:
        slot[before, BEHIND] = behind
    if behind < 0:
        w.queue[q, TAIL] = before
    else:
        slot[behind, BEFORE] = before


@part
def first_of(w: World, q: int) -> int:
    """The first slot of a queue whose chains begin at q, most urgent rank first; NONE if all are empty."""
    for rank in range(w.ranks):
        if w.queue[q + rank, HEAD] >= 0:
            return int(w.queue[q + rank, HEAD])
    return NONE
