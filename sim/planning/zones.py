"""Clocks of other places on the clock of the run, which is that of the shop's wall.

A run has no hour that comes twice and leaves none out: on the two nights on which the shop's own clocks are changed,
instants are as its wall shows them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from sim.units import MINUTE

Clock = Callable[[int], int]
"""Minutes since 00:00 of the run's first day, as a place's wall shows them → ms since the start of the run."""


def own_clock(minute: int) -> int:
    """The shop's own."""
    return minute * MINUTE


def clock_of(zone: str | None, shop: str | None, starts: dt.date) -> Clock:
    """The clock of a place in a time zone, for a shop in another. What its wall never shows, as clocks are put forward,
    is an hour later; what it shows twice, the first of both.
    """
    if zone is None or shop is None or zone == shop:
        return own_clock
    there, here, begin = ZoneInfo(zone), ZoneInfo(shop), dt.datetime.combine(starts, dt.time())

    def clock(minute: int) -> int:
        local = (begin + dt.timedelta(minutes=minute)).replace(tzinfo=there)
        wall = local.astimezone(dt.UTC).astimezone(here).replace(tzinfo=None)
        return (wall - begin) // dt.timedelta(milliseconds=1)

    return clock
