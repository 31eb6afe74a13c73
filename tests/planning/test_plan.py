"""The plan: a scenario compiled, saved, loaded, hashed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest

from sim.draws import Draws
from sim.engine.play import run
from sim.faults import BadInput
from sim.plan import BRANCH, FITS, ONE, START, WORK, Plan, load_plan
from sim.units import DAY
from tests.helpers.shops import all_rows, branch, collect, people, plan_of, shop, start, wait, work
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


def swapped(content):
    people = content["people"]
    people[0], people[2] = people[2], people[0]


def in_a_circle(content):
    route = len(content["routes"]) - 1
    step = next(s for s in content["steps"] if s["route"] == route and s["verb"] == WORK)
    step.update(verb=START, starts_route=0, line=-1)


def out_of_the_route(content):
    next(s for s in content["steps"] if s["verb"] == BRANCH)["goes_to"] = len(content["steps"]) - 1


def in_no_team(content):
    content["people"][0]["team"] = 99


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (swapped, "people do not stand role by role and team by team"),
        (in_a_circle, "routes start each other in a circle: order > return > order"),
        (out_of_the_route, "order/wrong leads out of its route"),
        (in_no_team, "somebody is in role 0 and team 99, which do not belong together"),
    ],
)
def test_a_saved_plan_that_contradicts_itself_is_refused(tmp_path, change, said):
    plan_of(tmp_path, everything()).save(tmp_path / "plan.json")
    content = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    change(content)
    (tmp_path / "plan.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BadInput, match=f"contradicts itself: {said}"):
        load_plan(tmp_path / "plan.json")


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


def test_a_plan_of_another_format_is_refused(tmp_path):
    path = tmp_path / "plan.json"
    plan_of(tmp_path, shop()).model_copy(update={"format": 2}).save(path)
    with pytest.raises(BadInput, match="was saved in format 2; this version of the program reads 1"):
        load_plan(path)


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


# --- money --------------------------------------------------------------------------------------------------------


def paid(**roles):
    hours = {
        "office": {"Mon-Fri": ["09:00-12:00", "13:00-18:00"], "holidays": "CN"},
        "Sunday": {"Sun": ["09:00-10:00"]},
    }
    return shop(
        work("pack", "packer", 5),
        roles={"packer": 1, **roles},
        hours=hours,
        runs_for="10 days",
        arrivals={"order": {"per_day": 5, "value": 100}},
    )


def pay_in(folder, **role):
    return next(team.pay for team in plan_of(folder, paid(clerk=role)).teams[1:])


def test_pay_is_resolved_to_sums_with_on_costs(tmp_path):
    by_hour = pay_in(tmp_path, people=1, hours="office", pay={"per_hour": 30, "on_costs": 0.5, "overtime": 2})
    assert (by_hour.per_hour, by_hour.per_month, by_hour.per_overtime_hour) == (45, 0, 90)
    by_month = pay_in(tmp_path, people=1, hours="office", pay={"per_month": 8000, "on_costs": 0.25, "overtime": 1.5})
    hours_of_a_month = 40 * (365.25 / 12) / 7  # holidays do not make an hour dearer
    assert (by_month.per_hour, by_month.per_month) == (0, 10_000)
    assert by_month.per_overtime_hour == pytest.approx(8000 / hours_of_a_month * 1.25 * 1.5)
    plain = pay_in(tmp_path, people=1, hours="office", pay={"per_hour": 30})
    assert (plain.per_hour, plain.per_overtime_hour, plain.employed) == (30, 30, (0, 10 * DAY))


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        ({"from": dt.date(2024, 1, 3)}, (2, 10)),
        ({"until": dt.date(2024, 1, 3)}, (0, 3)),
        ({"from": dt.date(2023, 7, 1), "until": dt.date(2024, 1, 1)}, (0, 1)),
        ({"from": dt.date(2024, 1, 9), "until": dt.date(9999, 12, 31)}, (8, 10)),
        ({"from": dt.date(2024, 3, 1)}, (10, 10)),
    ],
)
def test_who_is_employed_when(tmp_path, dates, days):
    found = pay_in(tmp_path, teams=[{"people": 1, "hours": "office", **dates}], pay={"per_month": 5000})
    assert found.employed == tuple(day * DAY for day in days)


def test_the_pay_of_a_team_takes_the_place_of_the_whole(tmp_path):
    teams = [{"people": 1, "hours": "office"}, {"people": 1, "hours": "always", "pay": {"per_hour": 20}}]
    plan = plan_of(tmp_path, paid(clerk={"teams": teams, "pay": {"per_month": 8000, "on_costs": 0.25}}))
    assert [team.pay and (team.pay.per_hour, team.pay.per_month) for team in plan.teams] == [None, (0, 10_000), (20, 0)]


def test_contributions_name_every_outcome_unless_some_are_told(tmp_path):
    scenario = {**everything(), "contribution": {"order": {"per_case": -2}}}
    (brings,) = plan_of(tmp_path, scenario).contributions
    assert (brings.route, brings.outcomes, brings.share_of_value, brings.per_case) == (0, (0,), 0, -2)


def test_a_case_is_worth_what_its_parent_is(tmp_path):
    scenario = {**everything(), "contribution": {"return": {"share_of_value": -0.2}}}
    with pytest.raises(BadInput, match="a share of nothing"):
        plan_of(tmp_path, scenario)
    scenario["arrivals"]["order"]["value"] = 20
    assert plan_of(tmp_path, scenario).contributions[0].share_of_value == -0.2


def test_pay_and_contribution_are_part_of_the_digest_but_their_absence_is_not(tmp_path):
    plan = plan_of(tmp_path, paid())
    with_pay = plan_of(tmp_path, paid(packer={"people": 1, "hours": "always", "pay": {"per_hour": 30}}))
    with_contribution = plan_of(tmp_path, {**paid(), "contribution": {"order": {"per_case": 2}}})
    assert len({each.digest() for each in (plan, with_pay, with_contribution)}) == 3
    assert with_pay.steps == plan.steps
    before = plan.model_dump(
        mode="json", exclude={"title", "story", "source", "notices", "contributions", "events", "interrupting"}
    )
    for team in before["teams"]:
        for key in ("pay", "rota", "repeats"):
            del team[key]
    for person in before["people"]:
        del person["turn"]
    for stream in before["streams"]:
        for key in ("group", "at", "age"):
            del stream[key]
    for step in before["steps"]:
        del step["room"]
    assert plan.digest() == hashlib.sha256(json.dumps(before, sort_keys=True).encode()).hexdigest()[:16]
