"""A plan with other numbers of people or other hours: as if the scenario file said so, without reading it again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from itertools import chain

from sim.intervals import Intervals, joined
from sim.language import say
from sim.people import Pay, Person, person_name
from sim.plan import ONE, Plan
from sim.units import DAY, HOUR, NEVER


def staffed(plan: Plan, people: Mapping[int, int]) -> Plan:
    """The plan with so many people in some teams (by number). Who is added works at the speed of the team's last
    person; who is taken away is the last.
    """
    everybody: list[Person] = []
    named: dict[int, int] = {}
    for number, team in enumerate(plan.teams):
        present = [person for person in plan.people if person.team == number]
        for i in range(people.get(number, len(present))):
            named[team.role] = named.get(team.role, 0) + 1
            name = person_name(plan.roles[team.role].name, named[team.role])
            each = present[i] if i < len(present) else _newcomer(plan, number, i)
            everybody.append(each.model_copy(update={"name": name}))
    return plan.model_copy(update={"people": tuple(everybody)})


def _newcomer(plan: Plan, team: int, number: int) -> Person:
    """The n-th person of a team, from 0: as fast as its last one in the plan."""
    speed = next((person.speed for person in reversed(plan.people) if person.team == team), ONE)
    group = plan.teams[team]
    return Person(name="", role=group.role, team=team, speed=speed, turn=group.turn(number))


def joined_by(plan: Plan, team: int, people: int, begin: int) -> Plan:
    """The plan in which so many people more work in a team from an instant on (ms): as a team of their own with the
    same hours, behind all of their role. They work the rest of a shift that is under way then.
    """
    group = plan.teams[team]
    pay = group.pay and _employed_from(group.pay, begin)
    own = tuple(_from(each, begin) for each in group.rota)
    changed = {"shifts": _from(group.shifts, begin), "rota": own, "pay": pay}
    newcomers = group.model_copy(update={"name": say("{name}, newcomers", name=group.name), **changed})
    role = [person for person in plan.people if person.role == group.role]
    place = sum(person.role <= group.role for person in plan.people)  # people stand role by role
    names = [person_name(plan.roles[group.role].name, len(role) + i) for i in range(1, people + 1)]
    like = [_newcomer(plan, team, plan.headcount()[team] + i) for i in range(people)]
    new = [
        each.model_copy(update={"name": name, "team": len(plan.teams)}) for each, name in zip(like, names, strict=True)
    ]
    everybody = (*plan.people[:place], *new, *plan.people[place:])
    return plan.model_copy(update={"people": everybody, "teams": (*plan.teams, newcomers)})


def _from(shifts: Intervals, begin: int) -> Intervals:
    return tuple((max(on, begin), off) for on, off in shifts if off > begin)


def _employed_from(pay: Pay, begin: int) -> Pay:
    first, end = pay.employed
    return pay.model_copy(update={"employed": (min(max(first, begin), end), end)})


def lengthened(plan: Plan, team: int, by: int) -> Plan:
    """The plan in which a team works `by` ms longer (below 0: shorter) at the end of every working day. Monthly pay
    that is for stated hours changes with them.

    A day's last stretch of work ends later, at most when the next one begins; or earlier, at most when it begins.
    """
    group = plan.teams[team]
    own = tuple(_moved(each, by) for each in group.calendars)
    pay = group.pay
    if pay is not None and pay.for_hours:
        before, after = (sum(_length(each, plan.runs_for) for each in all_) for all_ in (group.calendars, own))
        pay = _pro_rata(pay, before, after)
    teams = list(plan.teams)
    changed = {"shifts": joined(chain(*own)), "rota": own} if group.rota else {"shifts": own[0]}
    teams[team] = group.model_copy(update={**changed, "pay": pay})
    return plan.model_copy(update={"teams": tuple(teams)})


BREAK = 3 * HOUR
"""Who is off for longer (ms) may have ended the working day."""


def has_working_days(plan: Plan, team: int) -> bool:
    """Whether a team's hours begin and end within a day: round the clock, nothing can be made longer."""
    return any(off - on < DAY and off <= plan.runs_for for on, off in _last_of_days(plan.teams[team].calendars[0]))


def _last_of_days(shifts: Intervals) -> set[tuple[int, int]]:
    """The last stretch of work of every working day: a pause of at least `BREAK` follows, and none that is longer
    begins in the next twelve hours (as it does after the first half of a day that is split in two).
    """
    offs = [off for _, off in shifts]
    pauses = [on - off for off, (on, _) in zip(offs, shifts[1:], strict=False)] + [NEVER]
    last = set()
    for i, pause in enumerate(pauses):
        soon = pauses[i + 1 : bisect_left(offs, offs[i] + DAY // 2)]
        if pause >= BREAK and max(soon, default=0) <= pause:
            last.add(shifts[i])
    return last


def _moved(shifts: Intervals, by: int) -> Intervals:
    moved, last_of_days = [], _last_of_days(shifts)
    for i, (on, off) in enumerate(shifts):
        following = shifts[i + 1][0] if i + 1 < len(shifts) else NEVER
        end = min(max(off + by, on), following) if (on, off) in last_of_days else off
        if end > on:
            moved.append((on, end))
    return tuple(moved)


def _length(shifts: Intervals, until: int) -> int:
    return sum(min(off, until) - on for on, off in shifts if on < until)


def _pro_rata(pay: Pay, before: int, after: int) -> Pay:
    share = after / before if before else 1.0
    return pay.model_copy(update={"per_month": pay.per_month * share})
