"""What must hold between the parts of a plan, and what engines take for granted. A plan that planning made keeps it;
one that was saved may have been changed since, or be somebody else's.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.plan import START, WORK, Plan


def contradictions(plan: Plan) -> Iterator[str]:
    """Whatever the plan contradicts itself in, a sentence each."""
    yield from _people(plan)
    yield from _steps(plan)
    yield from _promises(plan)
    if circle := circle_of_starts(plan):
        yield f"routes start each other in a circle: {' > '.join(plan.routes[route].name for route in circle)}"


def _people(plan: Plan) -> Iterator[str]:
    """Engines find the people of a role, and of a team, between its first and its last, in plan order."""
    places = [(person.role, person.team) for person in plan.people]
    for role, team in places:
        if not (0 <= role < len(plan.roles) and 0 <= team < len(plan.teams)) or plan.teams[team].role != role:
            yield f"somebody is in role {role} and team {team}, which do not belong together"
            return
    if any(not 0 <= person.turn < len(plan.teams[person.team].calendars) for person in plan.people):
        yield "somebody has a turn that the rota of their team does not have"
    if places != sorted(places):
        yield "people do not stand role by role and team by team"


def _steps(plan: Plan) -> Iterator[str]:
    for number, step in enumerate(plan.steps):
        if not 0 <= step.route < len(plan.routes) or number not in plan.route_steps(step.route):
            yield f'step {number} is not among those of its route "{step.route}"'
        elif step.goes_to >= 0 and step.goes_to not in plan.route_steps(step.route):
            yield f"{plan.step_key(number)} leads out of its route"
        elif step.verb == WORK and not 0 <= step.line < len(plan.lines):
            yield f"{plan.step_key(number)} has no queue"
        elif step.verb == START and not 0 <= step.starts_route < len(plan.routes):
            yield f"{plan.step_key(number)} starts no route"


def _promises(plan: Plan) -> Iterator[str]:
    """Whoever looks for when a case is due searches among its cut-offs."""
    for each in plan.promises:
        rising = list(each.cut_offs) == sorted(each.cut_offs) and list(each.due) == sorted(each.due)
        if len(each.cut_offs) != len(each.due) or not rising:
            yield f'the cut-offs and due times of the promise "{each.name}" are not one for the other, rising'


def circle_of_starts(plan: Plan) -> list[int]:
    """Routes of which each starts the next and the last the first; empty if there are none. Luck is laid out for every
    case that could be started, so that a circle would have no end.
    """
    starts: dict[int, set[int]] = {}
    for step in plan.steps:
        if step.verb == START:
            starts.setdefault(step.route, set()).add(step.starts_route)
    done: set[int] = set()

    def follow(route: int, way: list[int]) -> list[int]:
        if route in way:
            return [*way[way.index(route) :], route]
        for following in () if route in done else sorted(starts.get(route, ())):
            if found := follow(following, [*way, route]):
                return found
        done.add(route)
        return []

    return next((found for route in sorted(starts) if (found := follow(route, []))), [])
