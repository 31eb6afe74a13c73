"""Working hours and timetables as people write them: days of the week, and times of day as quoted text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import InitErrorDetails

from sim.faults import nearest, shown
from sim.language import say
from sim.scenario.countries import read_holidays
from sim.scenario.fields import fault
from sim.units import clock

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_MINUTES = 24 * 60

_TIME = re.compile(r"^\s*([0-2]?[0-9]):([0-5][0-9])\s*$")
BESIDE_SHIFTS = ("breaks", "closed", "holidays")
"""The keys of hours that are not days of the week."""


class WeeklyHours(BaseModel):
    """Shifts of a week in minutes since Monday 00:00, half-open [on, off); a night shift may reach past its day."""

    model_config = ConfigDict(frozen=True)

    shifts: tuple[tuple[int, int], ...] = ()
    breaks: tuple[tuple[int, int], ...] = ()
    """Minutes since midnight, every day."""
    closed: tuple[dt.date, ...] = ()
    holidays: str | None = None
    """A country or state whose public holidays are off (and whose make-up workdays are on)."""


class WeeklyTimes(BaseModel):
    """Instants of a week, in minutes since Monday 00:00, rising."""

    model_config = ConfigDict(frozen=True)

    minutes: tuple[int, ...]
    closed: tuple[dt.date, ...] = ()
    holidays: str | None = None
    """As of `WeeklyHours`."""


def _minute(text: str) -> int:
    match = _TIME.match(text)
    minute = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minute <= DAY_MINUTES:
        raise ValueError(f'{shown(text)} is not a time of day; write "09:00" ("00:00" … "24:00")')
    return minute


def minute_of_day(value: Any) -> int:
    """Read "17:00" as the minute of the day that begins then, 1020 (0 … 1439). Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f'expected a time of day such as "17:00"; got {shown(value)}')
    if (minute := _minute(value)) == DAY_MINUTES:
        raise ValueError('"24:00" is the end of the day; write "00:00"')
    return minute


def _span(text: Any) -> tuple[int, int]:
    """Read "22:00-06:00" as (1320, 1800)."""
    if not isinstance(text, str) or text.count("-") != 1:
        raise ValueError(f'expected a shift such as "09:00-18:00"; got {shown(text)}')
    start, end = (_minute(part) for part in text.split("-"))
    if start == end:
        raise ValueError(f'{shown(text)} has no length; round the clock is "00:00-24:00"')
    if start == DAY_MINUTES:
        raise ValueError(f'{shown(text)} begins at the end of the day; write "00:00" on the next day')
    return start, end if end > start else end + DAY_MINUTES


def _days(key: str) -> list[int]:
    """Read "Mon-Wed, Sat" as [0, 1, 2, 5]."""
    days: list[int] = []
    for part in key.split(","):
        ends = [word.strip() for word in part.split("-")]
        for word in ends:
            if word not in DAYS:
                raise ValueError(f"{shown(word)} is not a day of the week{nearest(word, (*DAYS, *BESIDE_SHIFTS))}")
        first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
        if len(ends) > 2:
            raise ValueError(f'{shown(part)} is not a range of days; write "Mon-Sat"')
        days += range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]
    return days


class _Reader:
    """Reads one table of hours and gathers every fault in it."""

    def __init__(self, data: Any, what: str) -> None:
        self.faults: list[InitErrorDetails] = []
        if not isinstance(data, dict):
            self.faults.append(
                fault(
                    say('expected {what}, such as {{ "Mon-Fri" = [...] }}; got {data}', what=what, data=shown(data)),
                    value=data,
                )
            )
            data = {}
        self.data: dict[str, Any] = data

    def items(self, key: str) -> list[tuple[int, Any]]:
        value = self.data[key]
        if isinstance(value, list):
            return list(enumerate(value))
        self.faults.append(fault(say("expected a list; got {value}", value=shown(value)), key, value=value))
        return []

    def each(self, key: str, read: Any) -> list[Any]:
        """Every item of a list, read; the unreadable ones become faults."""
        results = []
        for i, item in self.items(key):
            try:
                results.append(read(item))
            except ValueError as error:
                self.faults.append(fault(str(error), key, i, value=item))
        return results

    def weekly(self, read: Any) -> list[tuple[int, Any]]:
        """(weekday, item) of every list that stands under a day or a range of days."""
        found: list[tuple[int, Any]] = []
        for key in self.data:
            if key in BESIDE_SHIFTS:
                continue
            try:
                days = _days(key)
            except ValueError as error:
                self.faults.append(fault(str(error), key, value=self.data[key]))
                continue
            items = self.each(key, read)
            found += [(day, item) for day in days for item in items]
        return found

    def days_off(self) -> dict[str, Any]:
        """`closed` and `holidays`."""
        found: dict[str, Any] = {"closed": tuple(self.each("closed", _date)) if "closed" in self.data else ()}
        if "holidays" in self.data:
            try:
                found["holidays"] = read_holidays(self.data["holidays"])
            except ValueError as error:
                self.faults.append(fault(str(error), "holidays", value=self.data["holidays"]))
        return found

    def finish(self) -> None:
        if self.faults:
            raise ValidationError.from_exception_data("hours", self.faults)


