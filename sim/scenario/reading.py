"""From a file's name to a checked scenario: read, lay over its base, override, validate. All faults at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.faults import BadInput, Fault, Place, nearest
from sim.scenario.checks import check
from sim.scenario.merging import merge
from sim.scenario.model import Scenario
from sim.scenario.sentences import sentence
from sim.scenario.tree import Node, locate, read_tree

_NAMED = ("hours", "roles", "arrivals", "route", "promises")


@dataclass(frozen=True)
class Source:
    """A scenario as it was read, with the places of its words and the folders it may read from."""

    scenario: Scenario
    tree: Node
    folders: tuple[Path, ...]

    def fault(self, message: str, *loc: str | int) -> Fault:
        """A fault at a path of the scenario."""
        place, path = locate(self.tree, loc)
        return Fault(place, path, message)

    def step_loc(self, number: int) -> tuple[str | int, ...]:
        """The path of the step with this number (counted through all routes)."""
        locs = [
            ("route", name, i, "steps", j)
            for name, blocks in self.scenario.route.items()
            for i, block in enumerate(blocks)
            for j in range(len(block.steps))
        ]
        return locs[number]

    def resolve(self, name: str, *loc: str | int) -> Path:
        """The data file that the scenario names, beside the file that names it. Raises BadInput."""
        place, path = locate(self.tree, loc)
        return _inside(name, place, path, self.folders)


def read(path: str | Path, overrides: Mapping[str, Any] | None = None, allow: Iterable[str | Path] = ()) -> Source:
    """Read, merge and check a scenario file.

    `overrides` maps dotted paths to values ("roles.packer.people": 4); `allow` names further folders from which files
    may be read (by default: the scenario's own folder and below). Raises BadInput with every fault found.
    """
    folders = (Path(path).resolve().parent, *(Path(folder).resolve() for folder in allow))
    tree = read_merged(Path(path), folders, ())
    for key, value in (overrides or {}).items():
        tree = _override(tree, key, value)
    try:
        scenario = Scenario.model_validate(tree.plain())
    except ValidationError as error:
        raise BadInput(_fault(tree, detail) for detail in error.errors(include_url=False)) from None
    source = Source(scenario, tree, folders)
    faults = check(scenario, source.fault)
    if faults:
        raise BadInput(faults)
    return source


def read_merged(path: Path, folders: tuple[Path, ...], seen: tuple[Path, ...]) -> Node:
    """The file laid over the files it is `based_on`, without validation."""
    tree = read_tree(path)
    based_on = tree.get("based_on")
    if based_on is None:
        return tree
    chain = (*seen, path.resolve())
    if not isinstance(based_on.value, str):
        raise BadInput([Fault(based_on.place, "based_on", f"expected the name of a file; got {based_on.value!r}")])
    base = _inside(based_on.value, based_on.place, "based_on", folders)
    if base.resolve() in chain:
        names = " → ".join(p.name for p in (*chain, base))
        raise BadInput([Fault(based_on.place, "based_on", f"files are based on each other in a circle: {names}")])
    if not base.exists():
        others = (p.name for p in path.parent.glob("*.toml"))
        raise BadInput(
            [Fault(based_on.place, "based_on", f'there is no file "{based_on.value}"{nearest(base.name, others)}')]
        )
    rest = {key: node for key, node in tree.value.items() if key != "based_on"}
    return merge(read_merged(base, folders, chain), Node(rest, tree.place))


def _inside(name: str, place: Place, path: str, folders: tuple[Path, ...]) -> Path:
    """A file named by the scenario: relative to the file that names it, and not outside the allowed folders."""
    beside = Path(place.file).parent if place.line else folders[0]
    target = beside / name
    if not any(target.resolve().is_relative_to(folder) for folder in folders):
        message = f'"{name}" lies outside the scenario\'s folder; allow its folder with --allow'
        raise BadInput([Fault(place, path, message)])
    return target


def parse_override(text: str) -> tuple[str, Any]:
    """`roles.packer.people=4` → ("roles.packer.people", 4). Raises BadInput."""
    key, equals, value = text.partition("=")
    key = key.strip()
    if not equals or not key or not all(key.split(".")):
        raise BadInput([Fault(Place("--set"), "", f'expected path=value, such as roles.packer.people=4; got "{text}"')])
    try:
        return key, tomllib.loads(f"value = {value.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        return key, value.strip()


def _override(tree: Node, key: str, value: Any) -> Node:
    place = Place(f"--set {key}")
    words = key.split(".")
    _refuse_unknown_names(tree, words, place)
    change = _node(value, place)
    for word in reversed(words):
        change = Node({word: change}, place)
    return merge(tree, change)


def _node(value: Any, place: Place) -> Node:
    if isinstance(value, Mapping):
        return Node({key: _node(item, place) for key, item in value.items()}, place)
    if isinstance(value, (list, tuple)):
        return Node([_node(item, place) for item in value], place)
    return Node(value, place)


def _refuse_unknown_names(tree: Node, words: list[str], place: Place) -> None:
    known = Scenario.model_fields
    if words[0] not in known:
        raise BadInput([Fault(place, "", f'the scenario has no "{words[0]}"{nearest(words[0], known)}')])
    table = tree.get(words[0])
    if words[0] in _NAMED and len(words) > 1 and table is not None and table.get(words[1]) is None:
        raise BadInput([Fault(place, "", f'{words[0]} has no "{words[1]}"{nearest(words[1], table.value)}')])


def _fault(tree: Node, detail: Any) -> Fault:
    place, path = locate(tree, detail["loc"])
    return Fault(place, path, sentence(detail))
