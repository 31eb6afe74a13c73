"""Whatever happens to an experiment, the table is that of an undisturbed one, byte for byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN_SIM = [sys.executable, str(ROOT / "run_sim.py")]
SCENARIO = str(ROOT / "scenarios" / "solo_founder.toml")
SHORT = ["--set", "runs_for=13 weeks", "--set", "warm_up=1 week", "-n", "40", "-q"]
RUNS = 40 * 3
"""Seconds of work for the slow engine on any machine, and results are kept several times a second: there is a middle
to be stopped in."""


def command(*more: str) -> list[str]:
    return [*RUN_SIM, "marginal", SCENARIO, *SHORT, *more]


def play(folder: Path, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*more), cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("tables/*.csv"))}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("undisturbed")
    done = play(folder, "--workers", "1", "--engine", "fast", "--no-store")
    assert done.returncode == 0, done.stderr
    found = tables(folder)
    assert set(found) == {"ranking.csv", "marginal.csv"}
    return found


@pytest.mark.parametrize(
    ("workers", "engine", "hash_seed"), [("2", "fast", "0"), ("8", "fast", "1"), ("3", "simpy", "random")]
)
def test_neither_workers_nor_engine_nor_hashes_matter(
    undisturbed: dict[str, bytes], tmp_path: Path, workers: str, engine: str, hash_seed: str
) -> None:
    done = play(tmp_path, "--workers", workers, "--engine", engine, "--no-store", PYTHONHASHSEED=hash_seed)
    assert done.returncode == 0, done.stderr
    assert tables(tmp_path) == undisturbed


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_an_experiment_that_was_stopped_goes_on(
    undisturbed: dict[str, bytes], tmp_path: Path, how: signal.Signals
) -> None:
    slow = ("--engine", "simpy", "--workers", "2")
    process = subprocess.Popen(command(*slow), cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while stored(tmp_path) < 2 and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    before = stored(tmp_path)
    assert 2 <= before < RUNS, "stopped in the middle"
    if how is not signal.SIGKILL:
        assert process.returncode == 130
        assert "Go on with: python run_sim.py marginal" in said
        assert not list((tmp_path / "results").glob(".results*")), "no draft is left"
    done = play(tmp_path, *slow)
    assert done.returncode == 0, done.stderr
    assert tables(tmp_path) == undisturbed
    status = subprocess.run([*RUN_SIM, "status"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert status.strip() == f"marginal_solo_founder: {RUNS} of {RUNS} jobs"


def stored(folder: Path) -> int:
    """Runs that are in the store, as somebody sees who only looks."""
    import sqlite3

    file = folder / "results" / "store" / "store.sqlite"
    if not file.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5) as database:
            return int(database.execute("SELECT count(*) FROM results").fetchone()[0])
    except sqlite3.Error:
        return 0
