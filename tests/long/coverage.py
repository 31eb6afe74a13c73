"""How often does the 95 % interval hold the truth? M/M/1 from empty, where the truth is known exactly.

Experiment k is what `replicate(plan, n, seed=k)` would do: n replications under seed k, the mean wait of the first
customers in each, a Student-t interval over these. Waits of few customers are skewed, so that intervals from few
replications hold the truth less often than they say, with any program; that is shown, not hidden, and the figures are
held against the same experiment with plain exponential numbers of NumPy, and against a published table.

A hundred thousand replications take the engine an hour. So waits are computed by Lindley's recursion (Lindley 1952,
"The theory of queues with a single server") from the very draws that the engine would get; that both agree to the
millisecond is checked first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.runs.workers import run_jobs
from analysis.statistics import estimate_rows
from sim.draws import Draws
from sim.plan import Plan
from tests.helpers.formulas import mm1_first_waits
from tests.helpers.textbook import FOLDER
from tests.long import Finding, Report, tell

CUSTOMERS = (100, 1000)
REPLICATIONS = (10, 100)
LOAD = 0.8

LAW = {5: (0.880, 0.024), 10: (0.864, 0.025), 20: (0.886, 0.023), 40: (0.914, 0.021)}
"""Law (2015), sec. 9.4.1: coverage of 90 % intervals for the first 25 waits at load 0.9 in 500 experiments each, by
replications, with the half-width of its own 90 % interval."""

Floats = NDArray[np.float64]


def run(experiments: int) -> Report:
    """Compare engine and recursion, then count how often intervals hold the truth."""
    findings = [_same_waits(20)]
    findings += _coverages(experiments)
    findings += _published(max(experiments // 2, 100))
    return Report(findings)


def plan_at(load: float, customers: int) -> Plan:
    """One clerk, a customer every two minutes, long enough for so many to come (six standard deviations)."""
    minutes = 2 * math.ceil(customers + 6 * math.sqrt(customers) + 20)
    overrides = {
        "runs_for": f"{minutes} min",
        "warm_up": "0 s",
        "route.customer.serve.takes.exponential.mean": f"{2 * load} min",
    }
    return sim.load(FOLDER / "one_clerk.toml", overrides)


def first_waits(plan: Plan, seed: int, replication: int, customers: int) -> NDArray[np.int64]:
    """Waits of the first customers (ms), from the draws by Lindley's recursion."""
    arrived, service = _luck(plan, seed, replication, customers)
    waits = np.zeros(customers, dtype=np.int64)
    for n in range(1, customers):
        waits[n] = max(0, waits[n - 1] + service[n - 1] - (arrived[n] - arrived[n - 1]))
    return waits


