"""The hand-out: who takes which case once an instant is quiet. The rule stands in rules.py.

`_carefully` is that rule in full. `_simply` is the same rule where most of it can make no difference: one queue, one
role, one person a case, one case a person, nobody who looks at the clock. Both hand out a whole crew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from heapq import heappop
from typing import TYPE_CHECKING

from sim.engine.ticket import Ticket
from sim.intervals import common
from sim.plan import FITS, PAUSE
from sim.rules import fits, needed_time, work_through

if TYPE_CHECKING:
    from sim.engine.floor import Floor

Settle = Callable[[int], None]
"""Called with the instant: begins whatever the crew can begin."""


def settler(floor: Floor, crew: int) -> Settle:
    """How the free people of a crew are handed out."""
    line = floor.crews[crew][0]
    role = floor.servers[line][0][0]
    alone = len(floor.crews[crew]) == len(floor.servers[line]) == 1
    one_to_one = all(step.people == step.at_once == 1 for step in floor.plan.steps if step.line == line)
    simple = alone and one_to_one and floor.plan.roles[role].at_shift_end != FITS
    return _simply(floor, line, role) if simple else _carefully(floor, crew)


# --- one queue, one role, one to one ----------------------------------------------------------------------------------


def _simply(floor: Floor, line: int, role: int) -> Settle:
    waiting, free, in_hand, pace = floor.waiting[line], floor.free[role], floor.in_hand, partial(floor.pace, line)
    began, by = floor.log.began, floor.log.person
    pauses = floor.plan.roles[role].at_shift_end == PAUSE

    def settle(now: int) -> None:
        """The first case takes the first free person, until one of them runs out."""
        while waiting and free:
            ticket = heappop(waiting)[3]
            if ticket.gone:
                continue
            person = free.pop(0)
            in_hand[person] = 1
            ticket.people = (person,)
            began[ticket.row], by[ticket.row] = now, person
            needed = needed_time(ticket.takes, pace(person))
            ticket.go_on_at(work_through(floor.on[person], floor.off[person], now, needed) if pauses else now + needed)

    return settle


# --- the rule in full -------------------------------------------------------------------------------------------------


def _carefully(floor: Floor, crew: int) -> Settle:
    lines, waiting = floor.crews[crew], floor.waiting
    free = [floor.free[role] for role in sorted({role for line in lines for role, _ in floor.servers[line]})]
    shared = any(step.at_once > 1 for step in floor.plan.steps if step.line in lines)

    def settle(now: int) -> None:
        """Serve the queues of the crew, first case first, until no queue's first case can be begun."""
        if not (shared or any(free)):
            return
        open_ = [line for line in lines if waiting[line]]
        kept: set[int] = set()
        while open_:
            line = open_[0] if len(open_) == 1 else min(open_, key=lambda number: waiting[number][0])
            ticket = waiting[line][0][3]
            if ticket.gone:
                heappop(waiting[line])
            elif people := _choose(floor, ticket, line, kept):
                heappop(waiting[line])
                _begin(floor, ticket, line, people, now)
            else:
                open_.remove(line)
                continue
            if not waiting[line]:
                open_.remove(line)

    return settle


def _choose(floor: Floor, ticket: Ticket, line: int, kept: set[int]) -> tuple[int, ...]:
    """Who takes the case now; nobody (empty) if not enough may, and then they are kept free for it."""
    needed = floor.people_needed[ticket.step]
    chosen: list[int] = []
    for role, _ in floor.servers[line]:
        for person in floor.free[role]:
            if person not in kept and _may_start(floor, person, ticket, line):
                chosen.append(person)
                if len(chosen) == needed:
                    return tuple(chosen)
        if floor.at_once[ticket.step] > 1 and (holder := _least_loaded(floor, role, ticket, line)) >= 0:
            return (holder,)
    kept.update(chosen)
    return ()


def _may_start(floor: Floor, person: int, ticket: Ticket, line: int) -> bool:
    if floor.rule[person] != FITS:
        return True
    needed = needed_time(ticket.takes, floor.pace(line, person), floor.slow(ticket.step, person))
    return fits(floor.on[person], floor.off[person], floor.env.now, needed)


def _least_loaded(floor: Floor, role: int, ticket: Ticket, line: int) -> int:
    """Who of a role already holds cases of this step and can hold one more; -1 if nobody."""
    room = [
        (held, person)
        for person, held in floor.holders[ticket.step].items()
        if floor.role[person] == role
        and held < floor.at_once[ticket.step]
        and floor.on_duty[person]
        and _may_start(floor, person, ticket, line)
    ]
    return min(room)[1] if room else -1


def _begin(floor: Floor, ticket: Ticket, line: int, people: tuple[int, ...], now: int) -> None:
    """Work begins; when it will be over is known at once, for calendars are."""
    log, row = floor.log, ticket.row
    slow = floor.slow(ticket.step, people[0])
    ticket.people = people
    log.began[row], log.person[row] = now, people[0]
    for person in people:
        floor.take(person, ticket.step)
    for person in people[1:]:
        log.help(row, person)
    pace = min([floor.pace(line, person) for person in people])
    needed = needed_time(ticket.takes, pace, slow)
    pausing = [person for person in people if floor.rule[person] == PAUSE]
    ticket.go_on_at(work_through(*_common_hours(floor, pausing), now, needed) if pausing else now + needed)


def _common_hours(floor: Floor, people: list[int]) -> tuple[Sequence[int], Sequence[int]]:
    """When all of them are on shift: where those times begin, and where they end."""
    if len(people) == 1:
        return floor.on[people[0]], floor.off[people[0]]
    shifts = floor.shifts[people[0]]
    for person in people[1:]:
        shifts = common(shifts, floor.shifts[person])
    return [on for on, _ in shifts], [off for _, off in shifts]
