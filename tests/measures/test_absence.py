"""Nobody on shift: rest days, nights and breaks, by hand and by definition; together they are all of it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures import measure_all
from analysis.measures.absence import absence
from analysis.measures.ledger import NOBODY, by_visit
from analysis.measures.view import View
from sim.draws import Draws
from sim.engine.play import run
from sim.intervals import joined
from sim.units import DAY, HOUR, MINUTE
from tests.helpers.naive import Naive
from tests.helpers.shops import end, plan_of, route, shop, work

ORDERS = {"timetable": {"Fri": ["12:15", "18:00"]}}
OFFICE = {"Mon-Fri": ["09:00-17:00"], "breaks": ["12:00-13:00"]}


def of_week(tmp_path, hours, roles=None, **parts):
    scenario = shop(
        runs_for="9 days",
        hours=hours,
        roles=roles or {"clerk": {"people": 1, "hours": "office"}},
        arrivals={"order": ORDERS},
        route={"order": route(work("file", "clerk" if roles is None else list(roles), 30), end("filed"))},
        **parts,
    )
    plan = plan_of(tmp_path, scenario)
    return run(plan, Draws(plan, 1, 0))


def hours_of(log):
    values = measure_all(View(log))
    return {cause: values["ledger", "order", cause] * 2 for cause in NOBODY}


def test_a_weekend_between_two_days_at_work(tmp_path):
    """That of 12:15 waits for 45 minutes of lunch; that of 18:00 for six hours of Friday, two days, nine of Monday."""
    assert hours_of(of_week(tmp_path, {"office": OFFICE})) == {"break": 0.75, "night": 15.0, "rest_day": 48.0}


def test_a_holiday_is_a_rest_day(tmp_path):
    log = of_week(tmp_path, {"office": {**OFFICE, "closed": [dt.date(2024, 1, 8)]}})
    assert hours_of(log) == {"break": 0.75, "night": 15.0, "rest_day": 72.0}


def test_whoever_could_do_it_ends_the_absence(tmp_path):
    """A colleague comes on Saturday afternoon, and has no lunch on Friday at the same time."""
    hours = {"office": OFFICE, "other": {"Fri": ["11:30-12:30"], "Sat": ["14:00-16:00"]}}
    roles = {"clerk": {"people": 1, "hours": "office"}, "helper": {"people": 1, "hours": "other"}}
    assert hours_of(of_week(tmp_path, hours, roles)) == {"break": 0.0, "night": 20.0, "rest_day": 0.0}


def test_a_day_on_which_nobody_ever_comes_is_a_rest_day_to_the_end_of_the_run():
    assert absence((), 3 * DAY + HOUR).rest_days == ((0, 3 * DAY + HOUR),)
    assert absence(((9 * HOUR, 17 * HOUR),), 3 * DAY + HOUR).rest_days == ((DAY, 3 * DAY + HOUR),)
    assert absence(((DAY + 9 * HOUR, DAY + 17 * HOUR),), DAY + HOUR).rest_days == ((0, DAY),)


def test_a_shift_past_midnight_belongs_to_the_day_on_which_it_began():
    late = ((9 * HOUR, 26 * HOUR), (33 * HOUR, 50 * HOUR))
    night = ((-2 * HOUR, 6 * HOUR), (22 * HOUR, 30 * HOUR), (46 * HOUR, 54 * HOUR))
    split = ((22 * HOUR, 26 * HOUR), (27 * HOUR, 30 * HOUR), (46 * HOUR, 50 * HOUR))
    for shifts in (late, night, split):
        assert absence(shifts, 3 * DAY).breaks == ()
    assert absence(((8 * HOUR, 13 * HOUR), (17 * HOUR, 21 * HOUR)), DAY).breaks == ((13 * HOUR, 17 * HOUR),)


SHIFTS = st.lists(
    st.tuples(st.integers(0, 95), st.integers(1, 30)).map(lambda s: (s[0] * HOUR, sum(s) * HOUR)), max_size=6
)


@given(SHIFTS, st.integers(1, 110))
def test_every_hour_is_a_rest_day_or_a_break_by_definition(shifts, length):
    found = absence(tuple(shifts), length * HOUR)
    together = joined(shifts)
    for at in range(0, length * HOUR, HOUR):
        today = at // DAY * DAY
        rests = not any(on < today + DAY and today < off for on, off in shifts)
        assert rests == any(on <= at < off for on, off in found.rest_days)
        before, after = [s for s in together if s[1] <= at], [s for s in together if at < s[0]]
        lies_between = before and after and not any(on <= at < off for on, off in shifts)
        pause = lies_between and before[-1][0] // DAY == after[0][0] // DAY and after[0][0] - before[-1][1] <= 8 * HOUR
        assert bool(pause) == any(on <= at < off for on, off in found.breaks)
        assert not (rests and pause)


@pytest.mark.parametrize("rest", ["weekend", "none"])
def test_together_they_are_the_time_in_which_nobody_is_on_shift(tmp_path, rest):
    days = "Mon-Fri" if rest == "weekend" else "Mon-Sun"
    log = of_week(tmp_path, {"office": {days: ["09:00-17:00"], "breaks": ["12:00-13:00"]}})
    ledger, naive = by_visit(View(log)), Naive(log)
    shifts = log.plan.calendar(0)
    for row, visit in enumerate(naive.visits):
        minutes = range(visit.joined, visit.gone, MINUTE)
        waits = [at for at in minutes if not any(start <= at < until for _, start, until in visit.work)]
        away = sum(not any(on <= at < off for on, off in shifts) for at in waits) * MINUTE
        assert sum(ledger[row, list(_numbers())]) == away
    assert sum(ledger[:, list(_numbers())].sum(axis=1) > 0) == 2


def _numbers():
    from analysis.measures.ledger import CAUSES

    return (CAUSES.index(cause) for cause in NOBODY)
