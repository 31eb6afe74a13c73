"""Work offered: what the cases that came in the window would take if nobody had to wait. Known before a run is played.

All luck is drawn before the clock starts. So every case that arrives in the measuring window can be followed along
its route with its own luck: chances as they were drawn, conditions on its value, lines, units and priority as they
are. What depends on the course of the day (its age, the time, who is there, who gave up) is taken not to come about,
and a case is led back twelve times at most; `offered_mean` follows the same rules, so that the expected value is known
exactly.

Work counts for the role that is the first choice of its queue, and in full where somebody may have several cases in
hand at once. A case that another one starts counts if that one came in the window.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.measures.flow import Record
from sim.draws import Draws
from sim.plan import ALWAYS, BRANCH, END, LINES_OVER, PRIORITY_IS, START, UNITS_OVER, VALUE_OVER, WORK, Plan
from sim.units import HOUR, WEEK

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_RETURNS = 12
"""A case is followed back no more often than this, all its ways back together."""


def measure_offered(plan: Plan, draws: Draws) -> Iterator[Record]:
    """Work offered to each role (h/week at the norm), and cases that would come to each route."""
    yield from records(plan, *offered(plan, draws))


def same_offered(plan: Plan, other: Plan) -> bool:
    """Whether the same is offered in two plans under the same luck: they differ in people and hours at the most."""
    asked = ("warm_up", "runs_for", "priorities", "streams", "routes", "steps", "lines")
    roles = [role.name for role in plan.roles] == [role.name for role in other.roles]
    return roles and all(getattr(plan, what) == getattr(other, what) for what in asked)


def records(plan: Plan, work: Floats, cases: Floats) -> Iterator[Record]:
    """As measures: person-ms of each role, cases of each route."""
    hours = work / HOUR / ((plan.runs_for - plan.warm_up) / WEEK)
    for number, role in enumerate(plan.roles):
        yield "role", role.name, "offered_h", hours[number]
    for number, route in enumerate(plan.routes):
        yield "route", route.name, "offered", cases[number]


def offered(plan: Plan, draws: Draws) -> tuple[Floats, Floats]:
    """Work (person-ms at the norm) by role, and cases by route."""
    work = np.zeros(len(plan.roles))
    came = [_from_streams(plan, draws, route) for route in range(len(plan.routes))]
    for route in parents_first(plan):
        for step, rows, needed in _Journey(plan, draws, route, np.flatnonzero(came[route])).followed():
            each = plan.steps[step]
            if each.verb == START:
                came[each.starts_route][rows + draws.child(step, 0) - draws.bases[each.starts_route]] = True
            else:
                work[first_choice_of(plan, step)] += float(needed.sum()) * each.people
    return work, np.array([float(each.sum()) for each in came])


def first_choice_of(plan: Plan, step: int) -> int:
    """The role that is the first choice for a work step."""
    return plan.lines[plan.steps[step].line].servers[0][0]


def parents_first(plan: Plan) -> list[int]:
    """The routes in such an order that each comes after all that start its cases."""
    known: list[int] = []
    while len(known) < len(plan.routes):
        for route in range(len(plan.routes)):
            parents = {step.route for step in plan.steps if step.starts_route == route}
            if route not in known and parents <= set(known):
                known.append(route)
    return known


def _from_streams(plan: Plan, draws: Draws, route: int) -> Flags:
    """Which cases of a route arrive from outside in the window; who stood there when the run began came before it."""
    came = draws.cases[route].arrived >= plan.warm_up
    for feed in draws.feeds[route]:
        if feed.stream < 0 or plan.streams[feed.stream].at >= 0:
            came[feed.first : feed.first + feed.size] = False
    return came


class _Journey:
    """The cases of a route on their way, all at the same time."""

    def __init__(self, plan: Plan, draws: Draws, route: int, rows: Ints) -> None:
        self.plan, self.draws, self.rows = plan, draws, rows
        self.luck, self.steps = draws.cases[route], plan.route_steps(route)
        self.coming: dict[int, list[Ints]] = {self.steps.start: [np.arange(rows.size)]}
        self.visits = {step: np.zeros(rows.size, dtype=np.int64) for step in self.steps if plan.steps[step].again}
        self.returns = {step: np.zeros(rows.size, dtype=np.int64) for step in self.steps if plan.steps[step].at_most}

    def followed(self) -> Iterator[tuple[int, Ints, Ints]]:
        """For each step that takes work: the rows that come and what they need (ms); for each that starts cases: the
        rows that start one, and nothing.
        """
        while self.coming:
            step = min(self.coming)
            yield from self._at(step, np.concatenate(self.coming.pop(step)))

    def _at(self, step: int, here: Ints) -> Iterator[tuple[int, Ints, Ints]]:
        verb = self.plan.steps[step].verb
        if step in self.visits:
            self.visits[step][here] += 1
        if verb == WORK:
            yield step, self.rows[here], self._drawn(step, "takes", here)
        elif verb == START:
            first = here[self.visits[step][here] == 1] if step in self.visits else here
            yield step, self.rows[first[self._holds(step, first)]], np.zeros(0, dtype=np.int64)
        if verb == BRANCH:
            went = self._goes(step, here)
            self._send(self.plan.steps[step].goes_to, here[went])
            self._send(step + 1, here[~went])
        elif verb != END:
            self._send(step + 1, here)

    def _send(self, step: int, here: Ints) -> None:
        if here.size:
            self.coming.setdefault(step, []).append(here)

    def _goes(self, step: int, here: Ints) -> Flags:
        """Whether a branch leads elsewhere."""
        went = self._holds(step, here)
        if step in self.returns:
            went &= self._may_return(step, here)
            self.returns[step][here] += went
        return went

    def _may_return(self, step: int, here: Ints) -> Flags:
        total = np.sum([count[here] for count in self.returns.values()], axis=0)
        free: Flags = (self.returns[step][here] < self.plan.steps[step].at_most) & (total < MOST_RETURNS)
        return free

    def _holds(self, step: int, here: Ints) -> Flags:
        """Whether a branch or a start takes effect."""
        each, rows = self.plan.steps[step], self.rows[here]
        if each.condition == ALWAYS:
            return self._drawn(step, "chance", here) > 0
        if each.condition == PRIORITY_IS:
            return np.asarray(self.luck.rank[rows] == each.threshold)
        if each.condition == LINES_OVER:
            return np.asarray(self.luck.lines[rows] > each.threshold)
        if each.condition == UNITS_OVER:
            return np.asarray(self.luck.units[rows] > each.threshold)
        if each.condition == VALUE_OVER:
            return np.asarray(self.luck.value[rows] > each.threshold)
        return np.zeros(rows.size, dtype=bool)

    def _drawn(self, step: int, what: str, here: Ints) -> Ints:
        """What was drawn for these cases at the visit that they are on."""
        kind = np.int8 if what == "chance" else np.int64
        if step not in self.visits:
            return np.asarray(np.frombuffer(self.draws.column(step, what), dtype=kind)[self.rows[here]], dtype=np.int64)
        visit, found = self.visits[step][here], np.zeros(here.size, dtype=np.int64)
        for number in np.unique(visit):
            mine = visit == number
            column = np.frombuffer(self.draws.column(step, what, int(number)), dtype=kind)
            found[mine] = column[self.rows[here[mine]]]
        return found
