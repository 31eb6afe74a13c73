"""The tables of the compiled engine, and how they are lent to it.

Numba counts the references to every array it reaches through a tuple, by a locked instruction each: with forty
tables that was nineteen twentieths of the time. So the tables are lent as bare addresses, and arrays made from
addresses are not counted. Whoever calls the kernel keeps the real arrays alive meanwhile (`play.py`).
"""

from __future__ import annotations

import ctypes
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.fast.compiled import numba, part

Ints = NDArray[np.int64]


def _to_pointer(typing_context: Any, address: Any) -> Any:
    """An address as a pointer, for numba to generate."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], import_module("numba.core.cgutils").voidptr_t)

    return numba.types.voidptr(address), generate


def _interpreted_pointer(address: int) -> ctypes.c_void_p:
    """The same where nothing is compiled (NUMBA_DISABLE_JIT=1): then the engine runs as the Python that it is."""
    return ctypes.c_void_p(int(address))


_pointer: Any = (
    _interpreted_pointer if numba.config.DISABLE_JIT else import_module("numba.extending").intrinsic(_to_pointer)
)
carray: Any = numba.carray


class World(NamedTuple):
    """Every table. Two-dimensional ones have the columns of `lexicon.py`."""

    step: Any
    clock: Any
    person: Any
    team: Any
    role: Any
    line: Any
    server: Any
    crew: Any
    dock: Any
    stream: Any
    change: Any
    queue: Any
    span: Any
    helper: Any
    fresh: Any
    """Who joined since the last hand-out and will not wait for ever, and how long. (int64, two dimensions, up to
    here.)
    """
    case: Any
    """int32, two dimensions."""
    visits: Any
    """int16, two dimensions: how often a case came to each step where it can come again, and was led back from each
    branch.
    """
    crew_line: Any
    arrival: Any
    departure: Any
    column: Any
    """Addresses of the columns of luck."""
    route_first: Any
    gave_up: Any
    """A bit for each step with patience."""
    event_at: Any
    event: Any
    chosen: Any
    share: Any
    started: Any
    log_case: Any
    log_joined: Any
    log_began: Any
    log_left: Any
    """int64, one dimension, up to here."""
    log_step: Any
    log_visit: Any
    log_person: Any
    """int32."""
    log_outcome: Any
    rank: Any
    """int8."""
    lines: Any
    units: Any
    value: Any
    threshold: Any
    """float64."""
    ranks: Any
    margin: Any
    """Plain numbers: priority classes; rows of the log that one case may fill at one instant."""


def lend(world: World) -> Ints:
    """(address, rows, columns) of every table; plain numbers as they are."""
    lent = []
    for each in world:
        if isinstance(each, np.ndarray):
            lent.append((each.ctypes.data, each.shape[0], each.shape[1] if each.ndim == 2 else 1))
        else:
            lent.append((each, 0, 0))
    return np.array(lent, dtype=np.int64)


@part
def borrow(at: Ints) -> World:
    """The world from what was lent; in the order of `World`."""
    return World(
        _wide(at, 0), _wide(at, 1), _wide(at, 2), _wide(at, 3), _wide(at, 4), _wide(at, 5), _wide(at, 6), _wide(at, 7),
        _wide(at, 8), _wide(at, 9), _wide(at, 10), _wide(at, 11), _wide(at, 12), _wide(at, 13), _wide(at, 14),
        carray(_pointer(at[15, 0]), (at[15, 1], at[15, 2]), np.int32),
        carray(_pointer(at[16, 0]), (at[16, 1], at[16, 2]), np.int16),
        _long(at, 17), _long(at, 18), _long(at, 19), _long(at, 20), _long(at, 21), _long(at, 22), _long(at, 23),
        _long(at, 24), _long(at, 25), _long(at, 26), _long(at, 27),
        _long(at, 28), _long(at, 29), _long(at, 30), _long(at, 31),
        _int(at, 32), _int(at, 33), _int(at, 34),
        _byte(at, 35), _byte(at, 36),
        _float(at, 37), _float(at, 38), _float(at, 39), _float(at, 40),
        at[41, 0], at[42, 0],
    )  # fmt: skip


@part
def drawn(address: int, row: int) -> int:
    """The whole number (64 bits) in a row of a column of luck."""
    return int(carray(_pointer(address), (row + 1,), np.int64)[row])


@part
def flipped(address: int, row: int) -> int:
    """The 0 or 1 (8 bits) in a row of a column of luck."""
    return int(carray(_pointer(address), (row + 1,), np.int8)[row])


@part
def _wide(at: Ints, i: int) -> Any:
    return carray(_pointer(at[i, 0]), (at[i, 1], at[i, 2]), np.int64)


@part
def _long(at: Ints, i: int) -> Any:
    return carray(_pointer(at[i, 0]), (at[i, 1],), np.int64)


@part
def _int(at: Ints, i: int) -> Any:
    return carray(_pointer(at[i, 0]), (at[i, 1],), np.int32)


@part
def _byte(at: Ints, i: int) -> Any:
    return carray(_pointer(at[i, 0]), (at[i, 1],), np.int8)


@part
def _float(at: Ints, i: int) -> Any:
    return carray(_pointer(at[i, 0]), (at[i, 1],), np.float64)
