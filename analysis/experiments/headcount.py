"""The cheapest headcount that keeps every promise, with a stated probability and confirmed on fresh luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.experiments.finding import Drawn, Finding, Told, title_of
from analysis.experiments.marginal import team_title
from analysis.experiments.runs import Setting, observe
from analysis.headcount import CONFIRMED, Answer, Effort, Problem, cheapest, front, linear_cost, lower_bounds
from analysis.headcount.problem import Floats, Oracle, Staffing
from analysis.measures.money import cost_of_one
from sim.faults import bad_input, nearest
from sim.log import versions
from sim.plan import Plan
from sim.planning.staffing import headcount as people_of
from sim.planning.staffing import staffed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Bounds = Mapping[str, tuple[int, int]]
"""By team, as `team_paths` names it: the fewest and the most people."""


def headcount(
    plan: Plan,
    bounds: Bounds | None = None,
    promises: Sequence[str] = (),
    probability: float = 0.95,
    effort: Effort | None = None,
    setting: Setting | None = None,
) -> Finding:
    """The cheapest staffing with which, for each promise, the promised share is kept on at least `probability` of the
    days. `bounds` (default: every team that a promise depends on, from one person to twice as many as now and two
    more); teams that are not named stay as they are. `promises`: default all. Raises BadInput.
    """
    setting, effort = setting or Setting(), effort or Effort()
    chosen = _promises(plan, promises)
    problem = _problem(plan, _bounds(plan, bounds, chosen), chosen, probability)
    oracle = _oracle(plan, chosen, replace(setting, name=""), effort)
    answer = cheapest(problem, oracle, effort)
    around = front(answer, oracle) if answer.status == CONFIRMED else None
    return _finding(plan, problem, answer, around, probability, setting)


# --- the problem ------------------------------------------------------------------------------------------------


def team_paths(plan: Plan) -> list[str]:
    """The name of every team as it is written: the role, and the team behind a slash where the role has several."""
    roles = [each.role for each in plan.teams]
    return [
        plan.roles[team.role].name if roles.count(team.role) == 1 else f"{plan.roles[team.role].name}/{team.name}"
        for team in plan.teams
    ]


def _promises(plan: Plan, wanted: Sequence[str]) -> list[str]:
    known = [promise.name for promise in plan.promises]
    for name in wanted:
        if name not in known:
            raise bad_input("--promise", f'there is no promise "{name}"{nearest(name, known)}')
    if not known:
        raise bad_input("headcount", "the scenario makes no promise; without one the cheapest is nobody")
    return list(dict.fromkeys(wanted)) or known


def _bounds(plan: Plan, wanted: Bounds | None, promises: Sequence[str]) -> tuple[Staffing, Staffing]:
    """The fewest and the most people of every team."""
    now, names = people_of(plan), team_paths(plan)
    for name in wanted or ():
        if name not in names:
            raise bad_input("--team", f'there is no team "{name}"{nearest(name, names)}')
    if wanted is None:
        mine = _teams_that_matter(plan, promises)
        wanted = {name: (1, 2 * n + 2) for t, (name, n) in enumerate(zip(names, now, strict=True)) if t in mine}
    ends = [wanted.get(name, (n, n)) for name, n in zip(names, now, strict=True)]
    return tuple(low for low, _ in ends), tuple(high for _, high in ends)


def _teams_that_matter(plan: Plan, promises: Sequence[str]) -> set[int]:
    """Teams with people all run long whose role works on a route about which something is promised."""
    routes = {promise.route for promise in plan.promises if promise.name in promises}
    lines = {step.line for step in plan.steps if step.route in routes and step.line >= 0}
    roles = {role for line in lines for role, _ in plan.lines[line].servers[:1]}
    return {number for number, team in enumerate(plan.teams) if team.role in roles}


def _problem(plan: Plan, ends: tuple[Staffing, Staffing], promises: Sequence[str], probability: float) -> Problem:
    return Problem(
        teams=tuple(team_paths(plan)),
        lower=ends[0],
        upper=ends[1],
        cost=linear_cost(_prices(plan, ends)),
        promises=tuple(promises),
        targets=(probability,) * len(promises),
        needs=lower_bounds(plan),
    )


def _prices(plan: Plan, ends: tuple[Staffing, Staffing]) -> list[float]:
    """What one person of each team costs a week, overtime left out; one each where nobody has pay."""
    prices = cost_of_one(plan)
    moving = [number for number, (low, high) in enumerate(zip(*ends, strict=True)) if low != high]
    unpaid = [team_paths(plan)[number] for number in moving if np.isnan(prices[number])]
    if unpaid and len(unpaid) < len(moving):
        raise bad_input("headcount", f"no pay is given for {', '.join(unpaid)}: give it, or leave them as they are")
    return [1.0] * len(prices) if unpaid else [0.0 if np.isnan(price) else float(price) for price in prices]


def _oracle(plan: Plan, promises: Sequence[str], setting: Setting, effort: Effort) -> Oracle:
    """Staffings and replications → the share of days on which each promise is kept."""
    spent = 0

    def shares(staffings: Sequence[Staffing], replications: range) -> Floats:
        nonlocal spent
        quiet = replace(setting, progress=None)
        plans = [staffed(plan, dict(enumerate(staffing))) for staffing in staffings]
        observed = observe(plans, replications, quiet)
        columns = [
            [observed.each(n, ("promise", promise, "days_share")) for promise in promises] for n in range(len(plans))
        ]
        spent += len(plans) * len(replications)
        if setting.progress is not None:
            setting.progress(spent, effort.total)
        figures: Floats = np.nan_to_num(np.array(columns).transpose(0, 2, 1), nan=1.0)  # no days: nothing was broken
        return figures

    return shares


# --- the answer -------------------------------------------------------------------------------------------------


def _finding(
    plan: Plan, problem: Problem, answer: Answer, around: pd.DataFrame | None, probability: float, setting: Setting
) -> Finding:
    unit = f"{plan.currency}/week" if any(team.pay for team in plan.teams) else "people"
    tables = [Told("headcount", "The headcount", _staffing_table(plan, problem, answer, unit), _notes(answer))]
    if around is not None:
        tables.append(Told("front", f"What service costs ({unit}): nothing that was seen beats these", around))
    tables.append(Told("trace", "Everything that was tried", answer.table()))
    listed = "; ".join(problem.promises)
    return Finding(
        experiment="headcount",
        title=f"The cheapest headcount: {title_of(plan)}",
        question=f"Who is needed at least, so that on {probability:.0%} of the days each promise is kept: {listed}?",
        recommendation=_sentences(plan, problem, answer, unit),
        tables=tables,
        pictures=[] if around is None else _pictures(problem, answer, around, unit, probability),
        provenance={
            "plans": [plan.digest()],
            "sources": [plan.source],
            "seed": setting.seed,
            "replications": answer.spent,
            "versions": versions(),
        },
        possible=answer.status == CONFIRMED,
    )


def _sentences(plan: Plan, problem: Problem, answer: Answer, unit: str) -> list[str]:
    told = [answer.sentence()]
    if answer.status == CONFIRMED and answer.staffing is not None:
        now = people_of(plan)
        moved = [
            f"{'+' if n > before else '−'}{abs(n - before)} {team_title(plan, t)}"
            for t, (before, n) in enumerate(zip(now, answer.staffing, strict=True))
            if n != before
        ]
        cost, present = problem.cost(answer.staffing), problem.cost(now)
        told[0] = f"{'; '.join(moved) or 'Nobody more and nobody fewer'}. {told[0]}"
        told.append(f"It costs {cost:,.0f} {unit} without overtime; the present staff {present:,.0f}.")
    return [*told, f"{answer.spent:,} runs were played; the trace lists every staffing that was tried."]


def _notes(answer: Answer) -> str:
    return (
        f"Confirmed: lower bounds of all promises, with {1 - answer.effort.risk:.0%} confidence together, on luck by which "
        "nothing was chosen. That cheaper staffings break a promise rests on what was tried and on more people never "
        "doing worse."
    )


def _staffing_table(plan: Plan, problem: Problem, answer: Answer, unit: str) -> pd.DataFrame:
    """A row a team that could change: now, least, most, needed, cost of one."""
    import pandas as pd

    prices, now = cost_of_one(plan), people_of(plan)
    rows = [
        {
            "team": team,
            "now": now[t],
            "fewest": problem.lower[t],
            "most": problem.upper[t],
            "answer": None if answer.staffing is None else answer.staffing[t],
            f"cost of one, {unit}": prices[t] if unit != "people" else 1.0,
        }
        for t, team in enumerate(problem.teams)
        if problem.lower[t] != problem.upper[t]
    ]
    return pd.DataFrame(rows)


def _pictures(problem: Problem, answer: Answer, around: pd.DataFrame, unit: str, probability: float) -> list[Drawn]:
    def draw() -> Figure:
        from analysis.plots.experiments import pareto

        moving = [
            team for team, low, high in zip(problem.teams, problem.lower, problem.upper, strict=True) if low != high
        ]
        frame = around.assign(
            label=[", ".join(f"{row[team]} {team}" for team in moving) for _, row in around.iterrows()],
            service=around["margin"] + probability,
            low=around["low"] + probability,
            high=around["high"] + probability,
            chosen=[tuple(row[team] for team in problem.teams) == answer.staffing for _, row in around.iterrows()],
        )
        return pareto(frame, unit.removesuffix("/week"), "the worst promise, on how many days", probability)

    caption = "Each point a staffing: what it costs, and on how many days its worst promise is kept."
    return [Drawn("front", caption, draw)]
