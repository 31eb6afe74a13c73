"""What a run needs is told before it begins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import run_sim
import sim
from analysis.runs import memory, replicate
from sim.faults import BadInput

ROOT = Path(__file__).parents[2]
CLERK = str(ROOT / "scenarios" / "textbook" / "one_clerk.toml")
MEASURED = """
import sys, sim
from benchmarks.fulfilment import peak_bytes
from analysis.runs.replications import Job, measure
from sim.choose_engine import ready
ready("fast")
measure(Job(sim.load(sys.argv[1], {"runs_for": "1 day", "warm_up": "1 h"}), 1, 0, "fast"))
before = peak_bytes()
measure(Job(sim.load(sys.argv[1], {"arrivals.customer.per_hour": float(sys.argv[2])}), 1, 0, "fast"))
print(peak_bytes() - before)
"""


@pytest.mark.parametrize("per_hour", [600, 1800])
def test_the_estimate_is_right_within_a_factor_of_two(per_hour):
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, CLERK, str(per_hour)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    estimate = memory.needed(sim.load(CLERK, {"arrivals.customer.per_hour": per_hour}))
    assert estimate / 2 < float(done.stdout) < estimate * 2


def test_what_the_machine_cannot_hold_is_refused_before_it_begins(monkeypatch, capsys):
    monkeypatch.setattr(memory, "of_the_machine", lambda: 2**20)
    with pytest.raises(BadInput, match="GiB of memory would be needed, and this machine has"):
        replicate(sim.load(CLERK), 2)
    assert run_sim.main([CLERK, "--check"]) == 2
    assert "let fewer cases come" in capsys.readouterr().err


def test_luck_of_cases_that_others_may_start_counts():
    plan = sim.load(ROOT / "scenarios" / "growing_store.toml")
    alone = plan.model_copy(update={"streams": plan.streams[1:]})
    assert memory.needed(plan) > 1.5 * memory.needed(alone)
    assert memory.needed(plan, 4) == 4 * memory.needed(plan)


def test_a_machine_that_does_not_say_refuses_nothing(monkeypatch):
    monkeypatch.setattr(memory, "of_the_machine", lambda: 0)
    memory.refuse_too_much(sim.load(CLERK), 10**9)
