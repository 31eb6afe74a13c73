"""Whatever the shop: the floor is in order at the end of every instant, the log keeps the rules, and its areas agree.

Little's law holds for every path exactly (Stidham 1974, "A last word on L = λW"): the area under the number in a
system is the sum of the times in it. Areas are taken while the run is on, from the engine's own queues; sums from the
log.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from sim.draws import Draws
from sim.engine.floor import Floor
from sim.engine.play import run
from sim.log import UNKNOWN, Log
from sim.plan import END, WORK, Plan
from sim.verify import verify, verify_floor
from tests.helpers.strategies import plan_or_reject, seeds, shops

SETTINGS = settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


class Areas:
    """Watches a floor: the time-weighted sums of who waits, who works and who is free."""

    def __init__(self, plan: Plan) -> None:
        self.waited, self.worked, self.free = 0, 0, [0] * len(plan.roles)
        self.last: tuple[int, int, int, list[int]] = (0, 0, 0, [0] * len(plan.roles))
        self.instants = 0

    def watch(self, floor: Floor) -> None:
        verify_floor(floor)
        self.advance(floor.env.now)
        waiting = sum(not entry[3].gone for line in floor.waiting for entry in line)
        self.last = (floor.env.now, waiting, sum(floor.in_hand), [len(people) for people in floor.free])
        self.instants += 1

    def advance(self, now: int) -> None:
        """Time passes since the last instant, with everything as it was left."""
        since, waiting, working, free = self.last
        self.waited += waiting * (now - since)
        self.worked += working * (now - since)
        self.free = [area + number * (now - since) for area, number in zip(self.free, free, strict=True)]
        self.last = (now, waiting, working, free)


@SETTINGS
@given(shops(), seeds)
def test_any_shop_keeps_the_rules(scenario: dict[str, Any], seed: int) -> None:
    plan = plan_or_reject(scenario)
    draws, areas = Draws(plan, seed, 0), Areas(plan)
    log = run(plan, draws, watch=areas.watch)
    areas.advance(plan.runs_for)
    verify(log, draws)
    check_littles_law(log, areas)
    check_hours_of_people(log, areas)


def check_littles_law(log: Log, areas: Areas) -> None:
    """In the shop as a whole, by the log; in its queues and in its hands, by the log against the engine's books."""
    spans = times_in_shop(log)
    assert area_under(spans) == sum(left - arrived for arrived, left in spans)
    waits, works = waits_and_works(log)
    assert areas.waited == sum(end - start for start, end in waits)
    assert areas.worked == sum((end - start) for start, end, _ in works)


def check_hours_of_people(log: Log, areas: Areas) -> None:
    """Of each role: hours on shift = hours at work on shift + hours free."""
    plan = log.plan
    for role in range(len(plan.roles)):
        scheduled = at_work = 0
        for person in plan.people_of(role):
            shifts = plan.calendar(person)
            held = [(start, end) for start, end, who in waits_and_works(log)[1] if who == person]
            busy = union(held)
            scheduled += sum(min(off, plan.runs_for) - on for on, off in shifts if on < plan.runs_for)
            at_work += sum(max(0, min(end, off) - max(start, on)) for start, end in busy for on, off in shifts)
        assert scheduled == at_work + areas.free[role]


def times_in_shop(log: Log) -> list[tuple[int, int]]:
    """(arrival, end or end of run) of every case."""
    ended = {
        case: left
        for case, step, left in zip(
            *(c.tolist() for c in (log.visits.case, log.visits.step, log.visits.left)), strict=True
        )
        if log.plan.steps[step].verb == END
    }
    cases = zip(log.cases.case.tolist(), log.cases.arrived.tolist(), strict=True)
    return [(arrived, ended.get(case, log.plan.runs_for)) for case, arrived in cases]


def area_under(spans: list[tuple[int, int]]) -> int:
    """The area under the number of spans that are open, swept from event to event."""
    area = number = last = 0
    for at, change in sorted([(start, +1) for start, _ in spans] + [(end, -1) for _, end in spans]):
        area += number * (at - last)
        number, last = number + change, at
    return area


def waits_and_works(log: Log) -> tuple[list[tuple[int, int]], list[tuple[int, int, int]]]:
    """(since, until) of every time a visit of a work step waited; (began, left, person) of everybody on it."""
    v, until = log.visits, log.plan.runs_for
    waits, works = [], []
    people: dict[int, list[int]] = {row: [person] for row, person in enumerate(v.person.tolist())}
    for row, person in zip(log.helpers[0].tolist(), log.helpers[1].tolist(), strict=True):
        people[row].append(person)
    handed_back: dict[int, list[tuple[int, int, int]]] = {}
    for row, person, began, left in zip(*(column.tolist() for column in vars(log.stretches).values()), strict=True):
        handed_back.setdefault(row, []).append((began, until if left == UNKNOWN else left, person))
    for row, step in enumerate(v.step.tolist()):
        if log.plan.steps[step].verb != WORK:
            continue
        left = until if v.left[row] == UNKNOWN else int(v.left[row])
        began = left if v.began[row] == UNKNOWN else int(v.began[row])
        mine = handed_back.get(row, [(began, left, person) for person in people[row] if person != UNKNOWN])
        works += mine
        spans = sorted({(start, end) for start, end, _ in mine})
        begins, ends = [start for start, _ in spans], [end for _, end in spans]
        waits += zip([max(int(v.joined[row]), 0), *ends], [*begins, left], strict=True)
    return waits, works


def union(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap or touch, made one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result
