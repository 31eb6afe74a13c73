"""Queues: a chain of slots for each priority rank, by (time joined, case number)."""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.lexicon import BEFORE, BEHIND, CASE, HEAD, JOINED, NONE, RANK, TAIL
from sim.fast.world import Ints, World


@part
def put(w: World, q: int, k: int) -> None:
    """Put a slot into a chain. Time never runs back, so its place is at the end but for cases of the same instant, and
    those that stood there before the run.
    """
    slot, joined = w.slot, w.slot[k, JOINED]
    before = w.queue[q, TAIL]
    while before >= 0 and (
        slot[before, JOINED] > joined or (slot[before, CASE] > slot[k, CASE] and slot[before, JOINED] == joined)
    ):
        before = slot[before, BEFORE]
    behind = w.queue[q, HEAD] if before < 0 else slot[before, BEHIND]
    slot[k, BEFORE], slot[k, BEHIND] = before, behind
    _link(w, q, k)


@part
def _link(w: World, q: int, k: int) -> None:
    """Let those before and behind a slot, or the ends of the chain, know of it."""
    slot, before, behind = w.slot, w.slot[k, BEFORE], w.slot[k, BEHIND]
    if before < 0:
        w.queue[q, HEAD] = k
    else:
        slot[before, BEHIND] = k
    if behind < 0:
        w.queue[q, TAIL] = k
    else:
        slot[behind, BEFORE] = k


@part
def put_back(w: World, q: int, k: int) -> None:
    """Put a slot into a chain at the place where it stood before: near the head, for it was taken from there."""
    slot, joined, case = w.slot, w.slot[k, JOINED], w.slot[k, CASE]
    behind = w.queue[q, HEAD]
    while behind >= 0 and (
        slot[behind, JOINED] < joined or (slot[behind, JOINED] == joined and slot[behind, CASE] < case)
    ):
        behind = slot[behind, BEHIND]
    before = w.queue[q, TAIL] if behind < 0 else slot[behind, BEFORE]
    slot[k, BEFORE], slot[k, BEHIND] = before, behind
    _link(w, q, k)


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


@part
def comes_before(one: Ints, other: Ints) -> bool:
    """Whether a case stands before another in the order of the hand-out."""
    if one[RANK] != other[RANK]:
        return bool(one[RANK] < other[RANK])
    if one[JOINED] != other[JOINED]:
        return bool(one[JOINED] < other[JOINED])
    return bool(one[CASE] < other[CASE])
