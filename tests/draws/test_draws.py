"""The luck of a run: every decision has its own stream, every case its own row, every family its moments."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy.stats import truncnorm

import sim.draws
from sim.distributions import Law, mean, sample
from sim.draws import Draws
from sim.scenario.distributions import Times
from sim.units import DAY, MINUTE
from tests.helpers.shops import at, branch, end, plan_of, route, shop, start, wait, work

GAMMA = {"gamma": {"mean": "3 min", "cv": 0.5}}
NORMAL = {"normal": {"mean": "3 min", "cv": 0.9}}


def drawn(folder: Any, scenario: dict[str, Any], seed: int = 1, replication: int = 0) -> Draws:
    return Draws(plan_of(folder, scenario), seed, replication)


def column(draws: Draws, step: str, what: str, visit: int = 1) -> list[int]:
    """The column of a step called "route/step"."""
    number = next(n for n in range(len(draws.plan.steps)) if draws.plan.step_key(n) == step)
    return list(draws.column(number, what, visit))


def busy(*steps: dict[str, Any], per_day: float = 400, **parts: Any) -> dict[str, Any]:
    stream = {"per_day": per_day, "lines": {"empirical": {"values": [1, 2, 5]}}}
    return shop(*steps, arrivals={"order": {**stream, **parts.pop("stream", {})}}, roles={"packer": 1}, **parts)


# --- names ----------------------------------------------------------------------------------------------------


def test_the_stream_of_a_name_is_fixed_for_ever(tmp_path):
    """Saved results can only be drawn again while this holds; the raw output of PCG64 never changes with numpy."""
    draws = drawn(tmp_path, shop())
    raw = draws.generator("order/pack", "takes", "order", 1).bit_generator.random_raw(2)
    assert raw.tolist() == [18214073938946306900, 16775637010166918683]


def test_seed_replication_and_every_part_of_a_name_count(tmp_path):
    plan = plan_of(tmp_path, shop())
    streams = [
        Draws(plan, seed, replication).generator(*name).bit_generator.random_raw()
        for seed, replication, name in [
            (1, 0, ("order/pack", "takes", "order", 1)),
            (2, 0, ("order/pack", "takes", "order", 1)),
            (1, 1, ("order/pack", "takes", "order", 1)),
            (1, 0, ("order/pick", "takes", "order", 1)),
            (1, 0, ("order/pack", "patience", "order", 1)),
            (1, 0, ("order/pack", "takes", "return", 1)),
            (1, 0, ("order/pack", "takes", "order", 2)),
            (2**63 - 1, 0, ("order/pack", "takes", "order", 1)),
        ]
    ]
    assert len(set(streams)) == len(streams)


def test_equal_names_give_equal_draws(tmp_path):
    scenario = busy(work("pack", "packer", GAMMA))
    assert column(drawn(tmp_path, scenario), "order/pack", "takes") == column(
        drawn(tmp_path, scenario), "order/pack", "takes"
    )


# --- what must not move ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", [GAMMA, NORMAL, {"triangular": {"low": "0 s", "mode": "1 min", "high": "9 min"}}])
@pytest.mark.parametrize("per", ["order", "line"])
def test_the_size_of_blocks_changes_no_value(tmp_path, monkeypatch, law, per):
    scenario = busy(work("pack", "packer", law, per=per), branch("fork", "done", chance=0.3), wait("a", 1))
    whole = drawn(tmp_path, scenario)
    columns = [column(whole, *key) for key in (("order/pack", "takes"), ("order/fork", "chance"))]
    monkeypatch.setattr(sim.draws, "BLOCK", 7)
    pieces = drawn(tmp_path, scenario)
    assert [column(pieces, *key) for key in (("order/pack", "takes"), ("order/fork", "chance"))] == columns


@pytest.mark.parametrize("family", ["gamma", "lognormal", "weibull", "normal"])
def test_a_changed_mean_scales_the_same_luck(tmp_path, family):
    def of(mean: str) -> list[int]:
        return column(
            drawn(tmp_path, busy(work("pack", "packer", {family: {"mean": mean, "cv": 0.5}}))), "order/pack", "takes"
        )

    assert np.abs(np.array(of("6 min")) - 2 * np.array(of("3 min"))).max() <= 1


@pytest.mark.parametrize("family", ["lognormal", "weibull", "normal"])
def test_a_changed_spread_keeps_the_order_of_luck(tmp_path, family):
    def ranks(cv: float) -> list[int]:
        law = {family: {"mean": "3 h", "cv": cv}}
        return np.argsort(column(drawn(tmp_path, busy(work("pack", "packer", law))), "order/pack", "takes")).tolist()

    assert ranks(0.3) == ranks(0.6)


def test_an_added_step_moves_no_other_draw(tmp_path):
    pack, fork = work("pack", "packer", GAMMA, per="line"), branch("fork", "done", chance=0.3)
    one = drawn(tmp_path, busy(pack, fork, wait("a", GAMMA)))
    two = drawn(
        tmp_path,
        busy(wait("check", NORMAL), pack, branch("again", "pack", chance=0.5, at_most=1), fork, wait("a", GAMMA)),
    )
    for key in (("order/pack", "takes"), ("order/fork", "chance"), ("order/a", "takes")):
        assert column(one, *key) == column(two, *key)
    assert one.cases[0].arrived.tolist() == two.cases[0].arrived.tolist()


def test_visits_have_luck_of_their_own(tmp_path):
    draws = drawn(tmp_path, busy(work("pack", "packer", GAMMA), branch("again", "pack", chance=0.5, at_most=2)))
    first, second = (np.array(column(draws, "order/pack", "takes", visit)) for visit in (1, 2))
    assert abs(np.corrcoef(first, second)[0, 1]) < 4.5 / math.sqrt(first.size)


def test_another_stream_moves_no_other(tmp_path):
    pack = work("pack", "packer", GAMMA)
    one = drawn(tmp_path, busy(pack))
    two = busy(pack)
    two["arrivals"] = {"web": {"route": "order", "per_day": 100, "lines": 2}, **two["arrivals"]}
    two = drawn(tmp_path, two)
    size = len(one.cases[0].arrived)
    assert two.cases[0].arrived[-size:].tolist() == one.cases[0].arrived.tolist()
    assert two.cases[0].lines[-size:].tolist() == one.cases[0].lines.tolist()
    assert column(two, "order/pack", "takes")[-size:] == column(one, "order/pack", "takes")


@pytest.mark.parametrize("law", [GAMMA, NORMAL])
def test_when_more_come_the_nth_order_keeps_its_luck(tmp_path, law):
    few, many = (drawn(tmp_path, busy(work("pack", "packer", law, per="line"), per_day=n)) for n in (400, 500))
    size = len(few.cases[0].arrived)
    assert len(many.cases[0].arrived) > size + 50
    assert many.cases[0].lines[:size].tolist() == few.cases[0].lines.tolist()
    assert column(many, "order/pack", "takes")[:size] == column(few, "order/pack", "takes")
    assert (many.cases[0].arrived[:size] < few.cases[0].arrived).all()
    assert np.abs(many.cases[0].arrived[:size] * 1.25 - few.cases[0].arrived).max() <= 2


def test_a_promotion_bends_time_and_moves_nobodys_luck(tmp_path):
    event = {"name": "sale", "starts": dt.date(2024, 1, 2), "lasts": "1 day", "lift": 3.0}
    plain, lifted = (
        drawn(tmp_path, busy(work("pack", "packer", GAMMA), runs_for="3 days", stream=more))
        for more in ({}, {"events": [event]})
    )
    first_day = int((plain.cases[0].arrived < DAY).sum())
    assert lifted.cases[0].arrived[:first_day].tolist() == plain.cases[0].arrived[:first_day].tolist()
    size = len(plain.cases[0].arrived)
    assert column(lifted, "order/pack", "takes")[:size] == column(plain, "order/pack", "takes")


def test_a_changed_chance_moves_no_luck_but_the_crossing(tmp_path):
    """Who goes at 0.3 goes at 0.4 too; children keep their numbers and their luck."""

    def of(chance: float) -> Draws:
        routes = {
            "order": route(start("send back", "return", chance=chance, after=GAMMA), end("done")),
            "return": route(work("check", "packer", GAMMA), end("back")),
        }
        return drawn(tmp_path, busy(route=routes))

    low, high = of(0.3), of(0.4)
    pairs = list(zip(column(low, "order/send back", "chance"), column(high, "order/send back", "chance"), strict=True))
    assert (1, 0) not in pairs
    assert (0, 1) in pairs
    for key in (("return/check", "takes"), ("order/send back", "after")):
        assert column(low, *key) == column(high, *key)
    assert [low.child(0, row) for row in range(5)] == [high.child(0, row) for row in range(5)]


# --- arrivals -------------------------------------------------------------------------------------------------


def test_arrivals_rise_and_lie_within_the_run(tmp_path):
    arrived = drawn(tmp_path, busy(per_day=2000, runs_for="30 h")).cases[0].arrived
    assert (np.diff(arrived) >= 0).all()
    assert 0 <= arrived[0] <= arrived[-1] < 30 * 60 * MINUTE
    assert abs(len(arrived) - 2500) < 4.5 * math.sqrt(2500)


def test_arrivals_follow_the_hours_of_the_day(tmp_path):
    weights = [0.0] * 24
    weights[9], weights[20] = 1.0, 3.0
    arrived = drawn(tmp_path, busy(per_day=2000, stream={"by_hour": weights})).cases[0].arrived
    counts = np.bincount(arrived // (60 * MINUTE), minlength=24)
    assert set(np.flatnonzero(counts)) == {9, 20}
    assert abs(counts[9] - 500) < 4.5 * math.sqrt(500)
    assert abs(counts[20] - 1500) < 4.5 * math.sqrt(1500)


def test_scatter_widens_the_counts_and_keeps_their_mean(tmp_path):
    """Daily counts: variance n + (cv n)^2 with n = 100, cv = 0.5; 400 days."""
    scenario = busy(per_day=100, stream={"scatter": {"day": 0.5}}, runs_for="400 days")
    counts = np.bincount(drawn(tmp_path, scenario).cases[0].arrived // DAY, minlength=400)
    sd = math.sqrt(100 + 50**2)
    assert abs(counts.mean() - 100) < 4.5 * sd / 20
    assert abs(counts.std(ddof=1) / sd - 1) < 4.5 * math.sqrt(0.75 / 400)


def test_priorities_are_shared_out(tmp_path):
    stream = {"priority": {"express": 0.2, "standard": 0.8}}
    ranks = (
        drawn(tmp_path, busy(per_day=5000, stream=stream, priorities=["express", "same day", "standard"])).cases[0].rank
    )
    assert set(ranks.tolist()) == {0, 2}
    assert abs((ranks == 0).mean() - 0.2) < 4.5 * math.sqrt(0.16 / len(ranks))


def test_fixed_times_need_no_luck(tmp_path):
    cases = drawn(tmp_path, shop(arrivals={"order": {**at(3, 5), "lines": 2}})).cases[0]
    assert cases.arrived.tolist() == [3 * MINUTE, 5 * MINUTE]
    assert cases.lines.tolist() == cases.units.tolist() == [2, 2]


# --- families -------------------------------------------------------------------------------------------------

H = 3_600_000
CUT = truncnorm(-1, np.inf, loc=H, scale=H)
FAMILIES = {
    "constant": ({"value": "1 h"}, H, 0),
    "uniform": ({"low": "1 h", "high": "3 h"}, 2 * H, H**2 / 3),
    "triangular": ({"low": "1 h", "mode": "2 h", "high": "6 h"}, 3 * H, 21 / 18 * H**2),
    "exponential": ({"mean": "1 h"}, H, H**2),
    "erlang": ({"mean": "1 h", "phases": 4}, H, H**2 / 4),
    "gamma": ({"mean": "1 h", "cv": 0.7}, H, 0.49 * H**2),
    "lognormal": ({"mean": "1 h", "cv": 0.7}, H, 0.49 * H**2),
    "weibull": ({"mean": "1 h", "cv": 0.7}, H, 0.49 * H**2),
    "normal": ({"mean": "1 h", "cv": 0.1}, H, 0.01 * H**2),
    "normal, cut": ({"mean": "1 h", "cv": 1.0}, CUT.mean(), CUT.var()),
    "empirical": ({"values": ["1 h", "3 h"], "weights": [3.0, 1.0]}, 1.5 * H, 0.75 * H**2),
}
"""How it is written, its mean, its variance."""
SIZE = 100_000


def values_of(family: str, parameters: dict[str, Any]) -> tuple[Law, np.ndarray]:
    law = TypeAdapter(Times).validate_python({family.split(",", maxsplit=1)[0]: parameters}).law()
    return law, sample(law, np.random.default_rng(7), SIZE)


@pytest.mark.parametrize("family", FAMILIES)
def test_mean_and_variance_of_each_family(family):
    """Both by a z-test at 4.5 standard errors (those of the variance from the fourth moment)."""
    parameters, expected, variance = FAMILIES[family]
    law, values = values_of(family, parameters)
    assert mean(law) == pytest.approx(expected, rel=1e-9)
    assert values.min() >= 0
    squares = (values - expected) ** 2
    assert abs(values.mean() - expected) <= 4.5 * math.sqrt(variance / SIZE)
    assert abs(squares.mean() - variance) <= 4.5 * squares.std() / math.sqrt(SIZE)


@pytest.mark.parametrize("family", ["gamma", "lognormal", "weibull", "normal"])
def test_a_family_known_by_two_quantiles_has_them(family):
    _, values = values_of(family, {"p50": "10 min", "p90": "12 min"})
    for level, minutes in ((0.5, 10), (0.9, 12)):
        share = (values <= minutes * MINUTE).mean()
        assert abs(share - level) < 4.5 * math.sqrt(level * (1 - level) / SIZE)


@pytest.mark.parametrize("per", ["line", "unit"])
def test_times_per_line_are_drawn_for_each_and_added_up(tmp_path, per):
    """Of an order with five lines: mean five times, variance five times that of one (not twenty-five)."""
    law = {"exponential": {"mean": "1 h"}}
    scenario = busy(work("pack", "packer", law, per=per), per_day=20_000, stream={"lines": 5})
    values = np.array(column(drawn(tmp_path, scenario), "order/pack", "takes"))
    assert abs(values.mean() - 5 * H) < 4.5 * math.sqrt(5 / len(values)) * H
    squares = (values - 5 * H) ** 2
    assert abs(squares.mean() - 5 * H**2) < 4.5 * squares.std() / math.sqrt(len(values))
