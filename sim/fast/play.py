"""The compiled engine: lays out the tables, plays, returns the log of the run, or hands its rows over in pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from numpy.typing import NDArray

from sim.draws import Draws
from sim.fast import lexicon as x
from sim.fast.kernel import play
from sim.fast.ordering import Kept
from sim.fast.tables import LOG_TYPES, build, counts, more, roomier
from sim.fast.world import Ints
from sim.faults import bad_input
from sim.language import say
from sim.log import Log, cases_of
from sim.plan import Plan

FIRST_VISITS = 4
"""Visits of a step for which luck is laid out at first; if a case comes more often, the run is begun anew with
more.
"""

PIECE = 131_072
"""Rows of the log that are told at a time."""


class Reader(Protocol):
    """Somebody who wants the rows of a log, but not all of them at once."""

    def read(self, rows: dict[str, NDArray[Any]], helpers: Ints, stretches: Ints) -> None:
        """Take in some rows: columns as in `sim.log.Visits`, in the order in which visits ended; (row, person) of
        everybody but the first on visits that took several; and (row, person, began, left) of visits that were handed
        back. All is overwritten after the call.
        """


R = TypeVar("R", bound=Reader)


def run(plan: Plan, draws: Draws) -> Log:
    """Play a plan under its draws. The log equals that of the SimPy engine, bit for bit."""
    kept, started = _play(plan, draws, Kept)
    visits, helpers, stretches = kept.in_order(draws.bases[-1])
    cases = cases_of(draws, started[:, x.STARTED_CASE], started[:, x.STARTED_AT])
    return Log(plan, "fast", draws.seed, draws.replication, visits, helpers, stretches, cases)


def tell(plan: Plan, draws: Draws, reader: Callable[[], R]) -> R:
    """Play a plan and tell its log piece by piece: for measures of runs whose log nobody keeps. Memory does not grow
    with the length of the log. `reader` makes a new reader; it is called again if the run must be begun anew.
    """
    return _play(plan, draws, reader)[0]


def _play(plan: Plan, draws: Draws, reader: Callable[[], R]) -> tuple[R, Ints]:
    """Who has read the whole log, and the table of cases that others started."""
    visits = FIRST_VISITS
    while True:
        world, layout = build(plan, draws, visits, PIECE)
        n, mine = counts(world), reader()
        while (state := play(world, n, plan.runs_for)) in (x.LOG_FULL, x.PAST_FULL, x.DONE):
            if state == x.PAST_FULL:
                world = roomier(world, n)
                continue
            rows = {name.removeprefix("log_"): getattr(world, name)[: n[x.ROWS]] for name in LOG_TYPES}
            mine.read(rows, world.helper[: n[x.HELPS]], world.stretch[: n[x.STRETCHES]])
            if state == x.DONE:
                return mine, world.started[: n[x.STARTED]].copy()
            n[x.ROWS] = n[x.HELPS] = n[x.STRETCHES] = 0
        is_over(state)
        visits = more(visits)
        del layout  # until here it kept the luck alive


def is_over(state: int) -> bool:
    """Whether a run is over; if not, it must be begun anew, with luck for more visits."""
    if state == x.SLOTS_FULL:
        raise bad_input(
            "--engine fast", say("more than {SLOT:,} cases are in the shop at once; use --engine simpy", SLOT=x.SLOT)
        )
    return state == x.DONE
