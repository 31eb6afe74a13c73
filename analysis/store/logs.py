"""Whole logs beside the results: a folder for each replication, put in its place when all of it is on the disk.

They may be written by the processes that play: a log is not sent to another process, and needs no lock.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from sim.faults import bad_input
from sim.language import say
from sim.log import Log

SIZES = "sizes.json"
"""Lists the files of a log with their bytes: what was cut short later is found out too."""

PART = ".part-"
"""How the names of logs in the making begin. A killed process leaves them behind; they are never read."""

STALE = 3600.0
"""Seconds after which a log in the making belongs to a process that is gone."""


def find_log(folder: str | Path, plan: str, seed: int, replication: int, engine: str) -> Path | None:
    """The folder with the whole log of a replication in the store `folder`; None if it is not there, or not whole."""
    place = _place(Path(folder), plan, seed, replication, engine)
    return place if _is_whole(place) else None


def keep_log(folder: str | Path, log: Log) -> Path:
    """Write the tables of a log (`analysis.store.log_files`) into the store `folder`; returns where. Nothing is done if
    they are there. Raises BadInput where they cannot be written; nothing of them remains then.
    """
    place = _place(Path(folder), log.plan.digest(), log.seed, log.replication, log.engine)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place.parent)
        if not _is_whole(place):
            _write(log, place)
    except OSError as error:
        raise bad_input(str(place), say("cannot be written: {value}", value=error.strerror or error)) from error
    return place


def _place(folder: Path, plan: str, seed: int, replication: int, engine: str) -> Path:
    return folder / "logs" / f"{plan}-{engine}-seed_{seed}-replication_{replication:04d}"


def _is_whole(place: Path) -> bool:
    try:
        sizes = json.loads((place / SIZES).read_text(encoding="utf-8"))
        return bool(sizes) and all((place / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def _write(log: Log, place: Path) -> None:
    from analysis.store.log_files import write_log

    with tempfile.TemporaryDirectory(
        prefix=f"{PART}{place.name}-", dir=place.parent, ignore_cleanup_errors=True
    ) as made:
        new, old = Path(made) / "new", Path(made) / "old"
        new.mkdir()
        write_log(log, new)
        sizes = {path.name: path.stat().st_size for path in sorted(new.iterdir())}
        (new / SIZES).write_text(json.dumps(sizes, indent=1) + "\n", encoding="utf-8")
        for path in (*new.iterdir(), new):
            _to_disk(path)
        if place.exists() and not _is_whole(place):
            place.rename(old)
        try:
            new.rename(place)
        except OSError:
            if not _is_whole(place):  # else another process was quicker: the same seed gave the same log
                raise


def _to_disk(path: Path) -> None:
    if os.name != "posix":  # elsewhere what is open for reading cannot be flushed
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(logs: Path) -> None:
    """Remove what killed processes left behind."""
    for part in logs.glob(f"{PART}*"):
        with suppress(FileNotFoundError):  # its maker, or another process that sweeps, was quicker
            if time.time() - part.stat().st_mtime > STALE:
                shutil.rmtree(part, ignore_errors=True)
