"""The compiled engine with every index checked: no table is read or written outside its bounds on random shops.

Plain machine code takes every index as it stands. Compiled with NUMBA_BOUNDSCHECK=1 (its own folder of machine code, a
fifth of the speed) each is held against its table, and one outside raises IndexError. So it is done in a process
of its own: `python -m tests.long.indices 30`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from sim.choose_engine import engine
from sim.draws import Draws
from tests.helpers.strategies import plan_or_reject, seeds, shops
from tests.long import Finding, Report

FIRST_SEED = 50_000
ROOT = Path(__file__).parents[2]


def run(examples: int) -> Report:
    """Play so many random shops on the engine that checks."""
    done = checked(["-m", "tests.long.indices", str(examples)])
    figure = f"{examples:,} shops: {'none' if done.returncode == 0 else done.stderr.strip().splitlines()[-1]}"
    return Report([Finding("indices outside their table", figure, "none", done.returncode == 0)], "")


def checked(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """A Python in which the engine is compiled with checks."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "NUMBA_BOUNDSCHECK": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def play(examples: int) -> None:
    """Play random shops in this process. Raises IndexError."""
    fast = engine("fast")

    @seed(FIRST_SEED)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(shops(), seeds)
    def look(scenario: dict[str, Any], luck: int) -> None:
        plan = plan_or_reject(scenario)
        fast(plan, Draws(plan, luck, 0))

    look()


if __name__ == "__main__":
    play(int(sys.argv[1]))
