"""The hand-out: who takes which case once an instant is quiet. The twin of `sim/engine/hand_out.py`, in full."""

from __future__ import annotations

from sim.fast.calendars import needed_time, span_after
from sim.fast.compiled import part
from sim.fast.floor import lowest_free, set_busy
from sim.fast.heap import packed, push
from sim.fast.interrupting import choose_victim, interrupt
from sim.fast.lexicon import (
    AT_ONCE,
    BEFORE,
    BEGAN,
    BEHIND,
    BLOCKED,
    CHAINS,
    CREW_LINES,
    CREW_LINES_END,
    EFFICIENCY,
    END,
    FIRST,
    FREE,
    FRESH,
    GIVE_UP,
    GIVES_UP_AT,
    GO_ON,
    HAND_BACK,
    HANDED_BACK,
    HEAD,
    HELD_SLOT,
    HELD_STEP,
    IDLE,
    IN_HAND,
    IN_LINE,
    INTERRUPTED,
    IS_FREE,
    JOINED,
    KEPT,
    LINE,
    NEEDS,
    NONE,
    OFF,
    ON,
    ON_DUTY,
    PACE,
    PATIENCE,
    PEOPLE,
    PERSON,
    RANK,
    ROOM_TO_WAIT,
    RULE,
    SERVER_ROLE,
    SERVERS,
    SERVERS_END,
    SHARED,
    SLOW,
    SPANS,
    SPANS_END,
    STEP,
    STRETCH_BEGAN,
    TAIL,
    TO_COME,
    TOGETHER,
    TOGETHER_END,
    UNSETTLED,
    UNSETTLED_CREWS,
    WAITING,
    WORKED,
)  # fmt: skip
from sim.fast.queues import comes_before, first_of, put_back, take_out
from sim.fast.starting import may_start, pace_of, paused, slow
from sim.fast.world import Ints, World
from sim.plan import HAND_OVER, PAUSE
from sim.units import NEVER


@part
def hand_out(w: World, n: Ints, now: int) -> None:
    """Hand out free people once, for the whole floor; then let patience begin to run for who is left."""
    if n[UNSETTLED_CREWS] > 1:
        _put_in_plan_order(w, n[UNSETTLED_CREWS])
    for i in range(n[UNSETTLED_CREWS]):
        g = w.unsettled[i]
        w.crew[g, UNSETTLED] = 0
        _settle(w, n, g, now)
    n[UNSETTLED_CREWS] = 0
    for i in range(n[FRESH]):
        k = w.fresh[i]
        if w.slot[k, WAITING] and w.step[w.slot[k, STEP], ROOM_TO_WAIT] >= 0:
            _turn_away(w, n, w.slot[k, STEP], now)
    if n[INTERRUPTED]:  # who was handed back may have taken somebody's room
        n[INTERRUPTED] = 0
        for s in range(w.step.shape[0]):
            if w.step[s, ROOM_TO_WAIT] >= 0:
                _turn_away(w, n, s, now)
    for i in range(n[FRESH]):
        k = w.fresh[i]
        if w.slot[k, WAITING] and w.slot[k, PATIENCE] >= 0 and w.slot[k, GIVES_UP_AT] != now:
            w.slot[k, GIVES_UP_AT] = now + w.slot[k, PATIENCE]
            push(w, n, w.slot[k, GIVES_UP_AT], k, GIVE_UP)
    n[FRESH] = 0


@part
def _turn_away(w: World, n: Ints, s: int, now: int) -> None:
    """Where more wait than have room, the last of those who joined at this instant leave at once."""
    chains = w.line[w.step[s, LINE], CHAINS]
    many = -w.step[s, ROOM_TO_WAIT]
    for rank in range(w.ranks):
        k = w.queue[chains + rank, HEAD]
        while k >= 0:
            many += w.slot[k, STEP] == s and w.slot[k, GIVES_UP_AT] != now
            k = w.slot[k, BEHIND]
    for rank in range(w.ranks - 1, -1, -1):
        k = w.queue[chains + rank, TAIL]
        while many > 0 and k >= 0 and w.slot[k, JOINED] == now:
            if w.slot[k, STEP] == s and w.slot[k, GIVES_UP_AT] != now and not w.slot[k, HANDED_BACK]:
                w.slot[k, GIVES_UP_AT] = now
                push(w, n, now, k, GIVE_UP)
                many -= 1
            k = w.slot[k, BEFORE]


