"""Who is taken from less urgent work, which is handed back. The twin of `sim/engine/interrupting.py`."""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.floor import leave_hands
from sim.fast.heap import forget
from sim.fast.lexicon import (
    AT_ONCE,
    EFFICIENCY,
    END,
    FIRST,
    HELD_SLOT,
    HELD_STEP,
    IN_HAND,
    INTERRUPTED,
    NONE,
    ON_DUTY,
    PEOPLE,
    PERSON,
    RANK,
    RULE,
    SERVER_ROLE,
    SERVERS,
    SERVERS_END,
    STEP,
    STRETCH_BEGAN,
    TO_COME,
    WORKED,
)  # fmt: skip
from sim.fast.queues import comes_before
from sim.fast.starting import may_start, paused
from sim.fast.world import Ints, World
from sim.plan import PAUSE
from sim.units import NEVER


@part
def choose_victim(w: World, k: int, s: int, line: int, now: int) -> bool:
    """Write down in `chosen` who is taken from less urgent work for the case, if somebody is."""
    if w.slot[k, RANK] >= w.interrupting or w.step[s, PEOPLE] > 1 or w.step[s, AT_ONCE] > 1:
        return False
    for i in range(w.line[line, SERVERS], w.line[line, SERVERS_END]):
        r, share, last = w.server[i, SERVER_ROLE], w.server[i, EFFICIENCY], NONE
        for p in range(w.role[r, FIRST], w.role[r, END]):
            if _may_be_taken(w, p, k) and may_start(w, p, k, s, share, now):
                held = w.person[p, HELD_SLOT]
                if last < 0 or comes_before(w.slot[last], w.slot[held]):
                    w.chosen[0], w.share[0], last = p, share, held
        if last >= 0:
            return True
    return False


@part
def _may_be_taken(w: World, p: int, k: int) -> bool:
    """Whether somebody is on shift and holds a single, less urgent case that fills their hands."""
    person = w.person[p]
    if not person[ON_DUTY] or person[IN_HAND] != 1 or w.step[person[HELD_STEP], AT_ONCE] > 1:
        return False
    return bool(w.slot[person[HELD_SLOT], RANK] > w.slot[k, RANK])


@part
def interrupt(w: World, n: Ints, p: int, now: int) -> None:
    """More urgent work takes somebody from a case: it is handed back. Keeps who was chosen."""
    k, share = w.person[p, HELD_SLOT], w.share[0]
    forget(w, n, w.back[k, TO_COME])
    w.back[k, WORKED] = _worked(w, k, now)
    leave_hands(w, n, k, now)
    n[INTERRUPTED] = 1
    w.chosen[0], w.share[0] = p, share


@part
def _worked(w: World, k: int, now: int) -> int:
    """How long a case has been worked on by those who have it in hand."""
    people, pausing = w.step[w.slot[k, STEP], PEOPLE], 0
    for i in range(people):
        w.chosen[i] = w.slot[k, PERSON] if i == 0 else w.helpers[k, i - 1]
        pausing += w.person[w.chosen[i], RULE] == PAUSE
    if pausing == 0:
        return int(now - w.back[k, STRETCH_BEGAN])
    _, worked, _ = paused(w, people, w.back[k, STRETCH_BEGAN], NEVER, now)
    return int(worked)
