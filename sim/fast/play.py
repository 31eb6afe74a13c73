"""The compiled engine: lays out the tables, plays, returns the log of the run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.draws import Draws
from sim.fast import lexicon as x
from sim.fast.compiled import whole
from sim.fast.kernel import play
from sim.fast.tables import LOG_TYPES, Layout, build, more
from sim.fast.world import Ints, World, lend
from sim.log import Log, Visits, cases_of
from sim.plan import Plan

FIRST_VISITS = 4
"""Visits of a step for which luck is laid out at first; if a case comes more often, the run is begun anew with
more.
"""


def run(plan: Plan, draws: Draws) -> Log:
    """Play a plan under its draws. The log equals that of the SimPy engine, bit for bit."""
    rows, visits = 256 + sum(_rows(plan, draws, r) for r in range(len(plan.routes))), FIRST_VISITS
    while True:
        world, layout = build(plan, draws, visits, rows)
        n = np.zeros(x.COUNTS, dtype=np.int64)
        while (state := play(lend(world), n, plan.runs_for)) == x.LOG_FULL:
            world = roomier(world, n)
        if state == x.DONE:
            return _log(world, layout, n)
        visits = more(visits)


def _rows(plan: Plan, draws: Draws, route: int) -> int:
    """A guess at the rows of a route: for cases of streams every step once, for others some."""
    sizes = sum(feed.size if feed.stream >= 0 else feed.size // 4 for feed in draws.feeds[route])
    return sizes * len(plan.route_steps(route))


def roomier(world: World, n: Ints) -> World:
    """The world with twice the room for its log."""
    room = 2 * len(world.log_case) + 1
    helpers_a_row = len(world.helper) // len(world.log_case)
    larger = {name: _grown(getattr(world, name), int(n[x.ROWS]), room) for name in LOG_TYPES}
    return world._replace(helper=_grown(world.helper, int(n[x.HELPS]), room * helpers_a_row), **larger)


def _grown(old: NDArray[np.generic], rows: int, room: int) -> NDArray[np.generic]:
    new = np.empty((room, *old.shape[1:]), dtype=old.dtype)
    new[:rows] = old[:rows]
    return new


def _log(world: World, layout: Layout, n: Ints) -> Log:
    """The log in its final order: cases by number, the visits of each case as it made them."""
    plan, draws, rows = layout.plan, layout.draws, int(n[x.ROWS])
    columns = {name: getattr(world, name)[:rows] for name in LOG_TYPES}
    order = in_order(columns["log_case"], draws.bases[-1])
    visits = Visits(**{name.removeprefix("log_"): columns.pop(name)[order] for name in LOG_TYPES})
    helper = world.helper[: n[x.HELPS]]
    place = np.empty(order.size if helper.size else 0, dtype=np.int64)
    place[:] = 0
    if helper.size:
        place[order] = np.arange(order.size)
    helped = place[helper[:, x.HELPED_ROW]] if helper.size else np.zeros(0, dtype=np.int64)
    by_row = np.argsort(helped, kind="stable")
    helpers = (helped[by_row], helper[by_row, x.HELPER])
    started = world.started[: n[x.STARTED]]
    cases = cases_of(draws, started, world.clock[started, x.ARRIVED])
    return Log(plan, "fast", draws.seed, draws.replication, visits, helpers, cases)


@whole
def in_order(case: Ints, cases: int) -> Ints:
    """The rows sorted by case, rows of one case as they stand (a stable counting sort)."""
    first = np.zeros(cases + 1, dtype=np.int64)
    for i in range(case.size):
        first[case[i] + 1] += 1
    for c in range(cases):
        first[c + 1] += first[c]
    order = np.empty(case.size, dtype=np.int64)
    for i in range(case.size):
        order[first[case[i]]] = i
        first[case[i]] += 1
    return order
