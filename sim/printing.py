"""A plan printed for people: the journey of every kind of case, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from sim.distributions import Law, mean
from sim.language import later, say
from sim.plan import (
    ALWAYS,
    BEFORE,
    BRANCH,
    CAME_BEFORE,
    COLLECT,
    CONDITIONS,
    GAVE_UP_AT,
    NOBODY_ON,
    OLDER_THAN,
    ONE,
    PRIORITY_IS,
    START,
    WAIT,
    WORK,
    Plan,
    Step,
)
from sim.units import MINUTE, WEEK, clock, format_duration

_PER = ("", later(" a line"), later(" a unit"))


@dataclass(frozen=True)
class JourneyRow:
    """One step of a route in words."""

    route: str
    department: str
    step: str
    verb: str
    who: str
    time: str
    goes_to: str


def journey(plan: Plan) -> list[JourneyRow]:
    """Every step of every route: department, step, who does it, how long it takes, where it leads."""
    from sim.plan import VERB_NAMES

    return [
        JourneyRow(
            route=plan.routes[step.route].name,
            department=step.department,
            step=step.name,
            verb=VERB_NAMES[step.verb],
            who=_who(plan, step),
            time=_time(plan, step),
            goes_to=_goes_to(plan, step),
        )
        for step in plan.steps
    ]


def _who(plan: Plan, step: Step) -> str:
    if step.line < 0:
        return ""
    names = []
    for role, efficiency in plan.lines[step.line].servers:
        count = len(plan.people_of(role))
        names.append(
            f"{plan.roles[role].name} ({count})"
            + ("" if efficiency == ONE else say(" at {efficiency:.0%}", efficiency=efficiency / ONE))
        )
    several = say("{people} of ", people=step.people) if step.people > 1 else ""
    at_once = say(", {at_once} at once", at_once=step.at_once) if step.at_once > 1 else ""
    return several + say(", else ").join(names) + at_once


def _law(law: Law | None) -> str:
    if law is None:
        return ""
    return format_duration(mean(law)) + ("" if law.family == "constant" else f" ({law.family})")


def _time(plan: Plan, step: Step) -> str:
    if step.verb == WORK:
        patience = say("; waits {law} at most", law=_law(step.patience)) if step.patience else ""
        room = say("; room for {room}", room=step.room) if step.room >= 0 else ""
        return _law(step.takes) + say(_PER[step.per]) + patience + room
    if step.verb == WAIT:
        return _law(step.takes) + (say(" of working hours") if step.hours else "")
    if step.verb == COLLECT:
        weekly = sum(departure < WEEK for departure in step.departures)
        room = say(", room for {capacity}", capacity=step.capacity) if step.capacity else ""
        return say("next of {weekly} departures a week{room}", weekly=weekly, room=room)
    return say("{law} later", law=_law(step.after)) if step.after else ""


def _goes_to(plan: Plan, step: Step) -> str:
    if step.verb == BRANCH:
        limit = say(", {at_most} times at most", at_most=step.at_most) if step.at_most else ""
        return f"{_reason(plan, step)} → {plan.steps[step.goes_to].name}{limit}"
    if step.verb == START:
        return say("{reason} starts a {name}", reason=_reason(plan, step), name=plan.routes[step.starts_route].name)
    if step.verb == WORK and step.goes_to >= 0:
        return say("gave up → {name}", name=plan.steps[step.goes_to].name)
    return f"■ {plan.outcomes[step.outcome]}" if step.outcome >= 0 else ""


def _reason(plan: Plan, step: Step) -> str:
    if step.condition == ALWAYS:
        return f"{100 * step.chance:.4g} %"
    name, value = CONDITIONS[step.condition].replace("_", " "), step.threshold
    if step.condition == OLDER_THAN:
        return f"{name} {format_duration(value)}"
    if step.condition in (CAME_BEFORE, BEFORE):
        return f"{name} {clock(int(value) // MINUTE)}"
    if step.condition == PRIORITY_IS:
        return f"{name} {plan.priorities[int(value)]}"
    if step.condition == GAVE_UP_AT:
        return f"{name} {plan.steps[int(value)].name}"
    return f"{name} {plan.roles[int(value)].name}" if step.condition == NOBODY_ON else f"{name} {value:g}"
