"""Work offered is what the orders bring, its expected value that of the plan: by hand, by logs, by luck."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import sim
from analysis.measures.controls import Beforehand
from analysis.measures.offered import offered, same_offered
from analysis.measures.offered_mean import counts_of, offered_mean
from sim.distributions import below, sample
from sim.draws import Draws
from sim.engine.play import run
from sim.planning.staffing import staffed
from sim.units import MINUTE
from tests.helpers.shops import at, branch, end, plan_of, route, shop, start, work
from tests.helpers.strategies import plan_or_reject, shops

ROOT = Path(__file__).parents[2]
DAY_OF_ORDERS = {"order": {"per_hour": 10}}
PACKERS = {"roles": {"packer": 1, "clerk": 2}}


def mean_of(folder: Path, scenario: dict[str, Any]) -> tuple[list[float], list[float]]:
    """Expected minutes of each role and cases of each route."""
    work_, cases = offered_mean(plan_of(folder, scenario))
    return (work_ / MINUTE).tolist(), cases.tolist()


# --- from the draws -----------------------------------------------------------------------------------------------


def test_fixed_orders_by_hand(tmp_path: Path) -> None:
    # four orders, one before the warm-up is over: 3 x 5 min of a packer, 3 x 2 min of two clerks at once
    scenario = shop(
        work("pack", "packer", 5),
        work("lift", ["clerk", "packer"], 2, people=2),
        **PACKERS,
        warm_up="1 hour",
        arrivals={"order": at(30, 60, 90, 1439)},
    )
    plan = plan_of(tmp_path, scenario)
    work_, cases = offered(plan, Draws(plan, 1, 0))
    assert (work_ / MINUTE).tolist() == [15, 12]
    assert cases.tolist() == [3]
    assert mean_of(tmp_path, scenario) == ([15, 12], [3])


def test_it_is_the_work_that_a_quiet_shop_does(tmp_path: Path) -> None:
    """In a shop where nobody waits long and all is over by the end, whatever the way the cases take."""
    steps = [
        work("pick", "packer", 2, per="line"),
        branch("large", "heavy", when={"lines_over": 3}),
        work("pack", "packer", 3),
        branch("again", "pick", chance=0.3, at_most=2),
        start("letter", "letter", chance=0.4, after=1),
        branch("out", "done", chance=1.0),
        work("heavy", "clerk", 20, per="unit"),
    ]
    routes = {"order": route(*steps, end("done")), "letter": route(work("write", "clerk", 7), end("sent"))}
    scenario = shop(
        roles={"packer": 40, "clerk": 40},
        route=routes,
        runs_for="3 days",
        arrivals={"order": {**at(*range(0, 600, 5)), "lines": {"exponential": {"mean": 2}}}},
    )
    plan = plan_of(tmp_path, scenario)
    for replication in range(3):
        draws = Draws(plan, 1, replication)
        log = run(plan, draws)
        v = log.visits
        done = np.zeros(len(plan.roles))
        for step, began, left in zip(v.step, v.began, v.left, strict=True):
            if plan.steps[step].line >= 0:
                done[plan.lines[plan.steps[step].line].servers[0][0]] += left - began
        work_, cases = offered(plan, draws)
        assert work_.tolist() == done.tolist()
        assert cases.tolist() == [np.sum(log.cases.route == n) for n in range(2)]


def test_people_and_hours_change_nothing(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, shop(work("pack", "packer", 5), **PACKERS, arrivals=DAY_OF_ORDERS))
    other = staffed(plan, {0: 3})
    assert same_offered(plan, other)
    assert not same_offered(plan, plan.model_copy(update={"warm_up": 1}))
    found = [offered(each, Draws(each, 5, 1)) for each in (plan, other)]
    np.testing.assert_array_equal(found[0][0], found[1][0])


# --- from the plan ------------------------------------------------------------------------------------------------


def test_a_way_back_by_hand(tmp_path: Path) -> None:
    # 240 orders; visits 1 + 0.3 + 0.3², 4 minutes each
    steps = work("pack", "packer", 4), branch("again", "pack", chance=0.3, at_most=2)
    found = mean_of(tmp_path, shop(*steps, roles={"packer": 1}, arrivals=DAY_OF_ORDERS))
    assert found == (pytest.approx([240 * 1.39 * 4]), pytest.approx([240]))


def test_no_more_than_twelve_ways_back(tmp_path: Path) -> None:
    steps = work("pack", "packer", 1), branch("again", "pack", chance=1.0, at_most=50)
    scenario = shop(*steps, roles={"packer": 1}, arrivals={"order": at(0)})
    plan = plan_of(tmp_path, scenario)
    assert offered(plan, Draws(plan, 1, 0))[0] / MINUTE == pytest.approx([13])
    assert mean_of(tmp_path, scenario)[0] == pytest.approx([13])


def test_started_cases_come_the_first_time_only(tmp_path: Path) -> None:
    # 100 orders, each led back once with 0.5; the letter is tossed for at the first visit alone: 100 x 0.2
    steps = [start("letter", "letter", chance=0.2), work("pack", "packer", 1), branch("again", "letter", chance=0.5)]
    steps[2]["at_most"] = 1
    routes = {"order": route(*steps, end("done")), "letter": route(work("write", "clerk", 3), end("sent"))}
    scenario = shop(**PACKERS, route=routes, arrivals={"order": at(*range(100))})
    assert mean_of(tmp_path, scenario) == (pytest.approx([150, 60]), pytest.approx([100, 20]))


def test_conditions_part_the_cases(tmp_path: Path) -> None:
    # values 10, 30, 50 alike; over 20: 5 minutes for 2 in 3, over 40 as well: 7 more for 1 in 3; first class 1 in 4
    steps = [
        branch("cheap", "b", when={"value_over": 20}),
        branch("to b", "c", chance=1.0),
        work("b", "packer", 5),
        branch("c", "d", when={"value_over": 40}),
        branch("to d", "e", chance=1.0),
        work("d", "packer", 7),
        branch("e", "f", when={"priority_is": "first"}),
        branch("to f", "done", chance=1.0),
        work("f", "clerk", 8),
    ]
    stream = {
        **at(*range(120)),
        "value": {"empirical": {"values": [10, 30, 50]}},
        "priority": {"first": 0.25, "other": 0.75},
    }
    scenario = shop(*steps, **PACKERS, priorities=["first", "other"], arrivals={"order": stream})
    assert mean_of(tmp_path, scenario) == (pytest.approx([120 * (5 * 2 / 3 + 7 / 3), 120 * 0.25 * 8]), [120])


def test_lines_and_units_by_hand(tmp_path: Path) -> None:
    # lines 1, 2, 6 alike; over 5: 10 minutes an order, else 2 a line; a unit for each line, a minute each
    steps = [
        branch("many", "bulk", when={"lines_over": 5}),
        work("pick", "packer", 2, per="line"),
        branch("on", "scan", chance=1.0),
        work("bulk", "packer", 10),
        work("scan", "clerk", 1, per="unit"),
    ]
    stream = {**at(*range(90)), "lines": {"empirical": {"values": [1, 2, 6]}}}
    scenario = shop(*steps, **PACKERS, arrivals={"order": stream})
    assert mean_of(tmp_path, scenario)[0] == pytest.approx([30 * (2 + 4 + 10), 90 * 3])


def test_scatter_and_part_of_an_hour(tmp_path: Path) -> None:
    stream = {"order": {"per_hour": 6, "scatter": {"day": 0.3, "hour": 0.2}}}
    scenario = shop(
        work("pack", "packer", 1), roles={"packer": 1}, arrivals=stream, warm_up="90 min", runs_for="150 min"
    )
    assert mean_of(tmp_path, scenario)[1] == pytest.approx([6])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(shops())
def test_random_shops_bring_what_is_expected_of_them(scenario: dict[str, Any]) -> None:
    """z of the mean over 60 replications; with about 200 of them in all, one beyond 5 happens once in 3,000 times."""
    plan = plan_or_reject(scenario)
    drawn = np.array([np.concatenate(offered(plan, Draws(plan, 77, k))) for k in range(60)])
    expected, error = np.concatenate(offered_mean(plan)), drawn.std(axis=0, ddof=1) / math.sqrt(len(drawn))
    exact = error <= 1e-9 * np.abs(expected)
    assert drawn.mean(axis=0)[exact] == pytest.approx(expected[exact], rel=1e-6, abs=len(drawn))
    few = drawn.max(axis=0) < 5  # rare cases are no matter of z
    assert (np.abs(drawn.mean(axis=0) - expected)[~exact & ~few] <= 6 * error[~exact & ~few]).all()


@pytest.mark.parametrize("name", ["growing_store", "apparel_returns", "solo_founder", "gift_shop"])
def test_shipped_shops_bring_what_is_expected_of_them(name: str) -> None:
    plan = sim.load(ROOT / "scenarios" / f"{name}.toml")
    if name != "gift_shop":
        plan = sim.load(ROOT / "scenarios" / f"{name}.toml", {"runs_for": "3 weeks", "warm_up": "1 week"})
    drawn = np.array([np.concatenate(offered(plan, Draws(plan, 78, k))) for k in range(40)])
    expected, error = np.concatenate(offered_mean(plan)), drawn.std(axis=0, ddof=1) / math.sqrt(len(drawn))
    assert (np.abs(drawn.mean(axis=0) - expected) <= 4.5 * error + 1e-9 * expected).all()


# --- laws ---------------------------------------------------------------------------------------------------------

LAWS = [
    {"uniform": {"low": 1, "high": 9}},
    {"triangular": {"low": 1, "mode": 3, "high": 9}},
    {"exponential": {"mean": 3}},
    {"gamma": {"mean": 3, "cv": 0.7}},
    {"lognormal": {"mean": 3, "cv": 0.9}},
    {"weibull": {"mean": 3, "cv": 0.6}},
    {"normal": {"mean": 3, "cv": 0.8}},
    {"empirical": {"values": [1, 2, 6]}},
]


@pytest.mark.parametrize("written", LAWS, ids=lambda law: next(iter(law)))
def test_a_law_lies_below_what_its_values_lie_below(tmp_path: Path, written: dict[str, Any]) -> None:
    stream = {**at(*range(10)), "lines": written}
    scenario = shop(work("pack", "packer", 1), roles={"packer": 1}, arrivals={"order": stream})
    law = plan_of(tmp_path, scenario).streams[0].lines
    assert law is not None
    values = sample(law, np.random.default_rng(1), 200_000)
    for x in (0.4, 1.5, 2.5, 4.0, 8.0):
        share = float(below(law, x))
        assert abs((values <= x).mean() - share) <= 4.5 * math.sqrt(share * (1 - share) / values.size) + 1e-9
    counts, shares = counts_of(law)
    assert shares.sum() == pytest.approx(1)
    drawn = np.maximum(np.rint(values), 1)
    assert abs(drawn.mean() - counts @ shares) <= 4.5 * drawn.std() / math.sqrt(values.size)


# --- which control belongs where ----------------------------------------------------------------------------------


def test_each_place_has_the_work_of_the_busiest_it_needs(tmp_path: Path) -> None:
    steps = [work("pick", "picker", 1), work("pack", "packer", 5), work("send", "clerk", 2)]
    routes = {"order": route(*steps, end("done")), "chat": route(work("talk", "clerk", 1), end("settled"))}
    scenario = shop(
        roles={"picker": 1, "packer": 2, "clerk": 1, "nobody": 1},
        route=routes,
        arrivals={"order": {"per_hour": 10}, "chat": {"per_hour": 5}},
        promises={
            "picked": {"route": "order", "ends": "pick", "within": "5 min", "share": 0.9},
            "sent": {"route": "order", "ends": "send", "within": "5 min", "share": 0.9},
        },
    )
    known = Beforehand(plan_of(tmp_path, scenario))
    packer, clerk, picker = (("role", name, "offered_h") for name in ("packer", "clerk", "picker"))
    order, chat = (("route", name, "offered") for name in ("order", "chat"))
    # 2 x 24 h of packers for 240 x 5 min: 0.417; 24 h of the clerk for 240 x 2 + 120 x 1 min: 0.417 less rounding
    assert known.mean[packer] == pytest.approx(7 * 20)
    assert known.controls("route", "order") == (packer, order)
    assert known.controls("route", "chat") == (clerk, chat)
    assert known.controls("step", "order/pick") == (picker, order)
    assert known.controls("step", "order/done") == (packer, order)
    assert known.controls("promise", "picked") == (picker, order)
    assert known.controls("promise", "sent") == (packer, order)
    assert known.controls("event promise", "some / day/sent") == (packer, order)
    assert known.controls("team", "clerk/clerk") == (clerk,)
    assert known.controls("role", "nobody") == ()
    assert known.controls("money", "shop") == (packer,)
