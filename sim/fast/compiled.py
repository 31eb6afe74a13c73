"""How this engine's functions are compiled, and where the machine code is kept.

The machine code lies in a folder named after a hash of the engine's sources. Numba itself looks only at the file of
the function that is called, and would go on using code made from an older version of the others.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from sim.faults import bad_input

numba: Any = import_module("numba")
"""Its own types do not know what its decorators make of a function."""

F = TypeVar("F", bound=Callable[..., Any])

_SIM = Path(__file__).parents[1]
_SHARED = ("rules.py", "plan.py", "log.py", "units.py")


def sources() -> list[Path]:
    """The files whose change makes compiled code stale."""
    return [*sorted(Path(__file__).parent.glob("*.py")), *(_SIM / name for name in _SHARED)]


def cache_folder() -> Path:
    """Where the machine code of this version is kept.

    Below $SHOPFLOOR_CACHE, the user's cache folder or the folder for temporary files: the first that can be written.
    Raises BadInput if none can.
    """
    key = hashlib.sha256(numba.__version__.encode())
    for source in sources():
        key.update(source.read_bytes())
    for home in _homes():
        if home and _writable(folder := Path(home) / "shopfloor-sim" / key.hexdigest()[:16]):
            return folder
    raise bad_input("--engine fast", "no folder for compiled code can be written; name one in SHOPFLOOR_CACHE")


def is_warm() -> bool:
    """Whether the machine code of this version lies ready."""
    return any(cache_folder().rglob("*.nbc"))


def _homes() -> Iterator[str | Path | None]:
    yield os.environ.get("SHOPFLOOR_CACHE")
    yield os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):  # nobody knows where home is
        yield Path.home() / ".cache"
    with suppress(FileNotFoundError):  # no folder for temporary files is of any use
        yield tempfile.gettempdir()


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


numba.config.CACHE_DIR = str(cache_folder())


def part(function: F) -> F:
    """Compile a function into those that call it (the machine code is made once, for the whole kernel)."""
    compiled: F = numba.njit(forceinline=True, error_model="numpy")(function)
    return compiled


def whole(function: F) -> F:
    """Compile a function that Python calls, and keep the machine code on disk."""
    compiled: F = numba.njit(cache=True, error_model="numpy", nogil=True)(function)
    return compiled
