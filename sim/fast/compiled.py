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


def part(function: F) -> F:
    """Compile a function into those that call it (the machine code is made once, for the whole kernel)."""
    compiled: F = numba.njit(forceinline=True, error_model="numpy", _nrt=False)(function)
    return compiled


def whole(function: F) -> F:
    """Compile a function that Python calls, and keep the machine code on disk.

    Without numba's runtime (`_nrt`): it would count the references to every table that is touched, which was nineteen
    twentieths of the time. Such functions make no arrays; they fill those that they are given.
    """
    compiled: F = numba.njit(cache=True, error_model="numpy", nogil=True, _nrt=False)(function)
    return compiled
