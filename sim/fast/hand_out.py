"""The hand-out: who takes which case once an instant is quiet. The twin of `sim/engine/hand_out.py`, in full."""

from __future__ import annotations

from sim.fast.calendars import fits, needed_time, span_after, work_through
from sim.fast.compiled import part
from sim.fast.floor import lowest_free, set_busy
from sim.fast.heap import push
from sim.fast.lexicon import (
    AT_ONCE,
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
    GO_ON,
    HELD_STEP,
    HELPED_ROW,
    HELPER,
    HELPERS,
    HELPS,
    IN_HAND,
    IN_LINE,
    IS_FREE,
    JOINED_AT,
    KEPT,
    KIND_BITS,
    NEEDS,
    NONE,
    OFF,
    ON,
    ON_DUTY,
    PEOPLE,
    PERSON,
    RANK,
    ROW,
    RULE,
    SERVER_ROLE,
    SERVERS,
    SERVERS_END,
    SLOWER,
    SPANS,
    SPANS_END,
    SPEED,
    STEP,
    TEAM,
    UNSETTLED,
    WAITING,
)  # fmt: skip
from sim.fast.queues import first_of, take_out
from sim.fast.world import Ints, World
from sim.plan import FITS, ONE, PAUSE
from sim.units import NEVER


@part
def hand_out(w: World, n: Ints, now: int) -> None:
    """Hand out free people once, for the whole floor; then let patience begin to run for who is left."""
    for g in range(w.crew.shape[0]):
        if w.crew[g, UNSETTLED]:
            w.crew[g, UNSETTLED] = 0
            _settle(w, n, g, now)
    for i in range(n[FRESH]):
        c = w.fresh[i, 0]
        if w.case[c, WAITING]:
            push(w, n, now + w.fresh[i, 1], (w.case[c, ROW] << KIND_BITS) | GIVE_UP)
    n[FRESH] = 0


@part
def _settle(w: World, n: Ints, g: int, now: int) -> None:
    """Serve the queues of a crew, first case first, until no queue's first case can be begun."""
    a, b = w.crew[g, CREW_LINES], w.crew[g, CREW_LINES_END]
    for i in range(a, b):
        w.line[w.crew_line[i], BLOCKED] = 0
    anybody_kept = False
    while True:
        line, c = _next_in_line(w, a, b)
        if c < 0:
            break
        s = w.case[c, STEP]
        found = _choose(w, c, s, line, now)
        if found == w.step[s, PEOPLE]:
            _begin(w, n, c, s, line, now)
        else:
            w.line[line, BLOCKED] = 1
            for i in range(found):
                w.person[w.chosen[i], KEPT] = 1
                anybody_kept = True
    if anybody_kept:
        w.person[:, KEPT] = 0


@part
def _next_in_line(w: World, a: int, b: int) -> tuple[int, int]:
    """The queue of a crew whose first case comes before those of the others, and that case; NONE if all are empty."""
    line, first = NONE, NONE
    for i in range(a, b):
        each = w.crew_line[i]
        if w.line[each, IN_LINE] and not w.line[each, BLOCKED]:
            c = first_of(w, w.line[each, CHAINS])
            if first < 0 or _comes_before(w, c, first):
                line, first = each, c
    return line, first


@part
def _comes_before(w: World, c: int, d: int) -> bool:
    if w.case[c, RANK] != w.case[d, RANK]:
        return bool(w.case[c, RANK] < w.case[d, RANK])
    if w.clock[c, JOINED_AT] != w.clock[d, JOINED_AT]:
        return bool(w.clock[c, JOINED_AT] < w.clock[d, JOINED_AT])
    return c < d


@part
def _choose(w: World, c: int, s: int, line: int, now: int) -> int:
    """Write down in `chosen` who takes the case now. Returns how many were found; if too few, they are kept free
    for it.
    """
    needed, found = w.step[s, PEOPLE], 0
    for i in range(w.line[line, SERVERS], w.line[line, SERVERS_END]):
        r, share = w.server[i, SERVER_ROLE], w.server[i, EFFICIENCY]
        if w.role[r, FREE]:
            for p in range(lowest_free(w, r), w.role[r, END]):
                person = w.person[p]
                if person[IS_FREE] and not person[KEPT] and _may_start(w, p, c, s, share, now):
                    w.chosen[found], w.share[found] = p, share
                    found += 1
                    if found == needed:
                        return found
        if w.step[s, AT_ONCE] > 1:
            p = _least_loaded(w, r, c, s, share, now)
            if p >= 0:
                w.chosen[0], w.share[0] = p, share
                return 1
    return found


