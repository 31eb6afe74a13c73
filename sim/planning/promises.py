"""Promises, with every name an index; those by a timetable with their due instants laid out."""

from __future__ import annotations

from sim.faults import Fault
from sim.intervals import Intervals
from sim.language import say
from sim.plan import GAVE_UP_COUNTS, Promise
from sim.planning.calendars import intervals, weekly_instants
from sim.reading.source import Source
from sim.scenario import demand
from sim.scenario.model import Scenario
from sim.units import DAY, MINUTE, NEVER


def promises_of(source: Source, routes: list[str]) -> tuple[tuple[Promise, ...], list[Fault]]:
    """All promises in the order of the file, and the faults of those that are never due."""
    scenario = source.scenario
    numbers = {(route, step.name): number for number, (route, step) in enumerate(scenario.steps())}
    found = tuple(_promise(scenario, name, routes, numbers) for name in scenario.promises)
    never = [each.name for each in found if scenario.promises[each.name].by is not None and not each.due]
    message = say("nothing is ever due by this timetable during the run")
    return found, [source.fault(message, "promises", name, "by") for name in never]


def _promise(scenario: Scenario, name: str, routes: list[str], numbers: dict[tuple[str, str], int]) -> Promise:
    promise = scenario.promises[name]
    cut_offs, due = _due(scenario, promise)
    return Promise(
        name=name,
        route=routes.index(promise.route),
        step=numbers[promise.route, promise.begins or (promise.ends or [""])[0]],
        at_begin=promise.begins is not None,
        since=-1 if promise.since is None else numbers[promise.route, promise.since],
        within=int(promise.within or 0),
        share=promise.share,
        or_at=tuple(numbers[promise.route, step] for step in (promise.ends or [])[1:]),
        hours=_hours_of(scenario, promise.in_hours),
        gave_up=GAVE_UP_COUNTS.index(promise.gave_up),
        early=_early(promise),
        cut_offs=cut_offs,
        due=due,
    )


def _hours_of(scenario: Scenario, name: str | None) -> Intervals:
    return () if name is None else intervals(scenario.hours[name], scenario.starts, int(scenario.runs_for))


def _early(promise: demand.Promise) -> int:
    if promise.gave_up == "broken":
        return NEVER
    return int(promise.early if promise.early is not None else promise.within or 0)


def _due(scenario: Scenario, promise: demand.Promise) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Before which instant one must have come, and by when one is then served, time for time."""
    if promise.by is None:
        return (), ()
    instants = weekly_instants(promise.by, scenario.starts, int(scenario.runs_for))
    due = instants[promise.later :]
    return tuple(_cut_off(instant, promise.cut_off) for instant in instants[: len(due)]), due


def _cut_off(instant: int, of_day: int | None) -> int:
    """The last time that it is so late before an instant; the instant itself where nothing is said."""
    if of_day is None:
        return instant
    at = instant // DAY * DAY + of_day * MINUTE
    return at if at <= instant else at - DAY
