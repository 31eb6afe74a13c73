"""Working hours and timetables as people write them: days of the week, and times of day as quoted text."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from sim.faults import shown
from sim.language import say
from sim.scenario.calendar_tables import (
    DAY_MINUTES,
    WEEK_DAYS,
    Reader,
    minute_of_day,
    read_minute,
    read_span,
    refuse_overlaps,
)
from sim.scenario.rotas import MOST_DAYS, is_rota, read_rota


class WeeklyHours(BaseModel):
    """Shifts of a week in minutes since Monday 00:00, half-open [on, off); a night shift may reach past its day. Of a
    rota: shifts of so many days, in minutes since the first of them, 00:00.
    """

    model_config = ConfigDict(frozen=True)

    shifts: tuple[tuple[int, int], ...] = ()
    days: int = WEEK_DAYS
    """Days after which they begin again."""
    turn: int = WEEK_DAYS
    """Days from each point at which somebody can begin in a rota to the next: a week, or a day of a cycle."""
    since: dt.date | None = None
    """A day on which a rota begins, or that lies in its first week; None: the first of the run."""
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


def read_hours(data: Any) -> WeeklyHours:
    """`{ "Mon-Sat" = ["09:00-12:00", "13:00-18:00"], breaks = […], closed = [dates], holidays = "CN" }`"""
    if isinstance(data, WeeklyHours):
        return data
    reader = Reader(data, say('a table of days and shifts, such as { "Mon-Fri" = [...] }'))
    found = read_rota(reader) if is_rota(reader.data) else {"shifts": _weekly_shifts(reader)}
    found |= {"breaks": reader.breaks(), **reader.days_off()}
    if not found["shifts"] and not reader.faults:
        reader.refuse(say("these hours have no shift"), value=data)
    reader.finish()
    return WeeklyHours(**found)


def _weekly_shifts(reader: Reader) -> tuple[tuple[int, int], ...]:
    shifts = sorted((day * DAY_MINUTES + on, day * DAY_MINUTES + off) for day, (on, off) in reader.weekly(read_span))
    refuse_overlaps(shifts, reader)
    return tuple(shifts)


def read_times(data: Any) -> WeeklyTimes:
    """`{ "Mon-Sat" = ["17:00", "21:00"], closed = [dates], holidays = "CN" }`"""
    if isinstance(data, WeeklyTimes):
        return data

    def read(item: Any) -> int:
        if not isinstance(item, str):
            raise ValueError(f'expected a time of day such as "17:00"; got {shown(item)}')
        return read_minute(item)

    reader = Reader(data, say('a table of days and times, such as { "Mon-Fri" = [...] }'))
    if "breaks" in reader.data:
        message = say("a timetable has instants and no shifts that a break could cut; leave out those times")
        reader.refuse(message, "breaks", value=reader.data["breaks"])
    days_off = reader.days_off()
    minutes = sorted((day * DAY_MINUTES + minute) % (7 * DAY_MINUTES) for day, minute in reader.weekly(read))
    if len(set(minutes)) < len(minutes):
        reader.refuse(say("a time stands here twice"), value=data)
    if not minutes and not reader.faults:
        reader.refuse(say("this timetable is empty"), value=data)
    reader.finish()
    return WeeklyTimes(minutes=tuple(minutes), **days_off)


_DAY_KEY = r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)([-, ]+(Mon|Tue|Wed|Thu|Fri|Sat|Sun))*$"


def _schema(item: str, extras: dict[str, Any]) -> WithJsonSchema:
    texts = {"type": "array", "items": {"type": "string", "pattern": item}}
    return WithJsonSchema(
        {"type": "object", "patternProperties": {_DAY_KEY: texts}, "properties": extras, "additionalProperties": False}
    )


_CLOCK = r"\s*[0-2]?[0-9]:[0-5][0-9]\s*"
_SPAN = {"type": "string", "pattern": f"^{_CLOCK}-{_CLOCK}$"}
_SPANS = {"type": "array", "items": _SPAN}
_DAYS_OFF = {
    "closed": {"type": "array", "items": {"type": "string", "format": "date"}},
    "holidays": {"type": "string", "description": "a country code such as CN, or a state's such as DE-BY"},
}
_ROTA = {
    "weeks": {
        "type": "array",
        "description": "the weeks of a rota in turn: a table of days and shifts each",
        "items": {"type": "object", "patternProperties": {_DAY_KEY: _SPANS}, "additionalProperties": False},
        "minItems": 1,
        "maxItems": MOST_DAYS // WEEK_DAYS,
    },
    "cycle": {
        "type": "object",
        "description": "or a cycle of days: of so many days, the first so many have this shift",
        "properties": {
            "days": {"type": "integer", "minimum": 1, "maximum": MOST_DAYS},
            "on": {"type": "integer", "minimum": 1, "maximum": MOST_DAYS},
            "shift": _SPAN,
        },
        "required": ["days", "on", "shift"],
        "additionalProperties": False,
    },
    "starts": {
        "type": "string",
        "format": "date",
        "description": "a day of a rota's first week, or the first day of a cycle (default: the first day of the run)",
    },
}
Hours = Annotated[
    WeeklyHours,
    BeforeValidator(read_hours),
    _schema(
        f"^{_CLOCK}-{_CLOCK}$",
        {"breaks": _SPANS, **_DAYS_OFF, **_ROTA},
    ),
]
"""A working calendar: shifts by day, or a rota of weeks or days; breaks, single closed dates, a country's public
holidays.
"""
Week = Annotated[WeeklyTimes, BeforeValidator(read_times), _schema(f"^{_CLOCK}$", _DAYS_OFF)]
"""A weekly timetable: times of day by day, single closed dates, public holidays."""
CLOCK_TEXT = WithJsonSchema({"type": "string", "pattern": f"^{_CLOCK}$"})
TimeOfDay = Annotated[int, BeforeValidator(minute_of_day), CLOCK_TEXT]
"""A time of day such as "12:00", as the minute of the day."""
