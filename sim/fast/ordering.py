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


def gathered(column: NDArray[Any], order: NDArray[np.uint32], kind: type[np.generic]) -> NDArray[Any]:
    """A column of the log in its final order and type."""
    ordered: NDArray[Any] = np.empty(order.size, dtype=kind)
    _gather(column, order, ordered)
    return ordered


@whole
def _gather(column: NDArray[Any], order: NDArray[np.uint32], ordered: NDArray[Any]) -> None:
    for i in range(order.size):
        ordered[i] = column[order[i]]
