"""What must hold between the parts of a scenario: names that exist, routes that end, dates that can matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from sim.faults import Fault, nearest
from sim.scenario.model import Scenario
from sim.scenario.routes import check_routes
from sim.units import DAY, SECOND

At = Callable[..., Fault]
"""Makes a fault from a message and the path it belongs to (`Source.fault`)."""


def check(scenario: Scenario, at: At) -> list[Fault]:
    """Every fault between the parts of a scenario whose parts are valid by themselves."""
    faults = [
        *_check_run(scenario, at),
        *_check_roles(scenario, at),
        *_check_arrivals(scenario, at),
        *_check_promises(scenario, at),
    ]
    return [*faults, *check_routes(scenario, at)]


def unknown(name: str, known: Iterable[str], what: str) -> str | None:
    """The message about a name that nothing defines, or None."""
    known = list(known)
    return None if name in known else f'there is no {what} "{name}"{nearest(name, known)}'


def _check_run(scenario: Scenario, at: At) -> Iterator[Fault]:
    if scenario.runs_for < SECOND:
        yield at("the run must last at least 1 s", "runs_for")
    if scenario.warm_up >= scenario.runs_for:
        yield at("the warm-up takes the whole run and leaves nothing to measure", "warm_up")
    if not 1970 <= scenario.starts.year <= 2150:
        yield at(f"{scenario.starts} is out of range (1970 … 2150)", "starts")
    if len(set(scenario.priorities)) < len(scenario.priorities):
        yield at("a class stands here twice", "priorities")


def _check_roles(scenario: Scenario, at: At) -> Iterator[Fault]:
    for name, role in scenario.roles.items():
        for i, team in enumerate(role.crew):
            where: tuple[str | int, ...] = ("roles", name, "teams", i) if role.teams is not None else ("roles", name)
            if message := unknown(team.hours, scenario.hours, "hours"):
                yield at(message, *where, "hours")
            yield from _check_dates(scenario, at, team.first_day, team.last_day, where)
        for other in role.also_does:
            if message := unknown(other, scenario.roles, "role"):
                yield at(message, "roles", name, "also_does", other)
            elif other == name:
                yield at("a role does its own work anyway", "roles", name, "also_does", other)


def _check_dates(
    scenario: Scenario, at: At, first: dt.date | None, last: dt.date | None, where: tuple[str | int, ...]
) -> Iterator[Fault]:
    if last is not None and last < scenario.starts:
        yield at(f"{last} lies before the run, which begins {scenario.starts}", *where, "until")
    if first is not None and first > run_end(scenario) + dt.timedelta(days=366):
        yield at(f"{first} lies more than a year after the run, which ends {run_end(scenario)}", *where, "from")


def run_end(scenario: Scenario) -> dt.date:
    """The date on which the run ends."""
    return scenario.starts + dt.timedelta(days=scenario.runs_for / DAY)


def _check_arrivals(scenario: Scenario, at: At) -> Iterator[Fault]:
    for name, stream in scenario.arrivals.items():
        route = stream.route or name
        if message := unknown(route, scenario.route, "route"):
            hint = "" if stream.route else " (a stream feeds the route of its own name unless `route` names another)"
            yield at(message + hint, "arrivals", name, *(("route",) if stream.route else ()))
        classes = [stream.priority] if isinstance(stream.priority, str) else list(stream.priority or ())
        for label in classes:
            if message := unknown(label, scenario.priorities, "priority class"):
                yield at(message, "arrivals", name, "priority", label)
        for i, event in enumerate(stream.events):
            yield from _check_event(scenario, at, event.starts, event.lasts, ("arrivals", name, "events", i))


def _check_event(
    scenario: Scenario, at: At, starts: dt.date | dt.datetime, lasts: float, where: tuple[str | int, ...]
) -> Iterator[Fault]:
    if isinstance(starts, dt.datetime) and starts.tzinfo is not None:
        yield at("times are local to the shop; leave the time zone out", *where, "starts")
        return
    begin = starts if isinstance(starts, dt.datetime) else dt.datetime.combine(starts, dt.time())
    run = dt.datetime.combine(scenario.starts, dt.time())
    if begin + dt.timedelta(milliseconds=lasts) <= run:
        yield at(f"the event is over before the run begins ({scenario.starts})", *where, "starts")
    if begin > run + dt.timedelta(milliseconds=scenario.runs_for, days=366):
        yield at(f"the event lies more than a year after the run, which ends {run_end(scenario)}", *where, "starts")
    if lasts == 0:
        yield at("the event lasts no time", *where, "lasts")


def _check_promises(scenario: Scenario, at: At) -> Iterator[Fault]:
    for name, promise in scenario.promises.items():
        if message := unknown(promise.route, scenario.route, "route"):
            yield at(message, "promises", name, "route")
            continue
        steps = {step.name: step for block in scenario.route[promise.route] for step in block.steps}
        for key in ("begins", "ends", "since"):
            step = getattr(promise, key)
            if step is None:
                continue
            if message := unknown(step, steps, f"step of route {promise.route}"):
                yield at(message, "promises", name, key)
            elif steps[step].do not in ("work", "wait", "collect"):
                yield at(f'"{step}" takes no time; name a step that works, waits or collects', "promises", name, key)
