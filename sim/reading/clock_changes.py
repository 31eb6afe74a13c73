"""Nights on which clocks are put back: an hour comes twice, and times of the wall no longer tell who was first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

NIGHT = 4
"""Clocks are put back before this hour."""

WEEKEND = (5, 6)


def may_be_put_back(before: dt.datetime, after: dt.datetime, zone: str | None) -> bool:
    """Whether clocks put back can be why a local time comes after a later one; without a zone: whether they may be, by
    the hour of a night at the weekend.
    """
    if before.tzinfo is not None or before.date() != after.date() or before - after > dt.timedelta(hours=1):
        return False
    if zone is not None:
        first, second = (after.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1))
        return first is not None and second is not None and second < first
    return before.hour < NIGHT and before.weekday() in WEEKEND


def on_the_wall(times: Sequence[dt.datetime], zone: ZoneInfo) -> tuple[list[dt.datetime], int]:
    """Rising times with an offset as local times that do not fall, and how many were moved for that: a run has no hour
    that comes twice, so what comes after clocks are put back waits until the wall shows a later time.
    """
    local: list[dt.datetime] = []
    moved = 0
    for time in times:
        wall = time.astimezone(zone).replace(tzinfo=None, fold=0)
        moved += bool(local) and wall < local[-1]
        local.append(max(wall, local[-1]) if local else wall)
    return local, moved
