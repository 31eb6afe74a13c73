"""Where cases wait for a departure: a carrier's pick-up, the daily run to the bank."""

from __future__ import annotations

from heapq import heappop, heappush

from simpy import Event, Timeout

from sim.engine.clock import Clock
from sim.engine.ticket import Ticket
from sim.intervals import next_at_or_after
from sim.log import SERVED, Writer
from sim.plan import Step


class Dock:
    """The timetable of a collect step and, where departures have limited room, who stands there."""

    def __init__(self, env: Clock, step: Step, log: Writer) -> None:
        self.env, self.log = env, log
        self.departures, self.capacity = list(step.departures), step.capacity
        self.waiting: list[tuple[int, int, int, Ticket]] = []
        self.awaited = -1
        self.departure = Event(env)
        """The event of the awaited departure."""
        self.instant, self.room = -1, 0
        """The departure at this instant, and the room it has left."""

    def next(self, now: int) -> int:
        """The first departure from `now` on, NEVER if there is none."""
        return next_at_or_after(self.departures, now)

    def event(self, departure: int) -> Event:
        """What happens at a departure to come: one event for all who wait for it."""
        if departure != self.awaited:
            self.awaited, self.departure = departure, Timeout(self.env, departure - self.env.now)
        return self.departure

    def join(self, ticket: Ticket) -> None:
        """Stand in line for limited room."""
        heappush(self.waiting, (ticket.rank, ticket.joined, ticket.case, ticket))
        self.event(self.next(self.env.now))

    def depart(self) -> None:
        """If now is a departure: take along who stands there, as far as there is room."""
        now = self.env.now
        if not self.waiting or self.next(now) != now:
            return
        if self.instant != now:
            self.instant, self.room = now, self.capacity
        while self.waiting and self.room:
            ticket = heappop(self.waiting)[3]
            self.room -= 1
            self.log.began[ticket.row] = self.log.left[ticket.row] = now
            self.log.outcome[ticket.row] = SERVED
            ticket.go_on_at(now)
        if self.waiting:
            self.event(self.next(now + 1))
