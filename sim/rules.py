"""The rules of the shop floor: the specification that every engine obeys, and the arithmetic they share.

**Time** is whole milliseconds. Intervals are half-open: who is on shift until 18:00 takes nothing at 18:00.

**An instant** is played in rounds. First everything that is due happens: arrivals, finished work, ended waits,
shift changes, expired patience. Nothing is handed out meanwhile. Then, once, for the whole floor: departures take
along who stands there, and free people are handed out, in every crew in which something changed since its last
hand-out: a case joined, gave up or was done with, or somebody came. What that causes at the same instant (work of no
length, say) is the next round. When a round leaves nothing due, time moves. So no result depends on the order in which
events of one instant happen to be looked at, and none on what happens in another crew.

**Hand-out.** Waiting cases are ordered by (priority rank, time joined, case number). Within a crew (queues that
share people) the first case in this order is offered the people who could do its step, role by role in the step's
order of preference and within a role by number; it takes the first who may start it. If nobody may, its queue waits
behind it, and the next queue's first case is tried; people whom a case needs but cannot yet use because there are
too few of them are kept free for it, if so many as it needs are on shift together before their own shift ends. Where
that is not so for one of them, it is set aside for this hand-out: who stands behind it is tried.

**Interrupting.** Where nobody may start a case of a class that interrupts, and one person does its step who then holds
nothing else, somebody is taken from less urgent work: of the people on shift who could do its step, may start it, and
hold a single case, of a less urgent class, at a step without `at_once`; role by role in order of preference, and within
a role whoever holds the case that stands last in the order of the hand-out (the first by number where several hold it).
That case is handed back, the more urgent one is begun by who was taken from it, and the hand-out of the crew begins
anew.

**Who may start.** A person on shift with nothing in hand; or, for a step with `at_once`, one who holds fewer than that
many cases of the same step and nothing else (idle people first, then who holds fewest, then by number). Under "start
only what fits", only if the work, at this person's own pace, ends by the end of the shift, or the shift is just
beginning (what fits no shift is begun with it).

**Patience** runs from joining. It expires before that instant's hand-out; but every case is offered to the people of
the instant at which it joins before it can give up, however short its patience.

**Room** to wait is looked at after that hand-out, too: where more cases wait at a step than have room, as many of those
who joined at this instant give up at once, the last by (priority rank, case number) first. Who came before, or was
handed back, stays.

**Shift end.** "finish": work in hand goes on in overtime. "pause": it rests while any of its (pausing) people is off
and is resumed by the same people. "hand over": it is handed back. A break is a shift end.

**Handed back.** Work leaves the hands of all its people before it is done when the shift ends of one who hands over;
when those who pause have no more time on shift together, as when one of them leaves for good; or when one of them is
taken to more urgent work. The case stands in its queue again at its old place, by its old rank and time of joining;
whoever takes it goes on with what is left, at their own pace. It waits without patience, for it has been begun. At the
end of a shift that is something that is due; work that is done at that instant is done.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from sim.plan import ONE
from sim.units import NEVER


def needed_time(takes: int, pace: int, slow: int = ONE) -> int:
    """Milliseconds that work of `takes` ms needs at a pace (millionths of the norm), made longer by `slow`
    (millionths).

    Rounded half up at each of the two steps.

    >>> needed_time(60_000, 500_000)
    120000
    """
    if pace != ONE:
        takes = (takes * ONE + pace // 2) // pace
    if slow != ONE:
        takes = (takes * slow + ONE // 2) // ONE
    return takes


def pace_of(speed: int, efficiency: int) -> int:
    """A person's pace at a step (millionths): own speed times efficiency at this work, at least one millionth."""
    return max(1, speed * efficiency // ONE)


def work_through(on: Sequence[int], off: Sequence[int], start: int, needed: int) -> int:
    """When `needed` ms of work begun at `start` are done if time counts only inside [on[i], off[i]); NEVER if not.

    Work that is done exactly at the end of an interval ends there, not at the start of the next.
    """
    i = bisect_right(off, start)
    at = start
    while i < len(on):
        at = max(at, on[i])
        if needed <= off[i] - at:
            return at + needed
        needed -= off[i] - at
        i += 1
    return NEVER


def fits(on: Sequence[int], off: Sequence[int], now: int, needed: int) -> bool:
    """Whether somebody may start work of `needed` ms at `now` under "start only what fits": never while off shift."""
    i = bisect_right(off, now)
    return i < len(on) and on[i] <= now and (now + needed <= off[i] or now == on[i])


def end_of_shift(off: Sequence[int], now: int) -> int:
    """When the shift ends of somebody who is on shift now."""
    return off[bisect_right(off, now)]


def help_can_come(on: Sequence[int], off: Sequence[int], now: int, until: int) -> bool:
    """Whether enough people, who are on shift together in [on[i], off[i]), are so at any time from `now` to `until`."""
    i = bisect_right(off, now)
    return i < len(on) and on[i] < until


def time_within(on: Sequence[int], off: Sequence[int], start: int, end: int) -> int:
    """Milliseconds from `start` to `end` that lie inside [on[i], off[i])."""
    total, i = 0, bisect_right(off, start)
    while i < len(on) and on[i] < end:
        total += min(off[i], end) - max(on[i], start)
        i += 1
    return total


def rest(takes: int, worked: int, pace: int, slow: int = ONE) -> int:
    """What is left (ms at the norm's pace) of work of `takes` ms that was handed back after `worked` ms at a pace:
    never nothing, for `worked` is less than `needed_time`.

    >>> rest(60_000, 90_000, 500_000)
    15000
    """
    return takes - worked * ONE // slow * pace // ONE
