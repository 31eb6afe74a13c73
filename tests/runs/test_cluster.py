"""Experiments on the workers of a Dask scheduler: the same tables, also when a worker is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import run_sim
import sim
from analysis.questions.marginal import marginal
from analysis.runs.observe import Setting

ROOT = Path(__file__).parents[2]
SHORT = {"runs_for": "4 weeks", "warm_up": "1 week"}
QUIET = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}


def dask(*words: str) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-m", *words, "--no-dashboard"]
    return subprocess.Popen(program, cwd=ROOT, env=QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler on this machine, and its two workers."""
    pytest.importorskip("distributed")
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    scheduler = dask(
        "distributed.cli.dask_scheduler", "--port", "0", "--host", "127.0.0.1", "--scheduler-file", str(file)
    )
    end = time.monotonic() + 60
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.1)
    address = json.loads(file.read_text())["address"]
    one = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny")
    workers = [dask(*one), dask(*one)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def test_a_killed_worker_changes_nothing(cluster: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    address, workers = cluster
    plan = sim.load(ROOT / "scenarios" / "solo_founder.toml", SHORT)
    expected = marginal(plan, 8, Setting(engine="simpy", workers=1)).tables[1].frame.to_csv()
    killed: list[int] = []

    def kill_one(done: int, of: int) -> None:
        if done >= 3 and not killed:
            workers[0].send_signal(signal.SIGKILL)
            killed.append(done)

    setting = Setting(engine="simpy", cluster=address, progress=kill_one)
    assert marginal(plan, 8, setting).tables[1].frame.to_csv() == expected
    assert killed
    assert killed[0] < 8 * 3


def test_nobody_there(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    scenario = str(ROOT / "scenarios" / "solo_founder.toml")
    code = run_sim.main(
        ["marginal", scenario, "-n", "2", "--no-store", "--cluster", "tcp://127.0.0.1:9", "--engine", "simpy"]
    )
    assert code == 2
    assert "there is no Dask scheduler at tcp://127.0.0.1:9" in capsys.readouterr().err
