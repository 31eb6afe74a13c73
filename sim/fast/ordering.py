"""The log in its final order: rows are written as visits end, and wanted case by case."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.fast.compiled import whole


def in_order(case: NDArray[np.int32], cases: int) -> NDArray[np.uint32]:
    """The rows sorted by case, rows of one case as they stand (a stable counting sort).

    Unsigned: numba need not look for negative indices then.
    """
    order = np.empty(case.size, dtype=np.uint32)
    _count_out(case, np.zeros(cases + 1, dtype=np.int32), order)
    return order


@whole
def _count_out(case: NDArray[np.int32], first: NDArray[np.int32], order: NDArray[np.uint32]) -> None:
    for i in range(case.size):
        first[case[i] + 1] += 1
    for c in range(first.size - 1):
        first[c + 1] += first[c]
    for i in range(case.size):
        order[first[case[i]]] = i
        first[case[i]] += 1


def columns_in_order(
    written: dict[str, NDArray[Any]], order: NDArray[np.uint32], kinds: dict[str, type[np.generic]]
) -> dict[str, NDArray[Any]]:
    """The columns of the log in their final order and type. Uses up what was written: where a column stood, another is
    laid out, for memory that was never touched before costs more than all the rest.
    """
    ordered: dict[str, NDArray[Any]] = {}
    spare: dict[np.dtype[Any], NDArray[Any]] = {}
    for name in sorted(kinds, key=lambda name: written[name].dtype != kinds[name]):
        column, room = written.pop(name), spare.pop(np.dtype(kinds[name]), None)
        ordered[name] = np.empty(order.size, dtype=kinds[name]) if room is None else room
        _gather(column, order, ordered[name])
        spare[column.dtype] = column
    return ordered


@whole
def _gather(column: NDArray[Any], order: NDArray[np.uint32], ordered: NDArray[Any]) -> None:
    for i in range(order.size):
        ordered[i] = column[order[i]]
