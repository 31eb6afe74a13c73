"""Series: how a measure goes along the run, hour by hour or case by case, in several replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from analysis.measures import Key
from analysis.measures.over_time import Hourly, hourly
from analysis.measures.paths import key_of
from analysis.measures.view import View
from analysis.runs.observe import Setting
from analysis.runs.replications import check
from analysis.runs.workers import run_jobs
from sim.choose_engine import choose, engine, ready
from sim.draws import Draws
from sim.language import say
from sim.plan import Plan
from sim.planning.typical import cycle_of
from sim.units import HOUR, MINUTE

Floats = NDArray[np.float64]

BATCH = 5
"""Values to a batch where the shop is the same at every hour."""


@dataclass(frozen=True)
class Series:
    """A measure along the run."""

    key: Key
    values: Floats = field(repr=False)
    """(replication, point): an hour each or, of waits, a case each in the order of joining."""
    at: Floats = field(repr=False)
    """When each point begins, in hours since the start of the run (of cases: the mean over the replications)."""
    batch: int
    """As many points as there are in a cycle; five where all hours are alike."""
    cycle: int
    """After what time (ms) the shop begins again: an hour, a day or a week (`sim.planning.typical.cycle_of`)."""


def keys(plan: Plan) -> list[Key]:
    """Of what there are series: cases in progress on routes, queues and waits at steps that take time."""
    steps = [plan.step_key(number) for number, step in enumerate(plan.steps) if step.takes_time]
    routes = [("route", route.name, "in_progress") for route in plan.routes]
    return routes + [("step", step, what) for step in steps for what in ("queue", "wait_min")]


def series(plan: Plan, paths: Sequence[str], replications: int, setting: Setting) -> list[Series]:
    """Play a plan and take these series from every replication, cut to the length of the shortest.

    `paths` are such as "routes.order.in_progress", "steps.order/pack.queue" or "steps.order/pack.wait_min". Waits end
    with the first case that still waits at the end of a run. Raises BadInput for any other path.
    """
    known = keys(plan)
    chosen = tuple(dict.fromkeys(key_of(path, known, "--series") for path in paths))
    check(replications, setting.seed, setting.workers, setting.engine)
    name = choose(setting.engine, plan, replications)
    if not setting.cluster:
        ready(name)
    jobs = [Job(plan, chosen, setting.seed, number, name) for number in range(replications)]
    done = count(1)

    def report(_: object) -> None:
        if setting.progress is not None:
            setting.progress(next(done), replications)

    runs = run_jobs(play, jobs, setting.workers, arrived=report, cluster=setting.cluster)
    return [_together(plan, key, [run[number] for run in runs]) for number, key in enumerate(chosen)]


@dataclass(frozen=True)
class Job:
    """One replication of which some series are wanted."""

    plan: Plan
    keys: tuple[Key, ...]
    seed: int
    replication: int
    engine: str

    def __str__(self) -> str:
        return say("replication {replication}", replication=self.replication)


def play(job: Job) -> list[tuple[Floats, Floats]]:
    """Play one replication: of every series the values, and when each begins (hours)."""
    view = View(engine(job.engine)(job.plan, Draws(job.plan, job.seed, job.replication)))
    by_hour = hourly(view)
    return [_waits(view, key) if key[2] == "wait_min" else _by_hour(view.plan, by_hour, key) for key in job.keys]


def _by_hour(plan: Plan, by_hour: Hourly, key: Key) -> tuple[Floats, Floats]:
    if key[0] == "route":
        counted = by_hour.inside[[route.name for route in plan.routes].index(key[1])]
    else:
        counted = by_hour.queue[_step(plan, key)]
    return counted / HOUR, np.arange(counted.size, dtype=float)


def _waits(view: View, key: Key) -> tuple[Floats, Floats]:
    rows = view.by_step[_step(view.plan, key)]
    over = view.wait_over[rows]
    rows = rows if over.all() else rows[: int(np.argmin(over))]
    joined = view.visits.joined[rows]
    return view.waited[rows] / MINUTE, joined / HOUR


def _step(plan: Plan, key: Key) -> int:
    return [plan.step_key(number) for number in range(len(plan.steps))].index(key[1])


def _together(plan: Plan, key: Key, runs: Sequence[tuple[Floats, Floats]]) -> Series:
    size = min(values.size for values, _ in runs)
    values = np.array([values[:size] for values, _ in runs])
    at = np.mean([at[:size] for _, at in runs], axis=0)
    cycle = cycle_of(plan)
    return Series(key, values, at, _batch(cycle, at), cycle)


def _batch(cycle: int, at: Floats) -> int:
    """How many points there are in a cycle of the shop, on average."""
    if cycle == HOUR or at.size < 2:
        return BATCH
    return max(1, round((at.size - 1) * (cycle / HOUR) / float(at[-1] - at[0])))
