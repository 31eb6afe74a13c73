"""The compiled engine gives the log of the SimPy engine, row for row and bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import sim
from sim.draws import Draws
from sim.engine import engine
from sim.log import Log
from sim.plan import Plan
from sim.verify import verify
from tests.strategies import plan_or_reject, seeds, shops

ROOT = Path(__file__).parents[1]
SHORT = {"runs_for": "10 days", "warm_up": "1 day"}
SHIPPED = sorted(path for path in (ROOT / "scenarios").glob("*.toml") if "gift" not in path.name)
TEXTBOOK = sorted((ROOT / "scenarios" / "textbook").glob("*.toml"))


def first_difference(a: Log, b: Log) -> str:
    """Where two logs first differ, in words; empty if they are the same."""
    for table in ("visits", "cases"):
        one, other = getattr(a, table), getattr(b, table)
        for name in one.__dataclass_fields__:
            x, y = getattr(one, name), getattr(other, name)
            if x.dtype != y.dtype or x.shape != y.shape:
                return f"{table}.{name}: {x.dtype}{x.shape} against {y.dtype}{y.shape}"
            if not np.array_equal(x, y):
                row = int(np.flatnonzero(x != y)[0])
                rows = [{n: getattr(t, n)[row] for n in one.__dataclass_fields__} for t in (one, other)]
                return f"{table}.{name}, row {row}: {rows[0]} against {rows[1]}"
    same = all(np.array_equal(x, y) for x, y in zip(a.helpers, b.helpers, strict=True))
    return "" if same else "helpers"


def difference(plan: Plan, seed: int) -> str:
    return first_difference(engine("simpy")(plan, Draws(plan, seed, 0)), engine("fast")(plan, Draws(plan, seed, 0)))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(shops(), seeds)
def test_random_shops(scenario: dict[str, Any], seed: int) -> None:
    assert difference(plan_or_reject(scenario), seed) == ""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios(path: Path) -> None:
    assert difference(sim.load(path, SHORT), seed=3) == ""


def test_real_orders() -> None:
    assert difference(sim.load(ROOT / "scenarios" / "gift_shop.toml"), seed=3) == ""


@pytest.mark.parametrize("path", TEXTBOOK, ids=lambda path: path.stem)
def test_textbook_scenarios(path: Path) -> None:
    plan = sim.load(path)
    shorter = plan.model_copy(update={"runs_for": min(plan.runs_for, 14 * 86_400_000)})
    assert difference(shorter, seed=5) == ""


def test_a_log_that_grows_while_cases_are_under_way() -> None:
    plan = sim.load(ROOT / "scenarios" / "growing_store.toml", SHORT)
    from sim.fast import play

    guess = play._rows
    play._rows = lambda *_: 0
    try:
        assert difference(plan, seed=1) == ""
    finally:
        play._rows = guess


def test_what_the_compiled_engine_leaves_is_a_log_that_verifies() -> None:
    plan = sim.load(ROOT / "scenarios" / "solo_founder.toml", SHORT)
    draws = Draws(plan, 1, 0)
    verify(engine("fast")(plan, draws), draws)
