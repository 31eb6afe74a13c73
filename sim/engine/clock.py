"""SimPy's environment with time in whole milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from simpy import Environment, Event


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
