"""Looking up a known answer in a result, and judging it."""

import math
from pathlib import Path

import numpy as np
import pytest

import sim
from analysis.runs import replicate
from analysis.runs.known_answers import compare, refuse_unknown, values_of
from sim.faults import BadInput
from tests.helpers.shops import end, people, plan_of, shop, work

SCENARIOS = Path(__file__).parents[2] / "scenarios"

LOOKS = {
    "steps.order/pack.wait_min": ("step", "order/pack", "wait_min"),
    "roles.packer.utilisation": ("role", "packer", "utilisation"),
    "teams.packer/always.busy_h": ("team", "packer/always", "busy_h"),
    "departments.shop.overtime_h": ("department", "shop", "overtime_h"),
    "routes.order.cycle_p90_h": ("route", "order", "cycle_p90_h"),
    "routes.order.outcomes.sent off": ("outcome", "order/sent off", "ended"),
    "promises.in time.share": ("promise", "in time", "share"),
    "ledger.order.working": ("ledger", "order", "working"),
    "step_ledger.order/pack.busy_same": ("step ledger", "order/pack", "busy_same"),
    "step_losses.order/pack.busy_same": ("step losses", "order/pack", "busy_same"),
    "money.shop.staff_cost_per_week": ("money", "shop", "staff_cost_per_week"),
}


def result_of(tmp_path, answers=(), takes=None, replications=3):
    scenario = shop(
        work("pack", "packer", takes or {"exponential": {"mean": "5 min"}}),
        end("sent", outcome="sent off"),
        roles={"packer": people(1, pay={"per_hour": 30})},
        arrivals={"order": {"every": "10 min"}},
        promises={"in time": {"route": "order", "ends": "pack", "within": "1 h", "share": 0.9}},
        known_answers=[{"measure": m, "exact": exact, "source": "by hand"} for m, exact in answers],
    )
    scenario["route"]["order"][0]["steps"].pop()  # the end that every tiny shop gets
    return replicate(plan_of(tmp_path, scenario), replications, workers=1)


def test_every_kind_of_place_is_found(tmp_path):
    result = result_of(tmp_path)
    for path, key in LOOKS.items():
        np.testing.assert_array_equal(values_of(result, path), result.each(*key))
    assert {key[0] for key in result.keys} == {key[0] for key in LOOKS.values()}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("step.order/pack.wait_min", 'there is no "step" in "step.order/pack.wait_min"; did you mean "steps"?'),
        ("steps.order/pak.wait_min", '"order/pak" in "steps.order/pak.wait_min"; did you mean "order/pack"?'),
        ("steps.order/pack.wait_mins", '"wait_mins" in "steps.order/pack.wait_mins"; did you mean "wait_min"?'),
        ("routes.order.outcomes.sent", 'there is no "sent" in "routes.order.outcomes.sent"; did you mean "sent off"?'),
        ("steps.order/pack", "expected three words"),
        ("", 'there is no ""'),
    ],
)
def test_a_path_that_leads_nowhere_is_told_with_the_nearest_name(tmp_path, path, said):
    result = result_of(tmp_path, [(path, 1.0)])
    with pytest.raises(BadInput) as caught:
        compare(result)
    assert said in str(caught.value)
    assert f"known_answers → {path}" in str(caught.value)


def test_it_is_told_before_anything_is_played(tmp_path):
    right = result_of(tmp_path, [(path, 1.0) for path in LOOKS]).plan
    refuse_unknown(right)
    wrong = [right.known_answers[0].model_copy(update={"measure": path}) for path in ("steps.a/b.queue", "money.x.y")]
    with pytest.raises(BadInput) as caught:
        refuse_unknown(right.model_copy(update={"known_answers": tuple(wrong)}))
    assert [fault.path for fault in caught.value.faults] == [
        "known_answers → money.x.y",
        "known_answers → steps.a/b.queue",
    ]


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("textbook/*.toml")), ids=lambda path: path.stem)
def test_those_of_the_textbook_lead_somewhere(path):
    refuse_unknown(sim.load(path))


def test_where_chance_plays_no_part_the_answer_must_be_met(tmp_path):
    answers = [("steps.order/pack.service_min", 5.0), ("roles.packer.utilisation", 0.51)]
    met, missed = compare(result_of(tmp_path, answers, takes="5 min"))
    assert (met.mean, met.standard_error, met.z, met.by_chance) == (5.0, 0.0, 0.0, False)
    assert missed.z == math.inf


def test_otherwise_it_is_judged_by_the_standard_error(tmp_path):
    result = result_of(tmp_path, [("steps.order/pack.service_min", 5.0)], replications=8)
    (found,) = compare(result)
    values = result.each("step", "order/pack", "service_min")
    error = values.std(ddof=1) / math.sqrt(8)
    assert (found.mean, found.standard_error, found.n) == pytest.approx((values.mean(), error, 8))
    assert found.by_chance
    t = (values.mean() - 5.0) / error
    assert 0 < found.z / t < 1, "a t of seven degrees of freedom is less surprising than a normal of its size"


def test_one_replication_cannot_be_judged(tmp_path):
    (found,) = compare(result_of(tmp_path, [("steps.order/pack.service_min", 5.0)], replications=1))
    assert math.isnan(found.z)
    assert not found.by_chance
