"""What a killed run left is swept by the next; what a living one makes is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.output.folder import DRAFT, MARK, Draft
from analysis.store.leftovers import OWNER, TOO_OLD, Making, sweep

fcntl = pytest.importorskip("fcntl")
ROOT = Path(__file__).parents[2]

WAITS = """
import sys, time
from pathlib import Path
from analysis.store.leftovers import Making
made = Making(".results-", Path(sys.argv[1]), aside=sys.argv[2])
if sys.argv[2]:
    (Path(sys.argv[1]) / sys.argv[2]).rename(made.path / sys.argv[2])
print("made", flush=True)
time.sleep(60)
"""


@pytest.fixture
def maker(tmp_path: Path):
    """A process that makes a folder, and waits to be killed."""
    found = []

    def start(aside: str = "") -> subprocess.Popen:
        command = [sys.executable, "-c", WAITS, str(tmp_path), aside]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "made\n"
        found.append(process)
        return process

    yield start
    for process in found:
        process.kill()
        process.wait()


def kill(process: subprocess.Popen) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_what_a_killed_run_left_goes_and_what_a_living_one_makes_stays(tmp_path, maker):
    living, killed = maker(), maker()
    kill(killed)
    assert len(list(tmp_path.iterdir())) == 2
    draft = Draft(tmp_path / "out", force=False)
    assert len(list(tmp_path.iterdir())) == 2, "the draft and that of the living one"
    draft.discard()
    assert [path.name.startswith(DRAFT) for path in tmp_path.iterdir()] == [True]
    assert living.poll() is None


def test_results_that_were_put_aside_when_a_run_was_killed_come_back(tmp_path, maker):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / MARK).write_text("{}")
    kill(maker("out"))
    assert not (tmp_path / "out").exists()
    sweep(DRAFT, tmp_path)
    assert (tmp_path / "out" / MARK).read_text() == "{}"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_without_an_owner_is_left_alone_until_it_is_old(tmp_path):
    (tmp_path / f"{DRAFT}x").mkdir()
    sweep(DRAFT, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    old = time.time() - TOO_OLD - 1
    os.utime(tmp_path / f"{DRAFT}x", (old, old))
    sweep(DRAFT, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_is_done_has_no_owner_any_more(tmp_path):
    made = Making(DRAFT, tmp_path)
    assert (made.path / OWNER).exists()
    made.done()
    assert not (made.path / OWNER).exists()
