"""From a file's name to a checked scenario: read, lay over its base, override, validate. All faults at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from sim.faults import BadInput, Fault, Place, nearest, shown
from sim.language import say
from sim.reading.checks import check
from sim.reading.merging import NAMED, merge
from sim.reading.places import KeyPath
from sim.reading.sentences import sentence
from sim.reading.tree import Node, deep_key, locate, long_key, read_tree, too_deep
from sim.scenario.model import Scenario


@dataclass(frozen=True)
class Source:
    """A scenario as it was read, with the places of its words and the folders it may read from."""

    path: str
    """The file, as it was named."""
    scenario: Scenario
    tree: Node
    folders: tuple[Path, ...]

    def fault(self, message: str, *loc: str | int) -> Fault:
        """A fault at a path of the scenario."""
        return _fault_at(self.tree, message, *loc)

    def step_loc(self, number: int) -> KeyPath:
        """The path of the step with this number (counted through all routes)."""
        return self._step_locs[number]

    @cached_property
    def _step_locs(self) -> list[KeyPath]:
        return [
            ("route", name, i, "steps", j)
            for name, blocks in self.scenario.route.items()
            for i, block in enumerate(blocks)
            for j in range(len(block.steps))
        ]

    def resolve(self, name: str, *loc: str | int) -> Path:
        """The data file that the scenario names, beside the file that names it. Raises BadInput."""
        place, path = locate(self.tree, loc)
        return named_file(name, place, path, self.folders)


def read(path: str | Path, overrides: Mapping[str, Any] | None = None, allow: Iterable[str | Path] = ()) -> Source:
    """Read, merge and check a scenario file.

    `overrides` maps dotted paths to values ("roles.packer.people": 4); `allow` names further folders from which files
    may be read (by default: the scenario's own folder and below). Raises BadInput with every fault found.
    """
    return read_draft(path, allow).checked(overrides or {})


@dataclass(frozen=True)
class Draft:
    """A scenario file laid over its bases, read once to be checked under one set of overrides after another."""

    path: str
    tree: Node
    folders: tuple[Path, ...]
    faults: tuple[Fault, ...]

    def checked(self, overrides: Mapping[str, Any], places: Mapping[str, Place] | None = None) -> Source:
        """The scenario under overrides, and where each was written (default: "--set PATH"). Raises BadInput with every
        fault found.
        """
        tree, faults = self.tree, list(self.faults)
        for key, value in overrides.items():
            tree = override(tree, key, value, faults, (places or {}).get(key))
        scenario = _validate(tree, faults)
        faults += check(tree, scenario, partial(_fault_at, tree))
        if scenario is None or faults:
            raise BadInput(faults)
        return Source(self.path, scenario, tree, self.folders)


def read_draft(path: str | Path, allow: Iterable[str | Path] = ()) -> Draft:
    """Read and merge a scenario file without checking it. Raises BadInput for a file that cannot be read at all."""
    folders = (_resolved(Path(path)).parent, *(_resolved(Path(folder)) for folder in allow))
    faults: list[Fault] = []
    tree = read_merged(Path(path), folders, (), faults)
    return Draft(str(path), tree, folders, tuple(faults))


def _validate(tree: Node, faults: list[Fault]) -> Scenario | None:
    """The scenario, or None and what is wrong with it."""
    try:
        return Scenario.model_validate(tree.plain())
    except ValidationError as error:
        details: list[dict[str, Any]] = [dict(detail) for detail in error.errors(include_url=False)]
        faults += [_fault_at(tree, sentence(detail), *_loc(detail)) for detail in details]
    return None


def _loc(detail: dict[str, Any]) -> KeyPath:
    """The path of a finding of pydantic, without the verb and the "[key]" that it puts in."""
    loc: KeyPath = detail["loc"]
    if loc[3:4] == ("steps",):
        loc = (*loc[:5], *loc[6:])
    if detail["type"] == "union_tag_invalid":
        loc = (*loc, "do")
    return loc[:-1] if loc[-1:] == ("[key]",) else loc


def _fault_at(tree: Node, message: str, *loc: str | int) -> Fault:
    place, path = locate(tree, loc)
    return Fault(place, path, message)


def read_merged(path: Path, folders: tuple[Path, ...], seen: tuple[Path, ...], faults: list[Fault]) -> Node:
    """The file laid over the files it is `based_on`, without validation.

    What cannot be laid over becomes a fault. Raises BadInput for a file that cannot be read at all.
    """
    tree = read_tree(path)
    based_on = tree.get("based_on")
    if based_on is None:
        return tree
    chain = (*seen, _resolved(path))
    if not isinstance(based_on.value, str):
        message = say("expected the name of a file; got {name}", name=shown(based_on.plain()))
        raise BadInput([Fault(based_on.place, "based_on", message)])
    base = named_file(based_on.value, based_on.place, "based_on", folders)
    if _resolved(base) in chain:
        names = " → ".join(p.name for p in (*chain, base))
        raise BadInput(
            [Fault(based_on.place, "based_on", say("files are based on each other in a circle: {names}", names=names))]
        )
    rest = {key: node for key, node in tree.value.items() if key != "based_on"}
    return merge(read_merged(base, folders, chain, faults), Node(rest, tree.place), faults)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a name no file can have; links in a circle
        return path


def named_file(name: str, place: Place, path: str, folders: tuple[Path, ...]) -> Path:
    """A file that another names at a place: relative to it, there, and not outside the allowed folders (the first is
    that of the file that names it). Raises BadInput.
    """
    beside = Path(place.file).parent if place.line else folders[0]
    target = beside / name
    if not any(_resolved(target).is_relative_to(folder) for folder in folders):
        message = say("{name} lies outside the scenario's folder; allow its folder with --allow", name=shown(name))
        raise BadInput([Fault(place, path, message)])
    try:
        if target.is_file():
            return target
        message = (
            say("{name} is a folder", name=shown(name))
            if target.is_dir()
            else say("there is no file {name}", name=shown(name))
        )
        others = [other.name for other in target.parent.glob(f"*{target.suffix}") if other.is_file()]
    except (OSError, ValueError):  # a name no file can have
        message, others = say("{name} cannot be the name of a file", name=shown(name)), []
    raise BadInput([Fault(place, path, message + nearest(target.name, others))])


def parse_override(text: str) -> tuple[str, Any]:
    """`roles.packer.people=4` → ("roles.packer.people", 4); what is not TOML is taken for text. Raises BadInput."""
    key, equals, value = text.partition("=")
    key, value = key.strip(), value.strip()
    if long_key(text):
        raise BadInput([Fault(Place("--set"), "", deep_key())])
    if not equals or not all(_words(key)):
        message = say("expected path=value, such as roles.packer.people=4; got {value}", value=shown(text))
        raise BadInput([Fault(Place("--set"), "", message)])
    try:
        read = tomllib.loads(f"value = {value}")
    except (ValueError, RecursionError):
        return key, value
    return key, read["value"] if len(read) == 1 else value


def _words(key: str) -> list[str]:
    """The words of a dotted path; blanks and quotes around a word are no part of it."""
    return [word.strip().strip("\"'") for word in key.split(".")]


def override(tree: Node, key: str, value: Any, faults: list[Fault], place: Place | None = None) -> Node:
    """Lay a single value over the tree, at a dotted path; it was written at `place` (default: "--set PATH")."""
    place = place or Place(f"--set {key}")
    words = _words(key)
    if message := too_deep(value) or _unknown_name(tree, words):
        faults.append(Fault(place, "", message))
        return tree
    change = _node(value, place)
    for word in reversed(words):
        change = Node({word: change}, place)
    return merge(tree, change, faults)


def _node(value: Any, place: Place) -> Node:
    if isinstance(value, Mapping):
        return Node({str(key): _node(item, place) for key, item in value.items()}, place)
    if isinstance(value, (list, tuple, np.ndarray)):
        return Node([_node(item, place) for item in value], place)
    return Node(value.item() if isinstance(value, np.generic) else value, place)


def _unknown_name(tree: Node, words: list[str]) -> str | None:
    """The message about an override of something that the scenario does not have, or None."""
    known = Scenario.model_fields
    if words[0] not in known:
        return say("the scenario has no {words}{nearest}", words=shown(words[0]), nearest=nearest(words[0], known))
    table = tree.get(words[0])
    if words[0] not in NAMED or len(words) == 1 or table is None or not isinstance(table.value, dict):
        return None
    return (
        None
        if words[1] in table.value
        else say(
            "{words} has no {words_2}{nearest}",
            words=words[0],
            words_2=shown(words[1]),
            nearest=nearest(words[1], table.value),
        )
    )
