"""Teams that sit elsewhere: hours by their own clocks, summer time right on both days, their own public holidays."""

from __future__ import annotations

import datetime as dt

import pytest

import sim
from sim.planning.calendars import intervals
from sim.planning.zones import clock_of
from sim.scenario.hours import read_hours
from sim.units import DAY, HOUR, MINUTE
from tests.helpers.shops import plan_of, play, refusal, rows, shop, work, write

OFFICE = {"Mon-Sun": ["09:00-17:00"]}
SPRING, AUTUMN = dt.date(2026, 3, 27), dt.date(2026, 10, 23)
"""Fridays before the Sundays on which Europe's clocks are changed."""


def abroad(zone="Europe/Berlin", shop_zone="Asia/Shanghai", hours=OFFICE, starts=SPRING, days=5):
    """(day, hour on, hour off) of each interval, by the shop's clocks."""
    found = intervals(read_hours(hours), starts, days * DAY, clock=clock_of(zone, shop_zone, starts))
    return [(on // DAY, on % DAY / HOUR, off % DAY / HOUR) for on, off in found if on < days * DAY]


def berlin_shop(starts=SPRING, **place):
    """Handed over at 10:00 in Shanghai, every day, to one person in Berlin."""
    clerk = {"teams": [{"people": 1, "hours": "office", "place": "Berlin"}]}
    cases = {"timetable": {"Mon-Sun": ["10:00"]}}
    scenario = shop(work("answer", "clerk", 5), roles={"clerk": clerk}, hours={"office": OFFICE}, runs_for="6 days")
    places = {"Berlin": {"time_zone": "Europe/Berlin", **place}}
    return scenario | {"starts": starts, "time_zone": "Asia/Shanghai", "places": places, "arrivals": {"order": cases}}


# --- clocks -----------------------------------------------------------------------------------------------------


def test_it_waits_for_the_other_places_morning(tmp_path):
    """P17 of the worked examples: 6 h on Friday 27 March 2026, 5 h on Monday 30."""
    waits = {case: (began - joined) / 60 for case, _, _, joined, began, _, _ in rows(play(tmp_path, berlin_shop()))}
    assert waits == {0: 6, 1: 6, 2: 5, 3: 5, 4: 5, 5: 5}


def test_and_an_hour_longer_again_from_the_day_on_which_clocks_are_put_back(tmp_path):
    told = rows(play(tmp_path, berlin_shop(AUTUMN)))
    assert [(began - joined) / 60 for _, _, _, joined, began, _, _ in told] == [5, 5, 6, 6, 6, 6]


def test_the_night_of_the_change_is_an_hour_shorter_or_longer():
    night = {"Mon-Sun": ["22:00-06:00"]}
    lengths = [
        [(off - on) % 24 for _, on, off in abroad(hours=night, starts=starts)][1:4] for starts in (SPRING, AUTUMN)
    ]
    assert lengths == [[8, 7, 8], [8, 9, 8]]


def test_a_time_that_no_clock_shows_and_one_that_it_shows_twice():
    """02:30 on 29 March does not come: an hour later; on 25 October it comes twice: the first."""
    spring, autumn = (abroad(hours={"Sun": ["02:30-08:00"]}, starts=starts) for starts in (SPRING, AUTUMN))
    assert spring == [(2, 9.5, 14)]
    assert autumn == [(2, 8.5, 15)]


def test_the_shops_own_change_moves_everybody_else():
    """For a shop in Berlin, Shanghai works from 02:00, and from 03:00 in summer."""
    assert [on for _, on, _ in abroad("Asia/Shanghai", "Europe/Berlin")] == [2, 2, 3, 3, 3]
    assert [on for _, on, _ in abroad("Asia/Shanghai", "Europe/Berlin", starts=AUTUMN)] == [3, 3, 2, 2, 2]


def test_a_run_begins_in_the_middle_of_a_day_elsewhere():
    """When a Berlin Friday begins it is 16:00 of Thursday in Los Angeles, and 08:00 of Saturday comes first of
    Kiritimati's days that are not yet over.
    """
    shift = {"Mon-Sun": ["15:00-19:00"]}
    january = dt.date(2026, 1, 9)
    assert abroad("America/Los_Angeles", "Europe/Berlin", shift, january, 2) == [(0, 0, 4), (1, 0, 4)]
    early = {"Mon-Sun": ["13:00-15:00"]}
    assert abroad("Pacific/Kiritimati", "Europe/Berlin", early, january, 2) == [(0, 0, 2), (1, 0, 2)]
    west = abroad("Pacific/Pago_Pago", "Pacific/Kiritimati", {"Mon-Sun": ["22:00-23:00"]}, january, 2)
    assert west == [(0, 23, 0), (1, 23, 0)]


def test_the_last_day_of_a_team_is_one_of_its_place(tmp_path):
    scenario = berlin_shop()
    scenario["roles"]["clerk"]["teams"][0] |= {"from": dt.date(2026, 3, 28), "until": dt.date(2026, 3, 29)}
    assert plan_of(tmp_path, scenario).calendar(0) == (
        (DAY + 16 * HOUR, DAY + 24 * HOUR),
        (2 * DAY + 15 * HOUR, 2 * DAY + 23 * HOUR),
    )


def test_a_place_on_the_same_clocks_changes_nothing(tmp_path):
    here = berlin_shop() | {"time_zone": "Europe/Berlin"}
    without = plan_of(tmp_path, {**here, "roles": {"clerk": {"people": 1, "hours": "office"}}})
    for place in ({}, {"time_zone": "Europe/Berlin"}):
        assert plan_of(tmp_path, here | {"places": {"Berlin": place}}).digest() == without.digest()


def test_where_nothing_changes_minutes_are_what_they_were():
    clock = clock_of("Asia/Hong_Kong", "Asia/Shanghai", SPRING)
    assert [clock(minute) for minute in (-1440, 0, 540)] == [-DAY, 0, 540 * MINUTE]


# --- holidays ---------------------------------------------------------------------------------------------------


def test_its_public_holidays_are_off(tmp_path):
    """Good Friday and Easter Monday 2026 in Germany: 3 and 6 April; the first of three cases each wait for Saturday."""
    told = rows(play(tmp_path, berlin_shop(dt.date(2026, 4, 2), holidays="DE")))
    began = [began // (24 * 60) for _, _, _, _, began, _, _ in told]
    assert began == [0, 2, 2, 3, 5, 5]


def test_hours_that_say_holidays_mean_those(tmp_path):
    scenario = berlin_shop(dt.date(2026, 4, 2), holidays="DE")
    scenario["hours"]["office"] = OFFICE | {"holidays": "US"}
    assert [on // DAY for on, _ in plan_of(tmp_path, scenario).calendar(0)[:4]] == [0, 1, 2, 3]


def test_make_up_workdays_that_are_not_published_are_told(tmp_path):
    plan = plan_of(tmp_path, berlin_shop(dt.date(2099, 4, 2), holidays="CN"))
    assert any('the place "Berlin": the make-up workdays of 2099 are not known yet' in each for each in plan.notices)


# --- words ------------------------------------------------------------------------------------------------------


def test_a_place_can_be_changed_and_taken_away(tmp_path):
    file = write(tmp_path, berlin_shop())
    changed = sim.load(file, {"places.Berlin.time_zone": "Europe/London"})
    assert changed.calendar(0)[1][0] == 17 * HOUR
    with pytest.raises(sim.BadInput, match='there is no place "Berlin"'):
        sim.load(file, {"places.Berlin": {"remove": True}})


def test_clocks_elsewhere_need_the_shops_own(tmp_path):
    scenario = berlin_shop()
    del scenario["time_zone"]
    assert "other clocks than whose?" in refusal(tmp_path, scenario)
