"""Bounds from below: known loads, and never more than what a shop truly brings."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from analysis.questions.headcount import Need, Problem, linear_cost, lower_bounds
from analysis.questions.headcount.candidates import Open
from analysis.questions.headcount.problem import least_of
from analysis.questions.headcount.trials import Effort, Trials
from sim.draws import Draws
from sim.plan import WORK
from sim.units import HOUR, MINUTE
from tests.helpers.shops import branch, end, plan_of, route, shop, start, wait, work

DAY = {"day": {"Mon-Sun": ["08:00-18:00"]}}  # 70 hours a week


def a_week(*steps, roles=None, **more):
    """A shop with ten orders a day for a week; work rests when a shift ends, so nobody has more than their hours."""
    given = roles or {"packer": {}}
    roles = {name: _resting(fields) for name, fields in given.items()}
    parts = {"hours": DAY, "runs_for": "7 days", "arrivals": {"order": {"per_day": 10}}, **more}
    return shop(*steps, roles=roles, **parts)


def _resting(fields):
    who = {} if "teams" in fields else {"people": 3, "hours": "day"}
    return {**who, "at_shift_end": "pause", **fields}


def needs_of(tmp_path, scenario) -> dict[str, Need]:
    return hours_needed(plan_of(tmp_path, scenario))


def hours_needed(plan) -> dict[str, Need]:
    return {n.name.removesuffix(" (h/week)"): n for n in lower_bounds(plan) if n.name.endswith("(h/week)")}


def load(tmp_path, *steps, **more) -> float:
    return needs_of(tmp_path, a_week(*steps, **more))["packer"].least


def test_one_step(tmp_path):
    need = needs_of(tmp_path, a_week(work("pack", "packer", 6)))["packer"]
    assert need.least == pytest.approx(7.0)  # 10 x 7 x 6 min
    assert need.each == pytest.approx((70.0,))


def test_speed_and_efficiency_lengthen_hours(tmp_path):
    roles = {
        "packer": {"teams": [{"people": 1, "hours": "day", "speed": 0.5}]},
        "clerk": {"also_does": {"packer": 0.8}},
    }
    need = needs_of(tmp_path, a_week(work("pack", "packer", 6), roles=roles))["packer + clerk"]
    assert need.each == pytest.approx((35.0, 56.0))


def test_a_chance_forward(tmp_path):
    steps = (branch("easy", "pack", chance=0.75), work("check", "packer", 12), work("pack", "packer", 6))
    assert load(tmp_path, *steps) == pytest.approx(70 * (0.25 * 12 + 6) / 60)


def test_a_way_back_with_its_counter(tmp_path):
    steps = (work("pack", "packer", 6), branch("wrong", "pack", chance=0.5, at_most=2))
    assert load(tmp_path, *steps) == pytest.approx(70 * 6 * (1 + 0.5 + 0.25) / 60)


def test_ways_back_inside_each_other(tmp_path):
    steps = (
        work("pick", "packer", 6),
        work("pack", "packer", 3),
        branch("again", "pack", chance=0.5, at_most=1),
        branch("all again", "pick", chance=0.2, at_most=1),
    )
    # the counter of the inner way is used up in half of the second rounds: it is never set back
    second = 6 + 3 + 0.5 * 0.5 * 3
    assert load(tmp_path, *steps) == pytest.approx(70 * (6 + 3 + 0.5 * 3 + 0.2 * second) / 60)


def test_a_way_back_that_is_hardly_ever_left_counts_a_dozen_times(tmp_path):
    steps = (work("pack", "packer", 6), branch("wrong", "pack", chance=1.0, at_most=100))
    assert load(tmp_path, *steps) == pytest.approx(70 * 6 * 13 / 60)


def test_what_is_started_counts_once(tmp_path):
    steps = (
        work("pack", "packer", 6),
        start("comes back", "return", chance=0.1, after=60),
        branch("wrong", "pack", chance=0.5, at_most=1),
        end("done"),
    )
    back = route(work("inspect", "packer", 30), end("inspected"))
    assert load(tmp_path, route={"order": route(*steps), "return": back}) == pytest.approx(70 * (9 + 3) / 60)


def test_who_may_give_up_is_supposed_to(tmp_path):
    steps = (
        work("chat", "packer", 6, patience=1, gives_up_to="call back"),
        work("note it", "packer", 3),
        end("noted"),
        work("call back", "packer", 2),
    )
    assert load(tmp_path, *steps) == pytest.approx(70 * 2 / 60)


def test_where_a_condition_decides_the_lesser_way_is_taken(tmp_path):
    steps = (branch("old", "check", when={"older_than": "1 h"}), work("look", "packer", 5), work("check", "packer", 3))
    assert load(tmp_path, *steps) == pytest.approx(70 * 3 / 60)


def test_a_condition_that_is_certain_decides(tmp_path):
    steps = (branch("dear", "check", when={"value_over": 50}), work("look", "packer", 5), work("check", "packer", 3))
    assert load(tmp_path, *steps) == pytest.approx(70 * 8 / 60)
    dear = {"order": {"per_day": 10, "value": 80}}
    assert load(tmp_path, *steps, arrivals=dear) == pytest.approx(70 * 3 / 60)


def test_lines_are_counted_as_they_are_rounded(tmp_path):
    arrivals = {"order": {"per_day": 10, "lines": {"empirical": {"values": [0.2, 2.6], "weights": [0.5, 0.5]}}}}
    steps = (work("pick", "packer", 6, per="line"),)
    assert load(tmp_path, *steps, arrivals=arrivals) == pytest.approx(70 * 2 * 6 / 60)


def test_several_hands_and_several_cases(tmp_path):
    assert load(tmp_path, work("lift", "packer", 6, people=3)) == pytest.approx(21.0)
    assert load(tmp_path, work("chat", "packer", 6, at_once=3)) == pytest.approx(7 / 3)


def test_shared_queues_bound_the_crew(tmp_path):
    steps = (work("pick", "picker", 30), work("pack", "packer", 60))
    roles = {"picker": {"also_does": {"packer": 0.5}}, "packer": {}}
    needs = needs_of(tmp_path, a_week(*steps, roles=roles))
    assert set(needs) == {"picker", "picker + packer"}
    assert needs["picker"].least == pytest.approx(35.0)
    assert needs["picker + packer"].least == pytest.approx(105.0)
    assert needs["picker + packer"].each == pytest.approx((70.0, 70.0))
    assert not needs["picker + packer"].met((1, 0))
    assert needs["picker + packer"].met((1, 1))


def test_overtime_may_do_some_of_it(tmp_path):
    roles = {"packer": {"at_shift_end": "finish"}}
    need = needs_of(tmp_path, a_week(work("pack", "packer", 6), roles=roles))["packer"]
    assert need.each == pytest.approx((70.7,))  # at each of seven shift ends one case of 6 minutes


def test_as_many_as_a_case_needs_at_once(tmp_path):
    plan = plan_of(tmp_path, a_week(work("lift", "packer", 1, people=3, patience=5, gives_up_to="done")))
    assert lower_bounds(plan) == (Need("packer (people at once)", (1.0,), 3),)


def test_the_least_of_each_team():
    needs = (Need("both", (10.0, 20.0), 75.0),)
    problem = Problem(("a", "b"), (0, 0), (3, 4), linear_cost((1.0, 1.0)), ("p",), (0.9,), needs)
    assert least_of(problem) == (0, 3)  # with three of a 45 hours are left for b
    assert not Open(Trials(problem, lambda x, r: np.zeros((len(x), len(r), 1)), Effort())).open((1, 3))


def test_never_more_than_a_shop_truly_brings_and_does(tmp_path):
    """In an overloaded shop: work that comes in, and work that one person does, both from logs."""
    times = {"gamma": {"mean": "25 min", "cv": 0.8}}
    steps = (
        branch("easy", "pack", chance=0.4),
        work("check", "clerk", {"exponential": {"mean": "20 min"}}),
        work("pack", "packer", times, per="line"),
        branch("wrong", "check", chance=0.3, at_most=2),
        branch("large", "wrap", when={"lines_over": 2}),
        wait("rest", 5),
        end("small"),
        work("wrap", "packer", 7),
    )
    roles = {"packer": {"people": 1}, "clerk": {"people": 1, "also_does": {"packer": 0.7}}}
    roles = {name: {**fields, "at_shift_end": "finish"} for name, fields in roles.items()}
    arrivals = {"order": {"per_day": 12, "lines": {"lognormal": {"mean": 2, "cv": 0.7}}}}
    busy = plan_of(tmp_path, a_week(*steps, roles=roles, arrivals=arrivals))
    need = hours_needed(busy)["packer + clerk"]
    hands = {f"roles.{role}.people": 60 for role in ("packer", "clerk")}
    at_ease = sim.load(tmp_path / "shop.toml", hands)
    brought, done = [], []
    for k in range(30):
        brought.append(_work_h(at_ease, k))
        log = sim.simulate(busy, 1, k)
        rows = (log.visits.person >= 0) & (log.visits.began >= 0) & (log.visits.left <= busy.runs_for)
        packing = rows & (np.array([busy.people[p].role == 0 for p in log.visits.person]) & rows)
        done.append((log.visits.left - log.visits.began)[packing & (log.visits.left >= 0)].sum() / HOUR)
    assert need.least <= np.mean(brought) + 4 * np.std(brought) / 30**0.5
    assert need.least >= 0.6 * np.mean(brought)  # and worth something
    assert max(done) > 0.8 * 70  # overloaded
    assert np.mean(done) <= need.each[0]


def _work_h(plan, replication) -> float:
    """Hours of work, at the norm, that the cases which are over brought."""
    draws = Draws(plan, 1, replication)
    visits = sim.simulate(plan, 1, replication).visits
    total = 0
    for step, case, visit in zip(visits.step.tolist(), visits.case.tolist(), visits.visit.tolist(), strict=True):
        if plan.steps[step].verb == WORK:
            total += draws.column(step, "takes", visit)[case - draws.bases[plan.steps[step].route]]
    return total / MINUTE / 60
