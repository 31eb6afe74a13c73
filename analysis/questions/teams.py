"""How questions call a team."""

from __future__ import annotations

from analysis.answers.words import plain
from sim.plan import Plan
from sim.scenario.fields import in_language


def team_title(plan: Plan, team: int) -> str:
    """What people call a team: its role, and its own name where the role has several."""
    group = plan.teams[team]
    role = in_language(plan.roles[group.role].title)
    alone = sum(each.role == group.role for each in plan.teams) == 1
    return role if alone else f"{role}, {plain(group.name)}"


def team_paths(plan: Plan) -> list[str]:
    """The name of every team as it is written: the role, and the team behind a slash where the role has several."""
    roles = [each.role for each in plan.teams]
    return [
        plan.roles[team.role].name if roles.count(team.role) == 1 else f"{plan.roles[team.role].name}/{team.name}"
        for team in plan.teams
    ]
