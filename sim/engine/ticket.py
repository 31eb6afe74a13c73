"""What a case holds while it waits at a step and while it is worked on."""

from __future__ import annotations

from heapq import heappush

from simpy import Event
from simpy.events import NORMAL

from sim.engine.clock import Clock
from sim.plan import ONE


class Ticket(Event):
    """One visit of a case to a queue. It is the one event of the visit: it happens when the case goes on."""

    _ok = True
    people: tuple[int, ...] = ()
    """Who works on it."""
    gone = False
    """Whether it gave up."""
    pace, slow, worked = ONE, ONE, 0
    """How its people work on it (millionths), and for how long (ms) if they do not finish it."""
    since = 0
    """When they began."""
    to_come: Event | None = None
    """What will take it out of their hands, in a shop where other work may do so before."""
    stretches: tuple[int, ...] = ()
    """Of the log, those that are not over; none where the visit was never handed back."""

    def __init__(self, env: Clock, case: int, step: int, row: int, takes: int, patience: int, rank: int) -> None:
        self.env: Clock = env
        self.callbacks = []  # what Event.__init__ does; a call less for every visit
        self.case, self.step = case, step
        self.row = row
        """Of the log."""
        self.takes = takes
        """Work it still needs at the norm's pace (ms)."""
        self.patience = patience
        """How long it waits (ms); -1: for ever."""
        self.rank, self.joined = rank, env.now
        """With its number, its place in the queue: the smallest comes first."""

    def __lt__(self, other: Ticket) -> bool:
        """A case that gave up may queue again at the same instant, before its first ticket is cleared away."""
        return self.row < other.row

    def go_on_at(self, instant: int) -> None:
        """Let the case go on at an instant; its wait for the ticket yields that instant."""
        self._value = instant
        heappush(self.env.due, (instant, NORMAL, self.env.next_number(), self))
