"""The two engines side by side: at which instant do they part, and over what?

    python -m sim.verify.twins SCENARIO [--seed N] [--replication N] [--set PATH=VALUE]

Exit codes: 0 both leave the same log, 1 they differ, 2 bad input.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import sim
from sim.choose_engine import engine
from sim.draws import SEED_MAX, Draws
from sim.engine.play import run
from sim.faults import BadInput, bad_input
from sim.log import Log
from sim.plan import Plan
from sim.reading.source import parse_override
from sim.verify.moments import Moment, Person, Reader, Row, of_floor, of_tables
from sim.verify.twins_in_words import ENGINES, in_words

if TYPE_CHECKING:
    from sim.engine.floor import Floor


class Difference(NamedTuple):
    """Where the engines part. Printed, it says so in words."""

    plan: Plan
    instant: int
    """The first instant (ms) after which they do not stand alike."""
    rows: tuple[Row | None, Row | None]
    """The first row of the log that differs, from the SimPy engine and from the compiled one; None: there is none."""
    moments: tuple[Moment, Moment]
    """How they stand after it."""

    def __str__(self) -> str:
        return in_words(self.plan, self.instant, self.rows, self.moments)


class _Parted(Exception):
    """Ends the run of the SimPy engine."""

    def __init__(self, difference: Difference) -> None:
        self.difference = difference


def difference(one: Log, other: Log, draws: Draws) -> str:
    """What differs between the logs of the two engines, found by stepping them; empty if nothing does."""
    different = first_difference(one, other)
    if not different:
        return ""
    parted = step_twins(one.plan, draws)
    return str(parted) if parted else f"The logs grew alike and were put in order otherwise: {different}"


def first_difference(a: Log, b: Log) -> str:
    """Where two finished logs first differ; empty if they are the same, bit for bit."""
    for table in ("visits", "stretches", "cases"):
        one, other = getattr(a, table), getattr(b, table)
        for name in one.__dataclass_fields__:
            x, y = getattr(one, name), getattr(other, name)
            if x.dtype != y.dtype or x.shape != y.shape:
                return f"{table}.{name}: {x.dtype}{x.shape} against {y.dtype}{y.shape}"
            if not np.array_equal(x, y):
                row = int(np.flatnonzero(x != y)[0])
                return f"{table}.{name}, row {row}: {x[row]} against {y[row]}"
    same = all(np.array_equal(x, y) for x, y in zip(a.helpers, b.helpers, strict=True))
    return "" if same else "helpers"


def step_twins(plan: Plan, draws: Draws) -> Difference | None:
    """Play both engines instant by instant. Returns the first instant after which they differ, None if there is none.

    Compared are the rows of the log so far, who is on shift, free, and holds how many cases, who waits in every queue
    in which order, where every case is, and which cases were started.
    """
    engine("fast")  # says what to install, if need be
    from sim.fast.stepped import Stepped

    stepped = Stepped(plan, draws)
    of_simpy, of_fast = Reader(), Reader()
    known = _nothing(plan)

    def play_alone(until: int) -> None:
        """Instants at which only the compiled engine has something to do: it must change nothing."""
        while (instant := stepped.next_instant()) < until:
            stepped.play(instant + 1)
            _compare(plan, instant, known, of_tables(stepped, of_fast))

    def watch(floor: Floor) -> None:
        nonlocal known
        now = floor.env.now
        play_alone(now)
        stepped.play(now + 1)
        moment = of_floor(floor, of_simpy)
        _compare(plan, now, moment, of_tables(stepped, of_fast))
        known = moment.later()

    try:
        run(plan, draws, watch)
        play_alone(plan.runs_for)
        stepped.play(plan.runs_for)  # now it tells the visits that are not over
        _compare(plan, plan.runs_for, known, of_tables(stepped, of_fast))
    except _Parted as parted:
        return parted.difference
    return None


def _nothing(plan: Plan) -> Moment:
    """Before the first instant."""
    return Moment([], [Person(False, False, 0)] * len(plan.people), [[] for _ in plan.lines], {}, [])


def _compare(plan: Plan, instant: int, one: Moment, other: Moment) -> None:
    if one != other:
        raise _Parted(Difference(plan, instant, _first_different(one.rows, other.rows), (one, other)))


def _first_different(one: list[Row], other: list[Row]) -> tuple[Row | None, Row | None]:
    """The rows of the first visit that is not told alike."""
    told = [{(row.case, row.step, row.visit): row for row in rows} for rows in (one, other)]
    for visit in sorted({**told[0], **told[1]}, key=lambda visit: visit[0]):
        rows = told[0].get(visit), told[1].get(visit)
        if rows[0] != rows[1]:
            return rows
    return None, None


def _draws(plan: Plan, seed: int, replication: int) -> Draws:
    if not 0 <= seed <= SEED_MAX:
        raise bad_input("--seed", f"must be 0 … 2^63 - 1; got {seed}")
    if replication < 0:
        raise bad_input("--replication", f"must be 0 or more; got {replication}")
    return Draws(plan, seed, replication)


def main(arguments: list[str] | None = None) -> int:
    """Compare the engines on a scenario; returns the exit code."""
    parser = argparse.ArgumentParser("python -m sim.verify.twins", description="At which instant do the engines part?")
    parser.add_argument("scenario", help="the file of the shop")
    parser.add_argument("--seed", type=int, default=1, help="the luck")
    parser.add_argument("--replication", type=int, default=0, help="which replication of that seed")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="change a value")
    options = parser.parse_args(arguments)
    try:
        plan = sim.load(options.scenario, dict(parse_override(text) for text in options.set))
        draws = _draws(plan, options.seed, options.replication)
        one, other = (engine(name)(plan, draws) for name in ENGINES)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    different = difference(one, other, draws)
    print(different or f"Both engines leave the same {one.visits.case.size:,} rows.")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
