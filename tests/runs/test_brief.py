"""The brief measures are what the whole log gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import sim
from analysis.measures import measure_all
from analysis.measures.view import View
from analysis.runs.brief.tally import brief
from analysis.runs.observe import LEDGERS
from sim.choose_engine import engine
from sim.draws import Draws
from sim.fast import play
from sim.plan import Plan
from tests.helpers.strategies import plan_or_reject, seeds, shops

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "scenarios").glob("*.toml"))


def brief_and_whole(plan: Plan, seed: int) -> tuple[list[Any], list[Any]]:
    """The brief measures, and those of them that the log gives: names in order, and the bits of the numbers."""
    whole = measure_all(View(engine("fast")(plan, Draws(plan, seed, 0))))
    found = brief(plan, Draws(plan, seed, 0))
    return list(bits(found)), [each for each in bits(whole) if each[0] in found]


def bits(values: dict[Any, float]) -> list[Any]:
    return [(key, np.float64(value).tobytes() if not np.isnan(value) else "nan") for key, value in values.items()]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(shops(), seeds)
def test_random_shops(scenario: dict[str, Any], seed: int) -> None:
    found, expected = brief_and_whole(plan_or_reject(scenario), seed)
    assert found == expected


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios(path: Path) -> None:
    plan = sim.load(path) if "gift" in path.stem else sim.load(path, {"runs_for": "3 weeks", "warm_up": "1 week"})
    found, expected = brief_and_whole(plan, seed=2)
    assert found == expected


def test_in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play, "PIECE", 50)
    plan = sim.load(ROOT / "scenarios" / "growing_store.toml", {"runs_for": "3 weeks", "warm_up": "1 week"})
    found, expected = brief_and_whole(plan, seed=2)
    assert found == expected


def test_when_luck_must_be_laid_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(play, "FIRST_VISITS", 1)
    monkeypatch.setattr(play, "PIECE", 50)
    plan = sim.load(ROOT / "scenarios" / "growing_store.toml", {"runs_for": "3 weeks", "warm_up": "1 week"})
    found, expected = brief_and_whole(plan, seed=2)
    assert found == expected


def test_everything_but_quantiles_maxima_and_ledgers_is_brief() -> None:
    plan = sim.load(ROOT / "scenarios" / "growing_store.toml", {"runs_for": "2 weeks", "warm_up": "1 week"})
    whole = measure_all(View(engine("fast")(plan, Draws(plan, 1, 0))))
    left_out = {key[2] for key in set(whole) - set(brief(plan, Draws(plan, 1, 0))) if key[0] not in LEDGERS}
    waits = {"wait_p50_min", "wait_p90_min", "wait_p95_min", "wait_max_min", "wait_sd_min"}
    assert left_out == waits | {"queue_max", "cycle_p50_h", "cycle_p90_h", "cycle_p95_h", "cycle_max_h"}
