"""Rotas: hours that repeat over several weeks or a cycle of days, each person beginning at another point."""

from __future__ import annotations

import datetime as dt

import pytest

import sim
from analysis.measures.money import cost_of_one
from analysis.measures.people import hours_of
from analysis.measures.view import View
from sim.intervals import joined
from sim.plan import load_plan
from sim.planning.calendars import intervals, weekly_time
from sim.planning.staffing import joined_by, lengthened, staffed
from sim.planning.typical import cycle_of, typical
from sim.scenario.hours import read_hours
from sim.units import DAY, HOUR, WEEK
from tests.helpers.shops import plan_of, play, refusal, rows, shop, work, write

MONDAY = dt.date(2024, 1, 1)
EARLY_LATE = {"weeks": [{"Mon-Fri": ["06:00-14:00"]}, {"Mon-Sat": ["14:00-22:00"]}]}
FOUR_ON = {"cycle": {"days": 6, "on": 4, "shift": "07:00-19:00"}}


def team(people, hours="rota", **more):
    return {"teams": [{"people": people, "hours": hours, **more}]}


def rota_shop(hours=EARLY_LATE, runs_for="8 weeks", **packer):
    packer = {"people": 2, "rota_from": [1, 2], **packer}
    return shop(work("pack", "packer", 5), hours={"rota": hours}, roles={"packer": team(**packer)}, runs_for=runs_for)


