"""Which part of what is known beforehand belongs to which measures: the control variates of each place.

First the work offered to the busiest of the roles that the place needs (offered hours to hours on shift, both from the
plan), then the cases offered to its route. A rule of names and of the plan alone: it sees no result.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from analysis.measures import Key
from analysis.measures.offered import Floats, first_choice_of, records
from analysis.measures.offered_mean import offered_mean
from sim.plan import WORK, Plan

WORK_OF, CASES_OF = "offered_h", "offered"
"""The measures that are known beforehand: of a role, of a route."""


class Beforehand:
    """What a plan says of the controls before anything is played."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.work, self.cases = offered_mean(plan)
        self.mean: dict[Key, float] = {(k, p, m): float(v) for k, p, m, v in records(plan, self.work, self.cases)}
        """The expected value of each control."""
        self._hours = hours_there(plan)
        self._known: dict[tuple[str, str], tuple[Key, ...]] = {}

    def controls(self, kind: str, place: str) -> tuple[Key, ...]:
        """The controls of a place, the most telling first."""
        if (kind, place) not in self._known:
            self._known[kind, place] = self._controls(kind, place)
        return self._known[kind, place]

    def _controls(self, kind: str, place: str) -> tuple[Key, ...]:
        roles, routes = self._needs(kind, place)
        found = [("role", self.plan.roles[role].name, WORK_OF) for role in self._busiest(roles)]
        return (*found, *(("route", self.plan.routes[route].name, CASES_OF) for route in routes[:1]))

    def _needs(self, kind: str, place: str) -> tuple[list[int], list[int]]:
        """The roles whose work a place depends on, and the routes."""
        plan, name = self.plan, place.partition("/")[0]
        if kind in ("role", "team"):
            return [n for n, role in enumerate(plan.roles) if role.name == name], []
        if kind == "department":
            return self._roles(n for n, step in enumerate(plan.steps) if step.department == place), []
        if kind in ("step", "step ledger", "step losses"):
            return self._of_step(next(n for n in range(len(plan.steps)) if plan.step_key(n) == place))
        if kind in ("promise", "event promise"):
            return self._of_promise(place)
        if kind in ("route", "outcome", "ledger"):
            return self._of_route(next(n for n, route in enumerate(plan.routes) if route.name == name))
        return list(range(len(plan.roles))), self._paying()

    def _of_step(self, step: int) -> tuple[list[int], list[int]]:
        route = self.plan.steps[step].route
        return self._roles([step]) or self._of_route(route)[0], [route]

    def _of_route(self, route: int) -> tuple[list[int], list[int]]:
        return self._roles(self.plan.route_steps(route)), [route]

    def _of_promise(self, place: str) -> tuple[list[int], list[int]]:
        """The roles of the steps up to the one that is promised; an event's promise stands behind the event."""
        promise = next(each for each in self.plan.promises if f"/{place}".endswith(f"/{each.name}"))
        steps = range(self.plan.routes[promise.route].first, max(promise.points) + 1)
        return self._roles(steps) or self._of_route(promise.route)[0], [promise.route]

    def _paying(self) -> list[int]:
        """The routes whose cases bring something, those with most cases first."""
        return sorted({each.route for each in self.plan.contributions}, key=lambda route: -self.cases[route])

    def _roles(self, steps: Iterable[int]) -> list[int]:
        return sorted({first_choice_of(self.plan, n) for n in steps if self.plan.steps[n].verb == WORK})

    def _busiest(self, roles: list[int]) -> list[int]:
        """The role with the least time for its work; none if none of them has any."""
        manned = [role for role in roles if self._hours[role] > 0 and self.work[role] > 0]
        return [max(manned, key=lambda role: (self.work[role] / self._hours[role], -role))] if manned else []


def hours_there(plan: Plan) -> Floats:
    """Time (ms) that each role's people are on shift in the measuring window."""
    hours = np.zeros(len(plan.roles))
    for number, person in enumerate(plan.people):
        for on, off in plan.calendar(number):
            hours[person.role] += max(0, min(off, plan.runs_for) - max(on, plan.warm_up))
    return hours
