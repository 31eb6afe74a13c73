"""The compiled engine gives the log of the SimPy engine, row for row and bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings

import sim
from sim.choose_engine import engine
from sim.draws import Draws
from sim.plan import Plan
from sim.verify import verify
from sim.verify.twins import difference, main, step_twins
from tests.helpers.busy import busy_shop
from tests.helpers.other_twin import Change, other_twin
from tests.helpers.shops import branch, plan_of, shop, work, write
from tests.helpers.strategies import plan_or_reject, seeds, shops

ROOT = Path(__file__).parents[2]
SHORT = {"runs_for": "10 days", "warm_up": "1 day"}
SHIPPED = sorted(path for path in (ROOT / "scenarios").glob("*.toml") if "gift" not in path.name)
TEXTBOOK = sorted((ROOT / "scenarios" / "textbook").glob("*.toml"))


def differ(plan: Plan, seed: int) -> str:
    """What the engines do not do alike, in words; nothing if nothing."""
    draws = Draws(plan, seed, 0)
    return difference(engine("simpy")(plan, draws), engine("fast")(plan, Draws(plan, seed, 0)), draws)


@seed(1)  # the same shops for every commit: what fails is this commit's fault. verification.py plays other ones.
@settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(shops(), seeds)
def test_random_shops(scenario: dict[str, Any], luck: int) -> None:
    assert differ(plan_or_reject(scenario), luck) == ""


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


@pytest.mark.parametrize("number", [2, 20])
def test_many_people_on_a_task(tmp_path: Path, number: int) -> None:
    """More people than there are rows of the log."""
    steps = work("lift", "loader", 1, people=number)
    plan = plan_of(tmp_path, shop(steps, roles={"loader": 20}, arrivals={"order": {"every": "1 min"}}))
    assert differ(plan, seed=1) == ""


def test_a_log_in_many_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.fast.play.PIECE", 0)
    assert differ(plan_of(tmp_path, busy_shop()), seed=1) == ""


def test_what_the_compiled_engine_leaves_is_a_log_that_verifies() -> None:
    plan = sim.load(ROOT / "scenarios" / "solo_founder.toml", SHORT)
    draws = Draws(plan, 1, 0)
    verify(engine("fast")(plan, draws), draws)


# --- side by side -----------------------------------------------------------------------------------------------------


def test_stepped_instant_by_instant_they_stand_alike(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, busy_shop())
    assert step_twins(plan, Draws(plan, 1, 0)) is None


def test_stepping_goes_on_with_a_longer_log_and_more_luck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.fast.stepped.FIRST_ROWS", 0)
    again = (work("pack", "packer", 1), branch("wrong", "pack", chance=0.9, at_most=20))
    plan = plan_of(tmp_path, shop(*again, roles={"packer": 1}, arrivals={"order": {"every": "10 min"}}))
    draws = Draws(plan, 1, 0)
    assert engine("simpy")(plan, draws).visits.visit.max() > 16
    assert step_twins(plan, draws) is None


def test_the_command_says_that_they_are_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1}))
    assert main([str(file), "--seed", "7", "--replication", "3", "--set", "roles.packer.people=2"]) == 0
    assert capsys.readouterr().out == "Both engines leave the same 2 rows.\n"


PARTED = """\
The engines part at 300000 ms (day 1, 00:05), over the log, people, where cases are.

the first different row of the log
            simpy                     fast
  step      order/pack                order/pack
  case      0                         0
  visit     1                         1
  person    packer 1                  packer 1
  joined    0 ms (day 1, 00:00)       0 ms (day 1, 00:00)
  began     0 ms (day 1, 00:00)       0 ms (day 1, 00:00)
  left      300000 ms (day 1, 00:05)  –  <--
  outcome   served                    open  <--

the shop then (simpy | fast, where they differ)
  packer 1: on shift, free, holds 0 | on shift, holds 1  <--
  packer 2: on shift, free, holds 0
  queue for packer: none
  cases at steps: none | case 0 (order/pack)  <--
  started since the instant before: none
"""
LONGER = Change("hand_out.py", "needed = needed_time(slot[NEEDS], pace, how_slow)", "needed = 360_000")


def test_the_command_says_where_they_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 2}))
    with other_twin(tmp_path, LONGER):
        assert main([str(file)]) == 1
    assert capsys.readouterr().out == PARTED


@pytest.mark.parametrize("option", [["--set", "roles.nobody.people=2"], ["--seed", "-1"], ["--replication", "-1"]])
def test_the_command_refuses_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str], option: list[str]) -> None:
    file = write(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 2}))
    assert main([str(file), *option]) == 2
    assert capsys.readouterr().err.startswith(option[0])
