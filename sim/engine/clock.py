"""SimPy's environment with time in whole milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simpy import Environment


class Clock(Environment):
    """SimPy's environment, started at 0 and only ever advanced by whole milliseconds."""

    if TYPE_CHECKING:

        @property
        def now(self) -> int:
            """The present instant (ms)."""
