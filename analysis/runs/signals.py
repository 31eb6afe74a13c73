"""Being asked to stop: by Ctrl-C, by `kill`, by a terminal that is closed."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

DEAF_S = 3.0
"""For so long after a request no other is heard: many press Ctrl-C twice, and what cleans up shall not be stopped."""


AGAIN_S = 0.01
"""So long after a request went astray it is made again."""


@contextmanager
def heard() -> Iterator[None]:
    """Within, a request to stop raises KeyboardInterrupt, so that what was begun is cleaned up. Whatever a library
    makes of that exception, KeyboardInterrupt is what comes out; afterwards, no request is heard any more.
    """
    if threading.current_thread() is not threading.main_thread():  # signals belong to the main thread
        yield
        return
    asked: list[float] = []

    def stop(*_: object) -> None:
        if not asked or time.monotonic() - asked[-1] > DEAF_S:
            asked.append(time.monotonic())
            raise KeyboardInterrupt

    ignored = (signal.SIG_IGN, None)  # by nohup, or not set from Python
    before = {each: signal.getsignal(each) for each in STOPS if signal.getsignal(each) not in ignored}
    try:
        for each in before:
            signal.signal(each, stop)
        with _not_astray(asked.clear):
            yield
    except Exception as error:
        if asked:
            raise KeyboardInterrupt from error
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, signal.SIG_IGN if asked else handler)


@contextmanager
def _not_astray(forget: Callable[[], None]) -> Iterator[None]:
    """Within, a request is made again that came where Python lets no exception through: while something was tidied
    away, as happens at imports and when many processes are started. `forget` lets it be heard.
    """
    before, timers = sys.unraisablehook, list[threading.Timer]()

    def again(lost: Any) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            before(lost)
            return
        forget()
        timers.append(threading.Timer(AGAIN_S, _ask_main_thread))
        timers[-1].start()

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = before
        for timer in timers:
            timer.cancel()


def _ask_main_thread() -> None:
    """Ask the main thread to stop, even if it waits for something."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


@contextmanager
def put_off() -> Iterator[None]:
    """Let no request to stop come through in between; it comes afterwards. Processes that are begun here never hear
    of any, unless they ask to (where the system is not POSIX, nothing is put off).
    """
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    before = {each: signal.getsignal(each) for each in STOPS if callable(signal.getsignal(each))}
    for each in before:  # the mask is this thread's alone: what comes by way of another one is remembered
        signal.signal(each, lambda number, _: asked.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)  # what was held back is remembered now, not raised
        for each, handler in before.items():
            signal.signal(each, handler)
        if asked:
            signal.raise_signal(asked[0])
