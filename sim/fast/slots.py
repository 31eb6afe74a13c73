"""Slots: where a case is kept from its arrival to its end, and the rows of the log that are written from them."""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.lexicon import (
    ARRIVED,
    BEGAN,
    BEHIND,
    CASE,
    EARLY,
    FIRST_STRETCH,
    FREE_PAST,
    FREE_SLOT,
    GAVE_UP_BITS,
    GIVES_UP_AT,
    HANDED_BACK,
    HELPED_ROW,
    HELPER,
    HELPS,
    JOINED,
    LAST_STRETCH,
    NEXT_STRETCH,
    NONE,
    PASTS,
    PASTS_IN_USE,
    PEOPLE,
    PERSON,
    ROWS,
    SLOTS,
    STEP,
    STRETCH_BEGAN,
    STRETCH_FROM,
    STRETCH_PERSON,
    STRETCH_ROW,
    STRETCH_UNTIL,
    STRETCHES,
    VISIT,
    WAITING,
    WHO_WORKED,
    WORKED_FROM,
    WORKED_UNTIL,
)  # fmt: skip
from sim.fast.world import Ints, World
from sim.units import NOT_COME


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
    w.slot[k, CASE], w.slot[k, STEP], w.slot[k, ARRIVED] = c, s, NOT_COME
    w.slot[k, WAITING], w.slot[k, GIVES_UP_AT], w.slot[k, GAVE_UP_BITS], w.slot[k, HANDED_BACK] = 0, NONE, 0, 0
    w.slot[k, EARLY] = 0
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
    if slot[HANDED_BACK]:
        _write_stretches(w, n, k, i, left)


@part
def _write_stretches(w: World, n: Ints, k: int, i: int, left: int) -> None:
    """Who worked when on a visit that was handed back: what is over, and what was in hand until now, if it was."""
    j = w.back[k, FIRST_STRETCH]
    while j >= 0:
        past = w.past[j]
        _write_stretch(w, n, i, past[WHO_WORKED], past[WORKED_FROM], past[WORKED_UNTIL])
        following = past[NEXT_STRETCH]
        past[NEXT_STRETCH] = n[FREE_PAST]
        n[FREE_PAST] = j
        n[PASTS_IN_USE] -= 1
        j = following
    if not w.slot[k, WAITING]:
        began = w.back[k, STRETCH_BEGAN]
        _write_stretch(w, n, i, w.slot[k, PERSON], began, left)
        for h in range(w.step[w.slot[k, STEP], PEOPLE] - 1):
            _write_stretch(w, n, i, w.helpers[k, h], began, left)
    w.slot[k, HANDED_BACK] = 0


@part
def _write_stretch(w: World, n: Ints, i: int, p: int, began: int, left: int) -> None:
    row = w.stretch[n[STRETCHES]]
    n[STRETCHES] += 1
    row[STRETCH_ROW], row[STRETCH_PERSON], row[STRETCH_FROM], row[STRETCH_UNTIL] = i, p, began, left


@part
def note_stretch(w: World, n: Ints, k: int, p: int, now: int) -> None:
    """Somebody's work on a case is over for now: keep it until the visit is written."""
    j = n[FREE_PAST]
    if j >= 0:
        n[FREE_PAST] = w.past[j, NEXT_STRETCH]
    else:
        j = n[PASTS]
        n[PASTS] = j + 1
    n[PASTS_IN_USE] += 1
    w.past[j, NEXT_STRETCH], w.past[j, WHO_WORKED] = NONE, p
    w.past[j, WORKED_FROM], w.past[j, WORKED_UNTIL] = w.back[k, STRETCH_BEGAN], now
    if w.slot[k, HANDED_BACK]:
        w.past[w.back[k, LAST_STRETCH], NEXT_STRETCH] = j
    else:
        w.back[k, FIRST_STRETCH], w.slot[k, HANDED_BACK] = j, 1
    w.back[k, LAST_STRETCH] = j


@part
def write_passage(w: World, n: Ints, k: int, now: int, outcome: int) -> None:
    """The row of the log for a visit that takes no time at all."""
    i = n[ROWS]
    n[ROWS] = i + 1
    slot = w.slot[k]
    w.log_case[i], w.log_step[i], w.log_visit[i], w.log_person[i] = slot[CASE], slot[STEP], slot[VISIT], NONE
    w.log_joined[i], w.log_began[i], w.log_left[i], w.log_outcome[i] = now, now, now, outcome
