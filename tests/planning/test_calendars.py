"""Hours as people write them → intervals in time."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.intervals import common, joined, next_at_or_after, on_at
from sim.planning.calendars import (
    MARGIN,
    intervals,
    regular_instants,
    weekly_instants,
    weekly_time,
    without_known_holidays,
)
from sim.scenario.hours import read_hours, read_times
from sim.units import DAY, HOUR, MINUTE, NEVER, WEEK

MONDAY = dt.date(2024, 1, 1)


def hours_of(data, starts=MONDAY, runs_for=WEEK, first_day=None, last_day=None):
    """The intervals that begin within the run, in hours."""
    found = intervals(read_hours(data), starts, runs_for, first_day, last_day)
    return [(on / HOUR, off / HOUR) for on, off in found if on < runs_for]


def days_of(data, starts, days):
    """The dates of the run on which a shift begins."""
    found = intervals(read_hours(data), starts, days * DAY)
    return [starts + dt.timedelta(milliseconds=on) for on, _ in found if on < days * DAY]


# --- a week -----------------------------------------------------------------------------------------------------


def test_shifts_by_weekday():
    data = {"Mon-Tue": ["09:00-12:00", "13:00-18:00"], "Thu,Sun": ["08:00-10:00"]}
    assert hours_of(data) == [(9, 12), (13, 18), (33, 36), (37, 42), (80, 82), (152, 154)]


def test_a_run_may_begin_on_any_day():
    assert hours_of({"Mon-Fri": ["09:00-17:00"]}, dt.date(2024, 1, 5), 4 * DAY) == [(9, 17), (81, 89)]


def test_a_range_of_days_may_go_over_the_end_of_the_week():
    assert hours_of({"Sat-Mon": ["09:00-10:00"]}) == [(9, 10), (129, 130), (153, 154)]


def test_round_the_clock_is_one_interval():
    found = intervals(read_hours({"Mon-Sun": ["00:00-24:00"]}), MONDAY, WEEK)
    assert found == ((0, WEEK + MARGIN + DAY),)


def test_intervals_reach_past_the_end_of_the_run():
    assert intervals(read_hours({"Mon-Sun": ["09:00-17:00"]}), MONDAY, WEEK)[-1][1] > WEEK + MARGIN - DAY


def test_shifts_that_touch_are_one():
    assert hours_of({"Mon": ["09:00-12:00", "12:00-15:00"]}) == [(9, 15)]
    assert hours_of({"Mon-Tue": ["20:00-24:00"], "Tue": ["00:00-04:00"]}) == [(20, 28), (44, 48)]


def test_a_night_shift_belongs_to_the_day_on_which_it_begins():
    """The run begins in the middle of Sunday's shift."""
    assert hours_of({"Sun": ["22:00-06:00"]}) == [(0, 6), (166, 174)]
    assert hours_of({"Mon": ["22:00-06:00"]}) == [(22, 30)]


def test_breaks_are_taken_out_every_day():
    data = {"Mon-Tue": ["09:00-17:00"], "breaks": ["12:00-12:30", "15:00-15:30"]}
    assert hours_of(data) == [(9, 12), (12.5, 15), (15.5, 17), (33, 36), (36.5, 39), (39.5, 41)]


def test_a_break_in_the_second_half_of_a_night_shift():
    assert hours_of({"Mon": ["22:00-06:00"], "breaks": ["02:00-03:00"]}) == [(22, 26), (27, 30)]


def test_a_break_over_midnight_counts_on_both_sides():
    assert hours_of({"Mon": ["22:00-06:00"], "breaks": ["23:30-00:30"]}) == [(22, 23.5), (24.5, 30)]
    assert hours_of({"Mon": ["00:00-24:00"], "breaks": ["23:30-00:30"]}) == [(0.5, 23.5)]


def test_a_break_outside_the_shift_changes_nothing():
    assert hours_of({"Mon": ["09:00-17:00"], "breaks": ["17:00-18:00", "08:00-09:00"]}) == [(9, 17)]


def test_a_break_may_take_a_whole_shift():
    assert hours_of({"Mon": ["09:00-10:00", "11:00-12:00"], "breaks": ["08:00-10:30"]}) == [(11, 12)]


# --- dates --------------------------------------------------------------------------------------------------------


def test_closed_dates_are_off_with_the_night_that_follows():
    assert hours_of({"Mon-Wed": ["22:00-06:00"], "closed": [dt.date(2024, 1, 2)]}) == [(22, 30), (70, 78)]


