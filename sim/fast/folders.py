"""Folders that compiled code may be kept in: what lies in them is run, so nobody else may be able to put it there."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

ROOT = 0
UNKNOWN = 65534
"""Who owns, as containers without root see it, what belongs to users of the machine outside."""


def first_writable(name: str) -> Path | None:
    """A folder of that name where compiled code may be kept; None if there is no place for it."""
    return next((home / name for home in _homes() if not _why_not(home, home / name)), None)


def passed_over() -> list[str]:
    """A sentence for every place that was to be taken before the one that is, and why it is not."""
    told = []
    for home in _homes():
        if not (why := _why_not(home, home)):
            break
        told.append(f"{home} is not used for compiled code: {why}.")
    return told


def _homes() -> Iterator[Path]:
    for name in ("SHOPFLOOR_CACHE", "XDG_CACHE_HOME"):
        if named := os.environ.get(name):
            yield Path(named).absolute() / "shopfloor-sim"
    with suppress(RuntimeError):  # nobody knows where home is
        yield Path.home().absolute() / ".cache" / "shopfloor-sim"
    with suppress(OSError):  # no folder for temporary files is of any use
        yield Path(tempfile.gettempdir()).absolute() / f"shopfloor-sim-{_me() or 0}"


def _me() -> int | None:
    """The number of this user; None where files have no such owners."""
    return os.getuid() if hasattr(os, "getuid") else None


def _why_not(home: Path, folder: Path) -> str:
    """Why compiled code must not be kept in a folder of a home, which are made if they can be; "" if it may."""
    try:
        if why := _unsafe(home, folder):  # before anything is made there
            return why
        for each in (*reversed(folder.parents), folder):
            if not each.is_dir():
                each.mkdir(mode=0o700, exist_ok=True)
        if why := _unsafe(home, folder):
            return why
        _close((home, folder))
    except OSError:
        return "it cannot be written"
    return "" if os.access(folder, os.W_OK) else "it cannot be written"


def _close(folders: Iterable[Path]) -> None:
    """Take from everybody else what they may see in our folders."""
    for folder in folders:
        if _me() is not None and folder.stat().st_mode & 0o777 != 0o700:
            folder.chmod(0o700)


def _unsafe(home: Path, folder: Path) -> str:
    """Who else could put something into a folder of a home, by writing into it or by moving one on the way to it."""
    me = _me()
    if me is None:
        return ""
    ours = {home, folder}
    ways = dict.fromkeys([*ours, *folder.parents, *folder.resolve().parents])
    for path in ways:
        if not path.exists():
            continue
        owners = {path.lstat().st_uid, path.stat().st_uid}
        if not owners <= ({me} if path in ours else {me, ROOT, UNKNOWN}):
            return f"somebody else owns {path}"
        if _open_to_others(path.stat().st_mode, path in ours):
            return f"others may write into {path}"
    return ""


def _open_to_others(mode: int, ours: bool) -> bool:
    """Whether others may write into a folder or, if it is not ours alone, move what is in it."""
    return bool(mode & (stat.S_IWGRP | stat.S_IWOTH)) and (ours or not mode & stat.S_ISVTX)
