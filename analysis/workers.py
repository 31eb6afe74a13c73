"""Jobs in parallel processes, with results in the order of the jobs. A job whose process was killed is done again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor
from concurrent.futures import wait as futures_wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from typing import TypeVar

J = TypeVar("J")
R = TypeVar("R")

TRIES = 3
"""How often a job is begun before a dying process is taken for the job's own fault."""

AHEAD = 4
"""Jobs handed to the pool for each process at a time: enough that none idles, few enough to be called off at once."""


def run_jobs(
    work: Callable[[J], R],
    jobs: list[J],
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    arrived: Callable[[R], None] | None = None,
) -> list[R]:
    """Do every job; `progress` is told how many are done, `arrived` is given each result as it comes (in any order).
    Results do not depend on the number of workers.
    """
    workers = min(workers or os.cpu_count() or 1, len(jobs))
    results: dict[int, R] = {}

    def done(number: int, result: R) -> None:
        results[number] = result
        if arrived is not None:
            arrived(result)
        if progress is not None:
            progress(len(results))

    if workers <= 1:
        for number, job in enumerate(jobs):
            done(number, work(job))
    else:
        _in_processes(work, jobs, workers, done)
    return [results[number] for number in range(len(jobs))]


def _in_processes(work: Callable[[J], R], jobs: list[J], workers: int, done: Callable[[int, R], None]) -> None:
    missing = set(range(len(jobs)))

    def finish(number: int, result: R) -> None:
        missing.discard(number)
        done(number, result)

    for attempt in range(1, TRIES + 1):
        try:
            _one_pool(work, {number: jobs[number] for number in sorted(missing)}, workers, finish)
            return
        except BrokenProcessPool:
            if attempt == TRIES:
                raise


def _one_pool(work: Callable[[J], R], jobs: dict[int, J], workers: int, done: Callable[[int, R], None]) -> None:
    """Run jobs in one pool until all are done or a process dies. Leaves no process behind, however it ends."""
    pool = ProcessPoolExecutor(workers, initializer=_settle_in)
    waiting, running = iter(jobs.items()), dict[Future[R], int]()
    try:
        with _interrupts_put_off() as raise_if_interrupted:
            while True:
                for number, job in islice(waiting, AHEAD * workers - len(running)):
                    running[pool.submit(work, job)] = number
                if not running:
                    break
                finished, _ = futures_wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                raise_if_interrupted()
                for future in finished:
                    done(running.pop(future), future.result())
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


@contextmanager
def _interrupts_put_off() -> Iterator[Callable[[], None]]:
    """Let Ctrl-C come through only where the function that this gives is called. Anywhere else it could hit the
    pool while it holds one of its locks, and ending would then wait for that lock for ever.
    """
    interrupted = threading.Event()

    def raise_if_interrupted() -> None:
        if interrupted.is_set():
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # Ctrl-C goes to the main thread
        yield raise_if_interrupted
        return
    before = signal.signal(signal.SIGINT, lambda *_: interrupted.set())
    try:
        yield raise_if_interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _settle_in() -> None:
    """In a new process: leave Ctrl-C to the parent, and end when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