def test_a_team_has_a_first_and_a_last_day():
    data = {"Mon-Sun": ["22:00-02:00"]}
    first, last = dt.date(2024, 1, 2), dt.date(2024, 1, 3)
    assert hours_of(data, first_day=first, last_day=last) == [(46, 50), (70, 74)]
    assert hours_of(data, first_day=dt.date(2024, 1, 7)) == [(166, 170)]
    assert hours_of(data, last_day=dt.date(2023, 12, 31)) == [(0, 2)]


def test_public_holidays_of_britain():
    """25 and 26 December 2023 were a Monday and a Tuesday."""
    days = days_of({"Mon-Fri": ["09:00-17:00"], "holidays": "GB"}, dt.date(2023, 12, 22), 7)
    assert [day.day for day in days] == [22, 27, 28]


def test_the_golden_week_of_2025_and_its_make_up_workdays():
    """State Council notice: off from 1 to 8 October 2025; Sunday 28 September and Saturday 11 October are worked."""
    days = days_of({"Mon-Fri": ["09:00-17:00"], "holidays": "CN"}, dt.date(2025, 9, 26), 17)
    assert [(day.month, day.day) for day in days] == [(9, 26), (9, 28), (9, 29), (9, 30), (10, 9), (10, 10), (10, 11)]


def test_a_make_up_workday_is_worked_like_a_monday_unless_the_day_has_shifts_of_its_own():
    starts = dt.date(2025, 9, 28)
    data = {"Mon": ["08:00-12:00"], "Tue-Fri": ["09:00-17:00"], "holidays": "CN"}
    assert hours_of(data, starts, DAY) == [(8, 12)]
    assert hours_of({**data, "Sun": ["10:00-11:00"]}, starts, DAY) == [(10, 11)]


def test_closed_is_stronger_than_a_make_up_workday():
    data = {"Mon-Fri": ["09:00-17:00"], "holidays": "CN", "closed": [dt.date(2025, 9, 28)]}
    assert hours_of(data, dt.date(2025, 9, 28), DAY) == []


def test_years_whose_make_up_workdays_are_not_published_are_told():
    chinese, plain = ({"Mon-Fri": ["09:00-17:00"], **more} for more in ({"holidays": "CN"}, {}))
    assert without_known_holidays(read_hours(chinese), dt.date(2024, 12, 1), 60 * DAY) == []
    assert without_known_holidays(read_hours(chinese), dt.date(2099, 1, 1), DAY) == [2099]
    assert without_known_holidays(read_hours(plain), dt.date(2099, 1, 1), DAY) == []


# --- instants -------------------------------------------------------------------------------------------------------


def test_the_time_on_shift_of_a_week_knows_breaks_and_no_holidays():
    data = {"Mon-Sat": ["09:00-18:00"], "Sun": ["22:00-06:00"], "breaks": ["12:00-13:00", "23:30-00:30"]}
    assert weekly_time(read_hours({**data, "holidays": "CN", "closed": [MONDAY]})) == (6 * 8 + 7) * HOUR
    assert weekly_time(read_hours({"Mon": ["12:00-13:00"], "breaks": ["11:00-14:00"]})) == 0


def test_weekly_instants():
    found = weekly_instants(read_times({"Mon": ["17:00"], "Sun": ["24:00"]}), MONDAY, WEEK)
    assert [instant / HOUR for instant in found if instant <= WEEK] == [0, 17, 168]


def test_weekly_instants_reach_past_the_end_of_the_run():
    found = weekly_instants(read_times({"Wed": ["09:00"]}), dt.date(2024, 1, 4), WEEK)
    assert found[0] == 6 * DAY + 9 * HOUR
    assert found == tuple(sorted(found))
    assert WEEK + MARGIN - WEEK < found[-1] <= WEEK + MARGIN


def test_regular_instants():
    assert regular_instants(15 * MINUTE, HOUR)[:3] == (15 * MINUTE, 30 * MINUTE, 45 * MINUTE)
    assert regular_instants(15 * MINUTE, HOUR)[-1] == HOUR + MARGIN


def test_next_at_or_after():
    assert [next_at_or_after([5, 9], now) for now in (0, 5, 6, 9, 10)] == [5, 5, 9, 9, NEVER]


