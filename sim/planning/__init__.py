"""Scenario → plan: every name becomes an index, every default is spelled out, every calendar is laid out in time."""

from __future__ import annotations

from collections import Counter

from sim.faults import BadInput
from sim.intervals import Intervals
from sim.language import say
from sim.plan import KnownAnswer, Plan, Step
from sim.planning.floor import everybody, lines_of, roles_of, step_servers, teams_of
from sim.planning.money import contributions_of
from sim.planning.notices import notices_of
from sim.planning.promises import promises_of
from sim.planning.routes import steps_of
from sim.planning.streams import events_of, streams_of
from sim.reading.source import Source


def compile_plan(source: Source) -> Plan:
    """Compile a checked scenario. Reads the data files it names. Raises BadInput with every fault found there."""
    scenario = source.scenario
    notices = notices_of(scenario)
    roles, teams = roles_of(scenario), teams_of(scenario)
    servers = step_servers(scenario)
    lines, line_of = lines_of(servers)
    routes, steps, faults = steps_of(source, line_of)
    names, outcomes = list(scenario.route), scenario.outcomes()
    streams, more = streams_of(source, names, notices)
    promises, never = promises_of(source, names)
    faults += more + never
    if faults:
        raise BadInput(faults)
    plan = Plan(
        title=scenario.title,
        story=(scenario.story or "").strip(),
        source=source.path,
        starts=scenario.starts.isoformat(),
        runs_for=int(scenario.runs_for),
        warm_up=int(scenario.warm_up),
        currency=scenario.currency,
        priorities=tuple(scenario.classes()),
        interrupting=sum(each.interrupts for each in scenario.priorities),
        roles=roles,
        teams=teams,
        people=everybody(scenario, teams),
        routes=routes,
        steps=steps,
        lines=lines,
        streams=streams,
        outcomes=outcomes,
        promises=promises,
        contributions=contributions_of(scenario, names, outcomes),
        events=events_of(scenario),
        known_answers=tuple(KnownAnswer(**answer.model_dump()) for answer in scenario.known_answers),
        notices=tuple(notices),
    )
    _refuse_unmanned(plan, source)
    return plan


def _refuse_unmanned(plan: Plan, source: Source) -> None:
    """Refuse work for which there are never enough people on shift at the same time."""
    faults = []
    sizes = Counter((person.team, person.turn) for person in plan.people)
    alike = [(plan.teams[team].role, size, plan.teams[team].calendars[turn]) for (team, turn), size in sizes.items()]
    alike = [each for each in alike if each[2] and each[2][0][0] < plan.runs_for]
    for number, step in enumerate(plan.steps):
        if step.line < 0:
            continue
        roles = {role for role, _ in plan.lines[step.line].servers}
        teams = [(size, shifts) for role, size, shifts in alike if role in roles]
        if any(size >= step.people for size, _ in teams):
            continue
        most = _most_together(teams, plan.runs_for)
        if most < step.people:
            faults.append(source.fault(_too_few(plan, step, most), *source.step_loc(number), "by"))
    if faults:
        raise BadInput(faults)


def _too_few(plan: Plan, step: Step, most: int) -> str:
    names = ", ".join(plan.roles[role].name for role, _ in plan.lines[step.line].servers)
    if not most:
        return say("nobody who could do this ({names}) is ever on shift during the run", names=names)
    return say(
        "this needs {people} people at once; never more than {most} of {names} are on shift together",
        people=step.people,
        most=most,
        names=names,
    )


def _most_together(teams: list[tuple[int, Intervals]], runs_for: int) -> int:
    """The largest number of people of these groups (size, shifts) who are on shift at the same moment of the run."""
    changes = [
        change for size, shifts in teams for on, off in shifts if on < runs_for for change in ((on, size), (off, -size))
    ]
    most = present = 0
    for _, change in sorted(changes):
        present += change
        most = max(most, present)
    return most
