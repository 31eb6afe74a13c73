"""People: who is here, who is free, who comes and goes. The twin of `sim/engine/floor.py`."""

from __future__ import annotations

from sim.fast.calendars import is_on, rest
from sim.fast.compiled import part
from sim.fast.lexicon import (
    CHAINS,
    CREW,
    CREW_OF_ROLE,
    END,
    FREE,
    GIVES_UP_AT,
    IDLE,
    IN_HAND,
    IN_LINE,
    IS_FREE,
    LINE,
    LOWEST,
    NEEDS,
    NONE,
    ON_DUTY,
    PACE,
    PEOPLE,
    PERSON,
    RANK,
    ROLE,
    SLOW,
    SPANS,
    SPANS_END,
    STEP,
    TEAM_END,
    TEAM_FIRST,
    UNSETTLED,
    UNSETTLED_CREWS,
    WAITING,
    WORKED,
)  # fmt: skip
from sim.fast.queues import put_back
from sim.fast.slots import note_stretch
from sim.fast.world import Ints, World


@part
def set_free(w: World, p: int) -> None:
    """From now on this person can be handed work."""
    r = w.person[p, ROLE]
    w.person[p, IS_FREE] = 1
    w.role[r, FREE] += 1
    if w.role[r, CREW_OF_ROLE] >= 0:
        w.crew[w.role[r, CREW_OF_ROLE], IDLE] += 1
    w.role[r, LOWEST] = min(w.role[r, LOWEST], p)


@part
def set_busy(w: World, p: int) -> None:
    """From now on this person cannot be handed work, or has gone."""
    r = w.person[p, ROLE]
    w.person[p, IS_FREE] = 0
    w.role[r, FREE] -= 1
    if w.role[r, CREW_OF_ROLE] >= 0:
        w.crew[w.role[r, CREW_OF_ROLE], IDLE] -= 1


@part
def lowest_free(w: World, r: int) -> int:
    """The first free person of a role that has one."""
    p, last = w.role[r, LOWEST], w.role[r, END] - 1
    while p < last and not w.person[p, IS_FREE]:
        p += 1
    w.role[r, LOWEST] = p
    return int(p)


@part
def unsettle(w: World, n: Ints, g: int) -> None:
    """Something changed for the people of a crew."""
    if not w.crew[g, UNSETTLED]:
        w.crew[g, UNSETTLED] = 1
        w.unsettled[n[UNSETTLED_CREWS]] = g
        n[UNSETTLED_CREWS] += 1


@part
def release(w: World, n: Ints, k: int) -> None:
    """The work on a case is over; who did it is free for the next hand-out, if still on shift."""
    _drop_all(w, k)
    unsettle(w, n, w.line[w.step[w.slot[k, STEP], LINE], CREW])


@part
def hand_back(w: World, n: Ints, k: int, now: int) -> None:
    """The work on a case leaves the hands of its people before it is done: it waits again, at its old place."""
    leave_hands(w, n, k, now)
    unsettle(w, n, w.line[w.step[w.slot[k, STEP], LINE], CREW])


@part
def leave_hands(w: World, n: Ints, k: int, now: int) -> None:
    """The same, as far as it does not concern the crew's next hand-out."""
    s, slot, back = w.slot[k, STEP], w.slot[k], w.back[k]
    note_stretch(w, n, k, slot[PERSON], now)
    for i in range(w.step[s, PEOPLE] - 1):
        note_stretch(w, n, k, w.helpers[k, i], now)
    _drop_all(w, k)
    slot[NEEDS] = rest(slot[NEEDS], back[WORKED], back[PACE], back[SLOW])
    slot[WAITING], slot[GIVES_UP_AT] = 1, NONE
    line = w.step[s, LINE]
    put_back(w, w.line[line, CHAINS] + slot[RANK], k)
    w.line[line, IN_LINE] += 1


@part
def _drop_all(w: World, k: int) -> None:
    _drop(w, w.slot[k, PERSON])
    for i in range(w.step[w.slot[k, STEP], PEOPLE] - 1):
        _drop(w, w.helpers[k, i])


@part
def _drop(w: World, p: int) -> None:
    w.person[p, IN_HAND] -= 1
    if w.person[p, IN_HAND] == 0 and w.person[p, ON_DUTY]:
        set_free(w, p)


@part
def begin_shift(w: World, n: Ints, m: int, now: int) -> None:
    """Those of a team come who are on shift from now; who still has work in hand from before goes on with it."""
    for p in range(w.team[m, TEAM_FIRST], w.team[m, TEAM_END]):
        if not w.person[p, ON_DUTY] and is_on(w, w.person[p, SPANS], w.person[p, SPANS_END], now):
            w.person[p, ON_DUTY] = 1
            if w.person[p, IN_HAND] == 0:
                set_free(w, p)
            g = w.role[w.person[p, ROLE], CREW_OF_ROLE]
            if g >= 0:
                unsettle(w, n, g)


@part
def end_shift(w: World, m: int, now: int) -> None:
    """Those of a team go who are here and are not on shift any more."""
    for p in range(w.team[m, TEAM_FIRST], w.team[m, TEAM_END]):
        if w.person[p, ON_DUTY] and not is_on(w, w.person[p, SPANS], w.person[p, SPANS_END], now):
            w.person[p, ON_DUTY] = 0
            if w.person[p, IN_HAND] == 0:
                set_busy(w, p)
