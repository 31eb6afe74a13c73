"""The compiled engine gives the log of the SimPy engine, row for row and bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import sim
from sim.draws import Draws
from sim.engine import engine
from sim.plan import Plan
from sim.verify import verify
from sim.verify.twins import difference
from tests.strategies import plan_or_reject, seeds, shops

ROOT = Path(__file__).parents[1]
SHORT = {"runs_for": "10 days", "warm_up": "1 day"}
SHIPPED = sorted(path for path in (ROOT / "scenarios").glob("*.toml") if "gift" not in path.name)
TEXTBOOK = sorted((ROOT / "scenarios" / "textbook").glob("*.toml"))


def differ(plan: Plan, seed: int) -> str:
    """What the engines do not do alike, in words; nothing if nothing."""
    draws = Draws(plan, seed, 0)
    return difference(engine("simpy")(plan, draws), engine("fast")(plan, Draws(plan, seed, 0)), draws)


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(shops(), seeds)
def test_random_shops(scenario: dict[str, Any], seed: int) -> None:
    assert differ(plan_or_reject(scenario), seed) == ""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios(path: Path) -> None:
    assert differ(sim.load(path, SHORT), seed=3) == ""


def test_real_orders() -> None:
    assert differ(sim.load(ROOT / "scenarios" / "gift_shop.toml"), seed=3) == ""


@pytest.mark.parametrize("path", TEXTBOOK, ids=lambda path: path.stem)
def test_textbook_scenarios(path: Path) -> None:
    plan = sim.load(path)
    shorter = plan.model_copy(update={"runs_for": min(plan.runs_for, 14 * 86_400_000)})
    assert differ(shorter, seed=5) == ""


def test_a_log_that_grows_while_cases_are_under_way() -> None:
    plan = sim.load(ROOT / "scenarios" / "growing_store.toml", SHORT)
    from sim.fast import play

    guess = play._rows
    play._rows = lambda *_: 0
    try:
        assert differ(plan, seed=1) == ""
    finally:
        play._rows = guess


def test_what_the_compiled_engine_leaves_is_a_log_that_verifies() -> None:
    plan = sim.load(ROOT / "scenarios" / "solo_founder.toml", SHORT)
    draws = Draws(plan, 1, 0)
    verify(engine("fast")(plan, draws), draws)
