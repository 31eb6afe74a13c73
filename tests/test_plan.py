"""The plan: a scenario compiled, saved, loaded, hashed."""

from __future__ import annotations

import json

import pytest

from sim.draws import Draws
from sim.engine.play import run
from sim.faults import BadInput
from sim.plan import FITS, ONE, Plan, load_plan
from tests.shops import all_rows, branch, collect, people, plan_of, shop, start, wait, work
from tests.verbs.test_start import two_routes


def everything(**parts):
    """A shop in which every verb and most of their fields occur."""
    picking, answering = {"gamma": {"mean": "3 min", "cv": 0.5}}, {"empirical": {"values": ["1 min", "2 min"]}}
    steps = (
        work("pick", ["picker", "packer"], picking, per="line", patience=30, gives_up_to="done"),
        work("chat", "agent", answering, at_once=3, slower_by=0.3),
        branch("wrong", "pick", chance=0.2, at_most=2),
        wait("bank", {"uniform": {"low": "1 min", "high": "9 min"}}, in_hours="night"),
        collect("van", departs={"Mon-Sat": ["17:00"]}, capacity=5),
        start("send back", "return", chance=0.3, after={"exponential": {"mean": "2 h"}}),
    )
    roles = {
        "picker": people(1, "night", at_shift_end="start only what fits"),
        "packer": people(2, also_does={"picker": 0.8}),
        "agent": 1,
    }
    return two_routes(
        *steps,
        of_child=(work("check", "packer", 4, people=2, priority="express"),),
        roles=roles,
        hours={"night": {"Mon-Sun": ["22:00-06:00"], "breaks": ["01:00-02:00"]}},
        priorities=["express", "standard"],
        arrivals={
            "order": {"per_hour": 6.0, "scatter": 0.3, "lines": 2, "priority": {"express": 0.2, "standard": 0.8}}
        },
        **parts,
    )


def test_a_plan_comes_back_as_it_was_saved(tmp_path):
    plan = plan_of(tmp_path, everything())
    plan.save(tmp_path / "plan.json")
    loaded = load_plan(tmp_path / "plan.json")
    assert loaded == plan
    assert loaded.digest() == plan.digest()
    logs = [run(p, Draws(p, 1, 0)) for p in (plan, loaded)]
    assert all_rows(logs[0]) == all_rows(logs[1])
    assert len(logs[0].visits.case) > 300


def test_names_are_indices_and_defaults_are_spelled_out(tmp_path):
    plan = plan_of(tmp_path, everything())
    pick, chat = plan.steps[0], plan.steps[1]
    assert [plan.roles[role].name for role, _ in plan.lines[pick.line].servers] == ["picker", "packer"]
    assert plan.roles[0].at_shift_end == FITS
    assert (chat.at_once, chat.slower_by) == (3, 3 * ONE // 10)
    assert plan.step_key(pick.goes_to) == "order/done"
    assert [person.name for person in plan.people] == ["picker 1", "packer 1", "packer 2", "agent 1"]
    assert [step.again for step in plan.steps[:4]] == [True, True, True, False]


def test_roles_that_share_work_are_one_crew(tmp_path):
    plan = plan_of(tmp_path, everything())
    picking, chatting, checking = (plan.lines[plan.steps[n].line] for n in (0, 1, 7))
    assert picking.crew == checking.crew != chatting.crew


def test_the_digest_tells_results_apart_and_nothing_else(tmp_path):
    base = plan_of(tmp_path, everything()).digest()
    assert plan_of(tmp_path, {**everything(), "title": "another"}).digest() == base
    assert plan_of(tmp_path, {**everything(), "story": "Once upon a time"}).digest() == base
    assert plan_of(tmp_path, everything(runs_for="2 days")).digest() != base
    more = everything()
    more["roles"]["agent"] = people(2)
    assert plan_of(tmp_path, more).digest() != base


def test_the_digest_does_not_depend_on_the_order_in_which_a_plan_is_written(tmp_path):
    plan = plan_of(tmp_path, everything())
    content = json.loads(plan.model_dump_json())
    assert Plan.model_validate(dict(reversed(content.items()))).digest() == plan.digest()


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "is not a saved plan"), ("{}", "is not a saved plan"), ('{"format": 1, "x": 2}', "is not a saved plan")],
)
def test_what_is_no_plan_is_refused(tmp_path, content, said):
    path = tmp_path / "plan.json"
    path.write_text(content)
    with pytest.raises(BadInput, match=said):
        load_plan(path)


def test_a_plan_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        load_plan(tmp_path / "no.json")


def test_work_that_is_never_manned_is_refused_only_if_it_is_so_for_the_whole_run(tmp_path):
    hours = {"late": {"Sun": ["09:00-17:00"]}}
    scenario = shop(work("pack", "packer", 5), roles={"packer": people(1, "late")}, hours=hours)
    with pytest.raises(BadInput, match="nobody who could do this"):
        plan_of(tmp_path, scenario)
    plan_of(tmp_path, {**scenario, "runs_for": "1 week"})
