"""What a scenario says that does nothing in its run, or less than one would think: told, not refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.language import say
from sim.planning.calendars import without_known_holidays
from sim.scenario.hours import WeeklyHours, WeeklyTimes
from sim.scenario.model import Scenario
from sim.scenario.steps import Collect


def notices_of(scenario: Scenario) -> list[str]:
    """A sentence for each: holidays that are not known yet; events, teams and closed days outside the run."""
    return [*_holidays(scenario), *_events(scenario), *_teams(scenario), *_closed(scenario)]


def calendars(scenario: Scenario) -> Iterator[tuple[str, WeeklyHours | WeeklyTimes]]:
    """Hours and timetables, and what they are called."""
    for name, hours in scenario.hours.items():
        yield say('hours "{name}"', name=name), hours
    for name, stream in scenario.arrivals.items():
        if stream.timetable is not None:
            yield say('the timetable of "{name}"', name=name), stream.timetable
    for name, promise in scenario.promises.items():
        if promise.by is not None:
            yield say('the timetable of the promise "{name}"', name=name), promise.by
    for _, step in scenario.steps():
        if isinstance(step, Collect) and step.departs is not None:
            yield say('the departures of "{name}"', name=step.name), step.departs


def _holidays(scenario: Scenario) -> Iterator[str]:
    places = ((say('the place "{name}"', name=name), place) for name, place in scenario.places.items())
    for what, calendar in (*calendars(scenario), *places):
        if years := without_known_holidays(calendar, scenario.starts, int(scenario.runs_for)):
            listed = ", ".join(map(str, years))
            yield say(
                "{what}: the make-up workdays of {listed} are not known yet; only the feasts are kept",
                what=what,
                listed=listed,
            )


def _events(scenario: Scenario) -> Iterator[str]:
    begin = dt.datetime.combine(scenario.starts, dt.time())
    end = begin + dt.timedelta(milliseconds=scenario.runs_for)
    for stream in scenario.arrivals.values():
        for event in stream.events:
            if event.begin() >= end or event.end() <= begin:
                yield say(
                    'the event "{name}" ({date}) lies outside the run and does nothing',
                    name=event.name,
                    date=event.begin().date(),
                )


def _teams(scenario: Scenario) -> Iterator[str]:
    for name, role in scenario.roles.items():
        for team in role.crew:
            if team.last_day is not None and team.last_day < scenario.starts:
                yield say(
                    'team "{label}" of {name} is gone before the run ({last_day}) and does nothing',
                    label=team.label,
                    name=name,
                    last_day=team.last_day,
                )
            elif team.first_day is not None and team.first_day > _last_day(scenario):
                yield say(
                    'team "{label}" of {name} comes after the run ({first_day}) and does nothing',
                    label=team.label,
                    name=name,
                    first_day=team.first_day,
                )


def _closed(scenario: Scenario) -> Iterator[str]:
    for what, calendar in calendars(scenario):
        outside = [date for date in calendar.closed if not scenario.starts <= date <= _last_day(scenario)]
        if outside:
            days = ", ".join(map(str, outside[:3])) + (" …" if len(outside) > 3 else "")
            yield say("{what}: closed days outside the run do nothing ({days})", what=what, days=days)


def _last_day(scenario: Scenario) -> dt.date:
    """The day to which the last instant of the run belongs."""
    begin = dt.datetime.combine(scenario.starts, dt.time())
    return (begin + dt.timedelta(milliseconds=scenario.runs_for - 1)).date()
