"""Who may start a case, at what pace, and how work goes that rests over nights. The twin of what `sim/engine/floor.py`
and `sim/engine/hand_out.py` ask of calendars.
"""

from __future__ import annotations

from sim.fast.calendars import fits, needed_time, span_after
from sim.fast.compiled import part
from sim.fast.lexicon import IN_HAND, NEEDS, OFF, ON, RULE, SLOWER, SPANS, SPANS_END, SPEED
from sim.fast.world import World
from sim.plan import FITS, ONE, PAUSE
from sim.units import NEVER


@part
def pace_of(w: World, p: int, share: int) -> int:
    """See rules.pace_of."""
    return int(max(1, w.person[p, SPEED] * share // ONE))


@part
def slow(w: World, s: int, p: int) -> int:
    """How much longer (millionths) a case takes that this person begins beside those in hand."""
    return int(ONE + w.step[s, SLOWER] * w.person[p, IN_HAND])


@part
def may_start(w: World, p: int, k: int, s: int, share: int, now: int) -> bool:
    """Whether somebody on shift may start a case now, as far as their shift goes."""
    if w.person[p, RULE] != FITS:
        return True
    needed = needed_time(w.slot[k, NEEDS], pace_of(w, p, share), slow(w, s, p))
    return fits(w, w.person[p, SPANS], w.person[p, SPANS_END], now, needed)


@part
def paused(w: World, people: int, now: int, needed: int, back: int) -> tuple[int, int, int]:
    """When work would be over that rests whenever one of the chosen people who pause is off; how long it was worked on
    when it is handed back, and when that is: at `back`, or when they have no more time together.
    """
    t, worked = now, 0
    while True:
        start, end = _next_together(w, people, t)
        if start == NEVER:
            return NEVER, worked, min(t, back)
        if needed - worked <= min(end, back) - start:
            return start + needed - worked, worked, back
        if end >= back:
            return NEVER, worked + max(0, back - start), back
        worked += end - start
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
                k = span_after(w, w.person[p, SPANS], w.person[p, SPANS_END], start)
                if k == w.person[p, SPANS_END]:
                    return NEVER, NEVER
                end = min(end, w.span[k, OFF])
                if w.span[k, ON] > start:
                    start, moved = w.span[k, ON], True
    return start, end