def _date(value: Any) -> dt.date:
    if type(value) is not dt.date:
        raise ValueError(f"expected a date such as 2025-10-01; got {shown(value)}")
    return value


def read_hours(data: Any) -> WeeklyHours:
    """`{ "Mon-Sat" = ["09:00-12:00", "13:00-18:00"], breaks = […], closed = [dates], holidays = "CN" }`"""
    if isinstance(data, WeeklyHours):
        return data
    reader = _Reader(data, say("a table of days and shifts"))
    shifts = sorted((day * DAY_MINUTES + on, day * DAY_MINUTES + off) for day, (on, off) in reader.weekly(_span))
    _refuse_overlaps(shifts, reader)
    breaks = reader.each("breaks", _span) if "breaks" in reader.data else []
    days_off = reader.days_off()
    if not shifts and not reader.faults:
        reader.faults.append(fault(say("these hours have no shift"), value=data))
    reader.finish()
    return WeeklyHours(shifts=tuple(shifts), breaks=tuple(breaks), **days_off)


def _refuse_overlaps(shifts: list[tuple[int, int]], reader: _Reader) -> None:
    if not shifts:
        return
    week = 7 * DAY_MINUTES
    following = [*shifts[1:], (shifts[0][0] + week, shifts[0][1] + week)]
    for (on, off), (next_on, next_off) in zip(shifts, following, strict=True):
        if next_on < off:
            said = say(" and ").join(
                f"{DAYS[a // DAY_MINUTES % 7]} {clock(a % DAY_MINUTES)}-{clock((b - 1) % DAY_MINUTES + 1)}"
                for a, b in ((on, off), (next_on, next_off))
            )
            reader.faults.append(fault(say("these shifts overlap: {said}", said=said), value=None))
            return


def read_times(data: Any) -> WeeklyTimes:
    """`{ "Mon-Sat" = ["17:00", "21:00"], closed = [dates], holidays = "CN" }`"""
    if isinstance(data, WeeklyTimes):
        return data

    def read(item: Any) -> int:
        if not isinstance(item, str):
            raise ValueError(f'expected a time of day such as "17:00"; got {shown(item)}')
        return _minute(item)

    reader = _Reader(data, say("a table of days and times"))
    if "breaks" in reader.data:
        message = say("a timetable has instants and no shifts that a break could cut; leave out those times")
        reader.faults.append(fault(message, "breaks", value=reader.data["breaks"]))
    days_off = reader.days_off()
    minutes = sorted((day * DAY_MINUTES + minute) % (7 * DAY_MINUTES) for day, minute in reader.weekly(read))
    if len(set(minutes)) < len(minutes):
        reader.faults.append(fault(say("a time stands here twice"), value=data))
    if not minutes and not reader.faults:
        reader.faults.append(fault(say("this timetable is empty"), value=data))
    reader.finish()
    return WeeklyTimes(minutes=tuple(minutes), **days_off)


_DAY_KEY = r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)([-, ]+(Mon|Tue|Wed|Thu|Fri|Sat|Sun))*$"


def _schema(item: str, extras: dict[str, Any]) -> WithJsonSchema:
    texts = {"type": "array", "items": {"type": "string", "pattern": item}}
    return WithJsonSchema(
        {"type": "object", "patternProperties": {_DAY_KEY: texts}, "properties": extras, "additionalProperties": False}
    )


_CLOCK = r"\s*[0-2]?[0-9]:[0-5][0-9]\s*"
_SPANS = {"type": "array", "items": {"type": "string", "pattern": f"^{_CLOCK}-{_CLOCK}$"}}
_DAYS_OFF = {
    "closed": {"type": "array", "items": {"type": "string", "format": "date"}},
    "holidays": {"type": "string", "description": "a country code such as CN, or a state's such as DE-BY"},
}
Hours = Annotated[
    WeeklyHours,
    BeforeValidator(read_hours),
    _schema(
        f"^{_CLOCK}-{_CLOCK}$",
        {"breaks": _SPANS, **_DAYS_OFF},
    ),
]
"""A weekly working calendar: shifts by day, breaks, single closed dates, a country's public holidays."""
Week = Annotated[WeeklyTimes, BeforeValidator(read_times), _schema(f"^{_CLOCK}$", _DAYS_OFF)]
"""A weekly timetable: times of day by day, single closed dates, public holidays."""
CLOCK_TEXT = WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK}$"})
TimeOfDay = Annotated[int, BeforeValidator(minute_of_day), CLOCK_TEXT]
"""A time of day such as "12:00", as the minute of the day."""
