"""The shop floor: who is here, who is free, who waits, and the hand-out of free people (see rules.py)."""

from __future__ import annotations

from bisect import insort
from heapq import heappop, heappush
from typing import cast

from simpy import Event, Timeout

from sim.calendars import common
from sim.engine.clock import Clock
from sim.engine.ticket import Ticket
from sim.log import Writer
from sim.plan import FITS, ONE, PAUSE, Plan
from sim.rules import fits, needed_time, pace_of, work_through
from sim.units import NEVER

Entry = tuple[int, int, int, Ticket]
"""In a queue: (priority rank, time joined, case number, ticket), smallest first."""


class Floor:
    """People and queues of a plan while it is played."""

    def __init__(self, env: Clock, plan: Plan, log: Writer) -> None:
        self.env, self.plan, self.log = env, plan, log
        self.role = [person.role for person in plan.people]
        self.rule = [plan.roles[role].at_shift_end for role in self.role]
        self.on = [[on for on, _ in plan.teams[person.team].shifts] for person in plan.people]
        self.off = [[off for _, off in plan.teams[person.team].shifts] for person in plan.people]
        self.on_duty = [False] * len(plan.people)
        self.in_hand = [0] * len(plan.people)
        """Cases that each person holds."""
        self.free: list[list[int]] = [[] for _ in plan.roles]
        """By role: who is on shift with nothing in hand, by number."""
        self.holders: list[dict[int, int]] = [{} for _ in plan.steps]
        """By step with `at_once`: who holds how many of its cases."""
        self.servers = [line.servers for line in plan.lines]
        self.waiting: list[list[Entry]] = [[] for _ in plan.lines]
        self.crews: list[list[int]] = [[] for _ in range(1 + max((line.crew for line in plan.lines), default=-1))]
        self.crew_of = [line.crew for line in plan.lines]
        self.crew_of_role = [-1] * len(plan.roles)
        self.pace: list[dict[int, int]] = []
        """By line: the pace (millionths) of everybody who serves it."""
        for number, line in enumerate(plan.lines):
            self.crews[line.crew].append(number)
            for role, _ in line.servers:
                self.crew_of_role[role] = line.crew
            self.pace.append(
                {p: pace_of(plan.people[p].speed, share) for role, share in line.servers for p in plan.people_of(role)}
            )
        self.line = [step.line for step in plan.steps]
        self.people_needed = [step.people for step in plan.steps]
        self.at_once = [step.at_once for step in plan.steps]
        self.slower_by = [step.slower_by for step in plan.steps]
        self.unsettled: set[int] = set()
        """Crews in which something changed since the last hand-out."""
        self.impatient: list[Ticket] = []
        """Who joined since the last hand-out and will not wait for ever."""

    # --- what happens to the floor --------------------------------------------------------------------------------

    def join(self, ticket: Ticket, rank: int) -> None:
        """A case joins the queue of its step."""
        line = self.line[ticket.step]
        heappush(self.waiting[line], (rank, self.env.now, ticket.case, ticket))
        self.unsettled.add(self.crew_of[line])
        if ticket.patience >= 0:
            self.impatient.append(ticket)

    def release(self, ticket: Ticket) -> None:
        """The work on a case is over; who did it is free for the next hand-out, if still on shift."""
        for person in ticket.people:
            self.in_hand[person] -= 1
            if self.at_once[ticket.step] > 1:
                self._hold(ticket.step, person, -1)
            if self.on_duty[person] and not self.in_hand[person]:
                insort(self.free[self.role[person]], person)
        self.unsettled.add(self.crew_of[self.line[ticket.step]])

    def begin_shift(self, team: int) -> None:
        """A team comes; who still has work in hand from before goes on with it."""
        for number, person in enumerate(self.plan.people):
            if person.team == team:
                self.on_duty[number] = True
                if not self.in_hand[number]:
                    insort(self.free[person.role], number)
                if self.crew_of_role[person.role] >= 0:
                    self.unsettled.add(self.crew_of_role[person.role])

    def end_shift(self, team: int) -> None:
        """A team goes; work in hand is treated as its role's rule says (it was settled when the work began)."""
        for number, person in enumerate(self.plan.people):
            if person.team == team:
                self.on_duty[number] = False
                if not self.in_hand[number]:
                    self.free[person.role].remove(number)

    # --- the hand-out -----------------------------------------------------------------------------------------------

    def hand_out(self) -> None:
        """Hand out free people once, for the whole floor; then let patience begin to run for who is left."""
        if self.unsettled:
            for crew in sorted(self.unsettled):
                self._settle(crew)
            self.unsettled.clear()
        if self.impatient:
            for ticket in self.impatient:
                if not ticket.people:
                    Timeout(self.env, ticket.patience, ticket).callbacks.append(self._lose_patience)
            self.impatient.clear()

    def _lose_patience(self, event: Event) -> None:
        ticket = cast(Ticket, event.value)
        if not ticket.people:
            ticket.gone = True
            ticket.go_on_after(0)

    def _settle(self, crew: int) -> None:
        """Serve the queues of a crew, first case first, until no queue's first case can be begun."""
        lines = [line for line in self.crews[crew] if self.waiting[line]]
        kept: set[int] = set()
        while lines:
            line = lines[0] if len(lines) == 1 else min(lines, key=lambda number: self.waiting[number][0])
            queue = self.waiting[line]
            ticket = queue[0][3]
            if ticket.gone:
                heappop(queue)
            elif people := self._choose(ticket, line, kept):
                heappop(queue)
                self._begin(ticket, line, people)
            else:
                lines.remove(line)
                continue
            if not queue:
                lines.remove(line)

    def _choose(self, ticket: Ticket, line: int, kept: set[int]) -> tuple[int, ...]:
        """Who takes the case now; nobody (empty) if not enough may."""
        needed = self.people_needed[ticket.step]
        chosen: list[int] = []
        for role, _ in self.servers[line]:
            for person in self.free[role]:
                if person not in kept and self._may_start(person, ticket, line):
                    chosen.append(person)
                    if len(chosen) == needed:
                        return tuple(chosen)
            if self.at_once[ticket.step] > 1 and (holder := self._least_loaded(role, ticket, line)) >= 0:
                return (holder,)
        kept.update(chosen)
        return ()

    def _may_start(self, person: int, ticket: Ticket, line: int) -> bool:
        if self.rule[person] != FITS:
            return True
        needed = needed_time(ticket.takes, self.pace[line][person], self._slow(ticket.step, person))
        return fits(self.on[person], self.off[person], self.env.now, needed)

    def _least_loaded(self, role: int, ticket: Ticket, line: int) -> int:
        """Who of a role already holds cases of this step and can hold one more; -1 if nobody."""
        room = [
            (held, person)
            for person, held in self.holders[ticket.step].items()
            if self.role[person] == role
            and held < self.at_once[ticket.step]
            and self.on_duty[person]
            and self._may_start(person, ticket, line)
        ]
        return min(room)[1] if room else -1

    def _begin(self, ticket: Ticket, line: int, people: tuple[int, ...]) -> None:
        """Work begins; when it will be over is known at once, for calendars are."""
        now, row, log = self.env.now, ticket.row, self.log
        slow = self._slow(ticket.step, people[0])
        for person in people:
            if not self.in_hand[person]:
                self.free[self.role[person]].remove(person)
            self.in_hand[person] += 1
            if self.at_once[ticket.step] > 1:
                self._hold(ticket.step, person, +1)
        ticket.people = people
        log.began[row], log.person[row] = now, people[0]
        for person in people[1:]:
            log.help(row, person)
        needed = needed_time(ticket.takes, min(self.pace[line][person] for person in people), slow)
        over = self._over(people, now, needed)
        if over < NEVER:
            ticket.go_on_after(over - now)

    def _slow(self, step: int, person: int) -> int:
        """How much longer (millionths) a case takes that this person begins beside those in hand."""
        return ONE + self.slower_by[step] * self.in_hand[person]

    def _over(self, people: tuple[int, ...], now: int, needed: int) -> int:
        """When work begun now is over: it rests whenever one of the people whose rule is "pause" is off."""
        pausing = [person for person in people if self.rule[person] == PAUSE]
        if not pausing:
            return now + needed
        on, off = self.on[pausing[0]], self.off[pausing[0]]
        if len(pausing) > 1:
            shifts = tuple(zip(on, off, strict=True))
            for person in pausing[1:]:
                shifts = common(shifts, tuple(zip(self.on[person], self.off[person], strict=True)))
            on, off = [a for a, _ in shifts], [b for _, b in shifts]
        return work_through(on, off, now, needed)

    def _hold(self, step: int, person: int, change: int) -> None:
        held = self.holders[step].get(person, 0) + change
        if held:
            self.holders[step][person] = held
        else:
            del self.holders[step][person]
