"""How this engine's functions are compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import CodeType
from typing import Any, TypeVar

from sim.fast.kept import Kept

numba: Any = import_module("numba")
"""Its own types do not know what its decorators make of a function."""

F = TypeVar("F", bound=Callable[..., Any])

_compiler: Any = import_module("numba.core.compiler")
_codegen: Any = import_module("numba.core.codegen")
_arrays: Any = import_module("numba.np.arrayobj")


@contextmanager
def _instead(owner: Any, name: str, function: Callable[..., Any]) -> Iterator[None]:
    """Put a function of ours in the place of one of numba's for a while."""
    usual = getattr(owner, name)
    setattr(owner, name, function)
    try:
        yield
    finally:
        setattr(owner, name, usual)


class _Compiler(_compiler.Compiler):  # type: ignore[misc]
    """Numba's own, but every index is taken as it stands.

    Numba allows for negative ones, which count from the end, whenever a table is touched: a quarter of the time of a
    run. Here an index is never negative (`tests/engines/test_traps.py` looks).
    """

    def compile_extra(self, function: Any) -> Any:
        """Compile a function."""
        with _instead(_arrays, "fix_integer_index", _as_it_stands):
            return super().compile_extra(function)


def _as_it_stands(context: Any, builder: Any, kind: Any, index: Any, _: Any) -> Any:
    return context.cast(builder, index, kind, numba.intp if kind.signed else numba.uintp)


class _CompilerOfParts(_Compiler):
    """A part is only translated. Numba would make machine code of it too, with all parts that it calls compiled
    into it once more: two thirds of the time of compiling, for functions that nobody calls but the whole.
    """

    def compile_extra(self, function: Any) -> Any:
        """Translate a function."""
        context = self.state.targetctx
        self.state.library = _Part(context.codegen(), function.__qualname__)
        with _instead(context, "get_executable", _nothing_to_call):
            return super().compile_extra(function)


def _nothing_to_call(*_: Any) -> Any:
    """What stands in for a function that Python could call: numba wants one of its own for every part. This one
    fails when it is called, as it is by mistake only.
    """
    return {}.update


class _Part(_codegen.JITCodeLibrary):  # type: ignore[misc]
    """The code of a part, to be linked into a whole and become machine code there."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


known: set[CodeType] = set()
"""What is to be compiled, of all that was imported."""

_SETTINGS = {"error_model": "numpy", "_nrt": False}


def part(function: F) -> F:
    """Compile a function into those that call it (the machine code is made once, for the whole kernel)."""
    known.add(function.__code__)
    compiled: F = numba.njit(
        **_SETTINGS, pipeline_class=_CompilerOfParts, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
    )(function)
    return compiled


def whole(function: F) -> F:
    """Compile a function that Python calls, and keep the machine code on disk.

    Without numba's runtime (`_nrt`): it would count the references to every table that is touched, which was nineteen
    twentieths of the time. Such functions make no arrays; they fill those that they are given.
    """
    compiled: Any = numba.njit(**_SETTINGS, pipeline_class=_Compiler, nogil=True)(function)
    known.add(function.__code__)
    if compiled is not function and not function.__closure__:  # what it closes over is not in its sources
        compiled._cache = Kept(function)
    made: F = compiled
    return made
