"""By when must extra people be at work: a peak that only two can serve."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import run_sim
import sim
from analysis.experiments.hire_by import hire_by
from analysis.experiments.runs import Setting, observe
from sim.planning.staffing import joined_by, staffed
from sim.units import DAY
from tests.shops import MONDAY, plan_of, shop, work

ONE = Setting(engine="fast", workers=1)
PEAK = (MONDAY + dt.timedelta(days=9), MONDAY + dt.timedelta(days=10))
KEY = ("promise", "packed in an hour", "share")


def written() -> dict[str, object]:
    """Every 15 minutes an order that takes one packer ten; on two days of the second week three times as many."""
    event = {"name": "sale", "starts": PEAK[0], "lasts": "2 days", "lift": 3}
    return shop(
        work("pack", "packer", 10),
        roles={"packer": {"people": 1, "hours": "always", "pay": {"per_hour": 20}}},
        arrivals={"order": {"per_hour": 4, "events": [event], "value": 30}},
        contribution={"order": {"share_of_value": 0.5}},
        promises={"packed in an hour": {"route": "order", "ends": "pack", "within": "1 h", "share": 0.9}},
        runs_for="14 days",
        warm_up="1 day",
    )


@pytest.fixture
def plan(tmp_path: Path) -> sim.Plan:
    return plan_of(tmp_path, written())


def test_the_latest_start_is_the_first_day_of_the_peak(plan: sim.Plan) -> None:
    finding = hire_by(plan, {"packer": 2}, PEAK, every_days=1, replications=40, setting=ONE)
    frame = finding.tables[0].frame.set_index("start")
    assert finding.possible
    assert f"at work by {PEAK[0]} at the latest" in finding.recommendation[0]
    assert frame.loc[str(PEAK[0]), "holds"] == 40
    assert frame.loc[str(PEAK[1]), "holds"] < 20
    assert frame.loc["never", "holds"] < 5
    assert list(frame.index) == [*(str(MONDAY + dt.timedelta(days=n)) for n in range(1, 11)), "never"]


def test_without_need_it_says_so(plan: sim.Plan) -> None:
    finding = hire_by(staffed(plan, {0: 4}), {"packer": 1}, PEAK, every_days=5, replications=40, setting=ONE)
    assert finding.recommendation[0].startswith("Nobody more is needed: the promise holds without them, too")


def test_nobody_can_do_it_alone(plan: sim.Plan) -> None:
    finding = hire_by(staffed(plan, {0: 0}), {"packer": 1}, PEAK, every_days=5, replications=10, setting=ONE)
    assert not finding.possible
    assert finding.recommendation[0].startswith("Not even a start on")


def test_who_is_there_from_the_start_is_one_more_of_the_team(plan: sim.Plan) -> None:
    more, joined = staffed(plan, {0: 2}), joined_by(plan, 0, 1, 0)
    observed = observe([more, joined], range(3), ONE)
    for key in observed.keys():  # noqa: SIM118  # no dictionary
        if key[0] not in ("team", "money"):
            np.testing.assert_array_equal(observed.each(0, key), observed.each(1, key), err_msg=str(key))
    cost = ("money", "shop", "staff_cost_per_week")
    np.testing.assert_allclose(observed.each(0, cost), observed.each(1, cost))


def test_a_promise_may_be_meant_for_some_days_only(plan: sim.Plan) -> None:
    peak = (9 * DAY, 11 * DAY)
    promise = plan.promises[0].model_copy(update={"name": "in the peak", "arrives": peak})
    both = plan.model_copy(update={"promises": (*plan.promises, promise)})
    observed = observe([both], range(3), Setting(engine="fast", workers=1, whole=True))
    brief = observe([both], range(3), ONE)
    for replication in range(3):
        log = sim.simulate(both, 1, replication)
        arrived = dict(zip(log.cases.case.tolist(), log.cases.arrived.tolist(), strict=True))
        rows = zip(log.visits.case.tolist(), log.visits.step.tolist(), log.visits.left.tolist(), strict=True)
        ended = {case: left for case, step, left in rows if step == promise.step}
        meant = [case for case, at in arrived.items() if peak[0] <= at < peak[1]]
        kept = sum(0 <= ended[case] - arrived[case] <= promise.within for case in meant if ended[case] >= 0)
        for found in (observed, brief):
            assert found.each(0, ("promise", "in the peak", "kept"))[replication] == kept
    assert both.digest() != plan.digest()
    assert plan.model_copy(update={"promises": (plan.promises[0],)}).digest() == plan.digest()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--team", "paker=2", "--peak", "2025-11-11..2025-11-14"], 'did you mean "packer"'),
        (["--team", "packer", "--peak", "2025-11-11..2025-11-14"], "expected TEAM=MORE"),
        (["--team", "packer=10001", "--peak", "2025-11-11"], "packer: at most 10,000 more people can come; got 10001"),
        (["--team", "packer=" + "9" * 5000, "--peak", "2025-11-11"], "expected TEAM=MORE"),
        (["--team", "packer=2", "--peak", "11.11."], "expected two days"),
        (["--team", "packer=2", "--peak", "2026-11-11..2026-11-14"], "must lie inside the run"),
        (["--team", "packer=2", "--peak", "9999-12-31"], "must lie inside the run after its warm-up: 2025-"),
        (["--team", "packer=2", "--peak", "2025-11-11", "--every", "0"], "--every"),
        (
            ["--team", "packer=2", "--peak", "2025-11-11", "--promise", "shiped in 48 h"],
            'did you mean "shipped in 48 h"',
        ),
    ],
)
def test_mistakes_end_in_a_sentence(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scenario = str(Path(__file__).parents[1] / "scenarios" / "growing_store.toml")
    monkeypatch.chdir(tmp_path)
    assert run_sim.main(["hire-by", scenario, *arguments, "-n", "2", "--no-store"]) == 2
    assert sentence in capsys.readouterr().err


def test_a_run_without_a_whole_day_has_no_peak(tmp_path: Path) -> None:
    short = plan_of(tmp_path, {**written(), "runs_for": "30 h"})
    with pytest.raises(sim.BadInput, match="must lie inside the run after its warm-up, which holds no whole day"):
        hire_by(short, {"packer": 1}, (MONDAY, MONDAY), setting=ONE)


def test_a_peak_in_which_nothing_comes_proves_nothing(tmp_path: Path) -> None:
    """A promise about no case at all is never broken: that answers nobody's question."""
    quiet = plan_of(
        tmp_path, {**written(), "arrivals": {"order": {"timetable": {"Mon": ["10:00"]}}}, "contribution": {}}
    )
    with pytest.raises(sim.BadInput, match="--peak: no case of the peak shows whether “packed in an hour” is kept"):
        hire_by(quiet, {"packer": 1}, PEAK, replications=2, setting=ONE)
