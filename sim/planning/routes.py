"""Routes and their steps, with every name an index."""

from __future__ import annotations

from typing import Any

from sim.faults import BadInput, Fault
from sim.language import say
from sim.plan import BRANCH, CONDITIONS, END, ONE, VERB_NAMES, Route, Step
from sim.planning.calendars import intervals, regular_instants, weekly_instants
from sim.planning.laws import amount_or_time
from sim.reading.source import Source
from sim.scenario.steps import Branch, Collect, Condition, End, Start, Wait, Work
from sim.units import MINUTE

MOST_DEPARTURES = 1_000_000
"""Departures of one step that a run can hold."""

PER = ("order", "line", "unit")


def steps_of(source: Source, line_of: list[int]) -> tuple[tuple[Route, ...], tuple[Step, ...], list[Fault]]:
    """All routes and all steps in plan order, and the faults found in the data files of the steps."""
    routes: list[Route] = []
    steps: list[Step] = []
    faults: list[Fault] = []
    for name, blocks in source.scenario.route.items():
        listed = [(block.department, step) for block in blocks for step in block.steps]
        builder = _Builder(source, len(routes), len(steps), [step.name for _, step in listed])
        for department, step in listed:
            number = len(steps)
            try:
                steps.append(builder.build(department, step, number, line_of[number]))
            except BadInput as error:
                faults += error.faults
                steps.append(Step(name=step.name, title={}, department=department, route=0, verb=END))
        again = _visited_again(steps, builder.first)
        steps[builder.first :] = [
            step.model_copy(update={"again": builder.first + i in again})
            for i, step in enumerate(steps[builder.first :])
        ]
        routes.append(Route(name=name, first=builder.first, end=len(steps)))
    return tuple(routes), tuple(steps), faults


def _visited_again(steps: list[Step], first: int) -> set[int]:
    """Steps that lie inside a way back, where a case can come more than once."""
    again: set[int] = set()
    for number in range(first, len(steps)):
        step = steps[number]
        if step.verb == BRANCH and step.at_most:
            again.update(range(step.goes_to, number + 1))
    return again


class _Builder:
    """Makes the steps of one route."""

    def __init__(self, source: Source, route: int, first: int, names: list[str]) -> None:
        self.source, self.route, self.first, self.names = source, route, first, names
        scenario = source.scenario
        self.routes, self.roles, self.priorities = list(scenario.route), list(scenario.roles), scenario.classes()
        self.outcomes = scenario.outcomes()

    def build(self, department: str, step: Any, number: int, line: int) -> Step:
        """One step of the plan from one step of the file."""
        common = {
            "name": step.name,
            "title": step.title or {"en": step.name},
            "department": department,
            "route": self.route,
            "verb": VERB_NAMES.index(step.do),
        }
        loc = self.source.step_loc(number)
        fields = _FIELDS[type(step)](self, step, loc)
        if isinstance(step, Work):
            fields["line"] = line
        return Step(**common, **fields)

    def number(self, name: str) -> int:
        return self.first + self.names.index(name)

    def rank(self, name: str | None) -> int:
        return -1 if name is None else self.priorities.index(name)

    def work(self, step: Work, loc: tuple[str | int, ...]) -> dict[str, Any]:
        patience = step.patience and amount_or_time(self.source, step.patience, (*loc, "patience"), time=True)
        return {
            "takes": amount_or_time(self.source, step.takes, (*loc, "takes"), time=True),
            "per": PER.index(step.per),
            "people": step.people,
            "rank": self.rank(step.priority),
            "patience": patience,
            "room": -1 if step.room is None else step.room,
            "at_once": step.at_once,
            "slower_by": round(step.slower_by * ONE),
            "goes_to": -1 if step.gives_up_to is None else self.number(step.gives_up_to),
        }

    def wait(self, step: Wait, loc: tuple[str | int, ...]) -> dict[str, Any]:
        scenario = self.source.scenario
        takes = amount_or_time(self.source, step.takes, (*loc, "takes"), time=True)
        if step.in_hours is None:
            return {"takes": takes}
        hours = intervals(scenario.hours[step.in_hours], scenario.starts, int(scenario.runs_for))
        if not hours:
            raise BadInput([self.source.fault(say("these hours never come during the run"), *loc, "in_hours")])
        return {"takes": takes, "hours": hours}

    def collect(self, step: Collect, loc: tuple[str | int, ...]) -> dict[str, Any]:
        starts, runs_for = self.source.scenario.starts, int(self.source.scenario.runs_for)
        if step.departs is not None:
            departures = weekly_instants(step.departs, starts, runs_for)
        else:
            departures = self._every(int(step.every or 0), runs_for, (*loc, "every"))
        if not departures:
            raise BadInput([self.source.fault(say("nothing ever departs during the run"), *loc)])
        return {"departures": departures, "capacity": step.capacity or 0}

    def _every(self, every: int, runs_for: int, loc: tuple[str | int, ...]) -> tuple[int, ...]:
        if runs_for / every > MOST_DEPARTURES:
            message = say(
                "about {runs_for:.2g} departures in the run; at most {MOST_DEPARTURES:,} can be",
                runs_for=runs_for / every,
                MOST_DEPARTURES=MOST_DEPARTURES,
            )
            raise BadInput([self.source.fault(message, *loc)])
        return regular_instants(every, runs_for)

    def branch(self, step: Branch, loc: tuple[str | int, ...]) -> dict[str, Any]:
        return {**self._perhaps(step), "goes_to": self.number(step.goes_to), "at_most": step.at_most or 0}

    def start(self, step: Start, loc: tuple[str | int, ...]) -> dict[str, Any]:
        after = step.after and amount_or_time(self.source, step.after, (*loc, "after"), time=True)
        return {**self._perhaps(step), "starts_route": self.routes.index(step.route), "after": after}

    def end(self, step: End, loc: tuple[str | int, ...]) -> dict[str, Any]:
        return {"outcome": self.outcomes.index(step.outcome or step.name)}

    def _perhaps(self, step: Branch | Start) -> dict[str, Any]:
        if step.when is None:
            return {"chance": 1.0 if step.chance is None else step.chance}
        kind = next(iter(step.when.model_fields_set))
        return {"condition": CONDITIONS.index(kind), "threshold": self._threshold(step.when, kind)}

    def _threshold(self, when: Condition, kind: str) -> float:
        value = getattr(when, kind)
        if kind == "priority_is":
            return self.rank(value)
        if kind == "gave_up_at":
            return self.number(value)
        if kind in ("came_before", "before"):
            return float(value * MINUTE)
        return self.roles.index(value) if kind == "nobody_on" else float(value)


_FIELDS: dict[type, Any] = {
    Work: _Builder.work,
    Wait: _Builder.wait,
    Collect: _Builder.collect,
    Branch: _Builder.branch,
    Start: _Builder.start,
    End: _Builder.end,
}
