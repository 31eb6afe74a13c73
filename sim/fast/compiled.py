"""How this engine's functions are compiled."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

from sim.fast.cache import cache_folder

numba: Any = import_module("numba")
"""Its own types do not know what its decorators make of a function."""

F = TypeVar("F", bound=Callable[..., Any])

numba.config.CACHE_DIR = str(cache_folder())

_compiler: Any = import_module("numba.core.compiler")
_arrays: Any = import_module("numba.np.arrayobj")


class _Compiler(_compiler.Compiler):  # type: ignore[misc]
    """Numba's own, but every index is taken as it stands.

    Numba allows for negative ones, which count from the end, whenever a table is touched: a quarter of the time of a
    run. Here an index is never negative (`tests/test_traps.py` looks).
    """

    def compile_extra(self, function: Any) -> Any:
        """Compile a function."""
        allow_for_negative = _arrays.fix_integer_index
        _arrays.fix_integer_index = _as_it_stands
        try:
            return super().compile_extra(function)
        finally:
            _arrays.fix_integer_index = allow_for_negative


def _as_it_stands(context: Any, builder: Any, kind: Any, index: Any, _: Any) -> Any:
    return context.cast(builder, index, kind, numba.intp if kind.signed else numba.uintp)


_SETTINGS = {"error_model": "numpy", "_nrt": False, "pipeline_class": _Compiler}


def part(function: F) -> F:
    """Compile a function into those that call it (the machine code is made once, for the whole kernel)."""
    compiled: F = numba.njit(**_SETTINGS, forceinline=True)(function)
    return compiled


def whole(function: F) -> F:
    """Compile a function that Python calls, and keep the machine code on disk.

    Without numba's runtime (`_nrt`): it would count the references to every table that is touched, which was nineteen
    twentieths of the time. Such functions make no arrays; they fill those that they are given.
    """
    compiled: F = numba.njit(**_SETTINGS, cache=True, nogil=True)(function)
    return compiled
