"""`wait`: time passes and nobody is needed. Every log is worked out by hand."""

from __future__ import annotations

import datetime as dt

from tests.helpers.shops import at, play, refusal, rows, shop, wait, work

OFFICE = {"office": {"Mon-Sun": ["00:10-00:20", "00:40-01:00"]}}


def test_a_wait_lasts_its_time_for_everybody_at_once(tmp_path):
    log = play(tmp_path, shop(wait("transit", 30), arrivals={"order": at(0, 1, 2)}))
    assert rows(log) == [
        (0, "transit", "", 0, 0, 30, "served"),
        (1, "transit", "", 1, 1, 31, "served"),
        (2, "transit", "", 2, 2, 32, "served"),
    ]


def test_a_wait_of_no_length_is_over_at_once(tmp_path):
    steps = (wait("nothing", 0), work("pack", "packer", 5))
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals={"order": at(3)}))
    assert rows(log) == [(0, "nothing", "", 3, 3, 3, "served"), (0, "pack", "packer 1", 3, 3, 8, "served")]


def test_in_hours_only_the_time_inside_them_counts(tmp_path):
    log = play(tmp_path, shop(wait("bank", 15, in_hours="office"), hours=OFFICE, arrivals={"order": at(0, 12, 20, 42)}))
    assert rows(log) == [
        (0, "bank", "", 0, 0, 45, "served"),
        (1, "bank", "", 12, 12, 47, "served"),
        (2, "bank", "", 20, 20, 55, "served"),
        (3, "bank", "", 42, 42, 57, "served"),
    ]


def test_in_hours_what_is_over_with_the_hours_does_not_wait_for_the_next(tmp_path):
    log = play(tmp_path, shop(wait("bank", 5, in_hours="office"), hours=OFFICE, arrivals={"order": at(15)}))
    assert rows(log) == [(0, "bank", "", 15, 15, 20, "served")]


def test_in_hours_a_wait_of_no_length_lasts_until_they_open(tmp_path):
    scenario = shop(wait("opening", 0, in_hours="office"), hours=OFFICE, arrivals={"order": at(0, 10, 15, 20)})
    assert [row[5] for row in rows(play(tmp_path, scenario))] == [10, 10, 15, 40]


def test_in_hours_over_closed_days(tmp_path):
    """Monday 12:00 and six hours of Monday to Friday, 09:00 to 17:00: five today, one on Wednesday (Tuesday closed)."""
    hours = {"office": {"Mon-Fri": ["09:00-17:00"], "closed": [dt.date(2024, 1, 2)]}}
    scenario = shop(wait("bank", 360, in_hours="office"), hours=hours, arrivals={"order": at(720)}, runs_for="3 days")
    assert rows(play(tmp_path, scenario)) == [(0, "bank", "", 720, 720, 2 * 1440 + 600, "served")]


def test_a_wait_beyond_the_end_of_the_run_stays_open(tmp_path):
    log = play(tmp_path, shop(wait("transit", 30), arrivals={"order": at(0, 1)}, runs_for="30 min"))
    assert rows(log) == [(0, "transit", "", 0, 0, None, "open"), (1, "transit", "", 1, 1, None, "open")]


def test_unknown_hours_are_refused(tmp_path):
    said = refusal(tmp_path, shop(wait("bank", 5, in_hours="ofice"), hours=OFFICE))
    assert 'there is no hours "ofice"; did you mean "office"?' in said


def test_a_wait_needs_its_time_and_nobody(tmp_path):
    assert "takes" in refusal(tmp_path, shop({"name": "transit", "do": "wait"}))
    assert 'unknown key "by"' in refusal(tmp_path, shop(wait("transit", 5, by="carrier")))


def test_an_unknown_unit_of_time_is_refused(tmp_path):
    assert '"parsec" is not a unit of time; use one of ms, s, min, h, day, week' in refusal(
        tmp_path, shop(wait("transit", "5 parsec"))
    )
    assert "is negative; a duration is at least 0" in refusal(tmp_path, shop(wait("transit", "-5 min")))
