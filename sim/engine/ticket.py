"""What a case holds while it waits at a step and while it is worked on."""

from __future__ import annotations

from simpy import Event
from simpy.events import NORMAL

from sim.engine.clock import Clock


class Ticket(Event):
    """One visit of a case to a queue. It is the one event of the visit: it happens when the case goes on."""

    def __init__(self, env: Clock, case: int, step: int, row: int, takes: int, patience: int) -> None:
        super().__init__(env)
        self.case, self.step = case, step
        self.row = row
        """Of the log."""
        self.takes = takes
        """Work it needs at the norm's pace (ms)."""
        self.patience = patience
        """How long it waits (ms); -1: for ever."""
        self.people: tuple[int, ...] = ()
        """Who works on it."""
        self.gone = False
        """Whether it gave up."""

    def go_on_after(self, delay: int) -> None:
        """Let the case go on in `delay` ms."""
        self._ok, self._value = True, None
        self.env.schedule(self, NORMAL, delay)
