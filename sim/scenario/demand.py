"""Arrivals and promises, as a scenario file states them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.faults import shown
from sim.scenario.calendar_tables import minute_of_day
from sim.scenario.distributions import Amounts, Times
from sim.scenario.fields import Chance, Duration, Name, Number, Table
from sim.scenario.hours import CLOCK_TEXT, TimeOfDay, Week
from sim.units import clock

ONE_WAYS = ("per_day", "per_hour", "timetable", "every", "file")
"""The ways to say when cases come; a stream has exactly one."""

RATE_SHAPES = frozenset(("by_hour", "by_weekday", "growth_per_week", "events", "scatter"))
"""What shapes a rate (per_day, per_hour) and means nothing beside the other ways."""

OF_FILES = ("columns", "date_order", "time_of_day", "decimal")
"""What says how a file is read."""

Rate = Annotated[float, Field(ge=0, le=1e8)]


def _moment(value: Any) -> Any:
    if not isinstance(value, dt.date):
        raise ValueError(f"expected a date or a date and time, such as 2025-11-11T20:00:00; got {shown(value)}")
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        raise ValueError("times are local to the shop; leave the time zone out")
    return value


def _time_of_day(value: Any) -> Any:
    return dt.time.fromisoformat(clock(minute_of_day(value))) if value is not None else None


class PriorityClass(Table):
    """A class of priority; its name alone says the same as { name = … }."""

    name: Name
    """What it is called."""
    interrupts: bool = False
    """Whether its cases interrupt work on less urgent ones where nobody is free for them. Classes that interrupt stand
    before all others."""


def _by_name(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


Priority = Annotated[PriorityClass, BeforeValidator(_by_name, json_schema_input_type=Name | PriorityClass)]


class Event(Table):
    """A dated event that changes how many come: a promotion, a dip after it."""

    name: Name
    """What it is called; a variant changes it by this name."""
    starts: Annotated[dt.date | dt.datetime, BeforeValidator(_moment)]
    """Its first day, or the instant at which it begins."""
    lasts: Duration
    """How long it lasts."""
    lift: Annotated[float, Field(ge=0, le=1000)]
    """What arrivals are multiplied by (0 … 1000)."""

    @model_validator(mode="after")
    def _takes_time(self) -> Self:
        if self.lasts == 0:
            raise ValueError("the event lasts no time")
        return self

    def begin(self) -> dt.datetime:
        """The instant at which it begins."""
        if isinstance(self.starts, dt.datetime):
            return self.starts
        return dt.datetime.combine(self.starts, dt.time())

    def end(self) -> dt.datetime:
        """The instant at which it is over."""
        return self.begin() + dt.timedelta(milliseconds=self.lasts)


Spread = Annotated[float, Field(ge=0, le=3)]


class Scatter(Table):
    """How busyness scatters around its pattern: gamma factors of mean 1, given by their coefficients of variation."""

    day: Spread = 0.0
    """From day to day (0 … 3)."""
    hour: Spread = 0.0
    """From hour to hour (0 … 3)."""


def _both(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"day": value, "hour": value}
    if not isinstance(value, (dict, Scatter)):
        raise ValueError(f"expected a number or {{ day = …, hour = … }}; got {shown(value)}")
    return value


def _refuse_wrong_shares(priority: dict[str, float] | None) -> None:
    if priority is not None and abs(sum(priority.values()) - 1) > 1e-6:
        raise ValueError(f"the shares of priority add up to {sum(priority.values()):g}, not to 1")


Shares = dict[str, Chance]


def _all_of_one(value: Any) -> Any:
    if isinstance(value, str):
        return {value: 1.0}
    if not isinstance(value, dict):
        raise ValueError(f"expected a priority class or the share of each, {{ express = 0.1, … }}; got {shown(value)}")
    return value


class Columns(Table):
    """Which columns of the file hold the attributes of an order."""

    order: str | None = None
    """The column that holds its number, where a row is an item: rows with the same number are one order, and its lines
    are counted."""
    lines: str | None = None
    """The column that holds the lines of the order (1 … 1,000,000)."""
    units: str | None = None
    """The column that holds its units (1 … 1,000,000)."""
    value: str | None = None
    """The column that holds what it is worth (0 … 10^12)."""
    priority: str | None = None
    """The column that holds its priority class."""

    @model_validator(mode="after")
    def _counts_once(self) -> Self:
        if self.order is not None and self.lines is not None:
            raise ValueError("with order, the lines of an order are counted; leave lines out")
        return self


class Arrivals(Table):
    """One stream of cases: how many come, when, and what they are like.

    Exactly one of per_day, per_hour, timetable, every and file says when.
    """

    route: str | None = None
    """The route that the cases follow (default: the one called like the stream)."""
    per_day: Rate | None = None
    """How many come on an average day."""
    per_hour: Rate | None = None
    """How many come in an average hour."""
    timetable: Week | None = None
    """One case at each of these times: { "Mon" = ["09:00"] }."""
    every: Duration | None = None
    """One case every so often, the first after one such span."""
    file: str | None = None
    """A CSV file of real orders with a header, sorted by time; orders outside the run are left out."""
    time_column: str | None = None
    """The column of the file that holds the time of the order (2025-10-06 14:30:00, 06/10/2025 14:30 …)."""
    columns: Columns | None = None
    """Which columns of the file hold lines, units, value, priority, and the number of the order."""
    date_order: Literal["day first", "month first"] | None = None
    """How to read dates such as 06/10/2025 (default: as the column tells, where some day is above 12)."""
    time_of_day: Annotated[dt.time | None, BeforeValidator(_time_of_day), CLOCK_TEXT] = None
    """When orders came of which the file tells only the date, such as "12:00"."""
    decimal: Literal[",", "."] | None = None
    """The mark before fractions (default: a point where commas separate columns, else as the column tells)."""
    group: Amounts | None = None
    """How many cases come together each time (rounded, at least 1; default 1): rates and times are then of groups."""
    by_hour: Annotated[list[Number], Field(min_length=24, max_length=24)] | None = None
    """24 weights, from 00:00; only their proportions count."""
    by_weekday: Annotated[list[Number], Field(min_length=7, max_length=7)] | None = None
    """7 weights, from Monday; only their proportions count."""
    growth_per_week: Annotated[float, Field(gt=-1, le=10)] = 0.0
    """Growth from each week to the next: 0.02 is two per cent, compounding from the first day (-1 … 10)."""
    events: list[Event] = []
    """Promotions and the like."""
    scatter: Annotated[Scatter, BeforeValidator(_both, json_schema_input_type=Spread | Scatter)] = Scatter()
    """Busyness beyond chance: one coefficient of variation for days and hours alike, or { day = …, hour = … }."""
    lines: Amounts | None = None
    """Lines per order (rounded, at least 1; default 1)."""
    units: Amounts | None = None
    """Units per order (rounded, at least 1; default: as many as lines)."""
    value: Amounts | None = None
    """What the order is worth, in the scenario's currency (default 0)."""
    priority: (
        Annotated[dict[str, Chance], BeforeValidator(_all_of_one, json_schema_input_type=str | dict[str, Chance])]
        | None
    ) = None
    """A priority class for all, or the share of each: { express = 0.1, standard = 0.9 } (default: the last class)."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [way for way in ONE_WAYS if getattr(self, way) is not None]
        if len(given) != 1:
            raise ValueError(f"say in exactly one way when they come ({', '.join(ONE_WAYS)}); here are {len(given)}")
        self._refuse_patterns_without_rate(given[0])
        if (self.file is None) != (self.time_column is None):
            raise ValueError("file and time_column belong together: give both or neither")
        if self.group is not None and self.file is not None:
            raise ValueError("a file tells every case; leave group out")
        for key in OF_FILES:
            if getattr(self, key) is not None and self.file is None:
                raise ValueError(f"{key} needs a file")
        if self.every is not None and self.every < 1:
            raise ValueError("every must be at least 1 ms")
        for weights in (self.by_hour, self.by_weekday):
            if weights is not None and not sum(weights) > 0:
                raise ValueError("by_hour and by_weekday need at least one weight above 0")
        _refuse_wrong_shares(self.priority)
        return self

    @property
    def tells_value(self) -> bool:
        """Whether it says what its cases are worth."""
        return self.value is not None or (self.columns is not None and self.columns.value is not None)

    def _refuse_patterns_without_rate(self, way: str) -> None:
        patterns = RATE_SHAPES & self.model_fields_set
        if way not in ("per_day", "per_hour") and patterns:
            raise ValueError(f"only a rate (per_day, per_hour) can have {', '.join(sorted(patterns))}, not {way}")


class AlreadyThere(Table):
    """Cases that stand at a step when the run begins, and have waited already."""

    route: str
    """The route that they are on."""
    at: str
    """The step at which they stand: one where people work on them, or where they wait for a departure."""
    cases: Annotated[int, Field(ge=1, le=1_000_000)]
    """How many they are (1 … 1,000,000)."""
    age: Times
    """How long before the beginning of the run each of them came, to the shop and to that step."""
    lines: Amounts | None = None
    """As of arrivals."""
    units: Amounts | None = None
    """As of arrivals."""
    value: Amounts | None = None
    """As of arrivals."""
    priority: (
        Annotated[dict[str, Chance], BeforeValidator(_all_of_one, json_schema_input_type=str | dict[str, Chance])]
        | None
    ) = None
    """As of arrivals."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        _refuse_wrong_shares(self.priority)
        return self


