"""A column of times as shops export them: day or month first, newest first, with or without an offset."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from sim.language import counted, later, say
from sim.reading.clock_changes import may_be_put_back, on_the_wall
from sim.reading.row_faults import MOST_OF_A_KIND, RowFaults

Cell = tuple[int, str]
"""The line of a cell and its text."""

DATE_ORDERS = ("day first", "month first")

_CLOCK = (
    r"(?:(?:[ T]|, ?)\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,6})\d*)?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/.])(?P<a>\d{1,2})\2(?P<b>\d{1,2})" + _CLOCK)
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})([-/.])(?P<b>\d{1,2})\2(?P<year>\d{4})" + _CLOCK)

DOUBTFUL = later(
    '{} may have the day or the month first; say beside the file date_order = "day first" or "month first"'
)
UNPLACED = later(
    '{} has an offset; say the shop\'s time_zone at the top of the scenario (such as "Europe/Berlin"), or leave the '
    "time zone out"
)
MIXED = later("{} has no offset, as other times of the file have")
NO_TIME = later("expected a time such as 2025-10-06 14:30:00; got {}")


@dataclass(frozen=True)
class Written:
    """What a scenario says of how the times of a file are written."""

    zone: str | None = None
    """The shop's time zone."""
    date_order: str | None = None
    """One of DATE_ORDERS."""
    time_of_day: dt.time | None = None
    """When orders came of which only the date is known."""


@dataclass
class _Moments:
    """The cells of a column that could be read: their lines, texts and times, and which have only a date."""

    lines: list[int]
    texts: list[str]
    times: list[dt.datetime]
    dates_only: int


def moments(
    cells: Sequence[Cell], column: str, faults: RowFaults, written: Written
) -> tuple[list[dt.datetime], bool, list[str]]:
    """The cells as rising local times (those that cannot be read are left out and become faults), whether they stand
    in the file from the newest to the oldest, and what was noticed.
    """
    notices: list[str] = []
    read = _read(cells, column, faults, written, notices)
    with_offset = sum(time.tzinfo is not None for time in read.times)
    if with_offset and (written.zone is None or with_offset < len(read.times)):
        _refuse_offsets(read, column, faults, written)
        read.times = [time.replace(tzinfo=None) for time in read.times]
    backwards = _turned_round(read, written.zone)
    if backwards:
        notices.append(say("the newest order comes first; it was read from its end"))
    _refuse_falls(read, column, faults, written.zone)
    if not faults:
        _refuse_dates_alone(read, column, faults, written, notices)
    if with_offset and written.zone is not None:
        read.times, moved = on_the_wall(read.times, ZoneInfo(written.zone))
        notices.append(say("times with an offset were brought to the clocks of {zone}", zone=written.zone))
        if moved:
            notices.append(
                say(
                    "{number} of the hour that comes twice when clocks are put back moved to its end, so that orders "
                    "keep their order",
                    number=counted(moved, "order"),
                )
            )
    return read.times, backwards, notices


def _read(cells: Sequence[Cell], column: str, faults: RowFaults, written: Written, notices: list[str]) -> _Moments:
    order = _date_order(cells, written, notices)
    found = _Moments([], [], [], 0)
    for line, text in cells:
        stripped = text.strip()
        match = _YEAR_FIRST.fullmatch(stripped) or _YEAR_LAST.fullmatch(stripped)
        time = _time(match, order.settled, written.time_of_day) if match else _iso(stripped)
        if time is None and match and match.re is _YEAR_LAST and order.doubtful:
            faults.add(line, say(DOUBTFUL), text, column, most=1)
            continue
        if time is None:
            faults.add(line, say(NO_TIME), text, column)
            continue
        found.lines.append(line)
        found.texts.append(text)
        found.times.append(time)
        found.dates_only += bool(match and match["hour"] is None)
    return found


@dataclass(frozen=True)
class _Order:
    """Whether day or month comes first in the dates of a column; None where it does not tell."""

    settled: str | None
    doubtful: bool
    """Whether that keeps most of the dates from being read."""


