"""`work` and the clock: shifts, breaks, what happens at their end, dates of teams. Every log is worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.helpers.shops import MONDAY, at, end, people, play, refusal, route, rows, shop, work

TWO_SHIFTS = {"day": {"Mon-Sun": ["00:10-00:20", "00:40-01:00"]}}


def on_two_shifts(rule: str, takes: int, *minutes: int) -> dict[str, Any]:
    """One packer, here from 10 to 20 and from 40 to 60."""
    roles = {"packer": people(1, "day", at_shift_end=rule)}
    return shop(work("pack", "packer", takes), roles=roles, hours=TWO_SHIFTS, arrivals={"order": at(*minutes)})


RULES = ("finish", "pause", "start only what fits")


@pytest.mark.parametrize("rule", RULES)
def test_work_begins_with_the_shift(tmp_path, rule):
    assert rows(play(tmp_path, on_two_shifts(rule, 5, 0))) == [(0, "pack", "packer 1", 0, 10, 15, "served")]


@pytest.mark.parametrize("rule", RULES)
def test_nothing_begins_at_the_instant_at_which_a_shift_ends(tmp_path, rule):
    assert rows(play(tmp_path, on_two_shifts(rule, 5, 20))) == [(0, "pack", "packer 1", 20, 40, 45, "served")]


@pytest.mark.parametrize("rule", RULES)
def test_what_is_done_at_the_end_of_the_shift_is_done(tmp_path, rule):
    assert rows(play(tmp_path, on_two_shifts(rule, 5, 0, 1, 2))) == [
        (0, "pack", "packer 1", 0, 10, 15, "served"),
        (1, "pack", "packer 1", 1, 15, 20, "served"),
        (2, "pack", "packer 1", 2, 40, 45, "served"),
    ]


def test_finish_goes_on_in_overtime_and_begins_nothing_in_it(tmp_path):
    assert rows(play(tmp_path, on_two_shifts("finish", 15, 0, 12))) == [
        (0, "pack", "packer 1", 0, 10, 25, "served"),
        (1, "pack", "packer 1", 12, 40, 55, "served"),
    ]


def test_overtime_may_reach_into_the_next_shift(tmp_path):
    assert rows(play(tmp_path, on_two_shifts("finish", 35, 0, 12))) == [
        (0, "pack", "packer 1", 0, 10, 45, "served"),
        (1, "pack", "packer 1", 12, 45, 80, "served"),
    ]


def test_pause_rests_until_the_next_shift(tmp_path):
    assert rows(play(tmp_path, on_two_shifts("pause", 15, 0, 12))) == [
        (0, "pack", "packer 1", 0, 10, 45, "served"),
        (1, "pack", "packer 1", 12, 45, 60, "served"),
    ]


def test_pause_may_rest_more_than_once(tmp_path):
    """10 minutes in the first shift, 20 in the second, 2 in the first of the next day."""
    scenario = {**on_two_shifts("pause", 32, 0), "runs_for": "2 days"}
    assert rows(play(tmp_path, scenario)) == [(0, "pack", "packer 1", 0, 10, 24 * 60 + 12, "served")]


def test_only_what_fits_is_begun(tmp_path):
    assert rows(play(tmp_path, on_two_shifts("start only what fits", 8, 0, 5, 52))) == [
        (0, "pack", "packer 1", 0, 10, 18, "served"),
        (1, "pack", "packer 1", 5, 40, 48, "served"),
        (2, "pack", "packer 1", 52, 52, 60, "served"),
    ]


def test_what_fits_no_shift_is_begun_with_one(tmp_path):
    assert rows(play(tmp_path, on_two_shifts("start only what fits", 25, 12))) == [
        (0, "pack", "packer 1", 12, 40, 65, "served")
    ]


def test_a_case_that_does_not_fit_holds_up_its_queue(tmp_path):
    """At 18 the long case does not fit before 20; the short one behind it would, but waits."""
    routes = {"long": route(work("pack", "packer", 8), end("a")), "short": route(work("label", "packer", 2), end("b"))}
    roles = {"packer": people(1, "day", at_shift_end="start only what fits")}
    log = play(tmp_path, shop(roles=roles, hours=TWO_SHIFTS, route=routes, arrivals={"long": at(5, 6), "short": at(7)}))
    assert rows(log) == [
        (0, "pack", "packer 1", 5, 10, 18, "served"),
        (1, "pack", "packer 1", 6, 40, 48, "served"),
        (2, "label", "packer 1", 7, 48, 50, "served"),
    ]


def test_a_faster_person_may_begin_what_a_slower_one_may_not(tmp_path):
    team = {"people": 2, "hours": "day", "speed": [0.5, 1.0]}
    roles = {"packer": {"teams": [team], "at_shift_end": "start only what fits"}}
    log = play(tmp_path, shop(work("pack", "packer", 6), roles=roles, hours=TWO_SHIFTS, arrivals={"order": at(13)}))
    assert rows(log) == [(0, "pack", "packer 2", 13, 13, 19, "served")]


def test_several_cases_in_hand_may_be_too_slow_to_fit(tmp_path):
    """The second chat would take 12 minutes beside the first: from 12 until 24. At 16, alone, it takes 6: until 22."""
    roles = {"agent": people(1, "day", at_shift_end="start only what fits")}
    steps = [work("chat", "agent", 6, at_once=2, slower_by=1)]
    log = play(tmp_path, shop(*steps, roles=roles, hours=TWO_SHIFTS, arrivals={"order": at(10, 12)}))
    assert rows(log) == [
        (0, "chat", "agent 1", 10, 10, 16, "served"),
        (1, "chat", "agent 1", 12, 40, 46, "served"),
    ]


@pytest.mark.parametrize(
    ("rule", "began", "left"), [("finish", 710, 730), ("pause", 710, 790), ("start only what fits", 780, 800)]
)
def test_a_break_is_an_end_of_shift(tmp_path, rule, began, left):
    hours = {"day": {"Mon-Sun": ["09:00-18:00"], "breaks": ["12:00-13:00"]}}
    roles = {"packer": people(1, "day", at_shift_end=rule)}
    scenario = shop(work("pack", "packer", 20), roles=roles, hours=hours, arrivals={"order": at(710)})
    assert rows(play(tmp_path, scenario)) == [(0, "pack", "packer 1", 710, began, left, "served")]


@pytest.mark.parametrize(
    ("rule", "began", "left"), [("finish", 350, 370), ("pause", 350, 1330), ("start only what fits", 1320, 1340)]
)
def test_a_shift_over_midnight_is_one_shift(tmp_path, rule, began, left):
    """Case 0 comes at 05:50 to the end of Sunday's night shift; case 1 at 23:50 into the middle of Monday's."""
    roles = {"packer": people(1, "night", at_shift_end=rule)}
    hours = {"night": {"Mon-Sun": ["22:00-06:00"]}}
    scenario = shop(
        work("pack", "packer", 20), roles=roles, hours=hours, arrivals={"order": at(350, 1430)}, runs_for="2 days"
    )
    assert rows(play(tmp_path, scenario)) == [
        (0, "pack", "packer 1", 350, began, left, "served"),
        (1, "pack", "packer 1", 1430, 1430, 1450, "served"),
    ]


def test_teams_of_one_role_relieve_each_other(tmp_path):
    hours = {"early": {"Mon-Sun": ["00:00-00:20"]}, "late": {"Mon-Sun": ["00:20-01:00"]}}
    roles = {"packer": {"teams": [{"people": 1, "hours": "early"}, {"people": 1, "hours": "late"}]}}
    log = play(
        tmp_path, shop(work("pack", "packer", 8), roles=roles, hours=hours, arrivals={"order": at(0, 10, 15, 20)})
    )
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 8, "served"),
        (1, "pack", "packer 1", 10, 10, 18, "served"),
        (2, "pack", "packer 1", 15, 18, 26, "served"),
        (3, "pack", "packer 2", 20, 20, 28, "served"),
    ]


def test_work_of_two_who_pause_goes_on_while_both_are_here(tmp_path):
    """Both are here from 0 to 20 and from 60 to 120."""
    hours = {"a": {"Mon-Sun": ["00:00-00:30", "01:00-02:00"]}, "b": {"Mon-Sun": ["00:00-00:20", "00:50-02:00"]}}
    roles = {name: people(1, name, at_shift_end="pause") for name in "ab"}
    log = play(tmp_path, shop(work("lift", ["a", "b"], 30, people=2), roles=roles, hours=hours))
    assert rows(log) == [(0, "lift", "a 1 + b 1", 0, 0, 70, "served")]


def test_who_finishes_stays_with_who_pauses(tmp_path):
    """Only the hours of the one who pauses count: 20 minutes until 20, 10 from 50 on. The other has both in hand."""
    hours = {"a": {"Mon-Sun": ["00:00-00:30"]}, "b": {"Mon-Sun": ["00:00-00:20", "00:50-02:00"]}}
    roles = {"a": people(1, "a"), "b": people(1, "b", at_shift_end="pause")}
    log = play(tmp_path, shop(work("lift", ["a", "b"], 30, people=2), roles=roles, hours=hours))
    assert rows(log) == [(0, "lift", "a 1 + b 1", 0, 0, 60, "served")]


def test_a_team_works_from_its_first_to_its_last_day(tmp_path):
    """The night shift that begins on the last day belongs to it, also after midnight."""
    day = 24 * 60
    team = {
        "people": 1,
        "hours": "night",
        "from": MONDAY + dt.timedelta(days=1),
        "until": MONDAY + dt.timedelta(days=1),
    }
    scenario = shop(
        work("pack", "packer", 5),
        roles={"packer": {"teams": [team]}},
        hours={"night": {"Mon-Sun": ["22:00-02:00"]}},
        arrivals={"order": {"timetable": {"Mon": ["00:30", "22:30"], "Wed": ["01:00", "02:00"]}}},
        runs_for="4 days",
    )
    assert rows(play(tmp_path, scenario)) == [
        (0, "pack", "packer 1", 30, day + 1320, day + 1325, "served"),
        (1, "pack", "packer 1", 1350, day + 1325, day + 1330, "served"),
        (2, "pack", "packer 1", 2 * day + 60, 2 * day + 60, 2 * day + 65, "served"),
        (3, "pack", "", 2 * day + 120, None, None, "open"),
    ]


def test_an_unknown_rule_is_refused(tmp_path):
    scenario = shop(work("pack", "packer", 5), roles={"packer": people(1, at_shift_end="pauze")})
    said = refusal(tmp_path, scenario)
    assert '"pauze"' in said
    assert 'did you mean "pause"?' in said


def test_unknown_hours_are_refused(tmp_path):
    said = refusal(tmp_path, shop(work("pack", "packer", 5), roles={"packer": people(1, "alway")}))
    assert 'there is no hours "alway"; did you mean "always"?' in said


def test_a_team_that_leaves_before_it_comes_is_refused(tmp_path):
    team = {"people": 1, "hours": "always", "from": MONDAY + dt.timedelta(days=2), "until": MONDAY}
    said = refusal(tmp_path, shop(work("pack", "packer", 5), roles={"packer": {"teams": [team]}}))
    assert "the team leaves (2024-01-01) before it comes (2024-01-03)" in said
