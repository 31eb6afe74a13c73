"""The compiled engine from a changed copy of its sources, not compiled: to see that a bug in it is found.

    with other_twin(folder, Change("queues.py", old, new)):
        engine("fast")(plan, draws)  # runs the copy, as plain Python

Compiling takes many seconds; as Python a small shop takes a tenth of one.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numba
import pytest

import sim

SIM = Path(sim.__file__).parent
PACKAGE = "sim.fast"


class Change(NamedTuple):
    """In a file of `sim/fast`: a text that stands in it exactly once, and what stands there instead."""

    file: str
    old: str
    new: str


def copy_of_twin(folder: Path, *changes: Change) -> Path:
    """A copy of `sim/fast`, changed, with what it is hashed with beside it."""
    copy = folder / "sim" / "fast"
    shutil.copytree(SIM / "fast", copy, ignore=shutil.ignore_patterns("__pycache__"))
    for shared in SIM.glob("*.py"):
        shutil.copy(shared, copy.parent)
    for file, old, new in changes:
        text = (copy / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has {text.count(old)} times: {old}"
        (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    return copy


@contextmanager
def other_twin(folder: Path, *changes: Change) -> Iterator[None]:
    """While it lasts, `sim.fast` is a changed copy of itself, which is not compiled."""
    copy = copy_of_twin(folder, *changes)
    original = _taken_out()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOPFLOOR_CACHE", str(folder))
        patch.setattr(numba.config, "DISABLE_JIT", True)
        try:
            _package(copy)
            kernel = import_module(f"{PACKAGE}.kernel")
            assert Path(kernel.__file__ or "") == copy / "kernel.py"
            assert not hasattr(kernel.play, "py_func"), "it is not compiled"
            yield
        finally:
            _taken_out()
            sys.modules.update(original)
            sim.fast = original[PACKAGE]  # type: ignore[attr-defined]


def _taken_out() -> dict[str, ModuleType]:
    """All modules of the package; from now on they are not imported."""
    import_module(PACKAGE)
    names = [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]
    return {name: sys.modules.pop(name) for name in names}


def _package(copy: Path) -> None:
    spec = spec_from_file_location(PACKAGE, copy / "__init__.py", submodule_search_locations=[str(copy)])
    assert spec is not None
    sys.modules[PACKAGE] = sim.fast = module_from_spec(spec)  # type: ignore[attr-defined]
