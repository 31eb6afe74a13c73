"""Jobs in parallel processes, with results in the order of the jobs. A job whose process was killed is done again.

Every process has a pipe of its own and one job at a time. So it is known which job a process died of, nobody else is
disturbed by it, and there is no lock that an interrupt or a kill could leave locked.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, TypeVar

from analysis.runs.signals import STOPS, put_off
from sim.faults import BadInput, bad_input
from sim.language import say

J = TypeVar("J")
R = TypeVar("R")

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of malloc.h of glibc: from how much free memory on some is given back; from what size on each piece is by itself."""

TRIES = 4
"""How often a job is begun before dying processes are taken for the job's own fault."""

LOOK_S = 0.5
"""Ctrl-C ends a wait at once on POSIX; elsewhere it is seen this often."""


def run_jobs(
    work: Callable[[J], R],
    jobs: list[J],
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    arrived: Callable[[R], None] | None = None,
    cluster: str = "",
) -> list[R]:
    """Do every job; `progress` is told how many are done, `arrived` is given each result as it comes (in any order).
    Results do not depend on the number of workers.

    `work` is sent to every process once, jobs one by one: what jobs have in common belongs to `work` (a partial).
    `cluster`: the address of a Dask scheduler that hands out the jobs instead of processes here. Raises BadInput where
    a job's process dies again and again.
    """
    workers = min(workers or cores(), len(jobs))
    results: dict[int, R] = {}

    def done(number: int, result: R) -> None:
        results[number] = result
        if arrived is not None:
            arrived(result)
        if progress is not None:
            progress(len(results))

    if cluster and jobs:
        from analysis.runs.cluster import on_cluster

        on_cluster(work, jobs, cluster, done)
    elif workers <= 1:
        for number, job in enumerate(jobs):
            done(number, work(job))
    else:
        with _Crew(work, jobs, workers) as crew:
            for number, result in crew.answers():
                done(number, result)
    return [results[number] for number in range(len(jobs))]


def keep_memory() -> None:
    """Let this process, and those that it starts, keep what they have given back, where the C library can be told so
    (glibc): every run asks for as much as the one before, and the system would clear it again each time.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 1 << 30)


def cores() -> int:
    """Cores that this process may use: a scheduler of a cluster often grants some of the machine's only."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def deadly(where: str, job: object, times: int) -> BadInput:
    """What is said of a job whose process always dies."""
    told = say("a process died each of the {times} times that it began {job}", times=times, job=str(job)[:80])
    return bad_input(where, say("{told}; most likely it ran out of memory (fewer --workers need less)", told=told))


class _Hand(NamedTuple):
    """A process at work, and our end of its pipe."""

    process: BaseProcess
    pipe: Connection[Any, Any]


class _Crew:
    """Processes that do jobs. However it is left, none of them remains."""

    def __init__(self, work: Callable[[Any], Any], jobs: list[Any], size: int) -> None:
        self.work, self.jobs, self.size = work, jobs, size
        self.waiting = deque(range(len(jobs)))
        self.deaths = Counter[int]()
        self.hands: list[_Hand] = []
        self.busy: dict[Any, tuple[_Hand, int]] = {}
        """By pipe: whose it is, and the number of the job in hand."""

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for hand in self.hands:
            hand.process.kill()
        while self.hands:
            self._dismiss(self.hands[-1])

    def answers(self) -> Iterator[tuple[int, Any]]:
        """The number and the result of every job, as they come. Raises what a job raises."""
        for _ in range(self.size):
            self._give(self._hire())
        while self.busy:
            for pipe in wait(list(self.busy), LOOK_S):
                hand, number = self.busy.pop(pipe)
                try:
                    result, error = hand.pipe.recv()
                except (EOFError, OSError):
                    self._bury(hand, number)
                    continue
                self._give(hand)  # before the result is looked at: nobody shall idle meanwhile
                if error is not None:
                    raise error
                yield number, result

    def _hire(self) -> _Hand:
        try:
            with put_off():
                ours, theirs = multiprocessing.Pipe()
                process = multiprocessing.Process(target=_serve, args=(self.work, theirs), daemon=True)
                process.start()
                theirs.close()
                self.hands.append(_Hand(process, ours))
        except OSError as error:
            told = say(
                "only {hands} processes can be had ({value}); ask for fewer",
                hands=len(self.hands),
                value=error.strerror or error,
            )
            raise bad_input("--workers", told) from None
        return self.hands[-1]

    def _give(self, hand: _Hand) -> None:
        """Hand over the next job; whoever is not needed any more goes."""
        if not self.waiting:
            self._dismiss(hand)
            return
        number = self.waiting.popleft()
        self.busy[hand.pipe] = hand, number
        with suppress(BrokenPipeError, ConnectionResetError):  # it has died: that is seen when its answer is read
            hand.pipe.send(self.jobs[number])

    def _bury(self, hand: _Hand, number: int) -> None:
        """Somebody has died: another one takes the place, and the job."""
        self._dismiss(hand)
        self.deaths[number] += 1
        if self.deaths[number] == TRIES:
            raise deadly("--workers", self.jobs[number], TRIES)
        self.waiting.appendleft(number)
        self._give(self._hire())

    def _dismiss(self, hand: _Hand) -> None:
        hand.process.kill()
        hand.process.join()
        hand.pipe.close()
        self.hands.remove(hand)


def _serve(work: Callable[[Any], Any], pipe: Connection[Any, Any]) -> None:
    """In a new process: do jobs until it is ended."""
    _settle_in()
    while True:
        job = pipe.recv()
        answer: tuple[Any, Exception | None]
        try:
            answer = work(job), None
        except Exception as error:
            error.add_note(traceback.format_exc())
            answer = None, error
        try:
            pipe.send(answer)
        except OSError:
            return
        except Exception:  # what cannot be sent is told as text
            pipe.send((None, RuntimeError(f"the result of a job cannot be sent:\n{traceback.format_exc()}")))


def _settle_in() -> None:
    """Leave requests to stop to the parent, and end when the parent does."""
    for each in STOPS:
        if callable(signal.getsignal(each)):  # else it was set from outside, as by nohup
            signal.signal(each, signal.SIG_IGN if each == signal.SIGINT else signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
