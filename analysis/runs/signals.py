"""Being asked to stop: by Ctrl-C, by `kill`, by a terminal that is closed."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

DEAF_S = 3.0
"""For so long after a request no other is heard: many press Ctrl-C twice, and what cleans up shall not be stopped."""


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
        yield
    except Exception as error:
        if asked:
            raise KeyboardInterrupt from error
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, signal.SIG_IGN if asked else handler)


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
        for each, handler in before.items():
            signal.signal(each, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if asked:
            signal.raise_signal(asked[0])
