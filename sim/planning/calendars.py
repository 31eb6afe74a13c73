"""Hours as people write them → the intervals [on, off) in which a team is on shift, in ms since the run's start.

Intervals are half-open, rising, apart from each other, and reach `MARGIN` past the end of the run, so that a shift
that is cut by the end of the run is not mistaken for one that ends there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sim.intervals import Intervals, joined
from sim.planning.zones import Clock, own_clock
from sim.scenario.calendar_tables import DAY_MINUTES, WEEK_DAYS
from sim.scenario.countries import public_holidays
from sim.scenario.hours import WeeklyHours, WeeklyTimes
from sim.scenario.places import Place
from sim.units import DAY, MINUTE

MARGIN = 35 * DAY


def intervals(
    hours: WeeklyHours,
    starts: dt.date,
    runs_for: int,
    first_day: dt.date | None = None,
    last_day: dt.date | None = None,
    begins: int = 1,
    clock: Clock = own_clock,
) -> Intervals:
    """The [on, off) intervals (ms) of these hours from `starts` for `runs_for` ms and a margin.

    Only shifts that begin on days from `first_day` to `last_day` count; a shift over midnight belongs to the day it
    begins. Of a rota: for those who begin it in its week, or on its day, of number `begins`, from 1.
    Days and times are those of a `clock`.
    """
    days_off = _DaysOff(hours.closed, hours.holidays, starts, runs_for)
    of_day = [_shifts_of(hours, day) for day in range(hours.days)]
    first = _first_day(hours, starts) - dt.timedelta(days=(begins - 1) * hours.turn)
    found: list[tuple[int, int]] = []
    for day in range(-2 if clock is not own_clock else -1, (runs_for + MARGIN) // DAY + 1):
        date = starts + dt.timedelta(days=day)
        if (first_day and date < first_day) or (last_day and date > last_day) or date in days_off:
            continue
        number = (date - first).days % hours.days
        if hours.turn == WEEK_DAYS:
            number = days_off.works_like(date, number, of_day)
        for on, off in of_day[number]:
            parts, begin = _without(on, off, hours.breaks), day * DAY_MINUTES
            found += [(clock(begin + a), clock(begin + b)) for a, b in parts]
    return joined(found)


def weekly_time(hours: WeeklyHours) -> int:
    """Time on shift (ms) in a week without holidays or closed days, breaks taken out; of a rota, on average."""
    shifts = (shift for day in range(hours.days) for shift in _shifts_of(hours, day))
    total = sum((b - a) * MINUTE for on, off in shifts for a, b in _without(on, off, hours.breaks))
    return total * WEEK_DAYS // hours.days


def weekly_instants(times: WeeklyTimes, starts: dt.date, runs_for: int) -> tuple[int, ...]:
    """Every instant (ms, from 0 on) of a weekly timetable in the run and its margin, but for holidays and closed
    days. What is due at 24:00 is due at 00:00 of the next day.
    """
    days_off = _DaysOff(times.closed, times.holidays, starts, runs_for)
    of_day: list[list[int]] = [[] for _ in range(7)]
    for minute in times.minutes:
        of_day[minute // DAY_MINUTES].append(minute % DAY_MINUTES)
    found: list[int] = []
    for day in range((runs_for + MARGIN) // DAY + 1):
        date = starts + dt.timedelta(days=day)
        if date not in days_off:
            found += [
                day * DAY + minute * MINUTE for minute in of_day[days_off.works_like(date, date.weekday(), of_day)]
            ]
    return tuple(instant for instant in found if instant <= runs_for + MARGIN)


def regular_instants(every: int, runs_for: int) -> tuple[int, ...]:
    """Instants `every` ms after each other, the first at `every`."""
    return tuple(range(every, runs_for + MARGIN + 1, every))


def without_known_holidays(calendar: WeeklyHours | WeeklyTimes | Place, starts: dt.date, runs_for: int) -> list[int]:
    """Years of the run in which the country's holidays are not published yet (one without any make-up or moved
    day).
    """
    if (calendar.holidays or "").partition("-")[0] != "CN":
        return []
    last = starts + dt.timedelta(milliseconds=runs_for)
    years = range(starts.year, last.year + 1)
    return [y for y in years if not any(d.year == y for d in public_holidays("CN", range(y, y + 1)).weekend_workdays)]


class _DaysOff:
    """The dates on which nothing is on, and the dates that work like another weekday."""

    def __init__(self, closed: Iterable[dt.date], holidays: str | None, starts: dt.date, runs_for: int) -> None:
        self.closed = set(closed)
        self.public = None
        if holidays is not None:
            last = starts + dt.timedelta(milliseconds=runs_for + MARGIN)
            self.public = public_holidays(holidays, range(starts.year - 1, last.year + 1))

    def __contains__(self, date: dt.date) -> bool:
        return date in self.closed or (self.public is not None and date in self.public)

    def works_like(self, date: dt.date, number: int, of_day: Sequence[object]) -> int:
        """The day whose shifts or times, `of_day`, are kept: the one of this number, counted from a Monday; a make-up
        workday at a weekend is like the Monday of its week if its own day has none.
        """
        make_up = self.public is not None and date in self.public.weekend_workdays
        return number - date.weekday() if make_up and not of_day[number] else number


def _shifts_of(hours: WeeklyHours, day: int) -> list[tuple[int, int]]:
    """The shifts that begin on a day of the week, or of a rota, in minutes since its midnight."""
    start = day * DAY_MINUTES
    return [(on - start, off - start) for on, off in hours.shifts if on // DAY_MINUTES == day]


def _first_day(hours: WeeklyHours, starts: dt.date) -> dt.date:
    """The day, 00:00, on which the first of these hours' days begins: a Monday, but for a cycle of days."""
    since = hours.since or starts
    return since - dt.timedelta(days=since.weekday()) if hours.turn == WEEK_DAYS else since


def _without(on: int, off: int, breaks: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """A shift with its breaks taken out; minutes since midnight of the day it begins."""
    parts = [(on, off)]
    for start, end in breaks:
        for day in (-DAY_MINUTES, 0, DAY_MINUTES):  # a break or a shift may lie over midnight
            a, b = start + day, end + day
            parts = [piece for p, q in parts for piece in ((p, min(q, a)), (max(p, b), q)) if piece[0] < piece[1]]
    return parts
