"""Arithmetic of intervals [on, off) and of rising instants, in whole ms.

Intervals are half-open, rising and apart from each other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from sim.units import NEVER

Intervals = tuple[tuple[int, int], ...]


def joined(spans: Iterable[tuple[int, int]]) -> Intervals:
    """Sorted spans with those that touch made one, and what lies before 0 cut off."""
    result: list[tuple[int, int]] = []
    for on, off in sorted((max(on, 0), off) for on, off in spans):
        if off <= on:
            continue
        if result and on <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], off))
        else:
            result.append((on, off))
    return tuple(result)


def common(a: Intervals, b: Intervals) -> Intervals:
    """The intervals in which both are on."""
    result, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        on, off = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if on < off:
            result.append((on, off))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return tuple(result)


def at_least(number: int, calendars: Iterable[Intervals]) -> Intervals:
    """The intervals in which at least so many of several calendars are on.

    >>> at_least(2, [((0, 10),), ((5, 20),), ((8, 12),)])
    ((5, 12),)
    """
    changes = sorted(change for spans in calendars for on, off in spans for change in ((on, 1), (off, -1)))
    found, present, since = [], 0, NEVER
    for at, change in changes:
        before, present = present, present + change
        if before < number <= present:
            since = at
        elif present < number <= before:
            found.append((since, at))
    return joined(found)


def on_at(on: list[int], off: list[int], now: int) -> bool:
    """Whether `now` lies in one of the intervals [on[i], off[i])."""
    i = bisect_right(on, now) - 1
    return i >= 0 and now < off[i]


def next_at_or_after(instants: list[int], now: int) -> int:
    """The first of the rising instants that is not before `now`; NEVER if there is none."""
    i = bisect_right(instants, now - 1)
    return instants[i] if i < len(instants) else NEVER
