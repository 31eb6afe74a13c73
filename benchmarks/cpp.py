"""The shop of fulfilment.toml as a hand-written C++ event loop (fulfilment.cpp): compiled by g++, called by ctypes."""

from __future__ import annotations

import ctypes
import hashlib
import platform
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import idiomatic
from sim.fast.folders import first_writable
from sim.faults import BadInput, bad_input
from sim.log import Cases, Log, Stretches, Visits
from sim.plan import Plan
from sim.units import MINUTE

SOURCE = Path(__file__).with_name("fulfilment.cpp")
FLAGS = ("-std=c++20", "-O3", "-march=native", "-shared", "-fPIC")
MOST_ORDERS = 4_000_000
"""More do not fit into the bits that an event has for its order and its instant."""


def run(plan: Plan, seed: int, people: dict[str, int] | None = None) -> Log:
    """Play the shop as long as the plan says; of the plan nothing else is used."""
    if plan.runs_for > MOST_ORDERS * MINUTE:
        raise bad_input("--engines cpp", f"counts to {MOST_ORDERS:,} orders; ask for fewer")
    numbers = np.array(list((people or idiomatic.PEOPLE).values()), dtype=np.int32)
    code, sizes = library(), np.empty(2, dtype=np.int64)
    shop = code.play(seed, plan.runs_for, numbers.ctypes)
    code.sizes(shop, sizes.ctypes)
    visits, cases = _visits(int(sizes[0])), _cases(int(sizes[1]))
    code.write(shop, _addresses(visits), _addresses(cases))
    code.forget(shop)
    none = np.zeros(0, dtype=np.int64)
    return Log(plan, "cpp", seed, 0, visits, (none, none), Stretches(none, none, none, none), cases)


def _visits(rows: int) -> Visits:
    case, joined, began, left = (np.empty(rows, dtype=np.int64) for _ in range(4))
    step, visit, person = (np.empty(rows, dtype=np.int32) for _ in range(3))
    return Visits(case, step, visit, person, joined, began, left, np.empty(rows, dtype=np.int8))


def _cases(rows: int) -> Cases:
    """The table of cases; what the orders are like is the same for all."""
    case, parent, arrived = (np.empty(rows, dtype=np.int64) for _ in range(3))
    lines, units = np.ones(rows, dtype=np.int32), np.ones(rows, dtype=np.int32)
    route, value, rank = np.empty(rows, dtype=np.int32), np.zeros(rows), np.zeros(rows, dtype=np.int8)
    return Cases(case, route, parent, arrived, lines, units, value, rank)


def _addresses(table: Visits | Cases) -> ctypes.Array[ctypes.c_void_p]:
    """The columns' addresses in the order in which the tables name them, as C++ has them too."""
    columns: list[NDArray[np.generic]] = list(vars(table).values())
    return (ctypes.c_void_p * len(columns))(*(column.ctypes.data for column in columns))


@cache
def library() -> ctypes.CDLL:
    """The compiled loop, compiled when it is first asked for. Raises BadInput where that cannot be done."""
    compiler = shutil.which("g++")
    if compiler is None:
        raise bad_input("--engines cpp", "needs the compiler g++, and there is none here")
    # -march=native: what one computer compiled need not run on another that shares the folder.
    key = hashlib.sha256("\0".join((SOURCE.read_text(encoding="utf-8"), *FLAGS, compiler, platform.node())).encode())
    file = _cache_folder() / f"fulfilment-{key.hexdigest()[:16]}.so"
    if not file.exists():
        _compile(compiler, file)
    code = ctypes.CDLL(str(file))
    code.play.argtypes = (ctypes.c_uint64, ctypes.c_int64, ctypes.c_void_p)
    code.play.restype = ctypes.c_void_p
    for function in (code.sizes, code.write, code.forget):
        function.restype = None
    code.sizes.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    code.write.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    code.forget.argtypes = (ctypes.c_void_p,)
    return code


def _compile(compiler: str, file: Path) -> None:
    """Compile beside the file and move it there, so that nobody ever loads half of it."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        made = Path(folder) / file.name
        done = subprocess.run(
            [compiler, *FLAGS, str(SOURCE), "-o", str(made)], check=False, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise _not_compiled(done.stderr)
        made.replace(file)


def _not_compiled(said: str) -> BadInput:
    first = next((line for line in said.splitlines() if "error" in line), "it does not say why")
    return bad_input("--engines cpp", f"g++ (10 or newer is needed) cannot compile {SOURCE.name}: {first.strip()}")


def _cache_folder() -> Path:
    """Where compiled code is kept, as for the compiled engine."""
    if folder := first_writable(""):
        return folder
    raise bad_input("--engines cpp", "no folder can be written to keep compiled code in; name one in SHOPFLOOR_CACHE")
