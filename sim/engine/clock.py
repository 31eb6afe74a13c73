"""Time and processes: SimPy's, in whole milliseconds. What reaches into SimPy's inside stands here alone."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop
from typing import TYPE_CHECKING, Any, cast

from simpy import Environment, Event, Process, Timeout

Journey = Generator[Event, Any, None]


class Clock(Environment):
    """SimPy's environment, started at 0 and only ever advanced by whole milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.due = cast("list[tuple[int, int, int, Event]]", self._queue)
        """Everything to come, as SimPy keeps it: a heap of (instant, …, event)."""

    if TYPE_CHECKING:

        @property
        def now(self) -> int:
            """The present instant (ms)."""

    def happen(self, now: int) -> None:
        """Let time be `now` and everything happen that is due: SimPy's `step`, until the next instant."""
        due, self._now = self.due, now
        while due and due[0][0] == now:
            event = heappop(due)[3]
            callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]  # SimPy's own way
            for callback in callbacks:
                callback(event)
            if not event._ok:
                raise event._value


class Case(Process):
    """A case on its way, which it begins `delay` ms from now.

    SimPy's own processes begin at once, by an event, and would wait for their arrival by another one.
    """

    def __init__(self, env: Clock, journey: Journey, delay: int) -> None:
        self.env, self.callbacks, self._generator = env, [], journey
        self._target: Event = Timeout(env, delay)
        self._target.callbacks.append(self._resume)
