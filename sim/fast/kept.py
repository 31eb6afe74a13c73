"""Machine code on disk, in the place of numba's own cache.

Numba's knows the file of a function by its path, so that every copy of the program compiles anew; it unpickles, and
runs, whatever it finds; and it ends with whatever error that brings where a file is damaged.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from sim.fast import sealed
from sim.fast.cache import ENDING, cache_folder, sweep

_compiler: Any = import_module("numba.core.compiler")
_serialize: Any = import_module("numba.core.serialize")

FOLDER = cache_folder()


class Kept:
    """The machine code of one function, as numba's dispatcher asks for it: a file for each signature."""

    cache_path = str(FOLDER)

    def __init__(self, function: Callable[..., Any]) -> None:
        source = Path(inspect.getfile(function))
        self.name = f"{source.stem}.{function.__qualname__}"
        self.made_from = (source.read_bytes(), function.__qualname__, function.__code__.co_firstlineno)

    def load_overload(self, signature: Any, target: Any) -> Any:
        """The function compiled for a signature; None if it is not there, or not as it was written."""
        target.refresh()
        content = sealed.read(self._file(signature, target.codegen()))
        if content is None:
            return None
        with suppress(OSError):
            os.utime(FOLDER)  # it is in use
        return _compiler.CompileResult._rebuild(target, *pickle.loads(content))

    def save_overload(self, signature: Any, result: Any) -> None:
        """Keep what was compiled. Where the disk is full it is compiled again the next time."""
        if result.library.has_dynamic_globals:  # addresses that hold for this process only
            return
        with suppress(OSError):
            sealed.write(self._file(signature, result.codegen), _serialize.dumps(result._reduce()))
            sweep(FOLDER)

    def _file(self, signature: Any, codegen: Any) -> Path:
        key = hashlib.sha256(repr((*self.made_from, str(signature), codegen.magic_tuple())).encode())
        return FOLDER / f"{self.name}-{key.hexdigest()[:32]}{ENDING}"
