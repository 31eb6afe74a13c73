"""What is wrong with an input, said so that the person who wrote it can mend it.

All faults of a file are gathered and raised together as one :class:`BadInput`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where something was written: file (or option), line and column from 1 (0: not known)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Fault:
    """One mistake: where, at which path of the scenario, and what was expected."""

    place: Place
    path: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (str(self.place), self.path, self.message) if part)


class BadInput(Exception):
    """The input cannot be used. `faults` holds every mistake found, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults), key=lambda f: (f.place.file, f.place.line, f.place.column, f.message))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[BadInput], tuple[list[Fault]]]:
        return type(self), (self.faults,)


def bad_input(where: str, message: str) -> BadInput:
    """A BadInput with a single fault that belongs to a file or option as a whole."""
    return BadInput([Fault(Place(where), "", message)])


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint that ends a message about an unknown name.

    >>> nearest("paker", ["packer", "picker"])
    '; did you mean "packer"?'
    """
    names = sorted(set(known))
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f'; did you mean "{close[0]}"?'
    return f"; known: {', '.join(names)}" if 0 < len(names) <= 12 else ""