@part
def _put_in_plan_order(w: World, size: int) -> None:
    """Sort the first unsettled crews by number: there are few."""
    for i in range(1, size):
        g, j = w.unsettled[i], i
        while j > 0 and w.unsettled[j - 1] > g:
            w.unsettled[j] = w.unsettled[j - 1]
            j -= 1
        w.unsettled[j] = g


@part
def _settle(w: World, n: Ints, g: int, now: int) -> None:
    """Serve the queues of a crew; anew whenever work was interrupted."""
    while _serve(w, n, g, now):
        pass


@part
def _serve(w: World, n: Ints, g: int, now: int) -> bool:
    """Serve them, first case first, until no queue's first case can be begun, or work is interrupted."""
    a, b = w.crew[g, CREW_LINES], w.crew[g, CREW_LINES_END]
    for i in range(a, b):
        w.line[w.crew_line[i], BLOCKED] = 0
    anybody_kept, aside, interrupted = False, 0, False
    while not interrupted and (w.crew[g, IDLE] or w.crew[g, SHARED] or w.interrupting):
        line, k = _next_in_line(w, a, b)
        if k < 0:
            break
        s = w.slot[k, STEP]
        found = _choose(w, k, s, line, now)
        if found == w.step[s, PEOPLE]:
            _begin(w, n, k, s, line, now)
        elif w.interrupting and choose_victim(w, k, s, line, now):
            interrupt(w, n, w.chosen[0], now)
            _begin(w, n, k, s, line, now)
            interrupted = True
        else:
            kept = _keep(w, s, found, now)
            anybody_kept = anybody_kept or kept > 0
            if kept < found:
                _set_aside(w, line, k)
                w.aside[aside] = k
                aside += 1
            else:
                w.line[line, BLOCKED] = 1
    if anybody_kept:
        w.person[:, KEPT] = 0
    for i in range(aside):
        _put_back_in_line(w, w.aside[i])
    return interrupted


@part
def _keep(w: World, s: int, found: int, now: int) -> int:
    """Keep those of the first chosen people free to whom help can come before they go home. How many they are."""
    kept = 0
    for i in range(found):
        if _help_can_come(w, s, w.chosen[i], now):
            w.person[w.chosen[i], KEPT] = 1
            kept += 1
    return kept


@part
def _set_aside(w: World, line: int, k: int) -> None:
    """Take a case out of its queue for the rest of this hand-out."""
    take_out(w, w.line[line, CHAINS] + w.slot[k, RANK], k)
    w.line[line, IN_LINE] -= 1


@part
def _put_back_in_line(w: World, k: int) -> None:
    line = w.step[w.slot[k, STEP], LINE]
    put_back(w, w.line[line, CHAINS] + w.slot[k, RANK], k)
    w.line[line, IN_LINE] += 1


@part
def _help_can_come(w: World, s: int, p: int, now: int) -> bool:
    """See rules.help_can_come; until the end of the shift of somebody who is on shift."""
    step, person = w.step[s], w.person[p]
    until = w.span[span_after(w, person[SPANS], person[SPANS_END], now), OFF]
    i = span_after(w, step[TOGETHER], step[TOGETHER_END], now)
    return bool(i < step[TOGETHER_END] and w.span[i, ON] < until)


@part
def _next_in_line(w: World, a: int, b: int) -> tuple[int, int]:
    """The queue of a crew whose first case comes before those of the others, and that case; NONE if all are empty."""
    line, first = NONE, NONE
    for i in range(a, b):
        each = w.crew_line[i]
        if w.line[each, IN_LINE] and not w.line[each, BLOCKED]:
            k = first_of(w, w.line[each, CHAINS])
            if first < 0 or comes_before(w.slot[k], w.slot[first]):
                line, first = each, k
    return line, first


