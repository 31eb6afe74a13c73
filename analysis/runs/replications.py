"""Replications: the same plan under fresh luck, in as many processes as asked for, with every measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.measures import Key, measure_all
from analysis.measures.offered import measure_offered
from analysis.measures.over_time import fold, hourly
from analysis.measures.samples import Samples, sample_cycles
from analysis.measures.view import View
from analysis.runs.memory import refuse_too_much
from analysis.runs.result import Result
from analysis.runs.workers import cores, run_jobs
from sim.choose_engine import AUTO, choose, must_exist, ready
from sim.choose_engine import engine as engine_of
from sim.draws import SEED_MAX, Draws
from sim.faults import bad_input
from sim.language import say
from sim.plan import Plan

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Job:
    """One replication to be played and measured."""

    plan: Plan
    seed: int
    replication: int
    engine: str
    log_folder: Path | None = None
    """Where to write the whole log, if it is wanted."""

    def __str__(self) -> str:
        return say("replication {replication}", replication=self.replication)


@dataclass(frozen=True)
class Measured:
    """What is kept of one replication."""

    values: dict[Key, float]
    over_time: dict[tuple[str, str], Floats]
    cycles: Samples


def replicate(
    plan: Plan,
    replications: int = 10,
    seed: int = 1,
    workers: int | None = None,
    engine: str = AUTO,
    progress: Callable[[int], None] | None = None,
    log_folder: Path | None = None,
    plain: bool = False,
) -> Result:
    """Play a plan `replications` times (1 … 1,000,000) and measure each.

    The result is the same for any number of `workers` (default: all cores). `progress` is called with the number of
    replications done; `log_folder` asks for the whole log of each; `engine` is "auto", "simpy" or "fast" (the result is
    the same); `plain` leaves out what is known of the orders that came. Raises BadInput for what makes no sense.
    """
    check(replications, seed, workers, engine)
    refuse_too_much(plan, min(workers or cores(), replications))
    engine = ready(choose(engine, plan, replications))
    jobs = [Job(plan, seed, number, engine, log_folder) for number in range(replications)]
    return together(plan, seed, engine, run_jobs(measure, jobs, workers, progress), plain=plain)


def together(
    plan: Plan,
    seed: int,
    engine: str,
    measured: Sequence[Measured],
    precision: Mapping[str, float] | None = None,
    plain: bool = False,
) -> Result:
    """The result of replications, in their order."""
    return Result(
        plan=plan,
        seed=seed,
        engine=engine,
        keys=tuple(measured[0].values),
        values=np.array([list(each.values.values()) for each in measured]),
        over_time={key: np.array([each.over_time[key] for each in measured]) for key in measured[0].over_time},
        cycles=[each.cycles for each in measured],
        precision=dict(precision or {}),
        plain=plain,
    )


def check(replications: int, seed: int, workers: int | None, engine: str) -> None:
    """Raises BadInput for options that make no sense, before anything is begun."""
    if not 1 <= replications <= 1_000_000:
        raise bad_input("--replications", say("must be 1 … 1,000,000; got {replications}", replications=replications))
    if not 0 <= seed <= SEED_MAX:
        raise bad_input("--seed", say("must be 0 … 2^63 - 1; got {seed}", seed=seed))
    if workers is not None and not 1 <= workers <= 1024:
        raise bad_input("--workers", say("must be 1 … 1024; got {workers}", workers=workers))
    must_exist(engine)


def measure(job: Job) -> Measured:
    """Play one replication and take everything from its log that results are made of."""
    draws = Draws(job.plan, job.seed, job.replication)
    log = engine_of(job.engine)(job.plan, draws)
    view = View(log)
    if job.log_folder is not None:
        from analysis.store.log_files import write_log

        write_log(log, job.log_folder)
    values = measure_all(view)
    values.update({(kind, place, name): value for kind, place, name, value in measure_offered(job.plan, draws)})
    return Measured(values, fold(view, hourly(view)), sample_cycles(view))
