"""By when must extra people be at work: a peak that only two can serve."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

import run_sim
import sim
from analysis.questions.hire_by import hire_by
from analysis.runs.observe import Setting, observe
from sim.planning.staffing import joined_by, staffed
from sim.units import DAY
from tests.helpers.shops import MONDAY, end, people, plan_of, route, shop, work

ONE = Setting(engine="fast", workers=1)
PEAK = (MONDAY + dt.timedelta(days=9), MONDAY + dt.timedelta(days=10))
KEY = ("promise", "packed in an hour", "share")


def written(lift: float = 3) -> dict[str, object]:
    """Every 15 minutes an order that takes one packer ten; on two days of the second week three times as many."""
    event = {"name": "sale", "starts": PEAK[0], "lasts": "2 days", "lift": lift}
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
    finding = hire_by(plan, {"packer": 2}, PEAK, every_days=1, replications=40, most=0, setting=ONE)
    frame = finding.tables[0].frame.set_index("start")
    assert finding.possible
    assert f"at work by {PEAK[0]} at the latest" in finding.recommendation[0]
    assert frame.loc[str(PEAK[0]), "holds"] == 40
    assert frame.loc[str(PEAK[1]), "holds"] < 20
    assert frame.loc["never", "holds"] < 5
    read = finding.tables[0].read.set_index("start")
    assert read.loc[str(PEAK[0]), ["low", "high"]].tolist() == ["92.7 %", "100 %"]  # 0.05 ** (1 / 40)
    assert list(frame.index) == [*(str(MONDAY + dt.timedelta(days=n)) for n in range(1, 11)), "never"]


def test_days_between_two_starts_are_told_as_not_tried(plan: sim.Plan) -> None:
    told = [hire_by(plan, {"packer": 2}, PEAK, every_days=n, replications=40, most=0, setting=ONE) for n in (1, 3)]
    assert ["--every 1 says" in " ".join(finding.recommendation) for finding in told] == [False, True]


def test_it_says_whether_a_later_start_is_proven_to_be_too_late(plan: sim.Plan) -> None:
    told = hire_by(plan, {"packer": 2}, PEAK, every_days=1, replications=40, most=0, setting=ONE).recommendation
    assert told[0].endswith("the promise then holds at least 90 % of the time, as asked (with 95 % confidence).")
    assert told[1].startswith(f"Started on {PEAK[1]} it holds too seldom: at most ")


def test_what_is_merely_not_proven_to_do_is_not_called_too_late(tmp_path: Path) -> None:
    """Ten of twelve do not prove 70 %, and do not disprove it either."""
    finding = hire_by(plan_of(tmp_path, written(lift=1.2)), {"packer": 2}, PEAK, None, 0.7, 1, 12, ONE, most=0)
    late = finding.tables[0].frame.set_index("start").loc[str(PEAK[1])]
    assert late["low"] < 0.7 <= late["high"]
    seen = f"it held in {late['holds']} of 12 replications"
    expected = f"it may still hold often enough: {seen}, which proves neither; --most allows for more."
    assert finding.recommendation[1] == f"Started on {PEAK[1]} {expected}"


def test_newcomers_without_pay_are_not_free(tmp_path: Path) -> None:
    """Where others have pay, what is left after theirs is not known."""
    file = written()
    roles = {"packer": people(1, pay={"per_hour": 20}), "helper": 1}
    steps = [work("pack", "packer", 10), work("look", "helper", 1)]
    plan = plan_of(tmp_path, shop(*steps, **{**file, "route": {"order": route(*steps, end("done"))}, "roles": roles}))
    columns = [
        hire_by(plan, extra, PEAK, every_days=9, replications=2, most=0, setting=ONE).tables[0].frame.columns
        for extra in ({"packer": 1}, {"helper": 1}, {"packer": 1, "helper": 1})
    ]
    assert ["surplus, CNY/week" in each for each in columns] == [True, False, False]


def test_a_peak_at_the_end_of_the_run_is_refused(plan: sim.Plan) -> None:
    """Nobody is late before the time has passed: 24 hours after the last order of the peak."""
    slow = plan.model_copy(update={"promises": (plan.promises[0].model_copy(update={"within": DAY}),)})
    last = MONDAY + dt.timedelta(days=13)
    with pytest.raises(sim.BadInput, match="must go on for 24 h after the peak"):
        hire_by(slow, {"packer": 2}, (last, last), replications=2, most=0, setting=ONE)
    before = last - dt.timedelta(days=1)
    assert hire_by(slow, {"packer": 2}, (before, before), replications=2, most=0, setting=ONE).tables
    assert hire_by(
        plan, {"packer": 2}, (last, last), replications=2, most=0, setting=ONE
    ).tables  # an hour of a day is little


def test_without_need_it_says_so(plan: sim.Plan) -> None:
    finding = hire_by(staffed(plan, {0: 4}), {"packer": 1}, PEAK, every_days=5, replications=40, most=0, setting=ONE)
    assert finding.recommendation[0].startswith("Nobody more is needed: the promise holds without them, too")


def test_nobody_can_do_it_alone(plan: sim.Plan) -> None:
    finding = hire_by(staffed(plan, {0: 0}), {"packer": 1}, PEAK, every_days=5, replications=10, most=0, setting=ONE)
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


def test_it_goes_on_until_it_is_settled_or_as_long_as_it_may(plan: sim.Plan) -> None:
    """The risk of an error is shared out among the looks: with one look fewer replications prove as much."""
    asked = {"every_days": 1, "setting": ONE}
    settled = hire_by(plan, {"packer": 2}, PEAK, replications=5, most=80, **asked)
    assert settled.provenance["replications"] in (20, 40, 80)
    assert any("holds too seldom" in sentence for sentence in settled.recommendation)
    cut_short = hire_by(plan, {"packer": 2}, PEAK, replications=5, most=5, **asked)
    assert cut_short.provenance["replications"] == 5


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
    scenario = str(Path(__file__).parents[2] / "scenarios" / "growing_store.toml")
    monkeypatch.chdir(tmp_path)
    assert run_sim.main(["hire-by", scenario, *arguments, "-n", "2", "--no-store"]) == 2
    assert sentence in capsys.readouterr().err


def test_a_run_without_a_whole_day_has_no_peak(tmp_path: Path) -> None:
    short = plan_of(tmp_path, {**written(), "runs_for": "30 h"})
    with pytest.raises(sim.BadInput, match="must lie inside the run after its warm-up, which holds no whole day"):
        hire_by(short, {"packer": 1}, (MONDAY, MONDAY), most=0, setting=ONE)


def test_a_peak_in_which_nothing_comes_proves_nothing(tmp_path: Path) -> None:
    """A promise about no case at all is never broken: that answers nobody's question."""
    quiet = plan_of(
        tmp_path, {**written(), "arrivals": {"order": {"timetable": {"Mon": ["10:00"]}}}, "contribution": {}}
    )
    with pytest.raises(sim.BadInput, match="--peak: no case of the peak shows whether “packed in an hour” is kept"):
        hire_by(quiet, {"packer": 1}, PEAK, replications=2, most=0, setting=ONE)
