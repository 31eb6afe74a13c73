"""Memory for columns of a log."""

from __future__ import annotations

import mmap
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray


def columns(rows: int, types: Mapping[str, type[np.generic]]) -> dict[str, NDArray[Any]]:
    """Empty columns for so many rows; memory is only taken by rows that are written."""
    sizes = [-(-rows * np.dtype(kind).itemsize // 64) * 64 for kind in types.values()]
    parts = np.split(_memory(sum(sizes)), np.cumsum(sizes)[:-1])
    return {name: part.view(kind)[:rows] for part, (name, kind) in zip(parts, types.items(), strict=True)}


def _memory(size: int) -> NDArray[np.uint8]:
    """Memory from the system itself: given back as soon as nobody needs it, which allocators do not promise; and in
    large pages, for taking small ones was a tenth of the time of a run.
    """
    if sys.platform == "win32":
        return np.empty(size, dtype=np.uint8)
    memory = mmap.mmap(-1, max(1, size), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(AttributeError, OSError):  # not every system has large pages
        memory.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(memory, dtype=np.uint8, count=size)
