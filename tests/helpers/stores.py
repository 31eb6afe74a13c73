"""Results to be stored in tests: any numbers do, as long as a job always has the same."""

from __future__ import annotations

import numpy as np

from analysis.store import JobId

KEYS = (("step", "order/pack", "wait_min"), ("role", "packer", "utilisation"), ("route", "order", "cycle_h"))


def jobs_of(plan, number, first=0, seed=1, measures="all-1"):
    """Ids of so many replications."""
    return [JobId(plan.digest(), seed, first + i, "simpy", measures) for i in range(number)]


def results_of(jobs, keys=KEYS):
    """The result that each job always has; every fifth has nothing to measure somewhere."""
    found = {}
    for job in jobs:
        values = np.random.default_rng([job.seed, job.replication, int(job.plan, 16)]).random(len(keys))
        found[job] = np.where((np.arange(len(keys)) == 1) & (job.replication % 5 == 0), np.nan, values)
    return found


def csv_of(store, jobs=None):
    """The store's table, as bytes."""
    return store.table(jobs).to_csv(index=False, lineterminator="\n").encode()


def same(a, b):
    """Whether two mappings hold the same results, bit for bit."""
    return a.keys() == b.keys() and all(a[job].tobytes() == b[job].tobytes() for job in a)
