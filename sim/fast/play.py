"""The compiled engine: lays out the tables, plays, returns the log of the run, or hands its rows over in pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.draws import Draws
from sim.fast import lexicon as x
from sim.fast.kernel import play
from sim.fast.ordering import columns_in_order, in_order
from sim.fast.tables import LOG_TYPES, build, counts, more
from sim.fast.world import Ints, World
from sim.faults import bad_input
from sim.log import COLUMN_TYPES, Log, Visits, cases_of
from sim.plan import Plan

FIRST_VISITS = 4
"""Visits of a step for which luck is laid out at first; if a case comes more often, the run is begun anew with
more.
"""


PIECE = 65_536
"""Rows of the log that are told at a time, where the whole log is not wanted."""


class Reader(Protocol):
    """Somebody who wants the rows of a log, but not all of them at once."""

    def read(self, rows: dict[str, NDArray[Any]], helpers: Ints) -> None:
        """Take in some rows: columns as in `sim.log.Visits`, in the order in which visits ended; and (row, person) of
        everybody but the first on visits that took several. All is overwritten after the call.
        """


R = TypeVar("R", bound=Reader)


def run(plan: Plan, draws: Draws) -> Log:
    """Play a plan under its draws. The log equals that of the SimPy engine, bit for bit."""
    visits = FIRST_VISITS
    while True:
        world, layout = build(
            plan, draws, visits, rows=256 + sum(_rows(plan, draws, r) for r in range(len(plan.routes)))
        )
        n = counts(world)
        while (state := play(world, n, plan.runs_for)) == x.LOG_FULL:
            world = roomier(world, n)
        if is_over(state):
            break
        visits = more(visits)
    written = {name.removeprefix("log_"): getattr(world, name)[: n[x.ROWS]] for name in LOG_TYPES}
    helper, started = world.helper[: n[x.HELPS]].copy(), world.started[: n[x.STARTED]].copy()
    del world, layout  # or memory would hold the whole log twice
    order = in_order(written["case"], draws.bases[-1])
    visits_ = Visits(**columns_in_order(written, order, COLUMN_TYPES))
    cases = cases_of(draws, started[:, x.STARTED_CASE], started[:, x.STARTED_AT])
    return Log(plan, "fast", draws.seed, draws.replication, visits_, _helpers(helper, order), cases)


def _helpers(helper: Ints, order: NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """Further people on visits, by the visit's row in the final order."""
    if not helper.size:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    helped = place[helper[:, x.HELPED_ROW]]
    by_row = np.argsort(helped, kind="stable")
    return helped[by_row], helper[by_row, x.HELPER]


def is_over(state: int) -> bool:
    """Whether a run is over; if not, it must be begun anew, with luck for more visits."""
    if state == x.SLOTS_FULL:
        raise bad_input("--engine fast", f"more than {x.SLOT:,} cases are in the shop at once; use --engine simpy")
    return state == x.DONE


def _rows(plan: Plan, draws: Draws, route: int) -> int:
    """A guess at the rows of a route: for cases of streams every step once, for others some."""
    sizes = sum(feed.size if feed.stream >= 0 else feed.size // 4 for feed in draws.feeds[route])
    return sizes * len(plan.route_steps(route))


def roomier(world: World, n: Ints) -> World:
    """The world with twice the room for its log."""
    larger = {name: _grown(getattr(world, name), int(n[x.ROWS])) for name in LOG_TYPES}
    return world._replace(helper=_grown(world.helper, int(n[x.HELPS])), **larger)


def _grown(old: NDArray[np.generic], rows: int) -> NDArray[np.generic]:
    new = np.empty((2 * len(old) + 1, *old.shape[1:]), dtype=old.dtype)
    new[:rows] = old[:rows]
    return new


def tell(plan: Plan, draws: Draws, reader: Callable[[], R]) -> R:
    """Play a plan and tell its log piece by piece: for measures of runs whose log nobody keeps. Memory does not grow
    with the length of the log. `reader` makes a new reader; it is called again if the run must be begun anew.
    """
    visits = FIRST_VISITS
    while True:
        world, layout = build(plan, draws, visits, PIECE)
        n, mine = counts(world), reader()
        while (state := play(world, n, plan.runs_for)) in (x.LOG_FULL, x.DONE):
            rows = {name.removeprefix("log_"): getattr(world, name)[: n[x.ROWS]] for name in LOG_TYPES}
            mine.read(rows, world.helper[: n[x.HELPS]])
            n[x.ROWS] = n[x.HELPS] = 0
            if state == x.DONE:
                return mine
        is_over(state)
        visits = more(visits)
        del layout  # until here it kept the luck alive
