"""The same seed gives the same bytes: for any number of workers and any hash seed, alone or in a set, and after a
worker was killed.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import sim
from analysis.runs import replicate
from tests.long import Finding, Report, tell

ROOT = Path(__file__).parents[2]
SHOP = "scenarios/growing_store.toml"
WORKERS = ("1", "2", "4")
HASH_SEEDS = ("0", "1", "random")


def run(replications: int) -> Report:
    """Run the command line again and again."""
    return Report(list(_findings(replications)))


def _findings(replications: int) -> Iterator[Finding]:
    wanted = _hash(_start("1", "0", replications).communicate()[0])
    same, settings = 0, list(itertools.product(WORKERS, HASH_SEEDS))
    for workers, hash_seed in settings:
        tell(f"determinism: {workers} workers, hash seed {hash_seed}")
        same += _hash(_start(workers, hash_seed, replications).communicate()[0]) == wanted
    what = f"bytes of `run_sim.py {SHOP} --json`, {', '.join(WORKERS)} workers x hash seeds {', '.join(HASH_SEEDS)}"
    yield Finding(what, f"{same} of {len(settings)} the same", f"{len(settings)}", same == len(settings))
    output, killed = _with_a_killed_worker(replications)
    holds = killed and _hash(output) == wanted
    said = "the same bytes" if _hash(output) == wanted else "other bytes"
    yield Finding(
        "one of two workers killed on the way", said if killed else "none could be killed", "the same bytes", holds
    )
    yield _alone_or_in_a_set()


def _start(workers: str, hash_seed: str, replications: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "run_sim.py", SHOP, "--json", "-n", str(replications), "--workers", workers]
    env = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE)


def _hash(output: bytes) -> str:
    return hashlib.sha256(output).hexdigest() if output else "nothing"


def _with_a_killed_worker(replications: int) -> tuple[bytes, bool]:
    """The output of a run one of whose workers was killed a second after it began, and whether one was."""
    process = _start("2", "0", replications)
    deadline = time.monotonic() + 30
    while not (workers := _children(process.pid)) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    time.sleep(1)
    killed = bool(workers) and process.poll() is None
    if killed:
        os.kill(workers[0], signal.SIGKILL)
    return process.communicate()[0], killed


def _children(parent: int) -> list[int]:
    """The processes that a process started (where there is a /proc)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def _alone_or_in_a_set() -> Finding:
    plan = sim.load(ROOT / SHOP, {"runs_for": "2 weeks"})
    few, many = replicate(plan, 2, seed=5, workers=1), replicate(plan, 5, seed=5, workers=2)
    same = np.array_equal(few.values, many.values[:2], equal_nan=True)
    what = "the first two replications, of two and of five"
    return Finding(what, "the same values" if same else "other values", "the same values", same)
