"""What is measured of money: what people cost, what the cases that ended brought, what is left."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.measures.people import hours_of
from analysis.measures.timeline import Ints
from analysis.measures.view import View
from sim.intervals import Intervals
from sim.plan import Contribution, Plan
from sim.units import HOUR, MONTH, WEEK

Record = tuple[str, str, str, float]
KIND, SHOP = "money", "shop"
PER_UNIT = 1_000_000


def measure_money(view: View) -> Iterator[Record]:
    """Sums a week of the measuring window. Nothing where the scenario names no pay and no contribution.

    Cost is of scheduled hours or months employed, and of overtime. A team without pay has no cost (NaN), nor has a role
    that it belongs to; the shop's is of those with pay. Contribution is of cases that ended in the window.
    """
    inside = view.ended[0] >= view.start
    ended_step, value = view.ended[1][inside], whole(view.cases.value[inside])
    count = np.bincount(ended_step, minlength=len(view.plan.steps))
    total = np.zeros(len(view.plan.steps), dtype=np.int64)
    np.add.at(total, ended_step, value)
    yield from records(view.plan, hours_of(view), count, total)


def records(plan: Plan, hours: NDArray[np.float64], count: Ints, value: Ints) -> Iterator[Record]:
    """See `measure_money`; from everybody's scheduled, busy and overtime ms, and, by end step, the cases that ended in
    the measuring window and their value (in millionths).
    """
    weeks = (plan.runs_for - plan.warm_up) / WEEK
    staff = brought = None
    if any(team.pay for team in plan.teams):
        cost = _costs(plan, hours / HOUR) / weeks
        yield from _by_role(plan, cost)
        staff = float(np.nansum(cost))
        yield KIND, SHOP, "staff_cost_per_week", staff
    if plan.contributions:
        brought = sum(_brought(plan, each, count, value) for each in plan.contributions) / weeks
        yield KIND, SHOP, "contribution_per_week", brought
    if staff is not None and brought is not None:
        yield KIND, SHOP, "surplus_per_week", brought - staff


def whole(value: NDArray[np.float64]) -> Ints:
    """Values of cases in millionths: whole numbers, so that their sum does not depend on the order of adding."""
    return np.rint(value * PER_UNIT).astype(np.int64)


def _by_role(plan: Plan, cost: NDArray[np.float64]) -> Iterator[Record]:
    """The cost of every role and, below it, of its teams."""
    for number, role in enumerate(plan.roles):
        mine = [n for n, team in enumerate(plan.teams) if team.role == number]
        yield KIND, role.name, "cost_per_week", cost[mine].sum()
        for n in mine:
            yield KIND, f"{role.name}/{plan.teams[n].name}", "cost_per_week", cost[n]


def cost_of_one(plan: Plan) -> NDArray[np.float64]:
    """What one person of each team costs a week in the measuring window without overtime; NaN for those without pay."""
    weeks = (plan.runs_for - plan.warm_up) / WEEK
    cost = np.full(len(plan.teams), np.nan)
    for number, team in enumerate(plan.teams):
        if team.pay is not None:
            begin, end = np.clip(team.pay.employed, plan.warm_up, plan.runs_for)
            hours = np.mean([_length(each, plan.warm_up, plan.runs_for) for each in team.calendars]) / HOUR
            cost[number] = (team.pay.per_hour * hours + team.pay.per_month * (end - begin) / MONTH) / weeks
    return cost


def _length(shifts: Intervals, start: int, end: int) -> int:
    """How long (ms) somebody with these shifts is there from start to end."""
    spans = np.clip(np.array(shifts, dtype=np.int64).reshape(-1, 2), start, end)
    return int((spans[:, 1] - spans[:, 0]).sum())


def _costs(plan: Plan, hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each team costs in the measuring window; NaN for those without pay."""
    team = np.array([person.team for person in plan.people], dtype=int)
    cost = np.full(len(plan.teams), np.nan)
    for number, pay in enumerate(each.pay for each in plan.teams):
        if pay is not None:
            scheduled, _, late = hours[team == number].sum(axis=0)
            begin, end = np.clip(pay.employed, plan.warm_up, plan.runs_for)
            months = np.count_nonzero(team == number) * (end - begin) / MONTH
            cost[number] = pay.per_hour * scheduled + pay.per_month * months + pay.per_overtime_hour * late
    return cost


def _brought(plan: Plan, contribution: Contribution, count: Ints, value: Ints) -> float:
    """What the cases of a route brought that ended in the measuring window, whenever they came."""
    ends = [n for n in plan.route_steps(contribution.route) if plan.steps[n].outcome in contribution.outcomes]
    return contribution.share_of_value * int(value[ends].sum()) / PER_UNIT + contribution.per_case * int(
        count[ends].sum()
    )
