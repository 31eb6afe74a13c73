"""Cases that stand somewhere when the run begins, and have waited already. Every log is worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.answers.answer import answer
from analysis.measures import measure_all
from analysis.measures.view import View
from analysis.runs import replicate
from tests.helpers.shops import at, collect, end, people, plan_of, play, refusal, route, rows, shop, wait, work


def left(step: str, *ages: float, **more: Any) -> dict[str, Any]:
    """One case at a step for each of these ages (min)."""
    one = {"route": "order", "at": step, "cases": 1, **more}
    return {f"left {i}": {**one, "age": f"{age} min"} for i, age in enumerate(ages)}


def test_they_stand_there_by_their_age_and_before_who_comes(tmp_path):
    """The oldest first, though it is the second that is named; then who comes at the first instant."""
    log = play(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1}, already_there=left("pack", 3, 8)))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 10, 15, "served"),
        (1, "pack", "packer 1", -3, 5, 10, "served"),
        (2, "pack", "packer 1", -8, 0, 5, "served"),
    ]
    assert log.cases.arrived.tolist() == [0, -3 * 60_000, -8 * 60_000]


def test_they_begin_at_their_step_and_go_on_from_it(tmp_path):
    steps = (work("pick", "packer", 5), work("pack", "packer", 3), end("done"))
    log = play(tmp_path, shop(route={"order": route(*steps)}, roles={"packer": 1}, already_there=left("pack", 8)))
    assert rows(log) == [
        (0, "pick", "packer 1", 0, 3, 8, "served"),
        (0, "pack", "packer 1", 8, 8, 11, "served"),
        (1, "pack", "packer 1", -8, 0, 3, "served"),
    ]


def test_urgency_goes_before_age(tmp_path):
    there = {**left("pack", 8, priority="calm"), "late": {**left("pack", 2, priority="urgent")["left 0"]}}
    log = play(
        tmp_path,
        shop(work("pack", "packer", 5), roles={"packer": 1}, already_there=there, priorities=["urgent", "calm"]),
    )
    assert [row[3:5] for row in rows(log)] == [(0, 10), (-8, 5), (-2, 0)]


def test_they_have_the_patience_of_who_joins_as_the_run_begins(tmp_path):
    steps = (work("pack", "packer", 9, patience=4, gives_up_to="gone"), end("done"), end("gone"))
    parts = {"roles": {"packer": 1}, "already_there": left("pack", 8, 7), "arrivals": {"order": at(60)}}
    log = play(tmp_path, shop(route={"order": route(*steps)}, **parts))
    assert rows(log)[1:] == [
        (1, "pack", "packer 1", -8, 0, 9, "served"),
        (2, "pack", "", -7, None, 4, "gave_up"),
    ]


def test_they_stay_where_there_is_no_room(tmp_path):
    steps = (work("pack", "packer", 5, room=0, gives_up_to="gone"), end("done"), end("gone"))
    log = play(tmp_path, shop(route={"order": route(*steps)}, roles={"packer": 1}, already_there=left("pack", 2, 1)))
    assert [row[6] for row in rows(log)] == ["gave_up", "served", "served"]


def test_they_stand_at_a_dock_by_their_age(tmp_path):
    steps = (collect("van", every=10, capacity=1), end("done"))
    log = play(tmp_path, shop(route={"order": route(*steps)}, already_there=left("van", 2, 9)))
    assert [row[3:6] for row in rows(log)] == [(0, 30, 30), (-2, 20, 20), (-9, 10, 10)]
    log = play(tmp_path, shop(collect("van", every=10), already_there=left("van", 2)))
    assert [row[3:6] for row in rows(log)] == [(0, 10, 10), (-2, 10, 10)]


def test_nobody_is_there_until_the_shift_begins(tmp_path):
    hours = {"day": {"Mon-Sun": ["00:30-12:00"]}}
    log = play(
        tmp_path,
        shop(work("pack", "packer", 5), roles={"packer": people(1, "day")}, hours=hours, already_there=left("pack", 2)),
    )
    assert [row[3:6] for row in rows(log)] == [(0, 35, 40), (-2, 30, 35)]


def test_conditions_see_when_they_came(tmp_path):
    """An order of the evening before is older than half an hour, and came after noon."""
    steps = (
        work("pack", "packer", 5),
        {"name": "old", "do": "branch", "goes_to": "too late", "when": {"older_than": "30 min"}},
        end("in time"),
        end("too late"),
    )
    log = play(tmp_path, shop(route={"order": route(*steps)}, roles={"packer": 1}, already_there=left("pack", 29, 10)))
    visited = [log.plan.steps[step] for step in log.visits.step.tolist()]
    assert [step.name for step in visited if step.outcome >= 0] == ["in time", "too late", "in time"]


def test_their_luck_and_that_of_others_is_their_own(tmp_path):
    takes = {"exponential": {"mean": "5 min"}}
    parts = {"roles": {"packer": 1}, "arrivals": {"order": {"every": "10 min"}}}
    step = work("pack", "packer", takes)
    alone = play(tmp_path, shop(step, **parts))
    beside = play(tmp_path, shop(step, **parts, already_there=left("pack", 3, 8)))
    size = alone.cases.case.size
    took = [log.visits.left[log.visits.step == 0] - log.visits.began[log.visits.step == 0] for log in (alone, beside)]
    served = (alone.visits.left[alone.visits.step == 0] >= 0).nonzero()[0][:-5]
    assert (took[0][served] == took[1][:size][served]).all()


def test_what_became_of_them_is_measured_and_told(tmp_path):
    """40 of 5 minutes each are worked off after 200 minutes by one, with nobody else coming."""
    there = {"yesterday": {"route": "order", "at": "pack", "cases": 40, "age": "2 h"}}
    parts = {"roles": {"packer": 1}, "arrivals": {"order": at(720)}, "already_there": there, "runs_for": "1 day"}
    log = play(tmp_path, shop(work("pack", "packer", 5), **parts))
    values = measure_all(View(log))
    assert values["already there", "order/pack", "cases"] == 40
    assert values["already there", "order/pack", "worked_off_h"] == pytest.approx(200 / 60)
    assert values["already there", "order/pack", "wait_h"] == pytest.approx((120 + 5 * 39 / 2) / 60)
    assert values["route", "order", "arrived"] == 1
    told = answer(replicate(plan_of(tmp_path, shop(work("pack", "packer", 5), **parts)), 2, workers=1)).flow[-1]
    assert told.startswith("40 cases stood at pack when the run began; they were worked off after 3.33")


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ({"route": "ordr", "at": "pack"}, 'there is no route "ordr"; did you mean "order"?'),
        ({"route": "order", "at": "pakc"}, 'there is no step of route order "pakc"; did you mean "pack"?'),
        ({"route": "order", "at": "rest"}, 'nobody stands at "rest"; name a step where people work'),
        ({"route": "order", "at": "done"}, 'nobody stands at "done"; name a step where people work'),
        ({"route": "order", "at": "pack", "priority": "hot"}, 'there is no priority class "hot"'),
        ({"route": "order", "at": "pack", "cases": 0}, "at least 1"),
    ],
)
def test_who_cannot_stand_there_is_refused(tmp_path, there, told):
    steps = (work("pack", "packer", 5), wait("rest", 3), end("done"))
    asked = {"cases": 3, "age": "1 h", **there}
    assert told in refusal(
        tmp_path, shop(route={"order": route(*steps)}, roles={"packer": 1}, already_there={"left": asked})
    )
