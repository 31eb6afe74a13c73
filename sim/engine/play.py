"""The SimPy engine: builds the floor, lets time run instant by instant, returns the log."""

from __future__ import annotations

from array import array
from collections.abc import Callable

from simpy import Timeout

from sim.draws import Draws
from sim.engine.clock import Case, Clock, Journey
from sim.engine.dock import Dock
from sim.engine.floor import Floor
from sim.engine.journey import Follow, journeys
from sim.log import Log, Writer
from sim.plan import COLLECT, Plan


def run(plan: Plan, draws: Draws, watch: Callable[[Floor], None] | None = None) -> Log:
    """Play a plan under its draws. `watch`, if given, is called with the floor whenever an instant is over."""
    env, log = Clock(), Writer()
    floor = Floor(env, plan, log)
    docks = {n: Dock(env, step, log) for n, step in enumerate(plan.steps) if step.verb == COLLECT}
    follow = journeys(env, plan, draws, log, floor, docks)
    for number in range(len(plan.teams)):
        env.process(shifts(env, plan, floor, number))
    for feeds in draws.feeds:
        for feed in feeds:
            at, first = plan.streams[feed.stream].at, draws.bases[feed.route] + feed.first
            if feed.stream >= 0 and at >= 0:
                for case in range(first, first + feed.size):
                    Case(env, follow(case, feed.route, at), 0)
            elif feed.stream >= 0:
                arrived = array("q", draws.cases[feed.route].arrived[feed.first : feed.first + feed.size].tobytes())
                env.process(arrivals(env, first, feed.route, arrived, follow))
    boarding = [dock for dock in docks.values() if dock.capacity]
    _play(env, plan.runs_for, floor, boarding, watch)
    return log.finish(plan, draws, "simpy")


def _play(env: Clock, until: int, floor: Floor, docks: list[Dock], watch: Callable[[Floor], None] | None) -> None:
    """The rule of the instant (see rules.py): all that is due, then the hand-out, until the instant is quiet."""
    due, happen, hand_out = env.due, env.happen, floor.hand_out
    while due and (now := due[0][0]) < until:
        happen(now)
        for dock in docks:
            dock.depart()
        hand_out(now)
        if watch is not None and env.peek() != now:
            watch(floor)


def arrivals(env: Clock, first: int, route: int, arrived: array[int], follow: Follow) -> Journey:
    """Let the cases of one stream come, each at its instant."""
    for case, instant in enumerate(arrived, first):
        yield Case(env, follow(case, route), instant - env.now).target


def shifts(env: Clock, plan: Plan, floor: Floor, team: int) -> Journey:
    """Let a team come and go by its calendar."""
    for instant, comes in plan.comings_and_goings(team):
        if instant > env.now:
            yield Timeout(env, instant - env.now)
        if comes:
            floor.begin_shift(team)
        else:
            floor.end_shift(team)
