"""Queues: a chain of cases for each priority rank, by (time joined, case number)."""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.lexicon import BEFORE, BEHIND, HEAD, JOINED_AT, NONE, TAIL
from sim.fast.world import World


@part
def put(w: World, q: int, c: int) -> None:
    """Put a case into a chain. Time never runs back, so its place is at the end but for cases of the same instant."""
    case, joined = w.case, w.clock[c, JOINED_AT]
    before = w.queue[q, TAIL]
    while before >= 0 and before > c and w.clock[before, JOINED_AT] == joined:
        before = case[before, BEFORE]
    behind = w.queue[q, HEAD] if before < 0 else case[before, BEHIND]
    case[c, BEFORE], case[c, BEHIND] = before, behind
    if before < 0:
        w.queue[q, HEAD] = c
    else:
        case[before, BEHIND] = c
    if behind < 0:
        w.queue[q, TAIL] = c
    else:
        case[behind, BEFORE] = c


@part
def take_out(w: World, q: int, c: int) -> None:
    """Take a case out of a chain, wherever it stands."""
    case = w.case
    before, behind = case[c, BEFORE], case[c, BEHIND]
    if before < 0:
        w.queue[q, HEAD] = behind
    else:
        case[before, BEHIND] = behind
    if behind < 0:
        w.queue[q, TAIL] = before
    else:
        case[behind, BEFORE] = before


@part
def first_of(w: World, q: int) -> int:
    """The first case of a queue whose chains begin at q, most urgent rank first; NONE if all are empty."""
    for rank in range(w.ranks):
        if w.queue[q + rank, HEAD] >= 0:
            return int(w.queue[q + rank, HEAD])
    return NONE
