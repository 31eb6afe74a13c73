"""Tables of days and times of day as people write them: reads one, and gathers every fault in it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import InitErrorDetails

from sim.faults import nearest, shown
from sim.language import say
from sim.scenario.countries import read_holidays
from sim.scenario.fields import fault
from sim.units import clock

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK_DAYS = len(DAYS)
DAY_MINUTES = 24 * 60

_TIME = re.compile(r"^\s*([0-2]?[0-9]):([0-5][0-9])\s*$")
BESIDE_SHIFTS = ("breaks", "closed", "holidays")
"""The keys of hours that are not days of the week."""

T = TypeVar("T")


def read_minute(text: str) -> int:
    """Read "17:00" as 1020; "24:00" is the end of the day. Raises ValueError."""
    match = _TIME.match(text)
    minute = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minute <= DAY_MINUTES:
        raise ValueError(f'{shown(text)} is not a time of day; write "09:00" ("00:00" … "24:00")')
    return minute


def minute_of_day(value: Any) -> int:
    """Read "17:00" as the minute of the day that begins then, 1020 (0 … 1439). Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f'expected a time of day such as "17:00"; got {shown(value)}')
    if (minute := read_minute(value)) == DAY_MINUTES:
        raise ValueError('"24:00" is the end of the day; write "00:00"')
    return minute


def read_span(text: Any) -> tuple[int, int]:
    """Read "22:00-06:00" as (1320, 1800)."""
    if not isinstance(text, str) or text.count("-") != 1:
        raise ValueError(f'expected a shift such as "09:00-18:00"; got {shown(text)}')
    start, end = (read_minute(part) for part in text.split("-"))
    if start == end:
        raise ValueError(f'{shown(text)} has no length; round the clock is "00:00-24:00"')
    if start == DAY_MINUTES:
        raise ValueError(f'{shown(text)} begins at the end of the day; write "00:00" on the next day')
    return start, end if end > start else end + DAY_MINUTES


def _days(key: str, beside: tuple[str, ...]) -> list[int]:
    """Read "Mon-Wed, Sat" as [0, 1, 2, 5]."""
    days: list[int] = []
    for part in key.split(","):
        ends = [word.strip() for word in part.split("-")]
        for word in ends:
            if word not in DAYS:
                raise ValueError(f"{shown(word)} is not a day of the week{nearest(word, (*DAYS, *beside))}")
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        if len(ends) > 2:
            raise ValueError(f'{shown(part)} is not a range of days; write "Mon-Sat"')
        days += range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]
    return days


class Reader:
    """Reads one table of hours and gathers every fault in it."""

    def __init__(self, data: Any, what: str, *where: str | int) -> None:
        """`what` such a table is, and is like; `where` it stands inside the hours."""
        self.faults: list[InitErrorDetails] = []
        self.where = where
        if not isinstance(data, dict):
            self.refuse(say("expected {what}; got {data}", what=what, data=shown(data)), value=data)
            data = {}
        self.data: dict[str, Any] = data

    def refuse(self, message: str, *path: str | int, value: Any = None) -> None:
        """Note a fault in this table."""
        self.faults.append(fault(message, *self.where, *path, value=value))

    def items(self, key: str) -> list[tuple[int, Any]]:
        """The items of a list, with their places in it."""
        value = self.data[key]
        if isinstance(value, list):
            return list(enumerate(value))
        self.refuse(say("expected a list; got {value}", value=shown(value)), key, value=value)
        return []

    def each(self, key: str, read: Callable[[Any], T]) -> list[T]:
        """Every item of a list, read; the unreadable ones become faults."""
        results = []
        for i, item in self.items(key):
            try:
                results.append(read(item))
            except ValueError as error:
                self.refuse(str(error), key, i, value=item)
        return results

    def single(self, key: str, read: Callable[[Any], T]) -> T | None:
        """What stands under a key, read; None, and perhaps a fault, where that cannot be."""
        if key not in self.data:
            return None
        try:
            return read(self.data[key])
        except ValueError as error:
            self.refuse(str(error), key, value=self.data[key])
            return None

    def weekly(self, read: Callable[[Any], T], beside: tuple[str, ...] = BESIDE_SHIFTS) -> list[tuple[int, T]]:
        """(weekday, item) of every list that stands under a day or a range of days; other keys are `beside` them."""
        found: list[tuple[int, T]] = []
        for key in self.data:
            if key in beside:
                continue
            try:
                days = _days(key, beside)
            except ValueError as error:
                self.refuse(str(error), key, value=self.data[key])
                continue
            items = self.each(key, read)
            found += [(day, item) for day in days for item in items]
        return found

    def days_off(self) -> dict[str, Any]:
        """`closed` and `holidays`."""
        closed = self.each("closed", read_date) if "closed" in self.data else []
        found: dict[str, Any] = {"closed": tuple(closed)}
        if holidays := self.single("holidays", read_holidays):
            found["holidays"] = holidays
        return found

    def breaks(self) -> tuple[tuple[int, int], ...]:
        """The breaks of every day."""
        return tuple(self.each("breaks", read_span)) if "breaks" in self.data else ()

    def finish(self) -> None:
        """Raises ValidationError if there are faults."""
        if self.faults:
            raise ValidationError.from_exception_data("hours", self.faults)


def read_date(value: Any) -> dt.date:
    """A date. Raises ValueError."""
    if type(value) is not dt.date:
        raise ValueError(f"expected a date such as 2025-10-01; got {shown(value)}")
    return value


def refuse_overlaps(shifts: list[tuple[int, int]], reader: Reader, days: int = WEEK_DAYS) -> None:
    """Refuse shifts (in minutes, sorted, of so many days that begin again) that overlap."""
    if not shifts:
        return
    following = [*shifts[1:], (shifts[0][0] + days * DAY_MINUTES, shifts[0][1] + days * DAY_MINUTES)]
    for (on, off), (next_on, next_off) in zip(shifts, following, strict=True):
        if next_on < off:
            said = say(" and ").join(
                f"{_day(a // DAY_MINUTES % days, days)} {clock(a % DAY_MINUTES)}-{clock((b - 1) % DAY_MINUTES + 1)}"
                for a, b in ((on, off), (next_on, next_off))
            )
            reader.refuse(say("these shifts overlap: {said}", said=said))
            return


def _day(number: int, days: int) -> str:
    """What a day of a week, of several weeks, or of a cycle is called."""
    if days % WEEK_DAYS:
        return say("day {number}", number=number + 1)
    week = say(" of week {number}", number=number // WEEK_DAYS + 1) if days > WEEK_DAYS else ""
    return f"{DAYS[number % WEEK_DAYS]}{week}"
