"""When nobody is on shift, told apart by what would help: other days, longer hours, or breaks at other times."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from sim.intervals import Intervals, joined
from sim.units import DAY, HOUR

LONGEST_BREAK = 8 * HOUR
"""A longer time between two shifts of a day is no break: so people of a night shift are not at a break all day."""


class Absence(NamedTuple):
    """When nobody of some people is on shift, but for the time before and after the hours of a day."""

    rest_days: Intervals
    """Days, from midnight to midnight, on which nobody is on shift at all."""
    breaks: Intervals
    """Between shifts that begin on one day (people who overlap make one shift)."""


def absence(shifts: Intervals, end: int) -> Absence:
    """The absence of those whose shifts, taken together, are these, in a run that ends at `end` (ms)."""
    shifts = joined(shifts)
    rest_days = joined((max(a, 0), min(b, end)) for a, b in _whole_days(shifts, end))
    breaks = tuple((off, on) for (begin, off), (on, _) in pairwise(shifts) if _is_break(begin, off, on))
    return Absence(rest_days, breaks)


def _whole_days(shifts: Intervals, end: int) -> Iterator[tuple[int, int]]:
    """From midnight to midnight between one shift and the next; before the first and after the last one too."""
    offs, ons = (0, *(off for _, off in shifts)), (*(on for on, _ in shifts), -(-end // DAY) * DAY)
    for off, on in zip(offs, ons, strict=True):
        yield -(-off // DAY) * DAY, on // DAY * DAY


def _is_break(begin: int, off: int, on: int) -> bool:
    return begin // DAY == on // DAY and on - off <= LONGEST_BREAK
