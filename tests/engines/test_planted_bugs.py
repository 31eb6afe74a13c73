"""The checks can fail: bugs are planted in the engine, and each must be caught by name."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any

import pytest

import sim.engine.dock
import sim.engine.floor
import sim.engine.interrupting
import sim.engine.journey
import sim.engine.play
from sim.draws import Draws
from sim.engine import hand_out
from sim.engine.floor import Floor
from sim.engine.interrupting import victim_for
from sim.engine.play import run
from sim.log import Writer
from sim.plan import ONE, Plan
from sim.units import NEVER
from sim.verify import Inconsistent, verify, verify_floor
from tests.helpers.busy import SHOPS
from tests.helpers.shops import plan_of

PLAYED = ("busy", "relay", "waiting room", "emergencies", "clock")

Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(scope="module")
def shops_and_luck(tmp_path_factory) -> dict[str, tuple[Plan, Draws]]:
    plans = {name: plan_of(tmp_path_factory.mktemp("shop"), SHOPS[name]()) for name in PLAYED}
    return {name: (plan, Draws(plan, 1, 0)) for name, plan in plans.items()}


@pytest.mark.parametrize("name", PLAYED)
def test_without_a_bug_nothing_is_found(shops_and_luck, name):
    plan, draws = shops_and_luck[name]
    verify(run(plan, draws, watch=verify_floor), draws)


# --- how to plant one -----------------------------------------------------------------------------------------


def changed_join(rank: Callable[..., Any]) -> Plant:
    """The queue is kept in another order."""

    def join(self: Floor, ticket: Any) -> None:
        heappush(self.waiting[self.line[ticket.step]], (*rank(ticket.rank, ticket.joined, ticket.case), ticket))
        self.unsettled.add(self.crew[ticket.step])
        if ticket.patience >= 0:
            self.impatient.append(ticket)

    return lambda patch: patch.setattr(Floor, "join", join)


def replaced(owner: Any, name: str, make: Callable[[Any], Any]) -> Plant:
    """Something is replaced by what `make` makes of it."""
    return lambda patch: patch.setattr(owner, name, make(getattr(owner, name, None)), raising=False)


def instead(owner: Any, name: str, other: Callable[..., Any]) -> Plant:
    """Something else is done."""
    return replaced(owner, name, lambda _: other)


def after(owner: Any, name: str, then: Callable[..., None]) -> Plant:
    """Something more is done after a method."""

    def make(method: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(self: Any, *args: Any) -> None:
            method(self, *args)
            then(self, *args)

        return wrapped

    return replaced(owner, name, make)


def free_twice(floor: Floor, ticket: Any) -> None:
    for person in ticket.people:
        if floor.on_duty[person] and not floor.in_hand[person]:
            floor.free[floor.role[person]].insert(0, person)


def free_in_overtime(floor: Floor, ticket: Any) -> None:
    for person in ticket.people:
        if not floor.on_duty[person] and not floor.in_hand[person]:
            floor.free[floor.role[person]].append(person)


def put_up(floor: Floor) -> None:
    floor.at_once = [number + 1 if number > 1 else 1 for number in floor.at_once]


def turn_round(floor: Floor) -> None:
    floor.servers = [servers[::-1] for servers in floor.servers]


def gives_up_quietly(floor: Floor, event: Any) -> None:
    if event.value.gone:
        floor.unsettled.discard(floor.crew[event.value.step])


def without_an_offer(floor: Floor, ticket: Any) -> None:
    if ticket.patience == 0:
        floor.impatient.remove(ticket)
        ticket.gone = True
        ticket.go_on_at(floor.env.now)


def only_the_first(release: Callable[..., None]) -> Callable[..., None]:
    def wrapped(floor: Floor, ticket: Any) -> None:
        ticket.people = ticket.people[:1]
        release(floor, ticket)

    return wrapped


def the_first_person(stretch: Callable[..., int]) -> Callable[..., int]:
    return lambda log, row, person, began, left: stretch(log, row, 0, began, left)


def straight_on(on: Any, off: Any, now: int, needed: int) -> int:
    return now + needed


def keeping_nobody(choose: Callable[..., Any]) -> Callable[..., Any]:
    return lambda floor, ticket, line, kept: choose(floor, ticket, line, set())


def the_busy_first(choose: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(floor: Floor, ticket: Any, line: int, kept: set[int]) -> tuple[int, ...]:
        return () if victim_for(floor, ticket, line) else choose(floor, ticket, line, kept)

    return wrapped


def all_from_the_first_step(journeys: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any) -> Callable[..., Any]:
        follow = journeys(*args)
        return lambda case, route, at=None: follow(case, route)

    return wrapped


def a_little_earlier(now: int = 0, arrived: int = 0) -> Callable[..., Any]:
    """Conditions that see the clock, or the arrival, so many ms early."""

    def wrap(made: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any) -> Callable[..., int]:
            holds = made(*args)
            return lambda step, row, at, came, gave_up: holds(step, row, at - now, came - arrived, gave_up)

        return wrapped

    return wrap


def all_but_the_last(arrivals: Callable[..., Any]) -> Callable[..., Any]:
    return lambda env, first, route, arrived, follow: arrivals(env, first, route, arrived[:-1], follow)


def only_who_comes_at_once(case: Callable[..., Any]) -> Callable[..., Any]:
    return lambda env, journey, delay: journey.close() if delay else case(env, journey, delay)


# --- the bugs -------------------------------------------------------------------------------------------------

BUGS: dict[str, tuple[str, str, Plant]] = {
    "last come, first served": (
        "begun at .* before case",
        "its patience is over",
        changed_join(lambda rank, now, case: (rank, -now, case)),
    ),
    "ties by case number reversed": (
        "begun at .* before case",
        "only in the queues",
        changed_join(lambda rank, now, case: (rank, now, -case)),
    ),
    "urgency ignored": ("begun at .* before case", "", changed_join(lambda rank, now, case: (0, now, case))),
    "the least urgent first": ("begun at .* before case", "", changed_join(lambda rank, now, case: (-rank, now, case))),
    "a seat freed twice": ("needs 2 people", "free picker", after(Floor, "release", free_twice)),
    "people in overtime are free": ("who is off then", "free picker", after(Floor, "release", free_in_overtime)),
    "of several people only the first is freed": (
        "waits at .* though it could be begun",
        "the floor counts",
        replaced(Floor, "release", only_the_first),
    ),
    "more cases at once than allowed": ("still holds case", "", after(Floor, "_look_up_queues", put_up)),
    "preferences turned round": ("though .* was free for it", "", after(Floor, "_look_up_queues", turn_round)),
    "nobody is slower for what is in hand": ("work of .* ended", "", instead(Floor, "slow", lambda *_: ONE)),
    "who gives up leaves the queue held up": (
        "waits at .* though it could be begun",
        "waits at .* though it could be begun",
        after(Floor, "_lose_patience", gives_up_quietly),
    ),
    "patience too long by a millisecond": (
        "patience ends at",
        "its patience is over",
        replaced(sim.engine.floor, "Timeout", lambda timeout: lambda env, delay, who: timeout(env, delay + 1, who)),
    ),
    "no offer to who has no patience": ("gave_up.*was free for it", "", after(Floor, "join", without_an_offer)),
    "departures late by a millisecond": (
        "nothing departs at",
        "",
        replaced(sim.engine.dock, "next_at_or_after", lambda next_: lambda at, now: next_(at, now - 1) + 1),
    ),
    "who hands over goes on in overtime": ("work of .* ended", "", instead(hand_out, "end_of_shift", lambda *_: NEVER)),
    "what was done is done again": ("work of .* ended", "", instead(sim.engine.floor, "rest", lambda takes, *_: takes)),
    "who handed it back is told wrongly": (
        "off then|still holds|names others",
        "",
        replaced(Writer, "stretch", the_first_person),
    ),
    "pause does not rest": ("work of .* ended", "", instead(hand_out, "work_through", straight_on)),
    "a wait does not look at the hours": ("a wait of", "", instead(sim.engine.journey, "work_through", straight_on)),
    "everything fits": ("do not fit", "", instead(sim.engine.floor, "fits", lambda *_: True)),
    "nothing fits but at the beginning of a shift": (
        "waits at return/check .* though it could be begun",
        "waits at return/check .* though it could be begun",
        instead(sim.engine.floor, "fits", lambda on, off, now, needed: now in on),
    ),
    "nobody is kept for who needs several": ("who was kept for", "", replaced(hand_out, "_choose", keeping_nobody)),
    "time too short by a millisecond": (
        "work of .* ended",
        "",
        replaced(hand_out, "needed_time", lambda needed: lambda *args: max(0, needed(*args) - 1)),
    ),
    "the last order of a stream is lost": (
        "was at no step",
        "",
        replaced(sim.engine.play, "arrivals", all_but_the_last),
    ),
    "a child is lost": ("the log has None", "", replaced(sim.engine.journey, "Case", only_who_comes_at_once)),
    "a child is not told": ("the log has None", "", instead(Writer, "start", lambda *_: None)),
    "helpers are not told": ("needs 2 people", "the floor counts", instead(Writer, "help", lambda *_: None)),
    "conditions turned round": (
        "should have gone",
        "",
        replaced(sim.engine.journey, "conditions", lambda made: lambda *args: lambda *case: 1 - made(*args)(*case)),
    ),
}
"""Bug → what the check of the log says, what the check of the floor says (if it can see it), how it is planted."""

BUGS |= {
    "there is a chair more": (
        "there is room for",
        "",
        after(Floor, "_look_up_queues", lambda floor: floor.room.__setitem__(0, 3)),
    ),
    "nobody is turned away": ("there is room for", "", instead(Floor, "_turn_away", lambda *_: set())),
    "somebody is turned away though there is a chair": (
        "was turned away, though",
        "",
        after(Floor, "_look_up_queues", lambda floor: floor.room.__setitem__(0, 1)),
    ),
}

BUGS |= {
    "nothing is interrupted": (
        "could be taken from case",
        "could be taken from case",
        instead(hand_out, "victim_for", lambda *_: None),
    ),
    "the case that stands first is interrupted": (
        "in place of case",
        "",
        instead(sim.engine.interrupting, "max", lambda held, key: min(held, key=key)),
    ),
    "what was done before the interruption is done again": (
        "work of .* ended",
        "",
        instead(hand_out, "_worked", lambda *_: 0),
    ),
    "whoever is busy is asked before who is free": (
        "though .* was free for it",
        "",
        replaced(hand_out, "_choose", the_busy_first),
    ),
    "who is there begins with the first step": (
        "should be at",
        "",
        replaced(sim.engine.play, "journeys", all_from_the_first_step),
    ),
    "who comes at noon comes before noon": (
        "should have",
        "",
        replaced(sim.engine.journey, "conditions", a_little_earlier(arrived=1)),
    ),
    "two o'clock is before two o'clock": (
        "should have",
        "",
        replaced(sim.engine.journey, "conditions", a_little_earlier(now=1)),
    ),
}

SHOWN_BY = {
    "relay": {
        "who hands over goes on in overtime",
        "what was done is done again",
        "who handed it back is told wrongly",
        "who is there begins with the first step",
    },
    "waiting room": {
        "there is a chair more",
        "nobody is turned away",
        "somebody is turned away though there is a chair",
    },
    "emergencies": {
        "nothing is interrupted",
        "the case that stands first is interrupted",
        "what was done before the interruption is done again",
        "whoever is busy is asked before who is free",
    },
    "clock": {"who comes at noon comes before noon", "two o'clock is before two o'clock"},
}
"""Bugs that only a shop of its own shows; all others are seen in the busy one."""


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_in_the_engine_is_caught(monkeypatch, shops_and_luck, bug):
    said_of_log, said_of_floor, plant = BUGS[bug]
    plan, draws = shops_and_luck[next((name for name, bugs in SHOWN_BY.items() if bug in bugs), "busy")]
    plant(monkeypatch)
    log = run(plan, draws)
    with pytest.raises(Inconsistent, match=said_of_log):
        verify(log, draws)
    if said_of_floor:
        with pytest.raises(Inconsistent, match=said_of_floor):
            run(plan, draws, watch=verify_floor)
