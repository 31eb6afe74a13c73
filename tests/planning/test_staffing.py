"""Other numbers of people and other hours, without reading the scenario again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from analysis.answers.mind import unpriced_hours
from sim.people import Pay
from sim.planning.staffing import lengthened, staffed
from sim.units import DAY, HOUR
from tests.helpers.shops import plan_of, shop, work, write

SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))


def path_of(plan: sim.Plan, team: int) -> str:
    role = plan.roles[plan.teams[team].role].name
    single = sum(each.role == plan.teams[team].role for each in plan.teams) == 1
    return f"roles.{role}.people" if single else f"roles.{role}.teams.{plan.teams[team].name}.people"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_one_more_or_fewer_is_what_the_file_would_say(path: Path) -> None:
    plan = sim.load(path)
    for team, count in enumerate(plan.headcount()):
        for wanted in (count - 1, count + 1):
            named = path_of(plan, team)
            try:
                written = sim.load(path, {named: wanted})
            except sim.BadInput:
                continue  # a role with a list of teams of which one is addressed otherwise, or a list of speeds
            assert staffed(plan, {team: wanted}) == written.model_copy(update={"source": plan.source}), (named, wanted)
    assert staffed(plan, {}) == plan


def shop_of_two_days(**more: float) -> dict[str, Any]:
    packer = {"people": 1, "hours": "day", "pay": {"per_month": 8000, **more}}
    day = {"Mon-Sun": ["09:00-12:00", "13:00-18:00"]}
    return shop(work("pack", "packer", 5), roles={"packer": packer}, hours={"day": day}, runs_for="2 days")


def two_days(tmp_path: Path, **more: float) -> sim.Plan:
    return plan_of(tmp_path, shop_of_two_days(**more))


def test_longer_hours(tmp_path: Path) -> None:
    plan = two_days(tmp_path, hours_per_week=56)
    longer = lengthened(plan, 0, HOUR).teams[0]
    assert longer.shifts[:2] == ((9 * HOUR, 12 * HOUR), (13 * HOUR, 19 * HOUR))
    assert longer.shifts[3] == (DAY + 13 * HOUR, DAY + 19 * HOUR)
    assert isinstance(longer.pay, Pay)
    assert longer.pay.per_month == pytest.approx(9000)


def test_longer_hours_have_one_price_however_they_are_asked_for(tmp_path: Path) -> None:
    """A month's pay for 56 hours a week, nine hours a day: by the file, by `--set` and by `marginal --hours` alike."""
    path = write(tmp_path, {**shop_of_two_days(hours_per_week=56)})
    longer = sim.load(path, {"hours.day": {"Mon-Sun": ["09:00-12:00", "13:00-19:00"]}}).teams[0]
    asked = lengthened(sim.load(path), 0, HOUR).teams[0]
    assert longer.pay is not None
    assert asked.pay is not None
    assert longer.pay.per_month == asked.pay.per_month == pytest.approx(8000 * 63 / 56)
    assert longer.pay.per_overtime_hour == asked.pay.per_overtime_hour


def test_what_longer_hours_cost_is_not_known_where_a_month_is_for_whatever_is_worked(tmp_path: Path) -> None:
    plan = two_days(tmp_path)
    longer = lengthened(plan, 0, HOUR)
    assert longer.teams[0].pay == plan.teams[0].pay
    told = "Monthly pay of packer stays as it is though the hours change: hours_per_week in their pay"
    assert [sentence.startswith(told) for sentence in unpriced_hours(plan, [plan, longer])] == [True]
    assert unpriced_hours(plan, [plan]) == []
    priced = two_days(tmp_path, hours_per_week=56)
    assert unpriced_hours(priced, [lengthened(priced, 0, HOUR)]) == []


def test_shorter_hours_down_to_nothing(tmp_path: Path) -> None:
    plan = two_days(tmp_path)
    assert lengthened(plan, 0, -HOUR).teams[0].shifts[1] == (13 * HOUR, 17 * HOUR)
    without_afternoons = lengthened(plan, 0, -6 * HOUR).teams[0].shifts
    assert without_afternoons[:2] == ((9 * HOUR, 12 * HOUR), (DAY + 9 * HOUR, DAY + 12 * HOUR))


def test_hours_end_when_the_next_shift_begins(tmp_path: Path) -> None:
    plan = two_days(tmp_path)
    assert lengthened(plan, 0, 20 * HOUR).teams[0].shifts[1] == (13 * HOUR, DAY + 9 * HOUR)
