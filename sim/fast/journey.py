"""The journey of a case, as far as it goes at one instant. A block per verb, in the order of
`sim/scenario/steps.py`; the twin of `sim/engine/journey.py`.
"""

from __future__ import annotations

from sim.fast.calendars import departure_from, is_on, work_through
from sim.fast.compiled import part
from sim.fast.floor import release, unsettle
from sim.fast.heap import push
from sim.fast.lexicon import (
    AGAIN,
    ARRIVED,
    AT_MOST,
    AWAITED,
    BASE,
    BEGAN,
    CAPACITY,
    CASE,
    CHAINS,
    CHILD,
    CHILD_ROUTE,
    COME,
    CONDITION,
    CREW,
    DEPARTS,
    DEPARTS_END,
    DOCK,
    DOCK_CHAINS,
    DONE,
    EARLY,
    FRESH,
    GAVE_UP_BITS,
    GIVES_UP_AT,
    GO_ON,
    GOES_TO,
    HOURS,
    HOURS_END,
    IMPATIENT,
    IN_LINE,
    JOINED,
    LINE,
    LUCK_AFTER,
    LUCK_CHANCE,
    LUCK_MISSING,
    LUCK_PATIENCE,
    LUCK_TAKES,
    NEEDS,
    NONE,
    OWN_RANK,
    PATIENCE,
    PERSON,
    RANK,
    RETURNS,
    SLOTS_FULL,
    STANDING,
    STEP,
    STIR,
    VERB,
    VISIT,
    VISITS,
    WAITING,
)  # fmt: skip
from sim.fast.queues import put, take_out
from sim.fast.slots import give_back, take_slot, write_passage, write_visit
from sim.fast.world import Ints, World, drawn, flipped
from sim.log import GAVE_UP, PASSED, SERVED, WENT
from sim.plan import (
    ALWAYS,
    BEFORE,
    BRANCH,
    CAME_BEFORE,
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
from sim.units import DAY, NEVER


@part
def go(w: World, n: Ints, k: int, now: int) -> int:
    """Go on from the step at which the case is, until it must wait for something. Returns DONE, or what is missing."""
    slot = w.slot[k]
    c = slot[CASE]
    while True:
        s = slot[STEP]
        step = w.step[s]
        row, visit = c - step[BASE], 1
        if step[AGAIN] >= 0:
            w.visits[k, step[AGAIN]] += 1
            visit = w.visits[k, step[AGAIN]]
            if visit > step[VISITS]:
                return LUCK_MISSING
        slot[VISIT] = visit

        # --- work: queue until somebody is free, be served, or give up waiting
        if step[VERB] == WORK:
            slot[JOINED], slot[BEGAN], slot[PERSON] = now, NONE, NONE
            if slot[EARLY]:
                slot[JOINED], slot[EARLY] = slot[ARRIVED], 0
            slot[NEEDS] = drawn(w.column[step[LUCK_TAKES] + visit - 1], row)
            slot[RANK] = w.rank[c] if step[OWN_RANK] < 0 else step[OWN_RANK]
            slot[WAITING], slot[GIVES_UP_AT] = 1, NONE
            put(w, w.line[step[LINE], CHAINS] + slot[RANK], k)
            w.line[step[LINE], IN_LINE] += 1
            unsettle(w, n, w.line[step[LINE], CREW])
            slot[PATIENCE] = NONE
            if step[LUCK_PATIENCE] >= 0:
                slot[PATIENCE] = drawn(w.column[step[LUCK_PATIENCE] + visit - 1], row)
            if step[IMPATIENT] >= 0:
                w.fresh[n[FRESH]] = k
                n[FRESH] += 1
            return DONE

        # --- wait: time passes, nobody is needed
        if step[VERB] == WAIT:
            slot[JOINED], slot[BEGAN], slot[PERSON] = now, now, NONE
            needed = drawn(w.column[step[LUCK_TAKES] + visit - 1], row)
            over = now + needed
            if step[HOURS] >= 0:
                over = work_through(w, step[HOURS], step[HOURS_END], now, needed)
            if over > now:
                push(w, n, over, k, GO_ON)
                return DONE
            write_visit(w, n, k, now, SERVED)
            slot[STEP] = s + 1

        # --- collect: the next departure takes it along
        elif step[VERB] == COLLECT:
            slot[JOINED], slot[BEGAN], slot[PERSON] = now, NONE, NONE
            if slot[EARLY]:
                slot[JOINED], slot[EARLY] = slot[ARRIVED], 0
            departure = departure_from(w, step[DEPARTS], step[DEPARTS_END], now)
            if step[CAPACITY]:
                slot[RANK] = w.rank[c] if step[OWN_RANK] < 0 else step[OWN_RANK]
                put(w, w.dock[step[DOCK], DOCK_CHAINS] + slot[RANK], k)
                w.dock[step[DOCK], STANDING] += 1
                expect(w, n, step[DOCK], departure)
                return DONE
            if departure > now:
                push(w, n, departure, k, GO_ON)
                return DONE
            slot[BEGAN] = now
            write_visit(w, n, k, now, SERVED)
            slot[STEP] = s + 1

        # --- branch: elsewhere, or on
        elif step[VERB] == BRANCH:
            worn_out = step[AT_MOST] > 0 and w.visits[k, step[RETURNS]] == step[AT_MOST]
            went = 0 if worn_out else _happens(w, k, s, row, visit, now)
            write_passage(w, n, k, now, WENT if went else PASSED)
            if went and step[AT_MOST]:
                w.visits[k, step[RETURNS]] += 1
            slot[STEP] = step[GOES_TO] if went else s + 1

        # --- start: a new case on another route, now or later
        elif step[VERB] == START:
            went = _happens(w, k, s, row, visit, now) if visit == 1 else 0
            write_passage(w, n, k, now, WENT if went else PASSED)
            comes = now
            if went and step[LUCK_AFTER] >= 0:
                comes = now + drawn(w.column[step[LUCK_AFTER]], row)
            if went and comes < w.runs_for:
                child = take_slot(w, n, step[CHILD] + row, w.route_first[step[CHILD_ROUTE]])
                if child < 0:
                    return SLOTS_FULL
                push(w, n, comes, child, COME)
            slot[STEP] = s + 1

        # --- end
        else:
            write_passage(w, n, k, now, SERVED)
            give_back(w, n, k)
            return DONE


@part
def finish(w: World, n: Ints, k: int, now: int) -> None:
    """What the case was waiting for has happened: it leaves the step for the next."""
    s = w.slot[k, STEP]
    if w.step[s, VERB] == WORK:
        release(w, n, k)
    elif w.step[s, VERB] == COLLECT:
        w.slot[k, BEGAN] = now
    write_visit(w, n, k, now, SERVED)
    w.slot[k, STEP] = s + 1


@part
def give_up(w: World, n: Ints, k: int, now: int) -> None:
    """A case has waited long enough: it leaves its queue, and who stood behind it may be next."""
    s = w.slot[k, STEP]
    line = w.step[s, LINE]
    take_out(w, w.line[line, CHAINS] + w.slot[k, RANK], k)
    w.line[line, IN_LINE] -= 1
    w.slot[k, WAITING] = 0
    unsettle(w, n, w.line[line, CREW])
    write_visit(w, n, k, now, GAVE_UP)
    w.slot[k, GAVE_UP_BITS] |= 1 << w.step[s, IMPATIENT]
    w.slot[k, STEP] = w.step[s, GOES_TO]


@part
def expect(w: World, n: Ints, d: int, departure: int) -> None:
    """See to it that something is due at a dock's next departure."""
    if departure not in (w.dock[d, AWAITED], NEVER):
        w.dock[d, AWAITED] = departure
        push(w, n, departure, 0, STIR)


@part
def _happens(w: World, k: int, s: int, row: int, visit: int, now: int) -> int:
    """Whether a branch or start takes effect for this case: 1 or 0."""
    step, c = w.step[s], w.slot[k, CASE]
    kind, limit = step[CONDITION], w.threshold[s]
    if kind == ALWAYS:
        return int(flipped(w.column[step[LUCK_CHANCE] + visit - 1], row))
    if kind == OLDER_THAN:
        return int(now - w.slot[k, ARRIVED] > limit)
    if kind == GAVE_UP_AT:
        return int(w.slot[k, GAVE_UP_BITS] >> w.step[int(limit), IMPATIENT]) & 1
    if kind == NOBODY_ON:
        return int(not is_on(w, step[HOURS], step[HOURS_END], now))
    if kind == CAME_BEFORE:
        return int(w.slot[k, ARRIVED] % DAY < limit)
    if kind == BEFORE:
        return int(now % DAY < limit)
    if kind == PRIORITY_IS:
        return int(w.rank[c] == limit)
    if kind == LINES_OVER:
        return int(w.lines[c] > limit)
    if kind == UNITS_OVER:
        return int(w.units[c] > limit)
    return int(w.value[c] > limit)
