"""Who is never served counts: in losses, waits, comparisons; and more work than hands is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analysis.answers.answer import answer
from analysis.answers.bottlenecks import bottlenecks
from analysis.answers.censored import at_least
from analysis.answers.mind import NO_WARM_UP, doubts, is_certain, mind
from analysis.measures import measure_all
from analysis.measures.ledger import HOLDING
from analysis.measures.view import View
from analysis.output.json_shape import as_json
from analysis.questions.compare import compare
from analysis.runs import replicate
from analysis.runs.observe import Setting
from sim.draws import Draws
from sim.engine.play import run
from sim.plan import Plan
from sim.planning.staffing import staffed
from sim.units import HOUR, WEEK
from tests.helpers.shops import at, end, plan_of, route, shop, work

ONE = Setting(engine="simpy", workers=1)


@pytest.fixture
def starved(tmp_path: Path) -> Plan:
    """One packer, express work every ten minutes that takes ten, and a slow case each hour that is never begun."""
    written = shop(
        roles={"packer": 1},
        arrivals={"express": {"every": "10 min", "priority": "urgent"}, "slow": {"every": "1 h"}},
        route={
            "express": route(work("check", "packer", 10), end("checked")),
            "slow": route(work("inspect", "packer", 10), end("inspected")),
        },
        runs_for="2 days",
        priorities=["urgent", "standard"],
    )
    return plan_of(tmp_path, written)


def test_a_starved_queue_heads_the_ranking_with_the_hours_that_stand_in_it(starved: Plan) -> None:
    result = replicate(starved, 2, workers=1)
    first = bottlenecks(result)[0]
    assert (first.route, first.step) == ("slow", "inspect")
    assert first.lost_h_per_week.mean == pytest.approx(sum(range(1, 48)) * WEEK / (48 * HOUR))
    assert first.hold_h.mean == pytest.approx(24)
    assert first.sentence.endswith("47 of 47 still wait at the end.")
    assert any(sentence.startswith("Inspect holds a slow") for sentence in answer(result).holds)


def test_percentiles_that_fall_among_the_open_waits_are_told_as_at_least(starved: Plan) -> None:
    result = replicate(starved, 2, workers=1)
    assert at_least(result, "role", "packer", "wait_p90_min")  # 47 of 335 never begin
    assert at_least(result, "role", "packer", "wait_min")
    assert not at_least(result, "role", "packer", "wait_p50_min")
    assert not at_least(result, "role", "packer", "queue")
    told = as_json(result)["roles"]["packer"]
    assert told["wait_p90_min"]["at_least"] is True
    assert "at_least" not in told["wait_p50_min"]


def test_two_packers_are_proven_better_than_one(starved: Plan) -> None:
    finding = compare([starved, staffed(starved, {0: 2})], 3, ONE)
    verdicts = dict(zip(finding.tables[0].frame["path"], finding.tables[0].frame["verdict"], strict=True))
    assert verdicts["routes.slow.in_progress"] == "better"
    assert any("More comes than can be done" in sentence for sentence in finding.warnings)


def test_overload_is_told_with_its_size(tmp_path: Path) -> None:
    """D/D/1: a case each 2 minutes that takes 3; 49 come in 100 minutes."""
    plan = plan_of(
        tmp_path,
        shop(work("serve", "clerk", 3), arrivals={"order": {"every": "2 min"}}, roles={"clerk": 1}, runs_for="100 min"),
    )
    told = answer(replicate(plan, 2, workers=1)).warnings
    assert told[0].startswith("More comes than can be done: work for 247 hours a week, for which clerk has 168 (147 %)")
    assert doubts(staffed(plan, {0: 2}))[0] == NO_WARM_UP
    only_one = mind([staffed(plan, {0: 2}), plan], ["two", "one"])
    assert any(sentence.startswith("one: More comes") for sentence in only_one)


def test_nothing_random_is_said_to_be_so(starved: Plan, tmp_path: Path) -> None:
    assert is_certain(starved)
    for change in (
        {"arrivals": {"order": {"per_hour": 3}}},
        {"arrivals": {"order": {**at(1), "value": {"exponential": {"mean": 2}}}}},
    ):
        assert not is_certain(plan_of(tmp_path, shop(work("serve", "clerk", 3), roles={"clerk": 1}, **change)))
    uncertain = {**work("serve", "clerk", 3), "takes": {"exponential": {"mean": "3 min"}}}
    assert not is_certain(plan_of(tmp_path, shop(uncertain, roles={"clerk": 1}, arrivals={"order": at(1)})))


def test_a_doubt_that_a_plan_has_twice_is_told_once(starved: Plan) -> None:
    twice = starved.model_copy(update={"notices": ("the sale lies outside the run", "the sale lies outside the run")})
    assert mind([twice, twice], ["a", "b"]).count("the sale lies outside the run") == 1


def test_losses_are_the_queue_by_cause(starved: Plan) -> None:
    view = View(run(starved, Draws(starved, 1, 0)))
    values = measure_all(view)
    for number in range(len(starved.steps)):
        key = starved.step_key(number)
        if starved.steps[number].takes_time:
            lost = sum(values["step losses", key, cause] for cause in HOLDING)
            np.testing.assert_allclose(lost, values["step", key, "queue"] * WEEK / HOUR, rtol=1e-12)
