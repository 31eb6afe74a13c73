"""Where the machine code of the compiled engine is kept. Needs no numba: it tells whether to ask for it.

The folder is named after a hash of the engine's sources. Numba itself looks only at the file of the function that is
called, and would go on using code made from an older version of the others.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from sim.faults import bad_input

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
    if folder := _folder():
        return folder
    raise bad_input("--engine fast", "no folder for compiled code can be written; name one in SHOPFLOOR_CACHE")


def is_warm() -> bool:
    """Whether the machine code of this version lies ready."""
    folder = _folder()
    return folder is not None and any(folder.rglob("kernel.play-*.nbc"))


def can_be_kept() -> bool:
    """Whether there is a folder for the machine code."""
    return _folder() is not None


def _folder() -> Path | None:
    key = hashlib.sha256(version("numba").encode())
    for source in sources():
        key.update(source.read_bytes())
    return first_writable(key.hexdigest()[:16])


def first_writable(name: str) -> Path | None:
    """A folder of that name where compiled code may be kept; None if there is no place for it."""
    return next((folder for home in _homes() if _writable(folder := home / name)), None)


def _homes() -> Iterator[Path]:
    for name in ("SHOPFLOOR_CACHE", "XDG_CACHE_HOME"):
        if named := os.environ.get(name):
            yield Path(named) / "shopfloor-sim"
    with suppress(RuntimeError):  # nobody knows where home is
        yield Path.home() / ".cache" / "shopfloor-sim"
    with suppress(OSError):  # no folder for temporary files is of any use
        yield from _temporary()


def _temporary() -> Iterator[Path]:
    """A folder of this user's own where everybody can write: what lies in it is run."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    mine = Path(tempfile.gettempdir()) / f"shopfloor-sim-{user}"
    mine.mkdir(mode=0o700, exist_ok=True)
    if mine.lstat().st_uid == user:
        yield mine


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
