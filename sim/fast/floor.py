"""People: who is here, who is free, who comes and goes. The twin of `sim/engine/floor.py`."""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.lexicon import (
    CREW,
    CREW_OF_ROLE,
    FREE,
    IDLE,
    IN_HAND,
    IS_FREE,
    LINE,
    LOWEST,
    ON_DUTY,
    PEOPLE,
    PERSON,
    ROLE,
    STEP,
    TEAM_END,
    TEAM_FIRST,
    TEAM_ROLE,
    UNSETTLED,
    UNSETTLED_CREWS,
)  # fmt: skip
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
    p = w.role[r, LOWEST]
    while not w.person[p, IS_FREE]:
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
    s = w.slot[k, STEP]
    _drop(w, w.slot[k, PERSON])
    for i in range(w.step[s, PEOPLE] - 1):
        _drop(w, w.helpers[k, i])
    unsettle(w, n, w.line[w.step[s, LINE], CREW])


@part
def _drop(w: World, p: int) -> None:
    w.person[p, IN_HAND] -= 1
    if w.person[p, IN_HAND] == 0 and w.person[p, ON_DUTY]:
        set_free(w, p)


@part
def begin_shift(w: World, n: Ints, m: int) -> None:
    """A team comes; who still has work in hand from before goes on with it."""
    for p in range(w.team[m, TEAM_FIRST], w.team[m, TEAM_END]):
        w.person[p, ON_DUTY] = 1
        if w.person[p, IN_HAND] == 0:
            set_free(w, p)
    g = w.role[w.team[m, TEAM_ROLE], CREW_OF_ROLE]
    if g >= 0:
        unsettle(w, n, g)


@part
def end_shift(w: World, m: int) -> None:
    """A team goes."""
    for p in range(w.team[m, TEAM_FIRST], w.team[m, TEAM_END]):
        w.person[p, ON_DUTY] = 0
        if w.person[p, IN_HAND] == 0:
            set_busy(w, p)
