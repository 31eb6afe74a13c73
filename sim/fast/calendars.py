"""Calendars and the arithmetic of work: `sim/rules.py` and `sim/planning/calendars.py` on tables."""

from __future__ import annotations

from sim.fast.compiled import part
from sim.fast.lexicon import OFF, ON
from sim.fast.world import World
from sim.plan import ONE
from sim.units import NEVER


@part
def needed_time(takes: int, pace: int, slow: int) -> int:
    """See rules.needed_time."""
    if pace != ONE:
        takes = (takes * ONE + pace // 2) // pace
    if slow != ONE:
        takes = (takes * slow + ONE // 2) // ONE
    return takes


@part
def span_after(w: World, a: int, b: int, t: int) -> int:
    """The first of the spans a … b that ends after t; b if none does."""
    while a < b:
        middle = (a + b) >> 1
        if w.span[middle, OFF] > t:
            b = middle
        else:
            a = middle + 1
    return a


@part
def is_on(w: World, a: int, b: int, t: int) -> bool:
    """Whether t lies in one of the spans a … b."""
    i = span_after(w, a, b, t)
    return bool(i < b and w.span[i, ON] <= t)


@part
def work_through(w: World, a: int, b: int, start: int, needed: int) -> int:
    """See rules.work_through; the hours are the spans a … b."""
    i, at = span_after(w, a, b, start), start
    while i < b:
        at = max(at, w.span[i, ON])
        if needed <= w.span[i, OFF] - at:
            return int(at + needed)
        needed -= w.span[i, OFF] - at
        i += 1
    return NEVER


@part
def time_within(w: World, a: int, b: int, start: int, end: int) -> int:
    """See rules.time_within; the hours are the spans a … b."""
    total, i = 0, span_after(w, a, b, start)
    while i < b and w.span[i, ON] < end:
        total += min(w.span[i, OFF], end) - max(w.span[i, ON], start)
        i += 1
    return int(total)


@part
def rest(takes: int, worked: int, pace: int, slow: int) -> int:
    """See rules.rest."""
    return takes - worked * ONE // slow * pace // ONE


@part
def fits(w: World, a: int, b: int, now: int, needed: int) -> bool:
    """See rules.fits; the shifts are the spans a … b."""
    i = span_after(w, a, b, now)
    if i == b or w.span[i, ON] > now:
        return False
    return bool(now + needed <= w.span[i, OFF] or now == w.span[i, ON])


@part
def departure_from(w: World, a: int, b: int, t: int) -> int:
    """The first of the departures a … b that is not before t; NEVER if there is none."""
    end = b
    while a < b:
        middle = (a + b) >> 1
        if w.departure[middle] >= t:
            b = middle
        else:
            a = middle + 1
    return int(w.departure[a]) if a < end else NEVER
