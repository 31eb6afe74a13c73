"""Folders in the making: each is locked by who makes it. So what a killed run left can be told, and the next run beside
it sweeps that.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # not on Windows: there nothing is swept
    fcntl = None  # type: ignore[assignment]

OWNER = ".owner"
"""The file in a folder in the making that its maker holds a lock on; it names what is put aside there, if anything."""

TOO_OLD = 24 * 3600
"""A folder without that file was just made, or by another version: it is left alone for so long (s)."""


class Making:
    """A folder in the making beside the place where it will stand, for as long as this process is at it."""

    def __init__(self, prefix: str, beside: Path, aside: str = "") -> None:
        """`aside`: the name of a folder that is put into this one until another stands in its place. Raises OSError."""
        self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=beside))
        self._lock: IO[str] = (self.path / OWNER).open("w")
        self._lock.write(json.dumps({"aside": aside}))
        self._lock.flush()
        _take(self._lock)

    def done(self) -> None:
        """It is not in the making any more: it may be moved to its place, or removed."""
        (self.path / OWNER).unlink(missing_ok=True)
        self._lock.close()


@contextmanager
def making(prefix: str, beside: Path) -> Iterator[Path]:
    """A folder that is gone afterwards; before, what others left there is swept. Raises OSError."""
    sweep(prefix, beside)
    made = Making(prefix, beside)
    try:
        yield made.path
    finally:
        made.done()
        shutil.rmtree(made.path, ignore_errors=True)


def sweep(prefix: str, beside: Path) -> None:
    """Remove what processes left there that are no more; what they had put aside goes back if its place is empty."""
    if fcntl is None:
        return
    for folder in beside.glob(f"{prefix}*"):
        with suppress(OSError, ValueError):  # somebody else's, or somebody else sweeps
            for aside in _abandoned(folder):
                _put_back(folder / aside, beside / aside)
                shutil.rmtree(folder, ignore_errors=True)


def _abandoned(folder: Path) -> Iterator[str]:
    """What is put aside in a folder ("" for nothing), if its maker is no more; while it is looked at, it is locked."""
    if not (folder / OWNER).exists():
        if time.time() - folder.stat().st_mtime > TOO_OLD:
            yield ""
        return
    with (folder / OWNER).open("r+") as lock:
        if _take(lock):
            yield str(json.loads(lock.read() or "{}").get("aside", ""))


def _put_back(aside: Path, place: Path) -> None:
    if aside.name and aside.is_dir() and not place.exists():
        aside.rename(place)


def _take(lock: IO[str]) -> bool:
    """Whether the lock on a file could be taken; it is held until the file is closed or the process ends."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
