"""How long a store of results takes: to add, to ask what is known, to open as one table.

    python -m benchmarks.store                           100,000 results of 60 measures
    python -m benchmarks.store --results 10000 --measures 1300 --json

Seconds of the clock, and of CPU time for the table (a busy machine stretches the others), with the file in the
machine's cache; a batch is one transaction, on the disk when it is over.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # noqa: F401  (imported before the clock runs)

import sim
from analysis.store import JobId, open_store

SCENARIO = Path(__file__).with_name("fulfilment.toml")


def measure(results: int, measures: int, batch: int) -> dict[str, Any]:
    plan = sim.load(SCENARIO)
    keys = [("step", f"order/step {number}", "wait_min") for number in range(measures)]
    values = np.random.default_rng(1).random((results, measures))
    jobs = [JobId(plan.digest(), 1, number, "simpy", "all-1") for number in range(results)]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        with open_store(folder) as store:
            store.add_plan(plan)
            for first in range(0, results, batch):
                some = slice(first, first + batch)
                store.add(dict(zip(jobs[some], values[some], strict=True)), keys)
            added = time.perf_counter()
            size = store.path.stat().st_size
        opening, cpu = time.perf_counter(), time.process_time()
        with open_store(folder) as store:
            assert store.table().shape == (results, 5 + measures)
            opened, cpu = time.perf_counter(), time.process_time() - cpu
            assert len(store.known(jobs)) == results
            known = time.perf_counter()
    return {
        "results": results,
        "measures": measures,
        "add_s": round(added - start, 2),
        "ms_per_batch": round(1000 * (added - start) * batch / results, 1),
        "open_as_table_s": round(opened - opening, 2),
        "open_as_table_cpu_s": round(cpu, 2),
        "known_s": round(known - opened, 2),
        "mb": round(size / 1e6, 1),
    }


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--results", type=int, default=100_000)
    parser.add_argument("--measures", type=int, default=60)
    parser.add_argument("--batch", type=int, default=1000, help="results in a transaction")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if min(given.results, given.measures, given.batch) < 1:
        parser.error("--results, --measures and --batch must be at least 1")
    found = measure(given.results, given.measures, given.batch)
    if given.json:
        print(json.dumps(found))
    else:
        for what, value in found.items():
            print(f"{what.replace('_', ' '):<22}{value:>12,}")


if __name__ == "__main__":
    main()
