"""How questions call a team."""

from __future__ import annotations

from analysis.answers.words import plain
from sim.faults import bad_input, nearest
from sim.language import say
from sim.plan import Plan
from sim.scenario.fields import in_language


def team_title(plan: Plan, team: int) -> str:
    """What people call a team: its role, and its own name where the role has several."""
    group = plan.teams[team]
    role = in_language(plan.roles[group.role].title)
    alone = sum(each.role == group.role for each in plan.teams) == 1
    return role if alone else f"{role}, {plain(group.name)}"


def refuse_unknown(plan: Plan, name: str) -> None:
    """Raises BadInput for what is no team's name; of a role that has several, with all of theirs."""
    names = team_paths(plan)
    if name in names:
        return
    theirs = [each for each in names if each.startswith(f"{name}/")]
    if theirs:
        raise bad_input(
            "--team", say('"{name}" has several teams; name one of them: {listed}', name=name, listed=", ".join(theirs))
        )
    raise bad_input("--team", say('there is no team "{name}"{nearest}', name=name, nearest=nearest(name, names)))


def team_paths(plan: Plan) -> list[str]:
    """The name of every team as it is written: the role, and the team behind a slash where the role has several."""
    roles = [each.role for each in plan.teams]
    return [
        plan.roles[team.role].name if roles.count(team.role) == 1 else f"{plan.roles[team.role].name}/{team.name}"
        for team in plan.teams
    ]
