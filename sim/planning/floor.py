"""Who works here: roles, teams, people, and the queues that the same people serve."""

from __future__ import annotations

import datetime as dt
from functools import cache, partial
from itertools import chain

from sim.intervals import Intervals, joined
from sim.people import Person, Role, Team, person_name
from sim.plan import ONE, SHIFT_ENDS, Line
from sim.planning.calendars import intervals
from sim.planning.money import pay_of
from sim.planning.zones import clock_of
from sim.scenario.calendar_tables import WEEK_DAYS
from sim.scenario.model import Scenario
from sim.scenario.places import Place
from sim.scenario.steps import Work

Servers = tuple[tuple[int, int], ...]
"""(role, efficiency in millionths) in order of preference."""


def roles_of(scenario: Scenario) -> tuple[Role, ...]:
    """The roles in the order of the file."""
    return tuple(
        Role(
            name=name,
            title=role.title or {"en": name.replace("_", " ")},
            department=role.department,
            at_shift_end=SHIFT_ENDS.index(role.at_shift_end),
        )
        for name, role in scenario.roles.items()
    )


def teams_of(scenario: Scenario) -> tuple[Team, ...]:
    """All teams, role by role, with their shifts laid out in time."""
    laid_out = cache(partial(_laid_out, scenario))
    teams = []
    for number, role in enumerate(scenario.roles.values()):
        for team in role.crew:
            where = (team.hours, team.place, team.first_day, team.last_day)
            own = tuple(laid_out(*where, begins) for begins in team.rota_from or [1])
            days = scenario.hours[team.hours].days
            each = Team(
                name=team.label,
                role=number,
                shifts=own[0] if len(own) == 1 else joined(chain(*own)),
                pay=pay_of(scenario, role, team),
                rota=own if len(own) > 1 else (),
                repeats=0 if days == WEEK_DAYS else days,
            )
            teams.append(each)
    return tuple(teams)


def _laid_out(
    scenario: Scenario,
    hours: str,
    place: str | None,
    first_day: dt.date | None,
    last_day: dt.date | None,
    begins: int,
) -> Intervals:
    """These hours in time, at a place, for those who are there between two days and begin a rota at a point."""
    said, sits = scenario.hours[hours], scenario.places[place] if place is not None else Place()
    if said.holidays is None:
        said = said.model_copy(update={"holidays": sits.holidays})
    clock = clock_of(sits.time_zone, scenario.time_zone, scenario.starts)
    return intervals(said, scenario.starts, int(scenario.runs_for), first_day, last_day, begins, clock)


def everybody(scenario: Scenario, teams: tuple[Team, ...]) -> tuple[Person, ...]:
    """Everybody, role by role and team by team."""
    people: list[Person] = []
    number = 0
    for role, (name, said) in enumerate(scenario.roles.items()):
        count = 0
        for team in said.crew:
            speeds = team.speed or [1.0]
            for i in range(team.people):
                count += 1
                speed, turn = round(speeds[i if len(speeds) > 1 else 0] * ONE), teams[number].turn(i)
                people.append(Person(name=person_name(name, count), role=role, team=number, speed=speed, turn=turn))
            number += 1
    return tuple(people)


def step_servers(scenario: Scenario) -> list[Servers | None]:
    """For every step in plan order: who can do it (None where nobody is needed).

    The roles that the step names come first, in its order; then those trained for one of them, the most efficient
    first.
    """
    names = list(scenario.roles)
    return [_servers(scenario, names, step.by) if isinstance(step, Work) else None for _, step in scenario.steps()]


def _servers(scenario: Scenario, names: list[str], by: list[str]) -> Servers:
    trained = {}
    for name, role in scenario.roles.items():
        efficiency = max((role.also_does[other] for other in by if other in role.also_does), default=None)
        if efficiency is not None and name not in by:
            trained[name] = efficiency
    helpers = sorted(trained, key=lambda name: (-trained[name], names.index(name)))
    own = [(names.index(name), ONE) for name in by]
    return tuple(own + [(names.index(name), round(trained[name] * ONE)) for name in helpers])


def lines_of(servers: list[Servers | None]) -> tuple[tuple[Line, ...], list[int]]:
    """The queues: steps that the same people do, with the same preference, share one. Also the queue of each step
    (-1: none).
    """
    distinct = list(dict.fromkeys(s for s in servers if s is not None))
    crews = _crews(distinct)
    lines = tuple(Line(servers=s, crew=crew) for s, crew in zip(distinct, crews, strict=True))
    return lines, [-1 if s is None else distinct.index(s) for s in servers]


def _crews(lines: list[Servers]) -> list[int]:
    """Number the groups of lines that share a role, directly or through other lines."""
    crews = list(range(len(lines)))
    for i, line in enumerate(lines):
        own = {role for role, _ in line}
        for j in range(i):
            old, new = max(crews[i], crews[j]), min(crews[i], crews[j])
            if old != new and any(role in own for role, _ in lines[j]):
                crews = [new if crew == old else crew for crew in crews]
    order = sorted(set(crews))
    return [order.index(crew) for crew in crews]
