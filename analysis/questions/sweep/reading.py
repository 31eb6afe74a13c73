"""From a design file to a checked design, with the place of every word for what is found wrong later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from analysis.questions.sweep.model import Design, Varied
from sim.faults import BadInput, Fault, bad_input
from sim.language import say
from sim.reading.places import KeyPath
from sim.reading.sentences import sentence
from sim.reading.source import named_file
from sim.reading.tree import Node, locate, read_tree

_FACTOR_KEYS = {field.alias or name for name, field in Varied.model_fields.items()}


@dataclass(frozen=True)
class DesignFile:
    """A design as it was read, with the places of its words."""

    path: str
    design: Design
    tree: Node
    allow: tuple[Path, ...]
    """Further folders from which files may be read."""

    def fault(self, message: str, *loc: str | int) -> Fault:
        """A fault at a path of the design."""
        return _fault_at(self.tree, message, *loc)

    @property
    def scenario(self) -> Path:
        """The scenario file. Raises BadInput if it is not there."""
        place, path = locate(self.tree, ("scenario",))
        anywhere = Path(self.path).resolve().anchor
        return named_file(self.design.scenario, place, path, (Path(anywhere),))

    def beside(self, name: str, *loc: str | int) -> Path:
        """A file that the design names, from its own folder. Raises BadInput."""
        place, path = locate(self.tree, loc)
        folders = (Path(self.path).resolve().parent, *(folder.resolve() for folder in self.allow))
        return named_file(name, place, path, folders)


def read_design(path: str | Path, allow: Iterable[str | Path] = ()) -> DesignFile:
    """Read and check a design file; `allow` names further folders from which files may be read. Raises BadInput with
    every fault found, but for those that only show in the scenario.
    """
    tree = _with_dotted_paths(read_tree(Path(path)))
    if (written := tree.plain()).keys() & {"arrivals", "based_on", "roles", "route"} and "factors" not in written:
        raise bad_input(str(path), say('is a scenario; a sweep wants a design, which names one by scenario = "…"'))
    try:
        design = Design.model_validate(tree.plain())
    except ValidationError as error:
        details: list[dict[str, Any]] = [dict(detail) for detail in error.errors(include_url=False)]
        raise BadInput(_fault_at(tree, sentence(detail), *_loc(detail["loc"])) for detail in details) from None
    found = DesignFile(str(path), design, tree, tuple(Path(folder) for folder in allow))
    if faults := list(_between_the_parts(found)):
        raise BadInput(faults)
    return found


def _loc(loc: KeyPath) -> KeyPath:
    return loc[:-1] if loc[-1:] == ("[key]",) else loc


def _fault_at(tree: Node, message: str, *loc: str | int) -> Fault:
    place, path = locate(tree, loc)
    return Fault(place, path, message)


def _with_dotted_paths(tree: Node) -> Node:
    """The file with `roles.packer.people = …` under one key, whether its words were quoted together or not."""
    parts = dict(tree.value)
    if (factors := tree.get("factors")) is not None:
        parts["factors"] = _flat(factors, until_factor=True)
    if (predict := tree.get("predict")) is not None:
        parts["predict"] = _flat_list(predict)
    design = tree.get("design")
    own = design.get("table") if design is not None else None
    if design is not None and own is not None and (points := own.get("points")) is not None:
        own = Node({**own.value, "points": _flat_list(points)}, own.place)
        parts["design"] = Node({**design.value, "table": own}, design.place)
    return Node(parts, tree.place)


def _flat_list(node: Node) -> Node:
    if not isinstance(node.value, list):
        return node
    return Node([_flat(each, until_factor=False) for each in node.value], node.place)


def _flat(node: Node, until_factor: bool) -> Node:
    """A table of tables as one table with dotted keys."""
    if not isinstance(node.value, dict):
        return node
    flat: dict[str, Node] = {}
    for key, inner in node.value.items():
        if not isinstance(inner.value, dict) or not inner.value or (until_factor and _is_factor(inner)):
            found = {key: inner}
        else:
            found = {f"{key}.{rest}": each for rest, each in _flat(inner, until_factor).value.items()}
        if twice := flat.keys() & found.keys():
            raise BadInput([Fault(found[min(twice)].place, "", say('"{min}" stands here twice', min=min(twice)))])
        flat.update(found)
    return Node(flat, node.place)


def _is_factor(node: Node) -> bool:
    return any(key in _FACTOR_KEYS and not isinstance(inner.value, dict) for key, inner in node.value.items())


def _between_the_parts(found: DesignFile) -> Iterable[Fault]:
    """What must hold between the kind of design and its factors."""
    design, kind = found.design, found.design.design.name
    if kind == "table" and design.factors:
        yield found.fault(say("a table of points names its factors itself; leave this out"), "factors")
    if kind != "table" and not design.factors:
        yield found.fault(say("name at least one factor under [factors]"), "factors")
    for path, factor in design.factors.items():
        if kind != "grid" and factor.values is not None:
            yield found.fault(say('a list of values is for a grid; give "from" and "to"'), "factors", path)
    for i, response in enumerate(design.responses):
        if response in design.responses[:i]:
            yield found.fault(say("stands here twice"), "responses", i)
