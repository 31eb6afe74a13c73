"""The journey of a case, as far as it goes at one instant. A block per verb, in the order of `sim/steps.py`; the
twin of `sim/engine/journey.py`.
"""

from __future__ import annotations

from sim.fast.calendars import departure_from, span_after, work_through
from sim.fast.compiled import part
from sim.fast.floor import release, unsettle
from sim.fast.heap import push
from sim.fast.lexicon import (
    AGAIN,
    ARRIVED,
    AT_MOST,
    AWAITED,
    BASE,
    CAPACITY,
    CHAINS,
    CHILD,
    CHILD_ROUTE,
    COME,
    CONDITION,
    DEPARTS,
    DEPARTS_END,
    DOCK,
    DOCK_CHAINS,
    FRESH,
    GO_ON,
    GOES_TO,
    HOURS,
    HOURS_END,
    IMPATIENT,
    IN_LINE,
    JOINED_AT,
    KIND_BITS,
    LINE,
    LUCK_AFTER,
    LUCK_CHANCE,
    LUCK_PATIENCE,
    LUCK_TAKES,
    NEEDS,
    NONE,
    ON,
    OWN_RANK,
    RANK,
    RETURNS,
    ROW,
    ROWS,
    STANDING,
    STEP,
    STIR,
    VERB,
    VISITS,
    WAITING,
)  # fmt: skip
from sim.fast.queues import put, take_out
from sim.fast.world import Ints, World, drawn, flipped
from sim.log import GAVE_UP, OPEN, PASSED, SERVED, WENT
from sim.plan import (
    ALWAYS,
    BRANCH,
    COLLECT,
    GAVE_UP_AT,
    LINES_OVER,
    NOBODY_ON,
    OLDER_THAN,
    PRIORITY_IS,
    START,
    UNITS_OVER,
    WAIT,
    WORK,
)  # fmt: skip
from sim.units import NEVER


@part
def go(w: World, n: Ints, c: int, now: int) -> bool:
    """Go on from the step at which the case is, until it must wait for something. False: a draw is missing."""
    while True:
        s = w.case[c, STEP]
        step = w.step[s]
        row, visit = c - step[BASE], 1
        if step[AGAIN] >= 0:
            w.visits[c, step[AGAIN]] += 1
            visit = w.visits[c, step[AGAIN]]
            if visit > step[VISITS]:
                return False

        # --- work: queue until somebody is free, be served, or give up waiting
        if step[VERB] == WORK:
            w.case[c, ROW] = _write(w, n, c, s, visit, now, NONE, NONE, OPEN)
            w.clock[c, JOINED_AT], w.clock[c, NEEDS] = now, drawn(w.column[step[LUCK_TAKES] + visit - 1], row)
            w.case[c, RANK] = w.rank[c] if step[OWN_RANK] < 0 else step[OWN_RANK]
            w.case[c, WAITING] = 1
            put(w, w.line[step[LINE], CHAINS] + w.case[c, RANK], c)
            w.line[step[LINE], IN_LINE] += 1
            unsettle(w, s)
            if step[LUCK_PATIENCE] >= 0:
                w.fresh[n[FRESH], 0] = c
                w.fresh[n[FRESH], 1] = drawn(w.column[step[LUCK_PATIENCE] + visit - 1], row)
                n[FRESH] += 1
            return True

        # --- wait: time passes, nobody is needed
        if step[VERB] == WAIT:
            needed = drawn(w.column[step[LUCK_TAKES] + visit - 1], row)
            over = now + needed
            if step[HOURS] >= 0:
                over = work_through(w, step[HOURS], step[HOURS_END], now, needed)
            w.case[c, ROW] = _write(w, n, c, s, visit, now, now, NONE, OPEN)
            if over > now:
                if over < NEVER:
                    push(w, n, over, (c << KIND_BITS) | GO_ON)
                return True
            _leave(w, c, now, SERVED)
            w.case[c, STEP] = s + 1

        # --- collect: the next departure takes it along
        elif step[VERB] == COLLECT:
            w.case[c, ROW] = _write(w, n, c, s, visit, now, NONE, NONE, OPEN)
            departure = departure_from(w, step[DEPARTS], step[DEPARTS_END], now)
            if step[CAPACITY]:
                w.case[c, RANK] = w.rank[c] if step[OWN_RANK] < 0 else step[OWN_RANK]
                w.clock[c, JOINED_AT] = now
                put(w, w.dock[step[DOCK], DOCK_CHAINS] + w.case[c, RANK], c)
                w.dock[step[DOCK], STANDING] += 1
                expect(w, n, step[DOCK], departure)
                return True
            if departure > now:
                if departure < NEVER:
                    push(w, n, departure, (c << KIND_BITS) | GO_ON)
                return True
            w.log_began[w.case[c, ROW]] = now
            _leave(w, c, now, SERVED)
            w.case[c, STEP] = s + 1

        # --- branch: elsewhere, or on
        elif step[VERB] == BRANCH:
            worn_out = step[AT_MOST] > 0 and w.visits[c, step[RETURNS]] == step[AT_MOST]
            went = 0 if worn_out else _happens(w, c, s, row, visit, now)
            _write(w, n, c, s, visit, now, now, now, WENT if went else PASSED)
            if went and step[AT_MOST]:
                w.visits[c, step[RETURNS]] += 1
            w.case[c, STEP] = step[GOES_TO] if went else s + 1

        # --- start: a new case on another route, now or later
        elif step[VERB] == START:
            went = _happens(w, c, s, row, visit, now) if visit == 1 else 0
            _write(w, n, c, s, visit, now, now, now, WENT if went else PASSED)
            if went:
                later = drawn(w.column[step[LUCK_AFTER]], row) if step[LUCK_AFTER] >= 0 else 0
                child = step[CHILD] + row
                w.case[child, STEP] = w.route_first[step[CHILD_ROUTE]]
                push(w, n, now + later, (child << KIND_BITS) | COME)
            w.case[c, STEP] = s + 1

        # --- end
        else:
            _write(w, n, c, s, visit, now, now, now, SERVED)
            return True


