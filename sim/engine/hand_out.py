"""The hand-out: who takes which case once an instant is quiet. The rule stands in rules.py.

`_carefully` is that rule in full. `_simply` is the same rule where most of it can make no difference: one queue, one
role, one person a case, one case a person, everybody finishes what is begun. Both hand out a whole crew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from simpy import Timeout

from sim.engine.interrupting import victim_for
from sim.engine.ticket import Ticket
from sim.intervals import common
from sim.log import UNKNOWN
from sim.plan import FINISH, FITS, HAND_OVER, PAUSE
from sim.rules import end_of_shift, help_can_come, needed_time, time_within, work_through
from sim.units import NEVER

if TYPE_CHECKING:
    from sim.engine.floor import Entry, Floor

GOES_ON = (FINISH, FITS)
"""Rules of shift end under which work is over when its time is."""

Settle = Callable[[int], object]
"""Called with the instant: begins whatever the crew can begin."""


def settler(floor: Floor, crew: int) -> Settle:
    """How the free people of a crew are handed out."""
    line = floor.crews[crew][0]
    role = floor.servers[line][0][0]
    alone = len(floor.crews[crew]) == len(floor.servers[line]) == 1
    one_to_one = all(step.people == step.at_once == 1 for step in floor.plan.steps if step.line == line)
    simple = alone and one_to_one and floor.plan.roles[role].at_shift_end == FINISH and not floor.interrupting
    return _simply(floor, line, role) if simple else _carefully(floor, crew)


# --- one queue, one role, one to one ----------------------------------------------------------------------------------


def _simply(floor: Floor, line: int, role: int) -> Settle:
    waiting, free, in_hand, pace = floor.waiting[line], floor.free[role], floor.in_hand, floor.pace
    began, by = floor.log.began, floor.log.person

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
            ticket.go_on_at(now + needed_time(ticket.takes, pace(line, person)))

    return settle


# --- the rule in full -------------------------------------------------------------------------------------------------


def _carefully(floor: Floor, crew: int) -> Settle:
    lines, waiting = floor.crews[crew], floor.waiting
    free = [floor.free[role] for role in sorted({role for line in lines for role, _ in floor.servers[line]})]
    shared = any(step.at_once > 1 for step in floor.plan.steps if step.line in lines)

    def settle(now: int) -> None:
        """Serve the queues of the crew; anew whenever work was interrupted."""
        while serve(now):
            pass

    def serve(now: int) -> bool:
        """Serve them, first case first, until no queue's first case can be begun, or work is interrupted."""
        if not (shared or floor.interrupting or any(free)):
            return False
        interrupted = False
        open_ = [line for line in lines if waiting[line]]
        kept: set[int] = set()
        aside: list[tuple[int, Entry]] = []
        while open_ and not interrupted:
            line = open_[0] if len(open_) == 1 else min(open_, key=lambda number: waiting[number][0])
            ticket = waiting[line][0][3]
            if ticket.gone:
                heappop(waiting[line])
            elif people := _choose(floor, ticket, line, kept):
                if len(people) == floor.people_needed[ticket.step]:
                    heappop(waiting[line])
                    _begin(floor, ticket, line, people, now)
                else:
                    aside.append((line, heappop(waiting[line])))
            elif victim := victim_for(floor, ticket, line):
                interrupted = True
                heappop(waiting[line])
                person, less_urgent = victim
                floor.interrupt(less_urgent, _worked(floor, less_urgent, now))
                _begin(floor, ticket, line, (person,), now)
            else:
                open_.remove(line)
                continue
            if not waiting[line]:
                open_.remove(line)
        for line, entry in aside:
            heappush(waiting[line], entry)
        return interrupted

    return settle if floor.interrupting else serve


def _choose(floor: Floor, ticket: Ticket, line: int, kept: set[int]) -> tuple[int, ...]:
    """Who takes the case now. If not enough may, they are kept free for it, but for those (returned) to whom no help
    can come before they go home.
    """
    needed = floor.people_needed[ticket.step]
    chosen: list[int] = []
    for role, _ in floor.servers[line]:
        for person in floor.free[role]:
            if person not in kept and floor.may_start(person, ticket, line):
                chosen.append(person)
                if len(chosen) == needed:
                    return tuple(chosen)
        if floor.at_once[ticket.step] > 1 and (holder := _least_loaded(floor, role, ticket, line)) >= 0:
            return (holder,)
    if not chosen:
        return ()
    (on, off), now = floor.together[ticket.step], floor.env.now
    helped = {person for person in chosen if help_can_come(on, off, now, end_of_shift(floor.off[person], now))}
    kept |= helped
    return tuple(person for person in chosen if person not in helped)


