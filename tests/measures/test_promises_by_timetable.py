"""Promises by the next time of a timetable, a truck's say. Worked out by hand."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from analysis.answers.captions import in_words
from analysis.measures import measure_all
from analysis.measures.promises import due_of, known_before
from analysis.measures.view import View
from analysis.questions.headcount.question import headcount
from analysis.questions.hire_by import hire_by
from analysis.runs import replicate
from sim.faults import BadInput
from sim.plan import load_plan
from sim.units import DAY, HOUR, MINUTE, NEVER
from tests.helpers.shops import MONDAY, at, plan_of, play, refusal, shop, work

TRUCK = {"Mon-Fri": ["17:00"]}


def promised(**how):
    promise = {"route": "order", "ends": "pack", "share": 0.9, **how}
    return {"roles": {"packer": 1}, "promises": {"out": promise}, "runs_for": "14 days"}


def due(tmp_path, *hours, **how):
    """By when orders of these hours are due (hours since Monday 00:00; None: beyond what is laid out)."""
    (promise,) = plan_of(tmp_path, shop(work("pack", "packer", 5), **promised(**how))).promises
    found = due_of(promise, np.array([round(hour * HOUR) for hour in hours], dtype=np.int64))
    return [None if each == NEVER else each / HOUR for each in found.tolist()]


def test_the_next_truck(tmp_path):
    friday = 4 * 24
    assert due(tmp_path, 0, 16.9, 17, friday + 17, by=TRUCK) == [17, 17, 24 + 17, 7 * 24 + 17]


def test_who_comes_at_the_cut_off_has_missed_it(tmp_path):
    assert due(tmp_path, 13.99, 14, by=TRUCK, cut_off="14:00") == [17, 24 + 17]


def test_a_cut_off_later_than_the_truck_is_that_of_the_evening_before(tmp_path):
    early = {"Tue": ["06:00"]}
    assert due(tmp_path, 21.9, 22, by=early, cut_off="22:00") == [24 + 6, 8 * 24 + 6]


def test_the_next_but_one(tmp_path):
    assert due(tmp_path, 0, 17, by=TRUCK, later=1) == [24 + 17, 48 + 17]


def test_of_several_trucks_a_day_the_first_after_the_cut_off(tmp_path):
    twice = {"Mon-Sun": ["12:00", "17:00"]}
    assert due(tmp_path, 9.9, 10, 16, by=twice, cut_off="10:00") == [12, 24 + 12, 24 + 12]
    assert due(tmp_path, 9.9, 12, 16, by=twice) == [12, 17, 17]


def test_holidays_and_closed_days_have_no_truck(tmp_path):
    new_year = {**TRUCK, "holidays": "DE"}  # Monday, 1 January
    assert due(tmp_path, 0, by=new_year) == [24 + 17]


def test_it_is_kept_at_the_very_instant_and_broken_a_moment_later(tmp_path):
    """Five minutes each: packed at 9:00, 9:05 and 9:10; the truck goes at 9:05."""
    parts = {**promised(by={"Mon": ["09:05"]}, cut_off="09:00"), "runs_for": "2 days"}
    log = play(tmp_path, shop(work("pack", "packer", 5), arrivals={"order": at(535, 536, 537)}, **parts))
    values = measure_all(View(log))
    assert [values["promise", "out", name] for name in ("kept", "broken", "undecided")] == [2, 1, 0]


def test_what_is_due_after_the_end_of_the_run_is_undecided(tmp_path):
    parts = {**promised(by={"Tue": ["09:00"]}), "runs_for": "1 day"}
    log = play(tmp_path, shop(work("pack", "packer", 5), arrivals={"order": at(535)}, **parts))
    values = measure_all(View(log))
    assert [values["promise", "out", name] for name in ("kept", "broken", "undecided")] == [0, 0, 1]


def test_the_plan_without_one_is_what_it_was(tmp_path):
    within, by = (
        plan_of(tmp_path, shop(work("pack", "packer", 5), **promised(**how))).promises[0]
        for how in ({"within": "5 min"}, {"by": TRUCK})
    )
    assert within.due == within.cut_offs == ()
    assert within.within == 5 * MINUTE
    assert by.within == 0
    assert by.due[0] == 17 * HOUR
    assert by.due[5] == 7 * DAY + 17 * HOUR


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"within": "5 min", "by": TRUCK}, "either within a time, or by a timetable"),
        ({}, "either within a time, or by a timetable"),
        ({"within": "5 min", "later": 1}, "cut_off and later belong to by"),
        ({"by": TRUCK, "in_hours": "always"}, "by has a timetable of its own"),
        ({"by": TRUCK, "gave_up": "left out"}, "early must say within which time"),
        ({"by": {"Mon": ["17:00"], "breaks": []}}, "a timetable has instants"),
    ],
)
def test_what_contradicts_itself_is_refused(tmp_path, how, told):
    assert told in refusal(tmp_path, shop(work("pack", "packer", 5), **promised(**how)))


def test_what_is_never_due_is_refused(tmp_path):
    """Laid out are the run and five weeks behind it: six Mondays, and the first of them is a holiday."""
    parts = {**promised(by={"Mon": ["17:00"], "holidays": "DE"}, later=4), "runs_for": "1 day"}
    plan = plan_of(tmp_path, shop(work("pack", "packer", 5), **parts))
    assert [each / DAY for each in plan.promises[0].due] == [35 + 17 / 24]
    parts["promises"]["out"]["later"] = 5
    assert "nothing is ever due by this timetable" in refusal(tmp_path, shop(work("pack", "packer", 5), **parts))


def test_who_can_be_late_before_the_run_is_over(tmp_path):
    """One who comes at 14:00 on Monday is due on Tuesday at 17:00, and late a moment after that."""
    parts = promised(by=TRUCK, cut_off="14:00")
    (by,) = plan_of(tmp_path, shop(work("pack", "packer", 5), **parts)).promises
    monday, tuesday = 17 * HOUR, DAY + 17 * HOUR
    assert known_before(by, monday) == -1
    assert known_before(by, monday + 1) == 14 * HOUR == known_before(by, tuesday)
    assert known_before(by, tuesday + 1) == DAY + 14 * HOUR
    (within,) = plan_of(tmp_path, shop(work("pack", "packer", 5), **promised(within="2 h"))).promises
    assert known_before(within, tuesday) == tuesday - 2 * HOUR


def test_questions_refuse_a_run_that_cannot_tell(tmp_path):
    """In a run of five days the truck of Thursday is the last; who comes after 14:00 on Thursday cannot be late."""
    parts = {**promised(by={"Mon, Thu": ["17:00"]}, cut_off="14:00"), "runs_for": "5 days"}
    plan = plan_of(tmp_path, shop(work("pack", "packer", 5), **parts))
    first, last = MONDAY, MONDAY + dt.timedelta(days=4)
    with pytest.raises(BadInput, match=r'break "out": it must go on until its last case is due'):
        hire_by(plan, {"packer": 1}, (first, last), replications=2)
    late = plan.model_copy(update={"warm_up": 3 * DAY + 14 * HOUR})
    with pytest.raises(BadInput, match='the run ends before a case can be late for "out"'):
        headcount(late)


def test_the_report_says_it_in_words(tmp_path):
    parts = {**promised(by=TRUCK, cut_off="14:00", later=1), "runs_for": "2 days"}
    result = replicate(plan_of(tmp_path, shop(work("pack", "packer", 5), **parts)), 1, workers=1)
    told = in_words(result, result.plan.promises[0])
    assert told == (
        "order: “pack” is over by a timetable: due Tue 2 Jan 17:00 for arrival before Mon 1 Jan 14:00, and so on"
    )


@pytest.mark.parametrize("wrong", [{"due": (5, 3), "cut_offs": (1, 2)}, {"due": (3, 5), "cut_offs": (2,)}])
def test_a_saved_plan_whose_due_times_are_in_disorder_is_refused(tmp_path, wrong):
    plan = plan_of(tmp_path, shop(work("pack", "packer", 5), **promised(by=TRUCK)))
    (promise,) = plan.promises
    plan.model_copy(update={"promises": (promise.model_copy(update=wrong),)}).save(tmp_path / "plan.json")
    with pytest.raises(BadInput, match='the cut-offs and due times of the promise "out"'):
        load_plan(tmp_path / "plan.json")
