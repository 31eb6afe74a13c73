"""The contents of a scenario file together with where each piece was written."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.faults import BadInput, Fault, Place, bad_input
from sim.scenario.places import Path as KeyPath
from sim.scenario.places import places

_POSITION = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")


@dataclass(frozen=True)
class Node:
    """A value of the file: a table (dict of nodes), a list of nodes or a plain value; and its place."""

    value: Any
    place: Place

    def get(self, key: str) -> Node | None:
        """The member of a table, if this is one and has it."""
        return self.value.get(key) if isinstance(self.value, dict) else None

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
            node = self.get(key)
            if node is not None and isinstance(node.value, str):
                return node.value
        return None


def read_tree(path: Path) -> Node:
    """Read one TOML file (without its `based_on`). Raises BadInput: missing, unreadable, not UTF-8, bad syntax."""
    shown = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise bad_input(shown, "there is no such file") from None
    except IsADirectoryError:
        raise bad_input(shown, "this is a folder; name a scenario file") from None
    except UnicodeDecodeError as error:
        raise bad_input(shown, f"is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise bad_input(shown, f"cannot be read: {error.strerror}") from None
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadInput([_syntax_fault(shown, text, str(error))]) from None
    return grow(data, places(text), Place(shown, 1, 1))


def _syntax_fault(shown: str, text: str, message: str) -> Fault:
    match = _POSITION.search(message)
    line, column = text.count("\n") + 1, 1
    if match and match[1]:
        line, column = int(match[1]), int(match[2])
    return Fault(Place(shown, line, column), "", f"not valid TOML: {_POSITION.sub('', message)}")


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

    Words in `loc` that are not in the file (pydantic's union tags) are passed over; where a key is missing, the
    place is that of the table that lacks it.
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
            words.append(child.label() or f"{i} {key + 1}")
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
