"""Where the machine code of the compiled engine is kept. Needs no numba: it tells whether to ask for it.

The folder is named after all that the machine code depends on: the engine's sources, the versions of what compiles
them, the processor. So whoever finds code in it may use it, whichever copy of the program compiled it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sim.fast import sealed
from sim.fast.folders import first_writable
from sim.faults import bad_input
from sim.language import say

ENDING = ".code"
UNUSED = 30 * 24 * 3600
"""Seconds after which machine code that nobody used is removed."""

_SIM = Path(__file__).parents[1]
_SHARED = ("rules.py", "plan.py", "log.py", "units.py")
_CPU = re.compile(rb"^(vendor_id|cpu family|model|model name|flags|CPU \w+|Features)\s*:.*", re.MULTILINE)
_OF_NO_MATTER = {"NUMBA_DISABLE_JIT", "NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS", "NUMBA_DEBUG_CACHE"}


def sources() -> list[Path]:
    """The files whose change makes compiled code stale."""
    return [*sorted(Path(__file__).parent.glob("*.py")), *(_SIM / name for name in _SHARED)]


def cache_folder() -> Path:
    """Where the machine code of this version is kept.

    Below $SHOPFLOOR_CACHE, the user's cache folder or the folder for temporary files: the first that can be written
    by this user and by nobody else. Raises BadInput if none can.
    """
    if folder := _folder():
        return folder
    raise bad_input("--engine fast", say("no folder for compiled code can be written; name one in SHOPFLOOR_CACHE"))


def is_warm() -> bool:
    """Whether the machine code of this version lies ready, undamaged."""
    folder = _folder()
    return folder is not None and any(sealed.read(file) for file in folder.glob(f"kernel.play-*{ENDING}"))


def can_be_kept() -> bool:
    """Whether there is a folder for the machine code."""
    return _folder() is not None


def sweep(folder: Path) -> None:
    """Remove from beside a folder of machine code what nobody used for a month, and drafts from within it. Whoever
    has loaded the code goes on with it all the same.
    """
    sealed.sweep_drafts(folder)
    for other in folder.parent.glob("[0-9a-f]" * len(folder.name)):
        with suppress(OSError):
            if other.lstat().st_mtime < time.time() - UNUSED and not other.is_symlink():
                shutil.rmtree(other)


def _folder() -> Path | None:
    key = hashlib.sha256(repr(list(_machine())).encode())
    for source in sources():
        key.update(source.read_bytes())
    return first_writable(key.hexdigest()[:16])


def _machine() -> Iterator[object]:
    """What machine code depends on, besides the sources."""
    yield from (_version(package) for package in ("numba", "llvmlite", "numpy"))
    yield from (sys.implementation.cache_tag, getattr(sys, "abiflags", ""), sys.platform)
    yield from (platform.machine(), platform.processor(), _processor())
    yield sorted(
        (name, value) for name, value in os.environ.items() if name.startswith("NUMBA_") and name not in _OF_NO_MATTER
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _processor() -> list[bytes]:
    """What Linux tells of the first processor and does not change from one moment to the next."""
    try:
        with Path("/proc/cpuinfo").open("rb") as file:
            told = file.read(16_384).partition(b"\n\n")[0]
    except OSError:
        return []
    return [found.group() for found in _CPU.finditer(told)]