def days_of(hours, begins=1, starts=MONDAY, days=14):
    """(day of the run, hour on) of each shift."""
    found = intervals(read_hours(hours), starts, days * DAY, begins=begins)
    return [(on // DAY, on % DAY // HOUR) for on, _ in found if on < days * DAY]


# --- in time ----------------------------------------------------------------------------------------------------


def test_weeks_in_turn():
    early, late = [(day, 6) for day in range(5)], [(day, 14) for day in range(6)]
    assert days_of(EARLY_LATE) == [*early, *((7 + day, hour) for day, hour in late)]
    assert days_of(EARLY_LATE, begins=2) == [*late, *((7 + day, hour) for day, hour in early)]


def test_a_rota_may_have_begun_before_the_run_or_begin_behind_it():
    """Whose second week it is when the run begins: the same weeks, told from other Mondays."""
    for starts in (dt.date(2023, 12, 25), dt.date(2023, 12, 31), dt.date(2024, 1, 8), dt.date(2024, 1, 14)):
        assert days_of({**EARLY_LATE, "starts": starts}) == days_of(EARLY_LATE, begins=2)


def test_four_on_two_off():
    on = {begins: [day for day, _ in days_of(FOUR_ON, begins)] for begins in (1, 4, 6)}
    assert on[1] == [0, 1, 2, 3, 6, 7, 8, 9, 12, 13]
    assert on[4] == [0, 3, 4, 5, 6, 9, 10, 11, 12]
    assert on[6] == [1, 2, 3, 4, 7, 8, 9, 10, 13]
    wednesday = days_of({**FOUR_ON, "starts": dt.date(2024, 1, 3)})
    assert [day for day, _ in wednesday] == [2, 3, 4, 5, 8, 9, 10, 11]


def test_breaks_and_closed_days_are_of_all_weeks():
    hours = {**EARLY_LATE, "breaks": ["10:00-10:30", "18:00-18:30"], "closed": [dt.date(2024, 1, 2)]}
    found = intervals(read_hours(hours), MONDAY, 2 * WEEK)
    assert found[:3] == (
        (6 * HOUR, 10 * HOUR),
        (10 * HOUR + HOUR // 2, 14 * HOUR),
        (2 * DAY + 6 * HOUR, 2 * DAY + 10 * HOUR),
    )
    assert (WEEK + 14 * HOUR, WEEK + 18 * HOUR) in found


def test_a_make_up_workday_is_like_the_monday_of_its_week():
    """Sunday 4 February 2024 was worked in China."""
    hours = {"weeks": [{"Mon-Fri": ["06:00-14:00"]}, {"Mon-Fri": ["14:00-22:00"]}], "holidays": "CN"}
    monday = dt.date(2024, 1, 29)
    assert days_of(hours, starts=monday, days=7)[-1] == (6, 6)
    assert days_of(hours, begins=2, starts=monday, days=7)[-1] == (6, 14)


def test_a_cycle_knows_no_make_up_workday():
    """They have their own days off: 4 February is the first of two."""
    hours = {**FOUR_ON, "starts": dt.date(2024, 1, 31), "holidays": "CN"}
    assert [day for day, _ in days_of(hours, starts=dt.date(2024, 1, 31), days=6)] == [0, 1, 2, 3]


def test_the_weekly_time_is_the_average():
    assert weekly_time(read_hours(EARLY_LATE)) == 44 * HOUR
    assert weekly_time(read_hours(FOUR_ON)) == 56 * HOUR


# --- who has which week -----------------------------------------------------------------------------------------


def test_two_in_turn_cover_the_week(tmp_path):
    """P19 of the worked examples: somebody is there Mon-Fri 06-22 and Sat 14-22, and each has 352 h in eight weeks."""
    log = play(tmp_path, rota_shop())
    assert hours_of(View(log))[:, 0].tolist() == [352 * HOUR] * 2
    first, second = (log.plan.calendar(person) for person in (0, 1))
    together = joined([*first, *second])
    expected = [(day * DAY + 6 * HOUR, day * DAY + 22 * HOUR) for day in range(56) if day % 7 < 5]
    expected += [(day * DAY + 14 * HOUR, day * DAY + 22 * HOUR) for day in range(56) if day % 7 == 5]
    assert list(together)[: len(expected)] == sorted(expected)


def test_after_the_last_of_rota_from_comes_the_first_again(tmp_path):
    plan = plan_of(tmp_path, rota_shop(people=5, rota_from=[2, 1]))
    late, early = plan.teams[0].rota
    assert [plan.calendar(person) for person in range(5)] == [late, early, late, early, late]
    assert late[0][0] == 14 * HOUR
    assert plan.teams[0].shifts[0] == (6 * HOUR, 22 * HOUR)


def test_one_number_is_everybodys(tmp_path):
    plan = plan_of(tmp_path, rota_shop(people=2, rota_from=2))
    assert plan.teams[0].rota == ()
    assert plan.calendar(1)[0] == (14 * HOUR, 22 * HOUR)


def test_work_changes_hands_when_early_gives_way_to_late(tmp_path):
    """At 14:00 the first goes and the second comes: the case of 14:00 is hers, and she is the only one until 22:00."""
    cases = {"timetable": {"Mon": ["13:00", "14:00", "15:00"]}}
    told = rows(play(tmp_path, rota_shop(runs_for="9 days") | {"arrivals": {"order": cases}}), "pack")
    at = {hour: hour * 60 for hour in (13, 14, 15)}
    week = 7 * 24 * 60
    assert [(who, began) for _, _, who, _, began, _, _ in told] == [
        ("packer 1", at[13]),
        ("packer 2", at[14]),
        ("packer 2", at[15]),
        ("packer 2", week + at[13]),
        ("packer 1", week + at[14]),
        ("packer 1", week + at[15]),
    ]


def test_who_is_never_there_together_cannot_do_it_together(tmp_path):
    """The two overlap in no week; whoever counted the team's hours would think that they do."""
    steps = work("lift", "packer", 5, people=2)
    two = shop(steps, hours={"rota": EARLY_LATE}, roles={"packer": team(2, rota_from=[1, 2])}, runs_for="2 weeks")
    assert "never more than 1 of packer are on shift together" in refusal(tmp_path, two)


# --- as a question has it ---------------------------------------------------------------------------------------


def test_who_is_added_goes_on_with_the_rota_and_who_goes_is_the_last(tmp_path):
    file = write(tmp_path, rota_shop(people=3))
    plan = sim.load(file)
    for people in (1, 2, 4, 5):
        asked = sim.load(file, {"roles.packer.teams.rota.people": people})
        assert staffed(plan, {0: people}).digest() == asked.digest()


def test_who_joins_later_has_the_next_place_in_the_rota(tmp_path):
    plan = plan_of(tmp_path, rota_shop(people=1))
    more = joined_by(plan, 0, 2, DAY)
    assert [more.calendar(person)[0] for person in range(3)] == [
        (6 * HOUR, 14 * HOUR),
        (DAY + 14 * HOUR, DAY + 22 * HOUR),
        (DAY + 6 * HOUR, DAY + 14 * HOUR),
    ]


def test_longer_days_are_longer_for_each(tmp_path):
    longer = lengthened(plan_of(tmp_path, rota_shop()), 0, HOUR)
    assert [longer.calendar(person)[0] for person in (0, 1)] == [(6 * HOUR, 15 * HOUR), (14 * HOUR, 23 * HOUR)]
    assert longer.teams[0].shifts[0] == (6 * HOUR, 23 * HOUR)


def test_pay_is_for_the_average_week(tmp_path):
    paid = rota_shop(pay={"per_hour": 10})
    assert cost_of_one(plan_of(tmp_path, paid)).tolist() == pytest.approx([440])


def test_a_typical_cycle_is_as_long_as_the_rota_and_the_week(tmp_path):
    plan = plan_of(tmp_path, rota_shop())
    assert cycle_of(plan) == 2 * WEEK
    usual = typical(plan, 6 * WEEK)
    assert all(usual.calendar(p)[:40] == plan.calendar(p)[:40] for p in (0, 1))
    assert cycle_of(plan_of(tmp_path, rota_shop(FOUR_ON, "18 weeks"))) == 6 * WEEK


def test_a_saved_plan_that_gives_somebody_a_turn_that_is_none_is_refused(tmp_path):
    plan = plan_of(tmp_path, rota_shop())
    wrong = [plan.people[0], plan.people[1].model_copy(update={"turn": 2})]
    plan.model_copy(update={"people": tuple(wrong)}).save(tmp_path / "plan.json")
    with pytest.raises(sim.BadInput, match="a turn that the rota of their team does not have"):
        load_plan(tmp_path / "plan.json")


# --- as a variant has it ----------------------------------------------------------------------------------------


def variant(folder, **hours):
    """The hours of a variant of a shop with a rota, read."""
    base = rota_shop({**FOUR_ON, "starts": dt.date(2024, 1, 3), "closed": [dt.date(2024, 1, 5)]})
    file = write(folder, base)
    return sim.load(file, {f"hours.rota.{key}": value for key, value in hours.items()}).calendar(0)


def test_a_variant_changes_a_rota_key_by_key(tmp_path):
    on = [onset // DAY for onset, _ in variant(tmp_path, **{"cycle.on": 2})[:3]]
    assert on == [2, 3, 8]
    assert [onset // DAY for onset, _ in variant(tmp_path, starts=MONDAY)[:4]] == [0, 1, 2, 3]


def test_other_days_take_the_place_of_a_rota(tmp_path):
    base = rota_shop({**FOUR_ON, "closed": [dt.date(2024, 1, 2)]}) | {"roles": {"packer": team(1)}}
    plan = sim.load(write(tmp_path, base), {"hours.rota": {"Mon-Wed": ["09:00-10:00"]}})
    assert [on // DAY for on, _ in plan.calendar(0)[:2]] == [0, 2]
