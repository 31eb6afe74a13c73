"""The tables of the compiled engine, and how it reads luck."""

from __future__ import annotations

import ctypes
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.fast.compiled import numba

Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]
Ints16 = NDArray[np.int16]
Ints8 = NDArray[np.int8]
Floats = NDArray[np.float64]

AHEAD = 128
"""Bytes by which luck is fetched before it is asked for: two lines of the processor's cache."""


class World(NamedTuple):
    """Every table. Two-dimensional ones have the columns of `lexicon.py`."""

    step: Ints
    slot: Ints
    person: Ints
    team: Ints
    role: Ints
    line: Ints
    server: Ints
    crew: Ints
    dock: Ints
    stream: Ints
    change: Ints
    queue: Ints
    span: Ints
    helper: Ints
    stretch: Ints
    past: Ints
    back: Ints
    started: Ints
    note: Ints
    """int64, two dimensions, up to here."""
    helpers: Ints32
    """int32, two dimensions: by slot, who helps."""
    visits: Ints16
    """int16, two dimensions: by slot, how often the case came to each step where it can come again, and was led back
    from each branch.
    """
    crew_line: Ints
    arrival: Ints
    age: Ints
    """Of those who stand there when the run begins: how long before they came; by row of `arrival`."""
    departure: Ints
    column: Ints
    """Addresses of the columns of luck."""
    route_first: Ints
    event: Ints
    later: Ints
    """By hour of the run: its first note, or NONE."""
    chosen: Ints
    share: Ints
    aside: Ints
    fresh: Ints
    """Slots that joined since the last hand-out and will not wait for ever."""
    unsettled: Ints
    """Crews in which something changed since the last hand-out."""
    log_joined: Ints
    log_began: Ints
    log_left: Ints
    """int64, one dimension, up to here."""
    log_case: Ints32
    log_step: Ints32
    log_visit: Ints32
    log_person: Ints32
    """int32."""
    log_outcome: Ints8
    rank: Ints8
    """int8."""
    lines: Floats
    units: Floats
    value: Floats
    threshold: Floats
    """float64."""
    ranks: int
    interrupting: int
    margin: int
    most_helpers: int
    most_stretches: int
    runs_for: int
    """Plain numbers: priority classes, and how many of them interrupt; rows of the log, of its helpers and of stretches
    that one event (or hand-out) may write; the run (ms).
    """


def _reader(bits: int) -> Any:
    """A function (address, row) → the whole number of so many bits in that row of the column at that address.

    A list of columns could not be handed over as such: numba counts references in lists, and the number of columns
    differs from plan to plan.
    """

    def read(typing_context: Any, address: Any, row: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            ir = import_module("llvmlite.ir")
            column = builder.inttoptr(arguments[0], ir.IntType(bits).as_pointer())
            place = builder.gep(column, [arguments[1]])
            _fetch(ir, builder, place)
            value = builder.load(place)
            return value if bits == 64 else builder.sext(value, ir.IntType(64))

        return numba.int64(numba.int64, numba.int64), generate

    return import_module("numba.extending").intrinsic(read)


def _fetch(ir: Any, builder: Any, place: Any) -> None:
    """Let the processor fetch what stands a little further on: the next cases will ask for it."""
    byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
    prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
    ahead = builder.gep(builder.bitcast(place, byte), [ir.Constant(ir.IntType(64), AHEAD)])
    builder.call(prefetch, [ahead, number(0), number(3), number(1)])  # to read, soon again, data


def _interpreted(kind: type[ctypes.c_int8 | ctypes.c_int64]) -> Any:
    """The same where nothing is compiled (NUMBA_DISABLE_JIT=1): then the engine runs as the Python that it is."""
    return lambda address, row: kind.from_address(int(address + row * ctypes.sizeof(kind))).value


drawn: Any = _interpreted(ctypes.c_int64) if numba.config.DISABLE_JIT else _reader(64)
"""(address, row) → what was drawn: a duration (ms)."""
flipped: Any = _interpreted(ctypes.c_int8) if numba.config.DISABLE_JIT else _reader(8)
"""(address, row) → what was drawn: 0 or 1."""
