"""What is measured of people: scheduled, busy and overtime hours of roles, teams and departments; waits for roles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.measures.flow import Record, flow
from analysis.measures.view import View
from sim.plan import Plan
from sim.units import HOUR, WEEK


def measure_people(view: View) -> Iterator[Record]:
    """Measures of every role, team and department in the measuring window, in hours a week.

    Busy: on shift with at least one case in hand. Utilisation = busy / scheduled. Overtime: at work outside
    scheduled hours (work that rests until the next shift is none). The wait of a role is that of all visits to
    steps for which it is the first choice.
    """
    hours, weeks = hours_of(view), (view.end - view.start) / WEEK
    role = np.array([person.role for person in view.plan.people], dtype=int)
    team = np.array([person.team for person in view.plan.people], dtype=int)
    department = [view.plan.roles[r].department for r in role]
    for number, each in enumerate(view.plan.roles):
        yield from records(weeks, "role", each.name, hours[role == number])
        yield from flow(view, "role", each.name, first_choice(view.plan, number))
    for number, group in enumerate(view.plan.teams):
        yield from records(weeks, "team", f"{view.plan.roles[group.role].name}/{group.name}", hours[team == number])
    for name in departments(view.plan):
        yield from flow(view, "department", name, steps_of(view.plan, name))
        yield from records(weeks, "department", name, hours[[d == name for d in department]])


def hours_of(view: View) -> NDArray[np.float64]:
    """Scheduled, busy and overtime ms of everybody in the measuring window, one row a person."""
    return np.array([_hours(view, person) for person in range(len(view.plan.people))], dtype=float).reshape(-1, 3)


def _hours(view: View, person: int) -> tuple[float, float, float]:
    stretches = view.people[person]
    edges = np.clip(np.append(stretches.at, view.end), view.start, view.end)
    length, busy = np.diff(edges), stretches.step >= 0
    late = 0 if view.pausing(person) else length[busy & ~stretches.on].sum()
    return length[stretches.on].sum(), length[busy & stretches.on].sum(), late


def records(weeks: float, kind: str, place: str, hours: NDArray[np.float64]) -> Iterator[Record]:
    """The hours a week of some people, from rows of scheduled, busy and overtime ms; `weeks`: of the measuring
    window.
    """
    scheduled, busy, late = hours.sum(axis=0) / HOUR
    yield kind, place, "people", len(hours)
    yield kind, place, "scheduled_h", scheduled / weeks
    yield kind, place, "busy_h", busy / weeks
    yield kind, place, "overtime_h", late / weeks
    yield kind, place, "utilisation", busy / scheduled if scheduled else float("nan")


def departments(plan: Plan) -> list[str]:
    """Every department of roles or steps."""
    return list(dict.fromkeys([role.department for role in plan.roles] + [step.department for step in plan.steps]))


def first_choice(plan: Plan, role: int) -> list[int]:
    """The steps for which a role is the first choice."""
    return [n for n, step in enumerate(plan.steps) if step.line >= 0 and plan.lines[step.line].servers[0][0] == role]


def steps_of(plan: Plan, department: str) -> list[int]:
    """The steps of a department at which time passes."""
    return [n for n, step in enumerate(plan.steps) if step.department == department and step.takes_time]