def _luck(plan: Plan, seed: int, replication: int, customers: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    draws = Draws(plan, seed, replication)
    arrived = draws.cases[0].arrived[:customers]
    if arrived.size < customers:
        raise RuntimeError(f"only {arrived.size} customers came")
    return arrived, np.frombuffer(draws.column(0, "takes"), dtype=np.int64)[:customers]


def mean_waits(job: tuple[Plan, int, int, tuple[int, ...]]) -> Floats:
    """(number of customers, replication) → mean wait of the first customers in mean services, under one seed."""
    plan, seed, replications, customers = job
    luck = [_luck(plan, seed, n, max(customers)) for n in range(replications)]
    arrived = np.array([each[0] for each in luck]).T
    service = np.array([each[1] for each in luck]).T
    law = plan.steps[0].takes
    assert law is not None
    return _means(np.diff(arrived, axis=0), service, customers) / law.scale


def plain_mean_waits(job: tuple[float, int, int, tuple[int, ...]]) -> Floats:
    """The same with plain exponential numbers."""
    load, seed, replications, customers = job
    rng, size = np.random.default_rng([seed, 20_000]), (max(customers), replications)
    return _means(rng.exponential(1 / load, size)[1:], rng.exponential(1.0, size), customers)


def _means(gaps: NDArray[np.generic], service: NDArray[np.generic], customers: tuple[int, ...]) -> Floats:
    """Lindley's recursion for many replications side by side."""
    wait, total, found = np.zeros(service.shape[1]), np.zeros(service.shape[1]), []
    for n in range(max(customers)):
        if n:
            wait = np.maximum(0, wait + service[n - 1] - gaps[n - 1])
            total = total + wait
        if n + 1 in customers:
            found.append(total / (n + 1))
    return np.array(found)


def _same_waits(runs: int) -> Finding:
    plan, customers = plan_at(LOAD, max(CUSTOMERS)), max(CUSTOMERS)
    same = 0
    for number in range(runs):
        log = sim.simulate(plan, seed=number, replication=number)
        rows = log.visits.step == 0
        waits = (log.visits.began - log.visits.joined)[rows][:customers]
        same += bool((waits == first_waits(plan, number, number, customers)).all())
    return Finding(
        f"first {customers:,} waits: engine = recursion, to the ms", f"{same} of {runs} runs", f"{runs}", same == runs
    )


def _coverages(experiments: int) -> Iterator[Finding]:
    plan, most = plan_at(LOAD, max(CUSTOMERS)), max(REPLICATIONS)
    seeds = range(1, experiments + 1)
    ours = run_jobs(mean_waits, [(plan, seed, most, CUSTOMERS) for seed in seeds], progress=_told(experiments))
    plain = run_jobs(plain_mean_waits, [(LOAD, seed, most, CUSTOMERS) for seed in seeds], progress=_told(experiments))
    for i, customers in enumerate(CUSTOMERS):
        truth = float(mm1_first_waits(LOAD, customers).mean())
        for n in REPLICATIONS:
            found, usual = (share_holding([each[i, :n] for each in waits], truth, 0.95) for waits in (ours, plain))
            bound = 4 * math.sqrt(2 * usual * (1 - usual) / experiments)
            what = (
                f"95 % interval, load {LOAD}, first {customers:,} waits, {n} replications, {experiments:,} experiments"
            )
            yield Finding(
                what, f"{found:.3f}", f"{usual:.3f} (plain numbers) ± {bound:.3f}", abs(found - usual) <= bound
            )
    every = np.concatenate([each[1] for each in ours])
    truth = float(mm1_first_waits(LOAD, CUSTOMERS[1]).mean())
    z = float((every.mean() - truth) / (every.std(ddof=1) / math.sqrt(every.size)))
    what = f"mean wait of the first {CUSTOMERS[1]:,}, {every.size:,} replications: z to the exact {truth:.4f} services"
    yield Finding(what, f"{z:.2f}", "within ± 4", abs(z) < 4)


def _published(experiments: int) -> Iterator[Finding]:
    plan, most = plan_at(0.9, 25), max(LAW)
    truth = float(mm1_first_waits(0.9, 25).mean())
    waits = run_jobs(mean_waits, [(plan, seed, most, (25,)) for seed in range(1, experiments + 1)])
    for n, (published, half) in LAW.items():
        found = share_holding([each[0, :n] for each in waits], truth, 0.90)
        bound = 4 * math.hypot(half / 1.645, math.sqrt(0.9 * 0.1 / experiments))
        what = f"90 % interval, load 0.9, first 25 waits, {n} replications, {experiments:,} experiments"
        holds = abs(found - published) <= bound
        yield Finding(what, f"{found:.3f}", f"{published:.3f} (Law 2015) ± {bound:.3f}", holds)


def share_holding(experiments: list[Floats], truth: float, confidence: float) -> float:
    """The share of experiments whose interval holds the truth."""
    means, halves, _ = estimate_rows(np.array(experiments).T, confidence)
    return float((np.abs(means - truth) <= halves).mean())


def _told(experiments: int) -> Callable[[int], None]:
    return lambda n: tell(f"coverage: {n} of {experiments} experiments")
