"""The shop floor: who is here, who is free, who waits, and what happens to them (see rules.py)."""

from __future__ import annotations

from bisect import insort
from heapq import heappush
from typing import cast

from simpy import Event, Timeout

from sim.engine.clock import Clock
from sim.engine.hand_out import settler
from sim.engine.ticket import Ticket
from sim.intervals import on_at
from sim.log import Writer
from sim.plan import FITS, ONE, Plan
from sim.rules import fits, needed_time, pace_of, rest

Entry = tuple[int, int, int, Ticket]
"""In a queue: (priority rank, time joined, case number, ticket), smallest first."""


class Floor:
    """People and queues of a plan while it is played."""

    def __init__(self, env: Clock, plan: Plan, log: Writer) -> None:
        self.env, self.plan, self.log = env, plan, log
        self._look_up_people()
        self._look_up_queues()
        self.on_duty = [False] * len(plan.people)
        self.in_hand = [0] * len(plan.people)
        """Cases that each person holds."""
        self.free: list[list[int]] = [[] for _ in plan.roles]
        """By role: who is on shift with nothing in hand, by number."""
        self.holders: list[dict[int, int]] = [{} for _ in plan.steps]
        """By step with `at_once`: who holds how many of its cases."""
        self.waiting: list[list[Entry]] = [[] for _ in plan.lines]
        """By line: who waits, as a heap; those who gave up stay in it until they would have their turn."""
        self.holding: list[Ticket | None] = [None] * len(plan.people)
        """By person: the case begun last, in a shop where work is interrupted."""
        self.unsettled: set[int] = set()
        """Crews in which something changed since the last hand-out."""
        self.impatient: list[Ticket] = []
        """Who joined since the last hand-out and may give up."""
        self.settle = [settler(self, crew) for crew in range(len(self.crews))]
        """By crew: how its free people are handed out."""

    def _look_up_people(self) -> None:
        plan = self.plan
        self.role = [person.role for person in plan.people]
        self.rule = [plan.roles[role].at_shift_end for role in self.role]
        self.shifts = [plan.calendar(person) for person in range(len(plan.people))]
        self.on = [[on for on, _ in shifts] for shifts in self.shifts]
        self.off = [[off for _, off in shifts] for shifts in self.shifts]
        self.speed = [person.speed for person in plan.people]
        self.staff = [plan.people_of(role) for role in range(len(plan.roles))]
        self.members = [[p for p, person in enumerate(plan.people) if person.team == m] for m in range(len(plan.teams))]
        """By team: its people."""
        self.crew_of_role = {role: line.crew for line in plan.lines for role, _ in line.servers}

    def _look_up_queues(self) -> None:
        plan = self.plan
        self.servers = [line.servers for line in plan.lines]
        self.efficiency = [dict(line.servers) for line in plan.lines]
        crews = range(1 + max((line.crew for line in plan.lines), default=-1))
        self.crews = [[number for number, line in enumerate(plan.lines) if line.crew == crew] for crew in crews]
        """By crew: the lines it serves."""
        self.line = [step.line for step in plan.steps]
        self.crew = [plan.lines[step.line].crew if step.line >= 0 else -1 for step in plan.steps]
        """By step, as `line`."""
        self.people_needed = [step.people for step in plan.steps]
        several = {n: plan.together(n) for n, step in enumerate(plan.steps) if step.people > 1}
        self.together = {n: ([on for on, _ in both], [off for _, off in both]) for n, both in several.items()}
        """By step that needs several: when so many of those who can do it are on shift, and until when."""
        self.room = [step.room for step in plan.steps]
        self.little_room = any(room >= 0 for room in self.room)
        self.may_give_up = [step.patience is not None or step.room >= 0 for step in plan.steps]
        self.interrupting = plan.interrupting
        self.can_interrupt = [plan.can_interrupt(step) for step in range(len(plan.steps))]
        self.at_once = [step.at_once for step in plan.steps]
        self.slower_by = [step.slower_by for step in plan.steps]

    # --- what happens to cases ----------------------------------------------------------------------------------------

    def join(self, ticket: Ticket) -> None:
        """A case joins the queue of its step."""
        heappush(self.waiting[self.line[ticket.step]], (ticket.rank, ticket.joined, ticket.case, ticket))
        self.unsettled.add(self.crew[ticket.step])
        if self.may_give_up[ticket.step]:
            self.impatient.append(ticket)

    def take(self, person: int, step: int) -> None:
        """Somebody begins a case."""
        if not self.in_hand[person]:
            self.free[self.role[person]].remove(person)
        self.in_hand[person] += 1
        if self.at_once[step] > 1:
            self.holders[step][person] = self.holders[step].get(person, 0) + 1

    def hand_back(self, ticket: Ticket) -> None:
        """The work on a case leaves the hands of its people before it is done: it waits again, at its old place."""
        log, row, now = self.log, ticket.row, self.env.now
        if not ticket.stretches:
            ticket.stretches = tuple(log.stretch(row, person, log.began[row], now) for person in ticket.people)
        self.release(ticket)
        ticket.takes = rest(ticket.takes, ticket.worked, ticket.pace, ticket.slow)
        ticket.people, ticket.patience = (), -1
        self.join(ticket)

    def interrupt(self, ticket: Ticket, worked: int) -> None:
        """More urgent work takes the people of a case after `worked` ms: it is handed back."""
        self.env.forget(cast(Event, ticket.to_come))
        ticket.worked = worked
        self.hand_back(ticket)

    def work_is_handed_back(self, event: Event) -> None:
        """What happens when the time for it has come (see `hand_back`)."""
        self.hand_back(cast(Ticket, event.value))

    def release(self, ticket: Ticket) -> None:
        """The work on a case leaves the hands of its people; they are free for the next hand-out, if still on shift."""
        step = ticket.step
        for number in ticket.stretches:
            self.log.stretch_left[number] = self.env.now
        for person in ticket.people:
            self.in_hand[person] -= 1
            if self.at_once[step] > 1:
                self._hold_one_less(person, step)
            if self.on_duty[person] and not self.in_hand[person]:
                insort(self.free[self.role[person]], person)
        self.unsettled.add(self.crew[step])

    def _hold_one_less(self, person: int, step: int) -> None:
        held = self.holders[step]
        held[person] -= 1
        if not held[person]:
            del held[person]

    def slow(self, step: int, person: int) -> int:
        """How much longer (millionths) a case takes that this person begins beside those in hand."""
        return ONE + self.slower_by[step] * self.in_hand[person]

    def pace(self, line: int, person: int) -> int:
        """The pace (millionths) at which somebody works now who serves a line."""
        speed, efficiency = self.speed[person], self.efficiency[line][self.role[person]]
        return speed if efficiency == ONE else pace_of(speed, efficiency)

    def may_start(self, person: int, ticket: Ticket, line: int) -> bool:
        """Whether somebody on shift may start a case now, as far as their shift goes."""
        if self.rule[person] != FITS:
            return True
        needed = needed_time(ticket.takes, self.pace(line, person), self.slow(ticket.step, person))
        return fits(self.on[person], self.off[person], self.env.now, needed)

    # --- what happens to people ---------------------------------------------------------------------------------------

    def begin_shift(self, team: int) -> None:
        """Those of a team come who are on shift from now; who still has work in hand from before goes on with it."""
        for person in self.members[team]:
            if not self.on_duty[person] and on_at(self.on[person], self.off[person], self.env.now):
                self.on_duty[person], role = True, self.role[person]
                if not self.in_hand[person]:
                    insort(self.free[role], person)
                if role in self.crew_of_role:
                    self.unsettled.add(self.crew_of_role[role])

    def end_shift(self, team: int) -> None:
        """Those of a team go who are here and are not on shift any more; work in hand is treated as their role's rule
        says (it was settled when the work began).
        """
        for person in self.members[team]:
            if self.on_duty[person] and not on_at(self.on[person], self.off[person], self.env.now):
                self.on_duty[person] = False
                if not self.in_hand[person]:
                    self.free[self.role[person]].remove(person)

    # --- when all that is due has happened ----------------------------------------------------------------------------

    def hand_out(self, now: int) -> None:
        """Hand out free people once, for the whole floor; then let patience begin to run for who is left."""
        if self.unsettled:
            # in plan order: whatever crews may share, its order is fixed
            for crew in self.unsettled if len(self.unsettled) == 1 else sorted(self.unsettled):
                self.settle[crew](now)
            self.unsettled.clear()
        if self.impatient:
            turned_away = self._turn_away(now) if self.little_room else ()
            for ticket in self.impatient:
                if not ticket.people and ticket.patience >= 0 and ticket not in turned_away:
                    Timeout(self.env, ticket.patience, ticket).callbacks.append(self._lose_patience)
            self.impatient.clear()

    def _turn_away(self, now: int) -> set[Ticket]:
        """Where more wait than have room, the last of those who joined at this instant leave at once."""
        turned_away: set[Ticket] = set()
        for step in {ticket.step for ticket in self.impatient if not ticket.people and self.room[ticket.step] >= 0}:
            waiting = [entry for entry in self.waiting[self.line[step]] if entry[3].step == step and not entry[3].gone]
            new = sorted(entry for entry in waiting if entry[1] == now and not entry[3].stretches)
            turned_away |= {ticket for *_, ticket in new[::-1][: max(0, len(waiting) - self.room[step])]}
        for ticket in turned_away:
            ticket.patience = 0
            Timeout(self.env, 0, ticket).callbacks.append(self._lose_patience)
        return turned_away

    def _lose_patience(self, event: Event) -> None:
        ticket = cast(Ticket, event.value)
        if not ticket.people and ticket.patience >= 0 and not ticket.gone:
            ticket.gone = True
            self.unsettled.add(self.crew[ticket.step])  # it may have held up who stands behind it
            ticket.go_on_at(self.env.now)