def test_who_is_on_is_half_open():
    assert [on_at([10, 40], [20, 50], now) for now in (9, 10, 19, 20, 39, 40, 49, 50)] == [
        False, True, True, False, False, True, True, False,
    ]  # fmt: skip
    assert on_at([], [], 0) is False


# --- sets of intervals ------------------------------------------------------------------------------------------------

SPANS = st.lists(st.tuples(st.integers(-10, 40), st.integers(-10, 40)), max_size=6)


def points(spans):
    return {at for on, off in spans for at in range(max(on, 0), off)}


@given(SPANS)
def test_joined_covers_the_same_and_leaves_gaps(spans):
    result = joined(spans)
    assert points(result) == points(spans)
    assert all(on < off for on, off in result)
    assert all(a[1] < b[0] for a, b in pairwise(result))


@given(SPANS, SPANS)
def test_common_is_what_both_cover(a, b):
    result = common(joined(a), joined(b))
    assert points(result) == points(a) & points(b)
    assert all(on < off for on, off in result)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"Mon": ["09:00-09:00"]}, "has no length"),
        ({"Mon": ["9-17"]}, "is not a time of day"),
        ({"Mon": ["24:00-08:00"]}, "begins at the end of the day"),
        ({"Mon": ["09:00-12:00", "11:00-13:00"]}, "these shifts overlap: Mon 09:00-12:00 and Mon 11:00-13:00"),
        ({"Mon": ["00:00-06:00"], "Sun": ["22:00-02:00"]}, "overlap"),
        ({"Moon": ["09:00-12:00"]}, '"Moon" is not a day of the week; did you mean "Mon"?'),
        ({"Mon": ["09:00-12:00"], "holidays": "XX"}, "is not a country code"),
        ({"breaks": ["12:00-13:00"]}, "these hours have no shift"),
        ({"Mon": ["09:00-12:00"], "closed": ["2024-01-01"]}, "expected a date such as"),
    ],
)
def test_misuse(data, said):
    with pytest.raises(ValueError, match="hours") as caught:
        read_hours(data)
    assert said in str(caught.value)


@pytest.mark.parametrize(("code", "open_"), [("DE", True), ("DE-BY", False), ("DE-HH", True)])
def test_holidays_of_a_state(code, open_):
    corpus_christi = dt.date(2025, 6, 19)
    assert (corpus_christi in days_of({"Mon-Fri": ["09:00-17:00"], "holidays": code}, dt.date(2025, 6, 16), 7)) is open_


def instants_of(data, starts, days):
    """The dates and hours of a timetable."""
    found = weekly_instants(read_times(data), starts, days * DAY)
    return [(starts + dt.timedelta(milliseconds=at), at % DAY // HOUR) for at in found if at < days * DAY]


def test_a_timetable_rests_on_holidays_and_closed_days():
    data = {"Mon-Fri": ["17:00"], "holidays": "DE", "closed": [dt.date(2025, 4, 29)]}
    found = instants_of(data, dt.date(2025, 4, 28), 7)
    assert [date.isoformat() for date, _ in found] == ["2025-04-28", "2025-04-30", "2025-05-02"]


def test_on_a_make_up_workday_things_depart_as_on_a_monday_unless_the_day_has_its_own():
    sunday = dt.date(2025, 9, 28)
    plain = {"Mon": ["10:00"], "Tue-Fri": ["17:00"], "holidays": "CN"}
    assert instants_of(plain, sunday, 1) == [(sunday, 10)]
    assert instants_of({**plain, "Sun": ["12:00"]}, sunday, 1) == [(sunday, 12)]


def test_what_is_due_at_24_00_is_due_on_the_next_day():
    data = {"Wed": ["24:00"], "closed": [dt.date(2025, 5, 1)]}
    assert instants_of(data, dt.date(2025, 4, 28), 7) == []
    assert instants_of({"Wed": ["24:00"]}, dt.date(2025, 4, 28), 7) == [(dt.date(2025, 5, 1), 0)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"Mon": ["09:00"], "breaks": []}, "a timetable has instants and no shifts that a break could cut"),
        ({"Mon": ["09:00"], "holidays": 7}, "7 is not a country code"),
        ({"Mon": ["09:00"], "closed": "rubbish"}, "expected a list"),
        ({"Mon": ["09:00"], "holidays": "GB-ENGL"}, 'no such state of GB is known; did you mean "GB-ENG"?'),
    ],
)
def test_misuse_of_timetables(data, said):
    with pytest.raises(ValueError, match="hours") as caught:
        read_times(data)
    assert said in str(caught.value)