_Steps = Annotated[list[str], Field(min_length=1)] | None


def _steps(value: Any) -> Any:
    if isinstance(value, str):
        return [value]
    if value is not None and not isinstance(value, list):
        raise ValueError(f"expected the name of a step, or a list of names; got {shown(value)}")
    return value


class Promise(Table):
    """A service level: the share of cases that reach a point within a time."""

    route: str
    """The route whose cases it is about."""
    begins: str | None = None
    """The promise is kept when this step begins in time …"""
    ends: Annotated[_Steps, BeforeValidator(_steps, json_schema_input_type=str | _Steps | None)] = None
    """… or when it is done with in time; exactly one of the two. Of several steps, the first that the case comes to."""
    since: str | None = None
    """The clock runs from when the case joined this step (default: from its arrival)."""
    within: Duration | None = None
    """The time promised …"""
    by: Week | None = None
    """… or the timetable by whose next time it is promised, such as that of a truck: { "Mon-Fri" = ["17:00"] }."""
    cut_off: TimeOfDay | None = None
    """With by: who comes at this time of day or later has missed the next one (default: at the very time of it)."""
    later: Annotated[int, Field(ge=0, le=100)] = 0
    """With by: how many times later than the next one (0 … 100); 1 is "by the next but one"."""
    in_hours: str | None = None
    """The hours inside which that time is counted, such as "office" (default: round the clock)."""
    share: Chance
    """The share that should be kept, 0 … 1."""
    gave_up: Literal["broken", "left out", "kept"] = "broken"
    """How those count who gave up waiting there: as broken; or, if they gave up early, left out or as kept. Call
    centres have all three."""
    early: Duration | None = None
    """Who gave up early: within this time (default: the promised one). Who gave up later is always broken."""

    @model_validator(mode="after")
    def _one_point(self) -> Self:
        if (self.begins is None) == (self.ends is None):
            raise ValueError("say by a step when it is kept: either begins or ends")
        return self

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.within is None) == (self.by is None):
            raise ValueError("say how fast it is: either within a time, or by a timetable")
        if self.by is None and (self.cut_off is not None or self.later):
            raise ValueError("cut_off and later belong to by, a timetable")
        if self.by is not None and self.in_hours is not None:
            raise ValueError("in_hours counts the time of within; by has a timetable of its own")
        if self.by is not None and self.gave_up != "broken" and self.early is None:
            raise ValueError("early must say within which time one gives up early, for by has none")
        return self

    @model_validator(mode="after")
    def _early(self) -> Self:
        if self.early is not None and self.gave_up == "broken":
            raise ValueError('early says whom gave_up = "left out" or "kept" is about; without it, it says nothing')
        return self