@part
def finish(w: World, c: int, now: int) -> None:
    """What the case was waiting for has happened: it leaves the step for the next."""
    s = w.case[c, STEP]
    if w.step[s, VERB] == WORK:
        release(w, c)
    elif w.step[s, VERB] == COLLECT:
        w.log_began[w.case[c, ROW]] = now
    _leave(w, c, now, SERVED)
    w.case[c, STEP] = s + 1


@part
def give_up(w: World, c: int, now: int) -> None:
    """A case has waited long enough: it leaves its queue, and who stood behind it may be next."""
    s = w.case[c, STEP]
    line = w.step[s, LINE]
    take_out(w, w.line[line, CHAINS] + w.case[c, RANK], c)
    w.line[line, IN_LINE] -= 1
    w.case[c, WAITING] = 0
    unsettle(w, s)
    _leave(w, c, now, GAVE_UP)
    w.gave_up[c] |= 1 << w.step[s, IMPATIENT]
    w.case[c, STEP] = w.step[s, GOES_TO]


@part
def expect(w: World, n: Ints, d: int, departure: int) -> None:
    """See to it that something is due at a dock's next departure."""
    if departure not in (w.dock[d, AWAITED], NEVER):
        w.dock[d, AWAITED] = departure
        push(w, n, departure, STIR)


@part
def _write(w: World, n: Ints, c: int, s: int, visit: int, joined: int, began: int, left: int, outcome: int) -> int:
    """A row of the log. Returns its number."""
    i = n[ROWS]
    n[ROWS] = i + 1
    w.log_case[i], w.log_step[i], w.log_visit[i], w.log_person[i] = c, s, visit, NONE
    w.log_joined[i], w.log_began[i], w.log_left[i], w.log_outcome[i] = joined, began, left, outcome
    return int(i)


@part
def _leave(w: World, c: int, now: int, outcome: int) -> None:
    row = w.case[c, ROW]
    w.log_left[row], w.log_outcome[row] = now, outcome


@part
def _happens(w: World, c: int, s: int, row: int, visit: int, now: int) -> int:
    """Whether a branch or start takes effect for this case: 1 or 0."""
    step = w.step[s]
    kind, limit = step[CONDITION], w.threshold[s]
    if kind == ALWAYS:
        return flipped(w.column[step[LUCK_CHANCE] + visit - 1], row)
    if kind == OLDER_THAN:
        return int(now - w.clock[c, ARRIVED] > limit)
    if kind == GAVE_UP_AT:
        return int(w.gave_up[c] >> w.step[int(limit), IMPATIENT]) & 1
    if kind == NOBODY_ON:
        i = span_after(w, step[HOURS], step[HOURS_END], now)
        return int(i == step[HOURS_END] or w.span[i, ON] > now)
    if kind == PRIORITY_IS:
        return int(w.rank[c] == limit)
    if kind == LINES_OVER:
        return int(w.lines[c] > limit)
    if kind == UNITS_OVER:
        return int(w.units[c] > limit)
    return int(w.value[c] > limit)
