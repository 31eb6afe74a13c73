"""What must hold between the parts of a scenario: names that exist, routes that end, dates that can matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from sim.faults import Fault
from sim.language import say
from sim.reading.names import At, check_names
from sim.reading.places import KeyPath
from sim.reading.routes import check_routes
from sim.reading.tree import Node
from sim.scenario.calendar_tables import WEEK_DAYS
from sim.scenario.model import Scenario
from sim.scenario.steps import Collect, Start
from sim.units import DAY, SECOND

YEAR = dt.timedelta(days=366)

YEARS = (1970, 2150)
"""First and last year in which a run may begin."""


def check(tree: Node, scenario: Scenario | None, at: At) -> list[Fault]:
    """Every fault between the parts of a scenario.

    `scenario` is None where some part is not valid by itself; then only names and routes are checked.
    """
    faults = [*check_names(tree, at), *check_routes(tree, at)]
    if scenario is not None:
        faults += [
            *_check_run(scenario, at),
            *_check_worth(scenario, at),
            *_check_rotas(scenario, at),
            *_check_places(scenario, at),
        ]
        if YEARS[0] <= scenario.starts.year <= YEARS[1]:
            faults += [*_check_teams(scenario, at), *_check_closed(scenario, at), *_check_events(scenario, at)]
    return faults


def _check_run(scenario: Scenario, at: At) -> Iterator[Fault]:
    if scenario.runs_for < SECOND:
        yield at(say("the run must last at least 1 s"), "runs_for")
    elif scenario.warm_up >= scenario.runs_for:
        yield at(say("the warm-up takes the whole run and leaves nothing to measure"), "warm_up")
    if not YEARS[0] <= scenario.starts.year <= YEARS[1]:
        yield at(
            say(
                "{starts} is out of range ({YEARS} … {YEARS_2})",
                starts=scenario.starts,
                YEARS=YEARS[0],
                YEARS_2=YEARS[1],
            ),
            "starts",
        )
    if len(set(scenario.classes())) < len(scenario.priorities):
        yield at(say("a class stands here twice"), "priorities")
    for i, (more, less) in enumerate(pairwise(scenario.priorities)):
        if less.interrupts and not more.interrupts:
            yield at(
                say('"{name}" interrupts, so the more urgent "{name_2}" must, too', name=less.name, name_2=more.name),
                "priorities",
                i + 1,
            )


def _check_teams(scenario: Scenario, at: At) -> Iterator[Fault]:
    for name, role in scenario.roles.items():
        for i, team in enumerate(role.teams or ()):
            where = ("roles", name, "teams", i)
            if team.last_day is not None and team.last_day < scenario.starts - YEAR:
                yield at(_too_early(team.last_day, scenario), *where, "until")
            if team.first_day is not None and team.first_day > run_end(scenario) + YEAR:
                yield at(_too_late(team.first_day, scenario), *where, "from")


def _check_places(scenario: Scenario, at: At) -> Iterator[Fault]:
    for name, place in scenario.places.items():
        if place.time_zone is not None and scenario.time_zone is None:
            message = say('other clocks than whose? Say the shop\'s, such as time_zone = "Europe/Berlin", at the top')
            yield at(message, "places", name, "time_zone")


def _check_rotas(scenario: Scenario, at: At) -> Iterator[Fault]:
    for name, role in scenario.roles.items():
        for i, team in enumerate(role.teams or ()):
            hours = scenario.hours.get(team.hours)
            if hours is None or team.rota_from is None:
                continue
            where, turns = ("roles", name, "teams", i, "rota_from"), hours.days // hours.turn
            if turns == 1 and hours.days == WEEK_DAYS:
                yield at(
                    say('the hours "{hours}" are no rota of several weeks, nor of a cycle of days', hours=team.hours),
                    *where,
                )
            elif max(team.rota_from) > turns:
                yield at(
                    say(
                        'the rota "{hours}" can be begun at 1 … {turns}; not at {max}',
                        hours=team.hours,
                        turns=turns,
                        max=max(team.rota_from),
                    ),
                    *where,
                )


def _check_closed(scenario: Scenario, at: At) -> Iterator[Fault]:
    for where, closed in _calendars(scenario):
        for i, date in enumerate(closed):
            if not scenario.starts - YEAR <= date <= run_end(scenario) + YEAR:
                message = say(
                    "{date} lies more than a year away from the run ({starts} … {run_end})",
                    date=date,
                    starts=scenario.starts,
                    run_end=run_end(scenario),
                )
                yield at(message, *where, "closed", i)


def _calendars(scenario: Scenario) -> Iterator[tuple[KeyPath, tuple[dt.date, ...]]]:
    """The closed days of hours and timetables, with their paths."""
    for name, hours in scenario.hours.items():
        yield ("hours", name), hours.closed
    for name, stream in scenario.arrivals.items():
        if stream.timetable is not None:
            yield ("arrivals", name, "timetable"), stream.timetable.closed
    for name, promise in scenario.promises.items():
        if promise.by is not None:
            yield ("promises", name, "by"), promise.by.closed
    for route, blocks in scenario.route.items():
        for i, block in enumerate(blocks):
            for j, step in enumerate(block.steps):
                if isinstance(step, Collect) and step.departs is not None:
                    yield ("route", route, i, "steps", j, "departs"), step.departs.closed


def _check_events(scenario: Scenario, at: At) -> Iterator[Fault]:
    for name, stream in scenario.arrivals.items():
        for i, event in enumerate(stream.events):
            where = ("arrivals", name, "events", i)
            day = event.starts.date() if isinstance(event.starts, dt.datetime) else event.starts
            if day > run_end(scenario) + YEAR:
                yield at(_too_late(day, scenario), *where, "starts")
            elif event.end() < dt.datetime.combine(scenario.starts - YEAR, dt.time()):
                yield at(_too_early(event.end().date(), scenario), *where, "starts")


def _check_worth(scenario: Scenario, at: At) -> Iterator[Fault]:
    """A share of the value needs cases that have one; what a case starts is worth as much as itself."""
    told = [name for name, stream in scenario.arrivals.items() if stream.tells_value]
    worth = {scenario.arrivals[name].route or name for name in told}
    starts = {(route, step.route) for route, step in scenario.steps() if isinstance(step, Start)}
    while more := {child for parent, child in starts if parent in worth} - worth:
        worth |= more
    for route, brings in scenario.contribution.items():
        if brings.share_of_value and route in scenario.route and route not in worth:
            message = say("a share of nothing: no stream that leads to this route says the value of its cases")
            yield at(message, "contribution", route, "share_of_value")


def run_end(scenario: Scenario) -> dt.date:
    """The date on which the run ends."""
    return scenario.starts + dt.timedelta(days=scenario.runs_for / DAY)


def _too_early(date: dt.date, scenario: Scenario) -> str:
    return say("{date} lies more than a year before the run, which begins {starts}", date=date, starts=scenario.starts)


def _too_late(date: dt.date, scenario: Scenario) -> str:
    return say("{date} lies more than a year after the run, which ends {run_end}", date=date, run_end=run_end(scenario))
