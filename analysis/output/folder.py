"""The result folder: written beside its place, put there in one move, so that a reader sees the old folder or the
new one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.runs.signals import put_off
from analysis.store.leftovers import Making, sweep
from sim.faults import BadInput, bad_input
from sim.language import say

MARK = "provenance.json"
"""The file by which a result folder is known."""


DRAFT = ".results-"
"""How folders in the making are called."""


def refuse_out(target: Path, force: bool) -> None:
    """Raises BadInput where results could not be written there, as far as that can be seen without writing."""
    target = target.absolute()
    _refuse_to_replace(target, force)
    parent = next(folder for folder in target.parents if folder.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise bad_input(str(target), say("cannot be written: {parent} is no folder that may be written", parent=parent))


class Draft:
    """A folder in the making. `publish` puts it in its place; left unpublished, nothing remains of it."""

    def __init__(self, target: Path, force: bool) -> None:
        self.target, self.force = target.absolute(), force
        try:
            _refuse_to_replace(self.target, force)
            self.target.parent.mkdir(parents=True, exist_ok=True)
            sweep(DRAFT, self.target.parent)
            self._making = Making(DRAFT, self.target.parent)
            self.path = self._making.path
            self.path.chmod(0o755)
        except OSError as error:
            raise _unwritable(target, error) from None

    def write(self, fill: Callable[[Path], None]) -> None:
        """Let the folder be filled and put it in its place. Raises BadInput where that cannot be."""
        try:
            fill(self.path)
            self.publish()
        except OSError as error:
            raise _unwritable(self.target, error) from error

    def publish(self) -> None:
        """Put the folder in its place; results that are there go if that was wished, else a free name is taken."""
        with put_off():
            self._making.done()
            if not self.force:
                self.target = free_name(self.target)
            if self.target.exists():
                _refuse_to_replace(self.target, self.force)
                _put_in_place_of(self.path, self.target)
            else:
                self.path.rename(self.target)

    def discard(self) -> None:
        """Remove what was written so far."""
        self._making.done()
        shutil.rmtree(self.path, ignore_errors=True)


def _put_in_place_of(new: Path, place: Path) -> None:
    """Put one folder where another one is, which goes; if that fails, all is as it was."""
    making = Making(DRAFT, place.parent, aside=place.name)
    aside = making.path / place.name
    try:
        place.rename(aside)
        try:
            new.rename(place)
        except OSError:
            aside.rename(place)
            raise
    finally:
        making.done()
        shutil.rmtree(making.path, ignore_errors=True)


def _refuse_to_replace(target: Path, force: bool) -> None:
    if target.exists() and not force:
        raise bad_input(str(target), say("exists already; name another folder with --out, or replace it with --force"))
    if target.exists() and not (target / MARK).is_file() and any(target.iterdir() if target.is_dir() else [1]):
        raise bad_input(str(target), say("is not a folder of results; it is not replaced"))
    if target.is_mount() or Path.cwd().is_relative_to(target.resolve()):
        raise bad_input(
            str(target), say("cannot be replaced: it is mounted, or the current folder; name another with --out")
        )


def _unwritable(target: Path, error: OSError) -> BadInput:
    return bad_input(str(target), say("cannot be written: {value}", value=error.strerror or error))


@contextmanager
def drafting(target: Path, force: bool) -> Iterator[Draft]:
    """A draft that is discarded unless it was published. Raises BadInput where the folder cannot be written."""
    draft = None
    try:
        with put_off():  # or the folder could be there and nobody know of it
            draft = Draft(target, force)
        yield draft
    finally:
        if draft is not None and draft.path.exists():
            draft.discard()


def free_name(wanted: Path) -> Path:
    """The name itself or, if it is taken, the first free of "name-2", "name-3" …"""
    number, name = 1, wanted
    while name.exists():
        number += 1
        name = wanted.with_name(f"{wanted.name}-{number}")
    return name
