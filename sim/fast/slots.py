"""Slots: where a case is kept from its arrival to its end, and the rows of the log that are written from them."""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.lexicon import (
    ARRIVED,
    BEGAN,
    BEHIND,
    CASE,
    FREE_SLOT,
    GAVE_UP_BITS,
    GIVES_UP_AT,
    HELPED_ROW,
    HELPER,
    HELPS,
    JOINED,
    NONE,
    PEOPLE,
    PERSON,
    ROWS,
    SLOTS,
    STEP,
    VISIT,
    WAITING,
)  # fmt: skip
from sim.fast.world import Ints, World


@part
def take_slot(w: World, n: Ints, c: int, s: int) -> int:
    """A slot for a case that will begin at a step; NONE if there are no more."""
    k = n[FREE_SLOT]
    if k >= 0:
        n[FREE_SLOT] = w.slot[k, BEHIND]
    elif n[SLOTS] < w.slot.shape[0]:
        k = n[SLOTS]
        n[SLOTS] = k + 1
    else:
        return NONE
    w.slot[k, CASE], w.slot[k, STEP], w.slot[k, ARRIVED] = c, s, NONE
    w.slot[k, WAITING], w.slot[k, GIVES_UP_AT], w.slot[k, GAVE_UP_BITS] = 0, NONE, 0
    w.visits[k, :] = 0
    return int(k)


@part
def give_back(w: World, n: Ints, k: int) -> None:
    """The case has ended; another may have its slot."""
    w.slot[k, STEP], w.slot[k, BEHIND] = NONE, n[FREE_SLOT]
    n[FREE_SLOT] = k


@part
def write_visit(w: World, n: Ints, k: int, left: int, outcome: int) -> None:
    """The row of the log for the visit that a case is at, now that it is over (or the run is)."""
    i = n[ROWS]
    n[ROWS] = i + 1
    slot = w.slot[k]
    w.log_case[i], w.log_step[i], w.log_visit[i], w.log_person[i] = slot[CASE], slot[STEP], slot[VISIT], slot[PERSON]
    w.log_joined[i], w.log_began[i], w.log_left[i], w.log_outcome[i] = slot[JOINED], slot[BEGAN], left, outcome
    if slot[BEGAN] >= 0:
        for j in range(w.step[slot[STEP], PEOPLE] - 1):
            w.helper[n[HELPS], HELPED_ROW], w.helper[n[HELPS], HELPER] = i, w.helpers[k, j]
            n[HELPS] += 1


@part
def write_passage(w: World, n: Ints, k: int, now: int, outcome: int) -> None:
    """The row of the log for a visit that takes no time at all."""
    i = n[ROWS]
    n[ROWS] = i + 1
    slot = w.slot[k]
    w.log_case[i], w.log_step[i], w.log_visit[i], w.log_person[i] = slot[CASE], slot[STEP], slot[VISIT], NONE
    w.log_joined[i], w.log_began[i], w.log_left[i], w.log_outcome[i] = now, now, now, outcome
