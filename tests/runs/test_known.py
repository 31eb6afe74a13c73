"""What is known of the orders narrows intervals, and every mean can be worked out again from what is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from analysis.answers import known_luck
from analysis.measures import UNITS
from analysis.measures.paths import path_of
from analysis.output.json_shape import as_json
from analysis.output.result_files import tables
from analysis.questions.compare import compare
from analysis.runs import replicate, replicate_until
from analysis.runs.observe import Setting, observe
from analysis.runs.precision import asked
from analysis.runs.result import Result
from analysis.statistics import estimate
from sim.plan import Plan
from sim.planning.staffing import staffed
from tests.helpers.shops import at, branch, end, plan_of, route, shop, start, work

FAST = Setting(engine="fast", workers=1)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Orders for a busy packer, some of which start a question to an idle clerk."""
    takes = {"exponential": {"mean": "5 min"}}
    steps = [work("pack", "packer", 5) | {"takes": takes}, branch("again", "pack", chance=0.1, at_most=1)]
    steps += [start("asks", "question", chance=0.3)]
    routes = {"order": route(*steps, end("done")), "question": route(work("answer", "clerk", 1), end("told"))}
    scenario = shop(
        roles={"packer": {"people": 1, "hours": "always", "pay": {"per_hour": 30}}, "clerk": 1},
        route=routes,
        runs_for="3 days",
        warm_up="1 day",
        arrivals={"order": {"per_hour": 8, "value": {"exponential": {"mean": 40}}}},
        contribution={"order": {"share_of_value": 0.5}},
        promises={"packed": {"route": "order", "ends": "pack", "within": "40 min", "share": 0.9}},
    )
    return plan_of(tmp_path_factory.mktemp("shop"), scenario)


@pytest.fixture(scope="module", params=[12, 32])
def result(plan: Plan, request: pytest.FixtureRequest) -> Result:
    return replicate(plan, request.param, engine="simpy", workers=1)


def again(y: Any, controls: list[Any], within: tuple[float, float]) -> tuple[float, float]:
    """Mean and half-width by the book: plain where values are missing, the controls leave no spread, or the interval
    leaves what is possible.
    """
    plain = estimate(y)
    design = np.column_stack([np.ones(len(y)), *controls])
    if np.isnan(y).any() or not controls:
        return plain.mean, plain.half_width
    coefficients, *_ = np.linalg.lstsq(design, y, rcond=None)
    degrees = len(y) - design.shape[1]
    if np.abs(y - design @ coefficients).max() <= 1e-9 * np.abs(y).max():
        return plain.mean, plain.half_width
    variance = ((y - design @ coefficients) ** 2).sum() / degrees
    half = stats.t.ppf(0.975, degrees) * np.sqrt(variance * np.linalg.inv(design.T @ design)[0, 0])
    if coefficients[0] - half < within[0] or coefficients[0] + half > within[1]:
        return plain.mean, plain.half_width
    return float(coefficients[0]), float(half)


def test_every_mean_comes_again_from_the_files(result: Result) -> None:
    written, shape = tables(result), json.loads(json.dumps(as_json(result)))
    runs, told = written["replications"], written["estimates"]
    values = {key: each["value"].to_numpy() for key, each in runs.groupby(["kind", "place", "measure"], sort=False)}
    by_path = {path_of(key): each for key, each in values.items()}
    known = shape["controls"]
    assert len(told) == len(values)
    adjusted = 0
    for row in told.itertuples():
        y, path = values[row.kind, row.place, row.measure], path_of((row.kind, row.place, row.measure))
        place = path if row.kind == "outcome" else path.removesuffix(f".{row.measure}")
        controls = [by_path[each] - known["expected"][each] for each in known["places"].get(place, [])]
        signed = row.measure in ("contribution_per_week", "surplus_per_week")
        low, high = -np.inf if signed else 0.0, 1.0 if UNITS.get(row.measure) == "share" else np.inf
        mean, half = again(y, controls, (low, high))
        assert (row.mean, row.half_width) == pytest.approx((mean, half), rel=1e-6, abs=1e-7, nan_ok=True), path
        assert (row.plain_mean, row.plain_half_width) == pytest.approx(
            (estimate(y).mean, estimate(y).half_width), nan_ok=True
        )
        adjusted += row.half_width < 0.9 * row.plain_half_width
    assert adjusted > 20


def test_the_number_of_controls_goes_by_the_number_of_replications(result: Result) -> None:
    places = as_json(result)["controls"]["places"]
    expected = ["roles.packer.offered_h", "routes.order.offered"][: 1 if result.replications == 12 else 2]
    assert places["routes.order"] == expected
    assert places["roles.packer"] == expected[:1]


