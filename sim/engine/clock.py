"""Time and processes: SimPy's, in whole milliseconds. What reaches into SimPy's inside stands here alone."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heapify, heappop
from typing import TYPE_CHECKING, Any, cast

from simpy import Environment, Event, Process, Timeout

Journey = Generator[Event, Any, None]


class Clock(Environment):
    """SimPy's environment, started at 0 and only ever advanced by whole milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.due = cast("list[tuple[int, int, int, Event]]", self._queue)
        """Everything to come, as SimPy keeps it: a heap of (instant, urgency, number of the event, event)."""
        self.next_number = self._eid.__next__

    if TYPE_CHECKING:

        @property
        def now(self) -> int:
            """The present instant (ms)."""

    def forget(self, event: Event) -> None:
        """Take back what was to come."""
        self.due[:] = [each for each in self.due if each[3] is not event]
        heapify(self.due)

    def happen(self, now: int) -> None:
        """Let time be `now`, where something is due, and all of that happen: SimPy's `step`, until the next instant."""
        due, self._now = self.due, now
        while True:
            event = heappop(due)[3]
            callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]  # SimPy's own way
            for callback in callbacks:
                callback(event)
            if not (event._ok or event.defused):
                raise event._value
            if not due or due[0][0] != now:
                return


class Case(Process):
    """A case on its way, which it begins `delay` ms from now: a process of SimPy's with fewer events.

    SimPy's own begin at once, by an event, and would wait for their arrival by another one; and their end is an event
    even if nobody waits for it. There are as many cases as there are orders, so it counts.
    """

    def __init__(self, env: Clock, journey: Journey, delay: int) -> None:
        self.env, self.callbacks, self._generator = env, [], journey
        self._target: Event = Timeout(env, delay)
        self._target.callbacks.append(self._resume)

    def _resume(self, event: Event) -> None:
        """Go on until the next wait, or to the end."""
        if not event._ok:  # an interrupt or a failure
            super()._resume(event)
            return
        try:
            event = self._generator.send(event._value)
            while event.callbacks is None:
                event = self._generator.send(event._value)
        except StopIteration:
            self._end()
        else:
            event.callbacks.append(self._resume)
            self._target = event

    def _end(self) -> None:
        self._ok, self._value = True, None
        if self.callbacks:
            self.env.schedule(self)
        else:
            self.callbacks = None  # type: ignore[assignment]  # so says SimPy that an event is past
