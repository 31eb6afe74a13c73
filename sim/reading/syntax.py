"""What tomllib says of a text that is not TOML, said so that a planner can find the slip."""

from __future__ import annotations

import re

from sim.faults import Fault, Place

_POSITION = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")
_CLOCK = r"[0-2]?[0-9]:[0-5][0-9]"
_BARE_TIME = re.compile(rf"(?<![\w:.-]){_CLOCK}(?:\s*-\s*{_CLOCK})?(?![\w:.-])")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{4000,}")

_TWICE = "stands here for the second time"
_PLAINLY = (
    (r"Illegal character '\\n'", "the quotes opened on this line are not closed"),
    (r"Cannot overwrite a value|Duplicate inline table key .*", f"a key {_TWICE}"),
    (r"Cannot (?:declare|mutate|redefine|create) .*", f"a table {_TWICE}"),
    (r"Invalid date or datetime", "there is no such date or time"),
    (r"Unclosed array", "a list is not closed here, or a comma is missing"),
    (r"Unclosed inline table", "a table { … } is not closed here, or a comma is missing"),
    (r"Invalid value", "this is not a value; text stands in quotes"),
)


def syntax_fault(file: str, text: str, error: Exception) -> Fault:
    """The fault that kept tomllib from reading the text, at its line and column."""
    if isinstance(error, RecursionError):
        return Fault(Place(file, 1, 1), "", "not valid TOML: its lists and tables are nested too deep")
    position = _POSITION.search(str(error))
    if position is None:
        found = _LONG_NUMBER.search(text)
        place = _place(file, text, found.start() if found else 0)
        return Fault(place, "", "not valid TOML: a number of too many digits")
    if position[1] is None:
        place = _place(file, text, len(text))
        return Fault(place, "", "not valid TOML: the file ends while a list, a table or quotes are still open")
    message = _plainly(_POSITION.sub("", str(error)))
    line, column = int(position[1]), int(position[2])
    written = _QUOTED.sub(lambda match: " " * len(match[0]), text.split("\n")[line - 1])
    if message.endswith(_TWICE):  # tomllib points behind the value
        column = len(written) - len(written.lstrip()) + 1
    if time := _BARE_TIME.search(written):
        message, column = f'{message}; put times of day in quotes: "{time[0]}"', time.start() + 1
    return Fault(Place(file, line, column), "", f"not valid TOML: {message}")


def _plainly(message: str) -> str:
    return next((plain for pattern, plain in _PLAINLY if re.fullmatch(pattern, message)), message)


def _place(file: str, text: str, offset: int) -> Place:
    return Place(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
