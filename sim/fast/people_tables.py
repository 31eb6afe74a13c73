"""Plan → the tables of people: persons, teams, roles, the queues they serve."""

from __future__ import annotations

import numpy as np

from sim.fast import lexicon as x
from sim.fast.world import Ints
from sim.plan import Plan


def people(plan: Plan, spans: list[tuple[int, int]]) -> Ints:
    """Everybody before the first shift. Calendars are put at the end of `spans`: one that several have, once."""
    person = np.zeros((len(plan.people), x.PERSON_COLUMNS), dtype=np.int64)
    laid_out: dict[int, tuple[int, int]] = {}
    for p, each in enumerate(plan.people):
        calendar = plan.calendar(p)
        if id(calendar) not in laid_out:
            laid_out[id(calendar)] = len(spans), len(spans) + len(calendar)
            spans += calendar
        person[p, x.SPANS], person[p, x.SPANS_END] = laid_out[id(calendar)]
        person[p, x.ROLE], person[p, x.SPEED] = each.role, each.speed
        person[p, x.RULE], person[p, x.HELD_STEP] = plan.roles[each.role].at_shift_end, x.NONE
    return person


def teams_and_roles(plan: Plan) -> tuple[Ints, Ints]:
    """Teams and roles. People of a team, and of a role, stand together."""
    team = np.zeros((len(plan.teams), x.TEAM_COLUMNS), dtype=np.int64)
    for m in range(len(plan.teams)):
        team[m] = _stretch([p for p, each in enumerate(plan.people) if each.team == m])
    role = np.zeros((len(plan.roles), x.ROLE_COLUMNS), dtype=np.int64)
    for r in range(len(plan.roles)):
        first, end = _stretch(plan.people_of(r))
        role[r] = (first, end, 0, end, x.NONE)
    for line in plan.lines:
        for r, _ in line.servers:
            role[r, x.CREW_OF_ROLE] = line.crew
    return team, role


def _stretch(numbers: list[int]) -> tuple[int, int]:
    """First and end of people who stand together, as `sim.plan` promises: another's range must never be theirs."""
    first, end = (numbers[0], numbers[-1] + 1) if numbers else (0, 0)
    assert end - first == len(numbers), "people of a team and of a role stand together"
    return first, end


def crews(plan: Plan) -> tuple[Ints, Ints, Ints, Ints]:
    """Queues, who serves them, crews, and the queues of each crew."""
    line = np.zeros((len(plan.lines), x.LINE_COLUMNS), dtype=np.int64)
    server: list[tuple[int, int]] = []
    for number, each in enumerate(plan.lines):
        chains = number * len(plan.priorities)
        line[number] = (len(server), len(server) + len(each.servers), each.crew, chains, 0, 0)
        server += each.servers
    count = 1 + max((each.crew for each in plan.lines), default=-1)
    crew, crew_line = np.zeros((count, x.CREW_COLUMNS), dtype=np.int64), list[int]()
    for g in range(count):
        mine = [number for number, each in enumerate(plan.lines) if each.crew == g]
        shared = any(step.at_once > 1 for step in plan.steps if step.line in mine)
        crew[g] = (len(crew_line), len(crew_line) + len(mine), 0, shared, 0)
        crew_line += mine
    servers = np.array(server, dtype=np.int64).reshape(-1, x.SERVER_COLUMNS)
    return line, servers, crew, np.array(crew_line, dtype=np.int64)