@part
def _choose(w: World, k: int, s: int, line: int, now: int) -> int:
    """Write down in `chosen` who takes the case now. Returns how many were found; if too few, they are kept free
    for it.
    """
    needed, found = w.step[s, PEOPLE], 0
    for i in range(w.line[line, SERVERS], w.line[line, SERVERS_END]):
        r, share = w.server[i, SERVER_ROLE], w.server[i, EFFICIENCY]
        if w.role[r, FREE]:
            for p in range(lowest_free(w, r), w.role[r, END]):
                person = w.person[p]
                if person[IS_FREE] and not person[KEPT] and may_start(w, p, k, s, share, now):
                    w.chosen[found], w.share[found] = p, share
                    found += 1
                    if found == needed:
                        return found
        if w.step[s, AT_ONCE] > 1:
            p = _least_loaded(w, r, k, s, share, now)
            if p >= 0:
                w.chosen[0], w.share[0] = p, share
                return 1
    return found


@part
def _least_loaded(w: World, r: int, k: int, s: int, share: int, now: int) -> int:
    """Who of a role already holds cases of this step and can hold one more; NONE if nobody."""
    best, fewest = NONE, w.step[s, AT_ONCE]
    for p in range(w.role[r, FIRST], w.role[r, END]):
        held = w.person[p, IN_HAND]
        room = 0 < held < fewest and w.person[p, HELD_STEP] == s and w.person[p, ON_DUTY]
        if room and may_start(w, p, k, s, share, now):
            best, fewest = p, held
    return best


@part
def _begin(w: World, n: Ints, k: int, s: int, line: int, now: int) -> None:
    """Work begins, or goes on; when it will be over, or handed back, is known at once, for calendars are."""
    slot, people = w.slot[k], w.step[s, PEOPLE]
    take_out(w, w.line[line, CHAINS] + slot[RANK], k)
    w.line[line, IN_LINE] -= 1
    slot[WAITING] = 0
    how_slow, pace, pausing, handing = slow(w, s, w.chosen[0]), NEVER, 0, 0
    for i in range(people):
        p = w.chosen[i]
        if w.person[p, IN_HAND] == 0:
            set_busy(w, p)
        w.person[p, IN_HAND] += 1
        w.person[p, HELD_STEP], w.person[p, HELD_SLOT] = s, k
        pace = min(pace, pace_of(w, p, w.share[i]))
        pausing += w.person[p, RULE] == PAUSE
        handing += w.person[p, RULE] == HAND_OVER
        if i > 0:
            w.helpers[k, i - 1] = p
    slot[PERSON] = w.chosen[0]
    if slot[BEGAN] < 0:
        slot[BEGAN] = now
    needed = needed_time(slot[NEEDS], pace, how_slow)
    if pausing or handing or w.interrupting:
        _take_course(w, n, k, people, now, needed, pausing)
        w.back[k, PACE], w.back[k, SLOW], w.back[k, STRETCH_BEGAN] = pace, how_slow, now
    else:
        push(w, n, now + needed, k, GO_ON)
        if slot[HANDED_BACK]:
            w.back[k, STRETCH_BEGAN] = now


@part
def _take_course(w: World, n: Ints, k: int, people: int, now: int, needed: int, pausing: int) -> None:
    """Let work that needs so long be over when the chosen people have done it, or be handed back."""
    back = NEVER
    for i in range(people):
        person = w.person[w.chosen[i]]
        if person[RULE] == HAND_OVER:
            back = min(back, w.span[span_after(w, person[SPANS], person[SPANS_END], now), OFF])
    over, worked = now + needed, 0
    if pausing:
        over, worked, back = paused(w, people, now, needed, back)
    elif back < over:
        worked = back - now
    w.back[k, WORKED] = worked
    if over <= back:
        push(w, n, over, k, GO_ON)
        w.back[k, TO_COME] = packed(over, k, GO_ON)
    else:
        push(w, n, back, k, HAND_BACK)
        w.back[k, TO_COME] = packed(back, k, HAND_BACK)