def _date_order(cells: Sequence[Cell], written: Written, notices: list[str]) -> _Order:
    """A column tells it where some number is above 12, and always in the same place."""
    first = second = dates = 0
    example = ""
    for _, text in cells:
        if match := _YEAR_LAST.fullmatch(text.strip()):
            dates += 1
            if (int(match["a"]) > 12) != (int(match["b"]) > 12):
                first, second = first + (int(match["a"]) > 12), second + (int(match["b"]) > 12)
                example = example or text.strip()
    alone = 2 * dates > len(cells)
    if written.date_order is not None or not alone:
        return _Order(written.date_order, doubtful=False)
    if bool(first) == bool(second):
        return _Order(None, doubtful=True)
    settled = DATE_ORDERS[0] if first else DATE_ORDERS[1]
    notices.append(say("dates have the {settled}, as in {example}", settled=settled, example=example))
    return _Order(settled, doubtful=False)


def _time(match: re.Match[str], order: str | None, time_of_day: dt.time | None) -> dt.datetime | None:
    """The time that a cell means; None if there is no such date or time."""
    a, b = int(match["a"]), int(match["b"])
    if match.re is _YEAR_LAST:
        if order is None:
            return None
        a, b = (b, a) if order == DATE_ORDERS[0] else (a, b)
    try:
        day = dt.date(int(match["year"]), a, b)
        clock = _clock(match) if match["hour"] else time_of_day or dt.time()
        return dt.datetime.combine(day, clock, _offset(match["zone"]))
    except ValueError:
        return None


def _clock(match: re.Match[str]) -> dt.time:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + 12 * (half == "p")
    return dt.time(hour, int(match["minute"]), int(match["second"] or 0), int((match["part"] or "").ljust(6, "0")))


def _offset(zone: str | None) -> dt.timezone | None:
    if zone is None:
        return None
    if zone[0] not in "+-":
        return dt.UTC
    span = dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return dt.timezone(span if zone[0] == "+" else -span)


def _iso(text: str) -> dt.datetime | None:
    """The rarer forms of ISO 8601, such as 20251006T143000."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def _refuse_offsets(read: _Moments, column: str, faults: RowFaults, written: Written) -> None:
    """Offsets need a zone to be brought to; with one, all times have an offset or none."""
    most, says = (1, UNPLACED) if written.zone is None else (MOST_OF_A_KIND, MIXED)
    for line, text, time in zip(read.lines, read.texts, read.times, strict=True):
        if (time.tzinfo is None) == (written.zone is not None):
            faults.add(line, say(says), text, column, most=most)


def _turned_round(read: _Moments, zone: str | None) -> bool:
    """Turn the column round if it goes from the newest to the oldest, and say whether it did."""
    falls = [(before, after) for before, after in pairwise(read.times) if after < before]
    rises = sum(after > before for before, after in pairwise(read.times))
    if len(falls) <= rises or (len(falls) == 1 and may_be_put_back(*falls[0], zone)):
        return False
    for each in (read.lines, read.texts, read.times):
        each.reverse()
    return True


def _refuse_falls(read: _Moments, column: str, faults: RowFaults, zone: str | None) -> None:
    rows = list(zip(read.lines, read.texts, read.times, strict=True))
    for (_, _, before), (line, text, time) in pairwise(rows):
        if time < before:
            says = say("{} comes after a later time; sort the file by time")
            if may_be_put_back(before, time, zone):
                says = say(
                    "{} comes after a later time, in an hour that comes twice when clocks are put back; export times "
                    "with their offset (02:10:00+01:00) and say the shop's time_zone at the top of the scenario"
                )
            faults.add(line, says, text, column)


def _refuse_dates_alone(read: _Moments, column: str, faults: RowFaults, written: Written, notices: list[str]) -> None:
    """A column of dates would put every order at midnight, which nobody means."""
    if written.time_of_day is not None:
        if not read.dates_only:
            says = say("every order has its time of day; leave out time_of_day")
            faults.add(read.lines[0], says, column=column)
        return
    if read.dates_only == len(read.times):
        says = say(
            'no order has a time of day; export it too, or say beside the file when they came: time_of_day = "12:00"'
        )
        faults.add(min(read.lines), says, column=column)
    elif len(read.times) > 1 and all(time.time() == dt.time() for time in read.times):
        notices.append(say("every order stands at 00:00; was the time of day lost on the way?"))
