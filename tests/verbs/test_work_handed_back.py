"""`work` that leaves somebody's hands before it is done, and is taken up again. Every log is worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.helpers.shops import MONDAY, at, end, people, play, route, rows, shop, stretches, work

TUESDAY = MONDAY + dt.timedelta(days=1)
RELAY = {"early": {"Mon-Sun": ["00:10-00:20"]}, "late": {"Mon-Sun": ["00:15-01:00"]}}


def relay(takes: int, *minutes: int, speed: float = 1.0, **more: Any) -> dict[str, Any]:
    """One packer from 10 to 20, another from 15 to 60, who hand over to each other."""
    teams = [{"people": 1, "hours": "early"}, {"people": 1, "hours": "late", "speed": speed}]
    roles = {"packer": {"teams": teams, "at_shift_end": "hand over"}}
    steps = more.pop("steps", (work("pack", "packer", takes),))
    return shop(*steps, roles=roles, hours=RELAY, arrivals=more.pop("arrivals", {"order": at(*minutes)}), **more)


def test_a_colleague_goes_on_with_what_is_handed_over(tmp_path):
    log = play(tmp_path, relay(15, 0))
    assert rows(log) == [(0, "pack", "packer 2", 0, 10, 25, "served")]
    assert stretches(log) == [(0, "pack", "packer 1", 10, 20), (0, "pack", "packer 2", 20, 25)]


def test_what_is_left_goes_on_at_the_pace_of_who_takes_it(tmp_path):
    """10 of 15 minutes are done; at half the pace the other 5 take 10."""
    log = play(tmp_path, relay(15, 0, speed=0.5))
    assert stretches(log) == [(0, "pack", "packer 1", 10, 20), (0, "pack", "packer 2", 20, 30)]


def test_what_a_slow_hand_did_counts_as_much_as_it_is_worth(tmp_path):
    """Order 1 is begun at 15 at half the pace, until 60: 22.5 of 30 minutes. The 7.5 that are left take 15 on Tuesday,
    while packer 1 goes on with order 0, of which 10 are left at 20: another 20 at half the pace.
    """
    day = 24 * 60
    assert stretches(play(tmp_path, {**relay(30, 8, 15, speed=0.5), "runs_for": "2 days"})) == [
        (0, "pack", "packer 1", 10, 20),
        (0, "pack", "packer 1", day + 10, day + 20),
        (0, "pack", "packer 2", day + 30, day + 50),
        (1, "pack", "packer 2", 15, 60),
        (1, "pack", "packer 2", day + 15, day + 30),
    ]


def test_what_is_done_at_the_end_of_the_shift_is_not_handed_over(tmp_path):
    log = play(tmp_path, relay(10, 0))
    assert rows(log) == [(0, "pack", "packer 1", 0, 10, 20, "served")]
    assert stretches(log) == []


def test_it_waits_at_its_old_place(tmp_path):
    """Handed over at 20, it comes before the order of minute 5, for which packer 2 is free at 23; but at 15 she had
    begun that of minute 1.
    """
    log = play(tmp_path, relay(12, 0, 1, 5))
    assert rows(log) == [
        (0, "pack", "packer 2", 0, 10, 29, "served"),
        (1, "pack", "packer 2", 1, 15, 27, "served"),
        (2, "pack", "packer 2", 5, 29, 41, "served"),
    ]
    assert stretches(log) == [(0, "pack", "packer 1", 10, 20), (0, "pack", "packer 2", 27, 29)]


def test_an_urgent_case_goes_before_it(tmp_path):
    arrivals = {"order": {**at(0), "priority": "standard"}, "rush": {**at(1), "route": "order", "priority": "express"}}
    arrivals["late"] = {**at(18), "route": "order", "priority": "express"}
    log = play(tmp_path, relay(9, arrivals=arrivals, priorities=["express", "standard"]))
    assert rows(log) == [
        (0, "pack", "packer 2", 0, 15, 24, "served"),
        (1, "pack", "packer 1", 1, 10, 19, "served"),
        (2, "pack", "packer 2", 18, 19, 32, "served"),
    ]
    assert stretches(log) == [(2, "pack", "packer 1", 19, 20), (2, "pack", "packer 2", 24, 32)]


def test_who_was_begun_has_all_the_patience_in_the_world(tmp_path):
    steps = (work("pack", "packer", 30, patience=11, gives_up_to="gone"), end("done"), end("gone"))
    scenario = relay(0, 0, 1, steps=steps)
    scenario["route"] = {"order": route(*steps)}
    log = play(tmp_path, scenario)
    assert rows(log, "pack") == [
        (0, "pack", "packer 2", 0, 10, 40, "served"),
        (1, "pack", "", 1, None, 12, "gave_up"),
    ]
    scenario["arrivals"]["order"] = at(0, 14)
    log = play(tmp_path, scenario)  # order 1 is in hand from 15 to 45, order 0 waits from 20 on and gives up nothing
    assert stretches(log) == [(0, "pack", "packer 1", 10, 20), (0, "pack", "packer 2", 45, 60)]
    assert rows(log, "pack")[0] == (0, "pack", "packer 2", 0, 10, None, "open")


def test_a_break_is_the_end_of_a_shift(tmp_path):
    hours = {"day": {"Mon": ["00:00-02:00"], "breaks": ["00:30-00:40"]}}
    roles = {"packer": people(1, "day", at_shift_end="hand over")}
    log = play(tmp_path, shop(work("pack", "packer", 25), roles=roles, hours=hours, arrivals={"order": at(10)}))
    assert stretches(log) == [(0, "pack", "packer 1", 10, 30), (0, "pack", "packer 1", 40, 45)]
    assert rows(log) == [(0, "pack", "packer 1", 10, 10, 45, "served")]


def test_of_several_the_whole_goes_back_when_one_hands_over(tmp_path):
    roles = {
        "packer": {"teams": [{"people": 1, "hours": "early"}], "at_shift_end": "hand over"},
        "helper": people(2),
    }
    step = work("lift", ["packer", "helper"], 25, people=2)
    log = play(tmp_path, shop(step, roles=roles, hours=RELAY, arrivals={"order": at(15)}))
    assert stretches(log) == [
        (0, "lift", "packer 1", 15, 20),
        (0, "lift", "helper 1", 15, 20),
        (0, "lift", "helper 1", 20, 40),
        (0, "lift", "helper 2", 20, 40),
    ]
    assert rows(log) == [(0, "lift", "helper 1 + helper 2", 15, 15, 40, "served")]


def test_chats_are_handed_over_each(tmp_path):
    teams = [{"people": 1, "hours": "early"}, {"people": 1, "hours": "late"}]
    roles = {"agent": {"teams": teams, "at_shift_end": "hand over"}}
    step = work("chat", "agent", 8, at_once=2)
    log = play(tmp_path, shop(step, roles=roles, hours=RELAY, arrivals={"order": at(13, 14)}))
    assert stretches(log) == [
        (0, "chat", "agent 1", 13, 20),
        (0, "chat", "agent 2", 20, 21),
        (1, "chat", "agent 1", 14, 20),
        (1, "chat", "agent 2", 20, 22),
    ]


def test_who_leaves_for_good_leaves_a_paused_job_to_a_colleague(tmp_path):
    """5 of 10 minutes are left of order 1 on the last evening of the helper; a colleague takes it up on Tuesday."""
    hours = {"day": {"Mon-Sun": ["09:00-17:00"]}}
    teams = [{"people": 1, "hours": "day"}, {"name": "helper", "people": 1, "hours": "day", "until": MONDAY}]
    roles = {"packer": {"teams": teams, "at_shift_end": "pause"}}
    arrivals = {"order": {"timetable": {"Mon": ["16:54", "16:55"]}}}
    steps = work("pack", "packer", 10)
    log = play(tmp_path, shop(steps, roles=roles, hours=hours, arrivals=arrivals, runs_for="2 days"))
    nine = 24 * 60 + 9 * 60
    assert rows(log) == [
        (0, "pack", "packer 1", 16 * 60 + 54, 16 * 60 + 54, nine + 4, "served"),
        (1, "pack", "packer 1", 16 * 60 + 55, 16 * 60 + 55, nine + 9, "served"),
    ]
    assert stretches(log) == [
        (1, "pack", "packer 2", 16 * 60 + 55, 17 * 60),
        (1, "pack", "packer 1", nine + 4, nine + 9),
    ]


def test_the_last_day_of_who_pauses_and_a_slower_colleague(tmp_path):
    """A job of 3 h is begun at 16:00 on the last day, and one hour of it is done; at .8 the rest takes 2.5 h."""
    hours = {"day": {"Mon-Sun": ["09:00-17:00"]}}
    teams = [
        {"name": "old", "people": 1, "hours": "day", "until": MONDAY},
        {"name": "new", "people": 1, "hours": "day", "from": TUESDAY, "speed": 0.8},
    ]
    roles = {"analyst": {"teams": teams, "at_shift_end": "pause"}}
    arrivals = {"order": {"timetable": {"Mon": ["16:00"]}}}
    step = work("study", "analyst", 180)
    log = play(tmp_path, shop(step, roles=roles, hours=hours, arrivals=arrivals, runs_for="2 days"))
    day = 24 * 60
    assert stretches(log) == [
        (0, "study", "analyst 1", 16 * 60, 17 * 60),
        (0, "study", "analyst 2", day + 9 * 60, day + 11 * 60 + 30),
    ]


def test_two_who_pause_and_never_meet_again_hand_back(tmp_path):
    """They have 20 minutes in common on Monday and none after it; a third goes on with one who stays."""
    hours = {"day": {"Mon-Sun": ["00:00-00:20"]}, "once": {"Mon-Sun": ["00:00-00:30"]}}
    teams = [{"people": 1, "hours": "once", "until": MONDAY}, {"people": 2, "hours": "day"}]
    roles = {"lifter": {"teams": teams, "at_shift_end": "pause"}}
    step = work("lift", "lifter", 25, people=2)
    log = play(tmp_path, shop(step, roles=roles, hours=hours, runs_for="2 days"))
    day = 24 * 60
    assert stretches(log) == [
        (0, "lift", "lifter 1", 0, 20),
        (0, "lift", "lifter 2", 0, 20),
        (0, "lift", "lifter 2", day, day + 5),
        (0, "lift", "lifter 3", day, day + 5),
    ]


@pytest.mark.parametrize(("runs_for", "left"), [("22 min", None), ("19 min", None)])
def test_what_is_in_hand_at_the_end_of_the_run_is_open(tmp_path, runs_for, left):
    log = play(tmp_path, {**relay(15, 0), "runs_for": runs_for})
    assert rows(log)[0][-2:] == (left, "open")
    assert stretches(log) == (
        [(0, "pack", "packer 1", 10, 20), (0, "pack", "packer 2", 20, None)] if runs_for == "22 min" else []
    )


def test_a_millisecond_of_work_is_left_at_least(tmp_path):
    """A third of the pace for 59.999 s of a minute: what is left rounds down, but never to nothing."""
    hours = {"day": {"Mon": ["00:00-00:01", "00:02-00:03"]}}
    teams = [{"people": 1, "hours": "day", "speed": 0.333333}]
    roles = {"packer": {"teams": teams, "at_shift_end": "hand over"}}
    log = play(tmp_path, shop(work("pack", "packer", "20.001 s"), roles=roles, hours=hours))
    (first, second) = stretches(log)
    assert first[3:] == (0, 1)
    assert 0 < second[4] - 2 <= 1 / 1000