def test_what_is_said_is_what_was_reached(result: Result) -> None:
    keys = [("route", "order", "cycle_h"), ("route", "question", "cycle_h"), ("promise", "packed", "share")]
    ratios = [result.get(*key).half_width / estimate(result.each(*key)).half_width for key in keys]
    ratio = as_json(result)["controls"]["ratio"]
    assert ratio == pytest.approx(np.exp(np.mean(np.log(ratios))))
    assert ratio < 1
    said = f"Intervals of cycle times and promises are {ratio:.2f} as wide"
    assert known_luck.told(result).startswith(said)


def test_plain_leaves_it_out(plan: Plan) -> None:
    plain, usual = (replicate(plan, 12, engine="simpy", workers=1, plain=each) for each in (True, False))
    np.testing.assert_array_equal(plain.values, usual.values)
    for key in plain.keys:
        assert repr(plain.get(*key)) == repr(estimate(plain.each(*key)))
    assert as_json(plain)["controls"] == {"ratio": None, "places": {}, "expected": {}}
    assert known_luck.told(plain) == ""


def test_few_replications_and_shops_without_luck_are_plain(plan: Plan, tmp_path: Path) -> None:
    few = replicate(plan, 9, engine="simpy", workers=1)
    certain = replicate(
        plan_of(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1}, arrivals={"order": at(1, 2)})),
        12,
        engine="simpy",
        workers=1,
    )
    for found in (few, certain):
        assert all(repr(found.get(*key)) == repr(estimate(found.each(*key))) for key in found.keys)
        assert as_json(found)["controls"]["places"] == {}
        assert known_luck.told(found) == ""


def test_neither_workers_nor_engine_change_a_byte(plan: Plan) -> None:
    one = replicate(plan, 12, engine="simpy", workers=1)
    other = replicate(plan, 12, engine="fast", workers=3)
    assert tables(one)["estimates"].to_csv() == tables(other)["estimates"].to_csv()
    assert as_json(one)["controls"] == as_json(other)["controls"]


def test_means_add_up(result: Result) -> None:
    """Causes to the cycle time, verdicts to those who came: the same weights for all measures of a place."""
    causes = [key for key in result.keys if key[:2] == ("ledger", "order")]
    plain = all(result.get(*key) == estimate(result.each(*key)) for key in causes)
    assert not plain
    total = result.estimate(sum(result.each(*key) for key in causes), "ledger", "order")
    assert total.mean == pytest.approx(result.get("route", "order", "cycle_h").mean)


# --- precision and compare ------------------------------------------------------------------------------------------


def test_precision_is_reached_with_fewer_replications(plan: Plan) -> None:
    path, how = "roles.packer.utilisation", {"engine": "fast", "workers": 1}
    usual, plain = (replicate_until(plan, {path: 0.03}, 400, **how, plain=each) for each in (False, True))
    assert usual.replications < plain.replications
    (found,) = asked(usual)
    assert found.reached
    assert found.estimate == usual.get("role", "packer", "utilisation")
    assert not usual.plain
    assert plain.plain


def test_differences_come_again_from_the_tables(plan: Plan) -> None:
    finding = compare([plan, staffed(plan, {0: 2})], 12, FAST, names=["one", "two"])
    found, runs, controls = (table.frame for table in finding.tables)
    value = {key: each["value"].to_numpy() for key, each in runs.groupby(["plan", "path"])}
    known = {path: (each["value"] - each["expected"]).to_numpy() for path, each in controls.groupby("path")}
    assert found["controls"].str.len().gt(0).any()
    for row in found.itertuples():
        used = [known[path] for path in row.controls.split()]
        base, other = value["one", row.path], value["two", row.path]
        means = [again(each, used, (-np.inf, np.inf))[0] for each in (base, other, other - base)]
        assert (row.base, row.mean, row.difference) == pytest.approx(means, rel=1e-6, abs=1e-9)
        if used:
            confidence = 1 - 0.05 / len(found)
            _, half = again(other - base, used, (-np.inf, np.inf))
            degrees = 12 - 1 - len(used)
            half *= stats.t.ppf((1 + confidence) / 2, degrees) / stats.t.ppf(0.975, degrees)
            assert row.high - row.difference == pytest.approx(half, rel=1e-6)
    assert "as wide, on average, for what is known of the orders that came" in finding.tables[0].notes


def test_plain_comparisons(plan: Plan) -> None:
    finding = compare([plan, staffed(plan, {0: 2})], 12, FAST, plain=True)
    assert [table.name for table in finding.tables] == ["compare", "replications"]
    assert (finding.tables[0].frame["controls"] == "").all()
    assert "what is known" not in finding.tables[0].notes


def test_what_is_offered_is_stored_with_the_runs(plan: Plan) -> None:
    observed = observe([plan, staffed(plan, {0: 2})], range(3), FAST)
    for key in (("role", "packer", "offered_h"), ("route", "question", "offered")):
        np.testing.assert_array_equal(observed.each(0, key), observed.each(1, key))
    whole = observe([plan], range(3), Setting(engine="simpy", workers=1, whole=True))
    np.testing.assert_array_equal(
        whole.each(0, ("role", "packer", "offered_h")), observed.each(0, ("role", "packer", "offered_h"))
    )
