"""The random shops hold what they are there for: everything that a file can say, and everything that can come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from sim.draws import Draws
from sim.engine.floor import Floor
from sim.engine.play import run
from sim.intervals import on_at
from sim.log import GAVE_UP, PASSED, SERVED, UNKNOWN, WENT, Log
from sim.plan import (
    COLLECT,
    CONDITIONS,
    FITS,
    HAND_OVER,
    ONE,
    PAUSE,
    PER_LINE,
    PER_UNIT,
    SHIFT_ENDS,
    START,
    WAIT,
    WORK,
    Plan,
)
from tests.helpers.strategies import plan_or_reject, seeds, shops

EXAMPLES = 400
AT_LEAST = 3
"""Shops of these in which each thing must be found."""

SAID = {
    "teams from a day",
    "teams until a day",
    "speeds",
    "teams elsewhere",
    "people of a team at different points of a rota",
    *(f"shift end: {rule}" for rule in SHIFT_ENDS),
    *(f"arrivals: {key}" for key in ("timetable", "every", "per_hour", "events", "scatter")),
    *(f"arrivals: {key}" for key in ("lines", "units", "value", "priority")),
}
SEEN = {
    "an urgent case waits beside another",
    "a tie in a queue, for the case number to decide",
    "somebody is free and a case waits",
    "too few are free for who needs several",
    "several cases in hand",
    "several people chat",
    "work in hand when a shift ends",
    *(f"work in hand while off shift: {rule}" for rule in SHIFT_ENDS[:HAND_OVER]),
}
CAME = {
    "waited for",
    "handed back by who hands over",
    "interrupted",
    "there when the run begins",
    "handed back by who leaves for good",
    "handed back more than once",
    "handed back by several together",
    "taken up again by another",
    "handed back and not taken up again",
    "work of no length",
    "work done again",
    "gave up",
    "gave up at once",
    "done by a role that is not the first choice",
    "done by who also does it, less well",
    "chat",
    "chat, slower by the others",
    "time by the line",
    "time by the unit",
    "urgent by the step",
    "who looks whether it fits",
    "2 people together",
    "3 people together",
    "together, and each rests at times of their own",
    "a wait round the clock",
    "a wait in hours",
    "a wait that begins outside its hours",
    "collect with room for all",
    "collect with limited room",
    "left behind by a departure",
    "gone at the instant of joining",
    "led back",
    "a child at once",
    "a child later",
    "a child by chance",
    "a child under a condition",
    "a second pass starts nothing",
    *(f"{name or 'by chance'}: {way}" for name in CONDITIONS for way in ("went", "passed")),
}
"""What must be found: in the files, on the floor, in the logs."""


# --- what a file says -----------------------------------------------------------------------------------------


def said(scenario: dict[str, Any], plan: Plan) -> Iterator[str]:
    """What there is in a shop."""
    teams = [team for role in scenario["roles"].values() for team in role["teams"]]
    for key in ("from", "until"):
        if any(key in team for team in teams):
            yield f"teams {key} a day"
    if any("place" in team for team in teams):
        yield "teams elsewhere"
    if any(person.turn for person in plan.people):
        yield "people of a team at different points of a rota"
    for stream in scenario["arrivals"].values():
        yield from {f"arrivals: {key}" for key in stream}
    for role in plan.roles:
        yield f"shift end: {SHIFT_ENDS[role.at_shift_end]}"
    if any(person.speed != ONE for person in plan.people):
        yield "speeds"


# --- what comes of it -----------------------------------------------------------------------------------------


def seen_at(floor: Floor) -> Iterator[str]:
    """What can be seen on the floor at the end of an instant."""
    now = floor.env.now
    for line in floor.waiting:
        waiting = [entry for entry in line if not entry[3].gone]
        if len({rank for rank, *_ in waiting}) > 1:
            yield "an urgent case waits beside another"
        if len({(rank, joined) for rank, joined, *_ in waiting}) < len(waiting):
            yield "a tie in a queue, for the case number to decide"
        if waiting and any(floor.free[role] for role, _ in floor.servers[floor.waiting.index(line)]):
            yield "somebody is free and a case waits"
            if floor.people_needed[min(waiting)[3].step] > 1:
                yield "too few are free for who needs several"
    if any(len(held) > 1 for held in floor.holders):
        yield "several people chat"
    for person, held in enumerate(floor.in_hand):
        if held > 1:
            yield "several cases in hand"
        if held and not floor.on_duty[person]:
            yield f"work in hand while off shift: {SHIFT_ENDS[floor.rule[person]]}"
        if held and not floor.on_duty[person] and any(now == off for off in floor.off[person]):
            yield "work in hand when a shift ends"


def came_of(log: Log, draws: Draws) -> Iterator[str]:
    """What can be read in a log."""
    plan, v = log.plan, log.visits
    helpers = Counter(log.helpers[0].tolist())
    for row, number in helpers.items():
        yield f"{1 + number} people together"
        people = [int(v.person[row]), *log.helpers[1][log.helpers[0] == row].tolist()]
        teams = {plan.people[person].team for person in people}
        if len(teams) > 1 and all(plan.roles[plan.teams[team].role].at_shift_end == PAUSE for team in teams):
            yield "together, and each rests at times of their own"
    if (log.cases.arrived < 0).any():
        yield "there when the run begins"
    for i, number in enumerate(v.step.tolist()):
        step, outcome = plan.steps[number], v.outcome[i]
        if step.verb == WORK:
            yield from worked(log, i)
        elif step.verb == WAIT and outcome == SERVED:
            yield "a wait in hours" if step.hours else "a wait round the clock"
            if step.hours and not on_at(*zip(*step.hours, strict=True), int(v.joined[i])):
                yield "a wait that begins outside its hours"
        elif step.verb == COLLECT and outcome == SERVED:
            at = step.departures.index(int(v.left[i]))
            yield f"collect {'with limited room' if step.capacity else 'with room for all'}"
            if v.left[i] == v.joined[i]:
                yield "gone at the instant of joining"
            if at and step.departures[at - 1] >= v.joined[i]:
                yield "left behind by a departure"
        elif step.decides:
            yield f"{CONDITIONS[step.condition] or 'by chance'}: {'went' if outcome == WENT else 'passed'}"
            if step.at_most and outcome == WENT:
                yield "led back"
            if step.verb == START and outcome == WENT:
                yield "a child later" if step.after else "a child at once"
                yield "a child under a condition" if step.condition else "a child by chance"
            if step.verb == START and outcome == PASSED and v.visit[i] > 1:
                yield "a second pass starts nothing"


def worked(log: Log, i: int) -> Iterator[str]:
    """Of a visit of a work step."""
    plan, v = log.plan, log.visits
    step = plan.steps[v.step[i]]
    servers = plan.lines[step.line].servers
    if v.visit[i] > 1:
        yield "work done again"
    if v.outcome[i] == GAVE_UP:
        yield "gave up" if v.left[i] > v.joined[i] else "gave up at once"
    if v.person[i] == UNKNOWN:
        return
    role = plan.people[v.person[i]].role
    if v.left[i] == v.began[i]:
        yield "work of no length"
    if v.began[i] > v.joined[i]:
        yield "waited for"
    if role != servers[0][0]:
        yield "done by a role that is not the first choice"
    yield from handed_back(log, i)
    if dict(servers)[role] < ONE:
        yield "done by who also does it, less well"
    if step.at_once > 1:
        yield "chat, slower by the others" if step.slower_by else "chat"
    if step.per in (PER_LINE, PER_UNIT):
        yield "time by the line" if step.per == PER_LINE else "time by the unit"
    if step.rank >= 0:
        yield "urgent by the step"
    if plan.roles[role].at_shift_end == FITS:
        yield "who looks whether it fits"


def handed_back(log: Log, i: int) -> Iterator[str]:
    """Of a visit that was begun."""
    mine = log.stretches.row == i
    if not mine.any():
        return
    people, began, left = (column[mine].tolist() for column in list(vars(log.stretches).values())[1:])
    plan = log.plan
    ends = {off for person in people for _, off in plan.calendar(person)}
    for person, at in zip(people, left, strict=True):
        if at not in (UNKNOWN, log.visits.left[i]):
            hands_over = plan.roles[plan.people[person].role].at_shift_end == HAND_OVER
            at_end = "handed back by who hands over" if hands_over else "handed back by who leaves for good"
            yield at_end if at in ends else "interrupted"
    if len(set(began)) > 2:
        yield "handed back more than once"
    if len(set(began)) < len(began):
        yield "handed back by several together"
    if len(set(people)) > 1:
        yield "taken up again by another"
    if log.visits.left[i] == UNKNOWN and UNKNOWN not in left:
        yield "handed back and not taken up again"


@pytest.fixture(scope="module")
def found() -> Counter[str]:
    """In how many random shops each thing is found."""
    counts: Counter[str] = Counter()

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(shops(), seeds)
    def count(scenario: dict[str, Any], luck: int) -> None:
        plan = plan_or_reject(scenario)
        draws = Draws(plan, luck, 0)
        things = set(said(scenario, plan))
        log = run(plan, draws, watch=lambda floor: things.update(seen_at(floor)))
        counts.update(things | set(came_of(log, draws)))

    count()
    return counts


@pytest.mark.parametrize("thing", sorted(SAID | SEEN | CAME))
def test_random_shops_hold_it(found: Counter[str], thing: str) -> None:
    assert found[thing] >= AT_LEAST
