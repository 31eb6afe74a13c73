"""The contents of a scenario file together with where each piece was written."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.faults import BadInput, Fault, Place, bad_input
from sim.language import say
from sim.reading.places import KeyPath, places, without_strings
from sim.reading.syntax import syntax_fault

DEEPEST = 40
"""Lists and tables inside each other; a scenario needs about ten."""

MOST_BYTES = 2_000_000
"""Bytes of a file; the longest scenario has a few ten thousand."""


def deep_key() -> str:
    """What is said of a key with too many words."""
    return say("a key has more than {deepest} words with dots between them", deepest=DEEPEST)


_LONG_KEY = re.compile(rf"(?:\.[ \t]*+[\w-]++[ \t]*+){{{DEEPEST},}}")


@dataclass(frozen=True)
class Node:
    """A value of the file: a table (dict of nodes), a list of nodes or a plain value; and its place."""

    value: Any
    place: Place

    def get(self, key: str) -> Node | None:
        """The member of a table, if this is one and has it."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def text(self, key: str) -> str | None:
        """The member of a table if it is there and is text."""
        node = self.get(key)
        return node.value if node is not None and isinstance(node.value, str) else None

    def plain(self) -> Any:
        """The value without places, as tomllib would give it."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def label(self) -> str | None:
        """What a member of a list is called: its name, department or hours."""
        for key in ("name", "department", "hours"):
            if (text := self.text(key)) is not None:
                return text
        return None


def read_tree(path: Path) -> Node:
    """Read one TOML file (without its `based_on`). Raises BadInput: missing, unreadable, not UTF-8, bad syntax."""
    shown, text = str(path), read_text(path)
    if line := long_key(text):
        raise BadInput([Fault(Place(shown, line, 1), "", deep_key())])
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: also a whole number of thousands of digits
        raise BadInput([syntax_fault(shown, text, error)]) from None
    if message := too_deep(data):
        raise BadInput([Fault(Place(shown, 1, 1), "", message)])
    return grow(data, places(text), Place(shown, 1, 1))


def read_text(path: Path) -> str:
    """The text of a file, with plain line ends. Raises BadInput: missing, unreadable, not UTF-8."""
    return _decode(str(path), _read(path))


def _read(path: Path) -> bytes:
    shown = str(path)
    try:
        if not path.is_file() and not path.is_dir() and path.exists():  # reading it might never end
            raise bad_input(shown, say("this is a pipe or a device; name a scenario file"))
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise bad_input(
                shown,
                say(
                    "has more than {MOST_BYTES:,} bytes; orders and observed values go into CSV files",
                    MOST_BYTES=MOST_BYTES,
                ),
            )
    except FileNotFoundError:
        raise bad_input(shown, say("there is no such file")) from None
    except IsADirectoryError:
        raise bad_input(shown, say("this is a folder; name a scenario file")) from None
    except OSError as error:
        raise bad_input(shown, say("cannot be read: {strerror}", strerror=error.strerror)) from None
    except ValueError:  # a null character
        raise bad_input(shown, say("this cannot be the name of a file")) from None
    return data


def _decode(shown: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = data[: error.start].rpartition(b"\n")
        line, column = before[0].count(b"\n") + len(before[1]) + 1, len(before[2]) + 1
        message = say("is not UTF-8 text (byte {start}); save the file as UTF-8", start=error.start)
        raise BadInput([Fault(Place(shown, line, column), "", message)]) from None


def too_deep(data: Any) -> str | None:
    """The message about lists and tables nested deeper than any scenario needs, or None."""
    layer = [data]
    for _ in range(DEEPEST):
        inner = [item.values() if isinstance(item, dict) else item for item in layer if isinstance(item, (dict, list))]
        layer = [item for items in inner for item in items]
    return say("its lists and tables are nested more than {DEEPEST} deep", DEEPEST=DEEPEST) if layer else None


def long_key(text: str) -> int:
    """The line of the first key of more words than a scenario has, 0 if there is none. Asked before the text is parsed,
    for which memory grows with the square of the words.
    """
    found = _LONG_KEY.search(without_strings(text))
    return text.count("\n", 0, found.start()) + 1 if found else 0


def grow(data: Any, found: dict[KeyPath, tuple[int, int]], place: Place, path: KeyPath = ()) -> Node:
    """Join values and places; what has no place of its own takes its parent's."""
    if path in found:
        place = Place(place.file, *found[path])
    if isinstance(data, dict):
        return Node({key: grow(item, found, place, (*path, key)) for key, item in data.items()}, place)
    if isinstance(data, list):
        return Node([grow(item, found, place, (*path, i)) for i, item in enumerate(data)], place)
    return Node(data, place)


def locate(tree: Node, loc: KeyPath) -> tuple[Place, str]:
    """The place of a path and its name for people: "route order → inventory → pack → takes.gamma.mean".

    Words in `loc` that are not in the file are passed over; where a key is missing, the place is that of the table
    that lacks it.
    """
    node, words, last = tree, [""], len(loc) - 1
    in_route = bool(loc) and loc[0] == "route"
    for i, key in enumerate(loc):
        child = _child(node, key)
        if child is None:
            if i == last and isinstance(key, str) and isinstance(node.value, dict):
                words[-1] += f".{key}"
            continue
        node = child
        if isinstance(key, int) and in_route and i in (2, 4):
            words.append(child.label() or f"{'block' if i == 2 else 'step'} {key + 1}")
        elif isinstance(key, int):
            words[-1] += f".{child.label() or key}"
        elif not (in_route and key == "steps"):
            words[-1] += f".{key}"
    return node.place, " → ".join(word.lstrip(".") for word in words)


def _child(node: Node, key: str | int) -> Node | None:
    if isinstance(node.value, dict) and isinstance(key, str):
        return node.value.get(key)
    if isinstance(node.value, list) and isinstance(key, int) and key < len(node.value):
        child: Node = node.value[key]
        return child
    return None
