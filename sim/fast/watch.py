"""How far compiling the engine is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from sim.fast.compiled import known

COMPILE = "numba:compile"


@contextmanager
def watched(told: Callable[[int], None]) -> Iterator[None]:
    """While functions are compiled here, tell how many are done. They are `parts()` in all; the last takes longest."""
    events: Any = import_module("numba.core.event")
    listener = _listener(events, told)
    events.register(COMPILE, listener)
    try:
        yield
    finally:
        events.unregister(COMPILE, listener)


def parts() -> int:
    """How many functions there are to be compiled."""
    return len(known)


def _listener(events: Any, told: Callable[[int], None]) -> Any:
    done = 0

    class Listener(events.Listener):  # type: ignore[misc]  # numba has no types
        def on_start(self, event: Any) -> None:
            """Nothing is known yet."""

        def on_end(self, event: Any) -> None:
            nonlocal done
            done += 1
            told(min(done, len(known)))

    return Listener()
