"""What is measured of money: what people cost, what the cases that ended brought, what is left."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.measures.people import hours_of
from analysis.view import View
from sim.plan import Contribution, Plan
from sim.units import HOUR, MONTH, WEEK

Record = tuple[str, str, str, float]
KIND, SHOP = "money", "shop"


def measure_money(view: View) -> Iterator[Record]:
    """Sums a week of the measuring window. Nothing where the scenario names no pay and no contribution.

    Cost is of scheduled hours or months employed, and of overtime. A team without pay has no cost (NaN), nor has a role
    that it belongs to; the shop's is of those with pay. Contribution is of cases that ended in the window.
    """
    weeks = (view.end - view.start) / WEEK
    staff = brought = None
    if any(team.pay for team in view.plan.teams):
        cost = _costs(view) / weeks
        yield from _by_role(view.plan, cost)
        staff = float(np.nansum(cost))
        yield KIND, SHOP, "staff_cost_per_week", staff
    if view.plan.contributions:
        brought = sum(_brought(view, each) for each in view.plan.contributions) / weeks
        yield KIND, SHOP, "contribution_per_week", brought
    if staff is not None and brought is not None:
        yield KIND, SHOP, "surplus_per_week", brought - staff


def _by_role(plan: Plan, cost: NDArray[np.float64]) -> Iterator[Record]:
    """The cost of every role and, below it, of its teams."""
    for number, role in enumerate(plan.roles):
        mine = [n for n, team in enumerate(plan.teams) if team.role == number]
        yield KIND, role.name, "cost_per_week", cost[mine].sum()
        for n in mine:
            yield KIND, f"{role.name}/{plan.teams[n].name}", "cost_per_week", cost[n]


def _costs(view: View) -> NDArray[np.float64]:
    """What each team costs in the measuring window; NaN for those without pay."""
    hours = hours_of(view) / HOUR
    team = np.array([person.team for person in view.plan.people], dtype=int)
    cost = np.full(len(view.plan.teams), np.nan)
    for number, pay in enumerate(each.pay for each in view.plan.teams):
        if pay is not None:
            scheduled, _, late = hours[team == number].sum(axis=0)
            begin, end = np.clip(pay.employed, view.start, view.end)
            months = np.count_nonzero(team == number) * (end - begin) / MONTH
            cost[number] = pay.per_hour * scheduled + pay.per_month * months + pay.per_overtime_hour * late
    return cost


def _brought(view: View, contribution: Contribution) -> float:
    """What the cases of a route brought that ended in the measuring window, whenever they came."""
    ended_at, ended_step = view.ended
    ends = [n for n, step in enumerate(view.plan.steps) if step.outcome in contribution.outcomes]
    mine = (view.cases.route == contribution.route) & (ended_at >= view.start) & np.isin(ended_step, ends)
    value = float(view.cases.value[mine].sum())
    return contribution.share_of_value * value + contribution.per_case * int(np.count_nonzero(mine))
