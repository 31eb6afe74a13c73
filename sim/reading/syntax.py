"""What tomllib says of a text that is not TOML, said so that a planner can find the slip."""

from __future__ import annotations

import re

from sim.faults import Fault, Place
from sim.language import later, say

_POSITION = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")
_CLOCK = r"[0-2]?[0-9]:[0-5][0-9]"
_BARE_TIME = re.compile(rf"(?<![\w:.-]){_CLOCK}(?:\s*-\s*{_CLOCK})?(?![\w:.-])")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{4000,}")

_TWICE = r"Cannot overwrite a value|Duplicate inline table key .*", r"Cannot (?:declare|mutate|redefine|create) .*"
_PLAINLY = (
    (r"Illegal character '\\n'", later("the quotes opened on this line are not closed")),
    (_TWICE[0], later("a key stands here for the second time")),
    (_TWICE[1], later("a table stands here for the second time")),
    (r"Invalid date or datetime", later("there is no such date or time")),
    (r"Unclosed array", later("a list is not closed here, or a comma is missing")),
    (r"Unclosed inline table", later("a table { … } is not closed here, or a comma is missing")),
    (r"Invalid value", later("this is not a value; text stands in quotes")),
)


def syntax_fault(file: str, text: str, error: Exception) -> Fault:
    """The fault that kept tomllib from reading the text, at its line and column."""
    if isinstance(error, RecursionError):
        return Fault(Place(file, 1, 1), "", say("not valid TOML: its lists and tables are nested too deep"))
    position = _POSITION.search(str(error))
    if position is None:
        found = _LONG_NUMBER.search(text)
        place = _place(file, text, found.start() if found else 0)
        return Fault(place, "", say("not valid TOML: a number of too many digits"))
    if position[1] is None:
        place = _place(file, text, len(text))
        return Fault(place, "", say("not valid TOML: the file ends while a list, a table or quotes are still open"))
    raw = _POSITION.sub("", str(error))
    message = _plainly(raw)
    line, column = int(position[1]), int(position[2])
    written = _QUOTED.sub(lambda match: " " * len(match[0]), text.split("\n")[line - 1])
    if any(re.fullmatch(pattern, raw) for pattern in _TWICE):  # tomllib points behind the value
        column = len(written) - len(written.lstrip()) + 1
    if time := _BARE_TIME.search(written):
        message, column = (
            say('{message}; put times of day in quotes: "{time}"', message=message, time=time[0]),
            time.start() + 1,
        )
    return Fault(Place(file, line, column), "", say("not valid TOML: {message}", message=message))


def _plainly(message: str) -> str:
    return next((say(plain) for pattern, plain in _PLAINLY if re.fullmatch(pattern, message)), message)


def _place(file: str, text: str, offset: int) -> Place:
    return Place(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
