"""What tomllib says of a text that is not TOML, said so that a planner can find the slip."""

from __future__ import annotations

import re

from sim.faults import Fault, Place

_POSITION = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")
_BARE_TIME = re.compile(r"(?:^|[\s=\[,{])([0-2]?[0-9]:[0-5][0-9](?:-[0-2]?[0-9]:[0-5][0-9])?)(?=$|[\s,\]}])")
_LONG_NUMBER = re.compile(r"[0-9][0-9_]{4000,}")


def syntax_fault(file: str, text: str, error: Exception) -> Fault:
    """The fault that kept tomllib from reading the text, at its line and column."""
    if isinstance(error, RecursionError):
        return Fault(Place(file, 1, 1), "", "not valid TOML: its lists and tables are nested too deep")
    position = _POSITION.search(str(error))
    if position is None:
        found = _LONG_NUMBER.search(text)
        return Fault(
            _place(file, text, found.start() if found else 0), "", "not valid TOML: a number of too many digits"
        )
    message = _POSITION.sub("", str(error))
    if position[1] is None:
        return Fault(_place(file, text, len(text)), "", f"not valid TOML: {message} (at the end of the file)")
    line, column = int(position[1]), int(position[2])
    return Fault(Place(file, line, column), "", f"not valid TOML: {_plainly(message, text, line)}")


def _plainly(message: str, text: str, line: int) -> str:
    written = text.split("\n")[line - 1]
    if message == "Illegal character '\\n'":
        return "the quotes opened on this line are not closed"
    if message == "Cannot overwrite a value":
        return "a key stands here that the table has already"
    if time := _BARE_TIME.search(_without_quoted(written)):
        return f'{message}; put times of day in quotes: "{time[1]}"'
    return message


def _without_quoted(line: str) -> str:
    return re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line)


def _place(file: str, text: str, offset: int) -> Place:
    return Place(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
