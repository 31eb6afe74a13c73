"""Streams of arrivals: expected rates hour by hour, or fixed instants with what a file says of each order."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

from sim.distributions import mean
from sim.faults import BadInput, Fault
from sim.language import say
from sim.plan import Event, Stream
from sim.planning.calendars import regular_instants, weekly_instants
from sim.planning.laws import amount_or_time
from sim.planning.order_files import BOUNDS, orders_of
from sim.reading.source import Source
from sim.scenario.demand import AlreadyThere, Arrivals
from sim.scenario.model import Scenario
from sim.units import HOUR

MOST_CASES = 10_000_000
"""Cases of one stream that a run can hold."""

MOST = {**{key: most for key, (_, most) in BOUNDS.items()}, "group": 10_000}
"""The most that is believed of each attribute on average."""


def streams_of(source: Source, routes: list[str], notices: list[str]) -> tuple[tuple[Stream, ...], list[Fault]]:
    """All streams in the order of the file, and the faults found in their data files."""
    streams, faults = [], []
    for name, arrivals in source.scenario.arrivals.items():
        try:
            when = _when(source, name, arrivals, notices)
            what = _attributes(source, name, arrivals)
            _refuse_floods(source, name, when, mean(what["group"]) if "group" in what else 1.0)
            streams.append(Stream(name=name, route=routes.index(arrivals.route or name), **{**what, **when}))
        except BadInput as error:
            faults += error.faults
    return (*streams, *_already_there(source, routes)), faults


def _already_there(source: Source, routes: list[str]) -> Iterator[Stream]:
    """Who stands at a step when the run begins, as streams of their own."""
    scenario = source.scenario
    numbers = {(route, step.name): number for number, (route, step) in enumerate(scenario.steps())}
    for name, there in scenario.already_there.items():
        loc = ("already_there", name)
        yield Stream(
            name=say("already there/{name}", name=name),
            route=routes.index(there.route),
            at=numbers[there.route, there.at],
            times=(0,) * there.cases,
            age=amount_or_time(source, there.age, (*loc, "age"), time=True),
            shares=_shares(scenario, there.priority),
            **_laws(source, there, loc),
        )


def _when(source: Source, name: str, arrivals: Arrivals, notices: list[str]) -> dict[str, Any]:
    starts, runs_for = source.scenario.starts, int(source.scenario.runs_for)
    if arrivals.file is not None:
        return orders_of(source, name, arrivals, notices)
    if arrivals.timetable is not None:
        instants = weekly_instants(arrivals.timetable, starts, runs_for)
        return {"times": tuple(t for t in instants if t < runs_for)}
    if arrivals.every is not None:
        if runs_for / int(arrivals.every) > MOST_CASES:
            raise BadInput([_flood(source, name, runs_for / int(arrivals.every))])
        return {"times": tuple(t for t in regular_instants(int(arrivals.every), runs_for) if t < runs_for)}
    scatter = arrivals.scatter
    return {"rates": hourly_rates(source.scenario, arrivals), "day_scatter": scatter.day, "hour_scatter": scatter.hour}


def _refuse_floods(source: Source, name: str, when: dict[str, Any], together: float) -> None:
    expected = (sum(when.get("rates", ())) + len(when.get("times", ()))) * together
    if not expected <= MOST_CASES:
        raise BadInput([_flood(source, name, expected)])


def _flood(source: Source, name: str, expected: float) -> Fault:
    number = say("about {expected:.2g}", expected=expected) if math.isfinite(expected) else say("an endless number of")
    return source.fault(
        say("{number} cases would come in the run; at most {MOST_CASES:,} can", number=number, MOST_CASES=MOST_CASES),
        "arrivals",
        name,
    )


def hourly_rates(scenario: Scenario, arrivals: Arrivals) -> tuple[float, ...]:
    """Expected arrivals in each hour of the run: rate × hour × weekday × growth × events."""
    per_hour = arrivals.per_hour if arrivals.per_hour is not None else (arrivals.per_day or 0.0) / 24
    by_hour, by_weekday = _proportions(arrivals.by_hour, 24), _proportions(arrivals.by_weekday, 7)
    monday = scenario.starts.weekday()
    events = [(_since(scenario, event.begin()), event) for event in arrivals.events]
    rates = []
    for hour in range(-(-int(scenario.runs_for) // HOUR)):
        day, of_day = divmod(hour, 24)
        rate = per_hour * by_hour[of_day] * by_weekday[(monday + day) % 7]
        rate *= _power(1 + arrivals.growth_per_week, hour / 168)
        for begin, event in events:
            rate *= 1 + (event.lift - 1) * _overlap(begin, event.lasts, hour)
        rates.append(rate)
    return tuple(rates)


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf


def _proportions(weights: list[float] | None, size: int) -> list[float]:
    if weights is None:
        return [1.0] * size
    return [weight * size / sum(weights) for weight in weights]


def _overlap(begin: int, lasts: float, hour: int) -> float:
    """The share of an hour of the run that lies within an event."""
    common = min(begin + lasts, (hour + 1) * HOUR) - max(begin, hour * HOUR)
    return max(0.0, common / HOUR)


def _since(scenario: Scenario, moment: dt.datetime) -> int:
    """Milliseconds from the start of the run to a local time."""
    return (moment - dt.datetime.combine(scenario.starts, dt.time())) // dt.timedelta(milliseconds=1)


def _attributes(source: Source, name: str, arrivals: Arrivals) -> dict[str, Any]:
    return {
        **_laws(source, arrivals, ("arrivals", name)),
        "shares": _shares(source.scenario, arrivals.priority),
    }


def _laws(source: Source, cases: Arrivals | AlreadyThere, loc: tuple[str, str]) -> dict[str, Any]:
    laws = {
        key: amount_or_time(source, given, (*loc, key), time=False)
        for key in MOST
        if (given := getattr(cases, key, None)) is not None
    }
    for key, law in laws.items():
        if mean(law) > (most := MOST[key]):
            raise BadInput(
                [
                    source.fault(
                        say("their mean is {mean:g}; at most {most:g} is believed", mean=mean(law), most=most),
                        *loc,
                        key,
                    )
                ]
            )
    return laws


def _shares(scenario: Scenario, priority: dict[str, float] | None) -> tuple[float, ...]:
    """The share of each class, most urgent first; empty where all are of the last class."""
    return () if priority is None else tuple(priority.get(label, 0.0) for label in scenario.classes())


def events_of(scenario: Scenario) -> tuple[Event, ...]:
    """The dated events that fall into the run, the first first; one that several streams have, once, from its first
    beginning to its last end.
    """
    spans: dict[str, tuple[int, int]] = {}
    for event in (event for arrivals in scenario.arrivals.values() for event in arrivals.events):
        since, until = (_since(scenario, moment) for moment in (event.begin(), event.end()))
        first, last = spans.get(event.name, (since, until))
        spans[event.name] = min(first, since), max(last, until)
    end = int(scenario.runs_for)
    inside = [(name, max(since, 0), min(until, end)) for name, (since, until) in spans.items()]
    found = [Event(name=name, since=since, until=until) for name, since, until in inside if since < until]
    return tuple(sorted(found, key=lambda event: (event.since, event.until)))
