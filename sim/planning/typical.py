"""A plan in which every week is the typical one, for as long as one likes: without holidays, events and growth.

Nothing but the calendar and the expected arrivals changes. Orders from a file come as they came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import lcm
from statistics import median
from typing import Any, TypeVar

from sim.intervals import Intervals, joined
from sim.plan import Plan, Stream
from sim.planning.calendars import MARGIN
from sim.units import DAY, HOUR, WEEK

T = TypeVar("T")


def typical(plan: Plan, runs_for: int) -> Plan:
    """The plan as if every cycle (see `cycle_of`) were the most common one, for `runs_for` ms, without a warm-up.

    Expected arrivals of each hour are the median over the cycles. The length stays as it is where arrivals come from a
    file, and the plan too where it is shorter than two cycles.
    """
    cycle, until = cycle_of(plan), plan.runs_for if comes_from_files(plan) else runs_for
    if plan.runs_for < 2 * cycle:
        return plan.model_copy(update={"warm_up": 0})
    length = plan.runs_for // cycle

    def spans(given: Intervals) -> Intervals:
        return joined(_repeated(_most_common(_pieces(given, cycle, length)), cycle, until + MARGIN))

    def instants(given: Sequence[int]) -> tuple[int, ...]:
        found = _repeated(_most_common(_pieces(_marks(given), cycle, length)), cycle, until + MARGIN)
        return tuple(at for at, _ in found)

    return plan.model_copy(
        update={
            "runs_for": until,
            "warm_up": 0,
            "teams": tuple(
                team.model_copy(update={"shifts": spans(team.shifts), "rota": tuple(map(spans, team.rota))})
                for team in plan.teams
            ),
            "steps": tuple(
                step.model_copy(update={"hours": spans(step.hours), "departures": instants(step.departures)})
                for step in plan.steps
            ),
            "streams": tuple(_typical_stream(each, cycle, length, until) for each in plan.streams),
        }
    )


def cycle_of(plan: Plan) -> int:
    """After what time (ms) the shop's calendar and expected arrivals begin again: an hour, a day, or else a week; with
    rotas, so many days that all of them begin again too.

    An hour is found where they never change. Regular arrivals ("every 10 min") count as unchanging; the first cycle,
    into which nothing reaches from before, is not looked at.
    """
    for cycle in (HOUR, DAY):
        if plan.runs_for >= cycle and all(len(set(each[1:])) <= 1 for each in _patterns(plan, cycle)):
            return cycle
    return lcm(WEEK, *(team.repeats * DAY for team in plan.teams if team.repeats))


def comes_from_files(plan: Plan) -> bool:
    """Whether some arrivals follow neither rates nor a timetable."""
    return any(map(_from_file, plan.streams))


def _patterns(plan: Plan, cycle: int) -> Iterator[Sequence[Any]]:
    """Of everything that may change with time: what each full cycle of the run looks like."""
    length = plan.runs_for // cycle
    for spans in (*(each for team in plan.teams for each in team.calendars), *(step.hours for step in plan.steps)):
        yield _pieces(spans, cycle, length)
    for step in plan.steps:
        yield _pieces(_marks(step.departures), cycle, length)
    for stream in (each for each in plan.streams if each.at < 0):
        if not _is_regular(stream):
            yield _pieces(_marks(stream.times), cycle, length)
        yield [tuple(row) for row in _rows(stream, cycle, length)]


def _typical_stream(stream: Stream, cycle: int, length: int, until: int) -> Stream:
    if stream.rates:
        usual = [median(each) for each in zip(*_rows(stream, cycle, length), strict=True)]
        return stream.model_copy(update={"rates": tuple(usual[i % len(usual)] for i in range(-(-until // HOUR)))})
    if stream.at >= 0 or _from_file(stream):
        return stream
    if _is_regular(stream):
        every = stream.times[1] - stream.times[0]
        return stream.model_copy(update={"times": tuple(range(stream.times[0], until, every))})
    pattern = _most_common(_pieces(_marks(stream.times), cycle, length))
    times = tuple(at for at, _ in _repeated(pattern, cycle, until))
    return stream.model_copy(update={"times": times})


def _from_file(stream: Stream) -> bool:
    """Whether arrivals follow no timetable: no week (of a short run: no day) with any is like another."""
    if stream.rates or not stream.times or stream.at >= 0 or _is_regular(stream):
        return False
    span = WEEK if stream.times[-1] >= 2 * WEEK else DAY
    alike = Counter(each for each in _pieces(_marks(stream.times), span, stream.times[-1] // span + 1) if each)
    return bool(stream.given) or max(alike.values()) == 1


def _is_regular(stream: Stream) -> bool:
    """Whether arrivals come at equal distances."""
    times = stream.times
    return len(times) > 1 and len({later - earlier for earlier, later in pairwise(times)}) == 1


def _rows(stream: Stream, cycle: int, length: int) -> list[tuple[float, ...]]:
    """The expected arrivals of each hour, a row for each cycle."""
    hours = cycle // HOUR
    return [stream.rates[i * hours : (i + 1) * hours] for i in range(length)]


def _marks(instants: Sequence[int]) -> Intervals:
    return tuple((at, at + 1) for at in instants)


def _pieces(spans: Intervals, cycle: int, length: int) -> list[Intervals]:
    """Spans cut at the ends of cycles: what lies in each of the first `length`, from its beginning."""
    found: list[list[tuple[int, int]]] = [[] for _ in range(length)]
    for on, off in spans:
        for number in range(on // cycle, min(-(-off // cycle), length)):
            begin = number * cycle
            found[number].append((max(on - begin, 0), min(off - begin, cycle)))
    return [tuple(each) for each in found]


def _most_common(patterns: Sequence[T]) -> T:
    """The latest of several that are equally common: the first week is the likeliest to be cut."""
    return Counter(reversed(patterns)).most_common(1)[0][0]


def _repeated(pattern: Intervals, cycle: int, until: int) -> list[tuple[int, int]]:
    """The pattern in cycle after cycle, as far as it begins before `until`."""
    return [(begin + on, begin + off) for begin in range(0, until, cycle) for on, off in pattern if begin + on < until]
