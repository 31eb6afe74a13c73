"""Checks of the routes: every name known, every step reachable, every case sure to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sim.faults import Fault, nearest
from sim.scenario.model import Scenario
from sim.steps import Branch, Condition, End, Start, Wait, Work

At = Callable[..., Fault]
_Loc = tuple[str | int, ...]


def check_routes(scenario: Scenario, at: At) -> Iterator[Fault]:
    """Every fault of the routes."""
    for name in scenario.route:
        yield from _Route(scenario, name, at).faults()
    yield from _check_starts(scenario, at)


class _Route:
    """One route with its steps laid end to end."""

    def __init__(self, scenario: Scenario, name: str, at: At) -> None:
        self.scenario, self.name, self.at = scenario, name, at
        self.steps: list[Any] = []
        self.locs: list[_Loc] = []
        for i, block in enumerate(scenario.route[name]):
            for j, step in enumerate(block.steps):
                self.steps.append(step)
                self.locs.append(("route", name, i, "steps", j))
        self.index = {step.name: i for i, step in reversed(list(enumerate(self.steps)))}

    def faults(self) -> Iterator[Fault]:
        for i, step in enumerate(self.steps):
            if self.index[step.name] != i:
                yield self.at(f'the route has two steps called "{step.name}"', *self.locs[i], "name")
            yield from self._check_step(i, step)
        yield from self._check_ends()

    def _check_step(self, i: int, step: Any) -> Iterator[Fault]:
        loc = self.locs[i]
        if isinstance(step, Work):
            yield from self._check_work(i, step)
        if isinstance(step, Wait) and step.in_hours is not None:
            yield from self._known(step.in_hours, self.scenario.hours, "hours", (*loc, "in_hours"))
        if isinstance(step, Branch):
            yield from self._check_branch(i, step)
        if isinstance(step, Start):
            yield from self._known(step.route, self.scenario.route, "route", (*loc, "route"))
        if isinstance(step, Branch | Start) and step.when is not None:
            yield from self._check_condition(i, step.when)

    def _check_work(self, i: int, step: Work) -> Iterator[Fault]:
        loc = self.locs[i]
        for role in step.by:
            yield from self._known(role, self.scenario.roles, "role", (*loc, "by"))
        if step.priority is not None:
            yield from self._known(step.priority, self.scenario.priorities, "priority class", (*loc, "priority"))
        if step.gives_up_to is not None:
            faults = list(
                self._known(step.gives_up_to, self.index, f"step of route {self.name}", (*loc, "gives_up_to"))
            )
            yield from faults
            if not faults and self.index[step.gives_up_to] <= i:
                message = f'"{step.gives_up_to}" comes before this step; who gives up goes on to a later one'
                yield self.at(message, *loc, "gives_up_to")

    def _check_branch(self, i: int, step: Branch) -> Iterator[Fault]:
        loc = self.locs[i]
        faults = list(self._known(step.goes_to, self.index, f"step of route {self.name}", (*loc, "goes_to")))
        yield from faults
        if faults:
            return
        back = self.index[step.goes_to] <= i
        if back and step.at_most is None:
            yield self.at(f'this leads back to "{step.goes_to}" and could go on for ever; say at_most', *loc, "goes_to")
        if not back and step.at_most is not None:
            yield self.at("at_most is for a way back; this one leads forward", *loc, "at_most")

    def _check_condition(self, i: int, when: Condition) -> Iterator[Fault]:
        loc = (*self.locs[i], "when")
        if when.nobody_on is not None:
            yield from self._known(when.nobody_on, self.scenario.roles, "role", (*loc, "nobody_on"))
        if when.priority_is is not None:
            yield from self._known(when.priority_is, self.scenario.priorities, "priority class", (*loc, "priority_is"))
        if when.gave_up_at is not None:
            impatient = [s.name for s in self.steps if isinstance(s, Work) and s.patience is not None]
            yield from self._known(when.gave_up_at, impatient, "step with patience", (*loc, "gave_up_at"))

    def _known(self, name: str, known: Any, what: str, loc: _Loc) -> Iterator[Fault]:
        if name not in known:
            yield self.at(f'there is no {what} "{name}"{nearest(name, known)}', *loc)

    def _check_ends(self) -> Iterator[Fault]:
        """Every step is reached from the first, and none leads past the last."""
        if any(step.goes_to not in self.index for step in self.steps if isinstance(step, Branch)):
            return
        reached, open_ = set(), [0]
        while open_:
            i = open_.pop()
            if i in reached:
                continue
            if i == len(self.steps):
                yield self.at(
                    f'the route does not end: after "{self.steps[-1].name}" comes nothing; close it with do = "end"',
                    *self.locs[-1],
                )
                return
            reached.add(i)
            open_ += self._next(i)
        for i in range(len(self.steps)):
            if i not in reached:
                yield self.at("no case can ever reach this step", *self.locs[i], "name")

    def _next(self, i: int) -> list[int]:
        step = self.steps[i]
        if isinstance(step, End):
            return []
        if isinstance(step, Branch):
            ways = [] if step.chance == 1 and step.at_most is None else [i + 1]
            return ways if step.chance == 0 else [*ways, self.index[step.goes_to]]
        if isinstance(step, Work) and step.gives_up_to in self.index:
            return [i + 1, self.index[step.gives_up_to]]
        return [i + 1]


def _check_starts(scenario: Scenario, at: At) -> Iterator[Fault]:
    """Every route is fed by something, and routes do not start each other in a circle."""
    starts = {
        name: {step.route for block in blocks for step in block.steps if isinstance(step, Start)}
        for name, blocks in scenario.route.items()
    }
    fed = {stream.route or name for name, stream in scenario.arrivals.items()}.union(*starts.values())
    for name in scenario.route:
        if name not in fed:
            yield at("no arrivals and no start step lead to this route", "route", name)
        if name in _followers(starts, name):
            yield at("routes start each other in a circle; a case could go on for ever", "route", name)


def _followers(starts: dict[str, set[str]], name: str) -> set[str]:
    """All routes that a route starts, directly or through others."""
    found: set[str] = set()
    open_ = list(starts.get(name, ()))
    while open_:
        route = open_.pop()
        if route not in found:
            found.add(route)
            open_ += starts.get(route, ())
    return found
