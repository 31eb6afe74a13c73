"""What is wrong with an input, said so that the person who wrote it can mend it.

All faults of a file are gathered and raised together as one :class:`BadInput`.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from sim.language import say

MOST_SHOWN = 60
"""Characters of a value that a message repeats."""

MOST_LISTED = 300
"""Characters of the known names that a hint lists."""


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
        return _on_one_line(": ".join(part for part in (str(self.place), self.path, self.message) if part))


class BadInput(Exception):
    """The input cannot be used. `faults` holds every mistake found, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults), key=_in_file_order)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[BadInput], tuple[list[Fault]]]:
        return type(self), (self.faults,)


def _in_file_order(fault: Fault) -> tuple[str, int, int, str, str]:
    return fault.place.file, fault.place.line, fault.place.column, fault.path, fault.message


def bad_input(where: str, message: str) -> BadInput:
    """A BadInput with a single fault that belongs to a file or option as a whole."""
    return BadInput([Fault(Place(where), "", message)])


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint that ends a message about an unknown name.

    >>> nearest("paker", ["packer", "picker"])
    '; did you mean "packer"?'
    """
    names = sorted(set(known))
    close = difflib.get_close_matches(word[:MOST_SHOWN], names, n=1, cutoff=0.6)
    if close:
        return say("; did you mean {close}?", close=shown(close[0]))
    listed = ", ".join(names)
    return say("; known: {listed}", listed=listed) if 0 < len(names) <= 12 and len(listed) <= MOST_LISTED else ""


def shown(value: object) -> str:
    r"""A value as the file would write it, on one line and cut short: what a message says was found.

    >>> shown("a\nb"), shown(True), shown({"people": [1, 2]})
    ('"a\\nb"', 'true', '{ people = [1, 2] }')
    """
    text = _written(value, depth=3)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 1]}…"


def _written(value: object, depth: int) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 200:
        return say("a whole number of more than 60 digits")
    if isinstance(value, str):
        return _on_one_line(json.dumps(value[:MOST_SHOWN], ensure_ascii=False))
    if isinstance(value, (dt.date, dt.time)):
        return str(value)
    if isinstance(value, (list, tuple, dict)):
        return _gathered(value, depth)
    return _on_one_line(str(value))


def _gathered(value: list[object] | tuple[object, ...] | dict[str, object], depth: int) -> str:
    """A list or a table; what lies deep inside or far behind is not spelled out."""
    if isinstance(value, dict):
        first = list(value.items())[:9] if depth else []
        parts = [f"{_on_one_line(str(key)[:MOST_SHOWN])} = {_written(item, depth - 1)}" for key, item in first]
    else:
        parts = [_written(item, depth - 1) for item in (value[:9] if depth else ())]
    inside = ", ".join(parts) + (", …" if parts else "…") * (len(parts) < len(value))
    if isinstance(value, dict):
        return f"{{ {inside} }}" if inside else "{}"
    return f"[{inside}]"


def _on_one_line(text: str) -> str:
    """The text with everything that a terminal would not show as a character escaped."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