def _least_loaded(floor: Floor, role: int, ticket: Ticket, line: int) -> int:
    """Who of a role already holds cases of this step and can hold one more; -1 if nobody."""
    room = [
        (held, person)
        for person, held in floor.holders[ticket.step].items()
        if floor.role[person] == role
        and held < floor.at_once[ticket.step]
        and floor.on_duty[person]
        and floor.may_start(person, ticket, line)
    ]
    return min(room)[1] if room else -1


def _begin(floor: Floor, ticket: Ticket, line: int, people: tuple[int, ...], now: int) -> None:
    """Work begins, or goes on; when it will be over, or handed back, is known at once, for calendars are."""
    _write_down(floor, ticket, people, now)
    person, alone = people[0], len(people) == 1
    if floor.interrupting:
        _remember(floor, ticket, people, now)
    ticket.people, ticket.slow = people, floor.slow(ticket.step, person)
    for each in people:
        floor.take(each, ticket.step)
    ticket.pace = floor.pace(line, person) if alone else min([floor.pace(line, each) for each in people])
    needed = needed_time(ticket.takes, ticket.pace, ticket.slow)
    if alone and floor.rule[person] in GOES_ON:  # most work is of this kind
        ticket.go_on_at(now + needed)
        return
    over, back, ticket.worked = _course(floor, people, now, needed)
    if over <= back:
        ticket.go_on_at(over)
    else:
        ticket.to_come = Timeout(floor.env, back - now, ticket)
        ticket.to_come.callbacks.append(floor.work_is_handed_back)


def _remember(floor: Floor, ticket: Ticket, people: tuple[int, ...], now: int) -> None:
    """What an interruption will ask for."""
    ticket.since, ticket.to_come = now, ticket
    for person in people:
        floor.holding[person] = ticket


def _write_down(floor: Floor, ticket: Ticket, people: tuple[int, ...], now: int) -> None:
    """Who begins a case, for the log; stretch by stretch if it was begun before."""
    log, row = floor.log, ticket.row
    log.person[row] = people[0]
    for person in people[1:]:
        log.help(row, person)
    if ticket.stretches:
        ticket.stretches = tuple([log.stretch(row, person, now, UNKNOWN) for person in people])
    else:
        log.began[row] = now


def _course(floor: Floor, people: tuple[int, ...], now: int, needed: int) -> tuple[int, int, int]:
    """When work that needs so long would be over; when it is handed back if it is not over by then; and how long it
    was worked on then.
    """
    over, back = now + needed, NEVER
    pausing = [person for person in people if floor.rule[person] == PAUSE]
    if pausing:
        on, off = _common_hours(floor, pausing)
        over, back = work_through(on, off, now, needed), off[-1]
    for person in people:
        if floor.rule[person] == HAND_OVER:
            back = min(back, end_of_shift(floor.off[person], now))
    if over <= back:
        return over, back, 0
    return over, back, time_within(on, off, now, back) if pausing else back - now


def _worked(floor: Floor, ticket: Ticket, now: int) -> int:
    """How long a case has been worked on by those who have it in hand."""
    pausing = [person for person in ticket.people if floor.rule[person] == PAUSE]
    if not pausing:
        return now - ticket.since
    return time_within(*_common_hours(floor, pausing), ticket.since, now)


def _common_hours(floor: Floor, people: list[int]) -> tuple[Sequence[int], Sequence[int]]:
    """When all of them are on shift: where those times begin, and where they end."""
    if len(people) == 1:
        return floor.on[people[0]], floor.off[people[0]]
    shifts = floor.shifts[people[0]]
    for person in people[1:]:
        shifts = common(shifts, floor.shifts[person])
    return [on for on, _ in shifts], [off for _, off in shifts]