@part
def _pace(w: World, p: int, share: int) -> int:
    """See rules.pace_of."""
    return int(max(1, w.person[p, SPEED] * share // ONE))


@part
def _slow(w: World, s: int, p: int) -> int:
    """How much longer (millionths) a case takes that this person begins beside those in hand."""
    return int(ONE + w.step[s, SLOWER] * w.person[p, IN_HAND])


@part
def _may_start(w: World, p: int, c: int, s: int, share: int, now: int) -> bool:
    if w.person[p, RULE] != FITS:
        return True
    needed = needed_time(w.clock[c, NEEDS], _pace(w, p, share), _slow(w, s, p))
    m = w.person[p, TEAM]
    return fits(w, w.team[m, SPANS], w.team[m, SPANS_END], now, needed)


@part
def _least_loaded(w: World, r: int, c: int, s: int, share: int, now: int) -> int:
    """Who of a role already holds cases of this step and can hold one more; NONE if nobody."""
    best, fewest = NONE, w.step[s, AT_ONCE]
    for p in range(w.role[r, FIRST], w.role[r, END]):
        held = w.person[p, IN_HAND]
        room = 0 < held < fewest and w.person[p, HELD_STEP] == s and w.person[p, ON_DUTY]
        if room and _may_start(w, p, c, s, share, now):
            best, fewest = p, held
    return best


@part
def _begin(w: World, n: Ints, c: int, s: int, line: int, now: int) -> None:
    """Work begins; when it will be over is known at once, for calendars are."""
    take_out(w, w.line[line, CHAINS] + w.case[c, RANK], c)
    w.line[line, IN_LINE] -= 1
    w.case[c, WAITING] = 0
    people, row = w.step[s, PEOPLE], w.case[c, ROW]
    slow, pace, pausing = _slow(w, s, w.chosen[0]), NEVER, 0
    w.case[c, HELPERS] = n[HELPS]
    for i in range(people):
        p = w.chosen[i]
        if w.person[p, IN_HAND] == 0:
            set_busy(w, p)
        w.person[p, IN_HAND] += 1
        w.person[p, HELD_STEP] = s
        pace = min(pace, _pace(w, p, w.share[i]))
        pausing += w.person[p, RULE] == PAUSE
        if i > 0:
            w.helper[n[HELPS], HELPED_ROW], w.helper[n[HELPS], HELPER] = row, p
            n[HELPS] += 1
    w.case[c, PERSON] = w.chosen[0]
    w.log_began[row], w.log_person[row] = now, w.chosen[0]
    needed = needed_time(w.clock[c, NEEDS], pace, slow)
    over = now + needed if pausing == 0 else _over(w, people, now, needed)
    if over < NEVER:
        push(w, n, over, (c << KIND_BITS) | GO_ON)


@part
def _over(w: World, people: int, now: int, needed: int) -> int:
    """When work is over that rests whenever one of the chosen people who pause is off."""
    if people == 1:
        m = w.person[w.chosen[0], TEAM]
        return work_through(w, w.team[m, SPANS], w.team[m, SPANS_END], now, needed)
    t = now
    while True:
        start, end = _next_together(w, people, t)
        if start == NEVER or needed <= end - start:
            return min(start + needed, NEVER)
        needed -= end - start
        t = end


@part
def _next_together(w: World, people: int, t: int) -> tuple[int, int]:
    """The first time from t on in which all of the chosen people who pause are on shift; (NEVER, NEVER) if there is
    none.
    """
    start, end, moved = t, NEVER, True
    while moved:
        moved, end = False, NEVER
        for i in range(people):
            p = w.chosen[i]
            if w.person[p, RULE] == PAUSE:
                m = w.person[p, TEAM]
                k = span_after(w, w.team[m, SPANS], w.team[m, SPANS_END], start)
                if k == w.team[m, SPANS_END]:
                    return NEVER, NEVER
                end = min(end, w.span[k, OFF])
                if w.span[k, ON] > start:
                    start, moved = w.span[k, ON], True
    return start, end
