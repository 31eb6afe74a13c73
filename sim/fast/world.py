"""The tables of the compiled engine, and how it reads luck."""

from __future__ import annotations

import ctypes
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.fast.compiled import numba

Ints = NDArray[np.int64]

AHEAD = 128
"""Bytes by which luck is fetched before it is asked for: two lines of the processor's cache."""


class World(NamedTuple):
    """Every table. Two-dimensional ones have the columns of `lexicon.py`."""

    step: Any
    slot: Any
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
    stretch: Any
    past: Any
    back: Any
    started: Any
    note: Any
    """int64, two dimensions, up to here."""
    helpers: Any
    """int32, two dimensions: by slot, who helps."""
    visits: Any
    """int16, two dimensions: by slot, how often the case came to each step where it can come again, and was led back
    from each branch.
    """
    crew_line: Any
    arrival: Any
    departure: Any
    column: Any
    """Addresses of the columns of luck."""
    route_first: Any
    event: Any
    later: Any
    """By hour of the run: its first note, or NONE."""
    chosen: Any
    share: Any
    aside: Any
    fresh: Any
    """Slots that joined since the last hand-out and will not wait for ever."""
    unsettled: Any
    """Crews in which something changed since the last hand-out."""
    log_joined: Any
    log_began: Any
    log_left: Any
    """int64, one dimension, up to here."""
    log_case: Any
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
    most_helpers: Any
    most_stretches: Any
    runs_for: Any
    """Plain numbers: priority classes; rows of the log, of its helpers and of stretches that one event may write; the
    run (ms).
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
