"""Jobs on a cluster: the same work, handed to the workers of an existing Dask scheduler (extra `cluster`).

The scheduler sees to it that the job of a worker that dies is given to another one. A Dask scheduler runs whatever
it is sent by anybody who reaches it: it belongs in a private network.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sim.faults import BadInput, bad_input

J = TypeVar("J")
R = TypeVar("R")

PATIENCE_S = 8
"""How long to try to reach the scheduler."""

AHEAD = 2_000
"""Jobs that the scheduler is given at a time: it keeps each of them in memory."""


def on_cluster(work: Callable[[J], R], jobs: list[J], address: str, done: Callable[[int, R], None]) -> None:
    """Do every job on the cluster of the scheduler at `address` ("host:8786"); `done` is given its number and result.

    Waits for workers where there are none yet. Raises BadInput where there is no scheduler, where it goes away, where
    workers have another version of the program, or where a job kills its workers.
    """
    with _client(address) as client:
        from distributed import KilledWorker, as_completed

        # a task, not scattered data: that would be lost with the worker that holds it
        common = client.submit(_same, work, pure=False)
        numbers: dict[Any, int] = {}

        def submit(number: int) -> Any:
            future = client.submit(_do, common, jobs[number], program(), pure=False)
            numbers[future.key] = number
            return future

        waiting = iter(range(len(jobs)))
        completed = as_completed([submit(number) for number in islice(waiting, AHEAD)])
        number = -1
        try:
            for future in completed:
                number = numbers.pop(future.key)
                result = future.result()
                completed.update([submit(following) for following in islice(waiting, 1)])
                done(number, result)
        except KilledWorker as error:
            raise _deadly(jobs[number], error) from None
        except (CancelledError, OSError) as error:
            raise _gone(address, error) from None
        except ModuleNotFoundError as error:
            raise bad_input("--cluster", f"a worker cannot run the program: {error}; install it on every machine")


