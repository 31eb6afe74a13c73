"""Files that are read only if they are, to the bit, what was written: machine code that was altered would be run."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

DRAFT = ".draft"
ABANDONED = 3600
"""Seconds after which nobody is still writing a draft."""


def read(file: Path) -> bytes | None:
    """What was written into a file; None if there is no such file, or if it is damaged."""
    try:
        held = file.read_bytes() if file.is_file() else b""
    except OSError:
        return None
    digest = _digest(file, held[_LENGTH:])
    return held[_LENGTH:] if held[:_LENGTH] == digest else None


def write(file: Path, content: bytes) -> None:
    """Write a file, whole or not at all, whatever stands in its place. Raises OSError."""
    number, draft = tempfile.mkstemp(prefix=f"{file.name}.", suffix=DRAFT, dir=file.parent)
    try:
        with os.fdopen(number, "wb") as out:
            out.write(_digest(file, content) + content)
            out.flush()
            os.fsync(number)
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
        Path(draft).replace(file)
    finally:
        Path(draft).unlink(missing_ok=True)
    _keep(file.parent)


def sweep_drafts(folder: Path) -> None:
    """Remove what was left by those who were killed while they wrote."""
    for draft in folder.glob(f"*{DRAFT}"):
        with suppress(OSError):
            if draft.stat().st_mtime < time.time() - ABANDONED:
                draft.unlink()


def _digest(file: Path, content: bytes) -> bytes:
    """Of the name too: a file that was renamed holds other code than it says."""
    return hashlib.sha256(b"\0".join((file.name.encode(), content))).digest()


_LENGTH = hashlib.sha256().digest_size


def _keep(folder: Path) -> None:
    """Have the names in a folder survive a power cut, where a folder can be asked to."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
