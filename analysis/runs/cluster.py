"""Jobs on a cluster: the same work, handed to the workers of an existing Dask scheduler (extra `cluster`).

The scheduler sees to it that the job of a worker that dies is given to another one. It runs whatever it is sent by
anybody who reaches it: it belongs in a private network.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from sim.faults import BadInput, bad_input
from sim.language import say

J = TypeVar("J")
R = TypeVar("R")

PATIENCE_S = 8
"""How long to try to reach the scheduler."""

AHEAD = 2_000
"""Jobs that the scheduler is given at a time: it keeps each of them in memory."""


def on_cluster(work: Callable[[J], R], jobs: list[J], address: str, done: Callable[[int, R], None]) -> None:
    """Do every job on the cluster of the scheduler at `address` ("host:8786"); `done` is given its number and result.

    Waits where there are no workers yet. Raises BadInput where there is no scheduler, where it goes away, where a
    worker has another version of the program, or where a job kills its workers.
    """
    with _client(address) as client:
        numbers: dict[Any, int] = {}
        number = 0
        try:
            for future in _completed(client, work, jobs, numbers):
                number = numbers.pop(future.key)
                done(number, future.result())
        except CancelledError:
            raise _gone(address) from None
        except ModuleNotFoundError as error:
            told = say(
                "a worker cannot run the program ({error}); install it on every machine, with the same extras",
                error=error,
            )
            raise bad_input("--cluster", told) from None
        except Exception as error:
            if type(error).__name__ != "KilledWorker":
                raise
            told = say(
                "workers died each of the {args} times that they began {jobs}",
                args=error.args[2] + 1,
                jobs=str(jobs[number])[:80],
            )
            raise bad_input("--cluster", say("{told}; most likely they ran out of memory", told=told)) from None


def _completed(client: Any, work: Callable[[J], R], jobs: list[J], numbers: dict[Any, int]) -> Iterator[Any]:
    """The finished futures, as they come; notes which job each is of."""
    # Work is a task of its own, not scattered data: that would be lost with the worker that holds it.
    common = client.submit(_same, work, pure=False)

    def submit(number: int) -> Any:
        future = client.submit(_do, common, jobs[number], program(), pure=False)
        numbers[future.key] = number
        return future

    waiting = iter(range(len(jobs)))
    finished = _distributed().as_completed([submit(number) for number in islice(waiting, AHEAD)], loop=client.loop)
    for future in finished:
        finished.update([submit(number) for number in islice(waiting, 1)])
        yield future


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """A connection to a scheduler. What Dask logs is not for the person at the terminal."""
    if find_spec("distributed") is None:
        raise bad_input("--cluster", say('needs Dask: pip install ".[cluster]"'))
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        client = _reached(address)
        if client is None:
            told = say(
                "there is no Dask scheduler at {address} that answers within {PATIENCE_S} s",
                address=address,
                PATIENCE_S=PATIENCE_S,
            )
            raise bad_input("--cluster", say("{told} (an address is like tcp://10.0.0.5:8786)", told=told))
        with client:
            yield client
    finally:
        logging.disable(before)


def _reached(address: str) -> Any:
    """A connection, or None. Dask's own patience does not hold where something listens that is no scheduler: it may
    never answer, or anything at all.
    """
    found: list[Any] = []

    def reach() -> None:
        with suppress(Exception):
            found.append(_distributed().Client(address, timeout=PATIENCE_S, set_as_default=False))

    _distributed()
    attempt = Thread(target=reach, daemon=True)
    attempt.start()
    attempt.join(PATIENCE_S)
    return found[0] if found else None


def _distributed() -> Any:
    """Dask's package; it takes a second to import."""
    return import_module("distributed")


def _gone(address: str) -> BadInput:
    return bad_input(
        "--cluster",
        say("the Dask scheduler at {address} has gone away; what was played before is kept", address=address),
    )


def _same(work: Any) -> Any:
    return work


def _do(work: Callable[[J], R], job: J, expected: str) -> R:
    """On a worker: do a job, if this is the program that has handed it out."""
    if program() != expected:
        raise bad_input(
            "--cluster", say("a worker has another version of the program, NumPy or SimPy; make them the same")
        )
    return work(job)


@cache
def program() -> str:
    """A hash of everything that decides the numbers: the sources, NumPy, SimPy."""
    key, home = hashlib.sha256(), Path(__file__).parents[1]
    for path in sorted((*(home / "sim").rglob("*.py"), *(home / "analysis").rglob("*.py"))):
        key.update(path.relative_to(home).as_posix().encode() + path.read_bytes())
    for package in ("numpy", "simpy"):
        key.update(version(package).encode())
    return key.hexdigest()
