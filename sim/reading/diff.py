"""What one scenario says otherwise than another, path by path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from sim.reading.merging import is_whole, with_teams
from sim.reading.names import entries
from sim.reading.source import read
from sim.reading.tree import Node

Difference = tuple[str, Any, Any]
"""A dotted path and what each side says there; None where it says nothing."""

FIRST = "(first)"
"""What the first step of a route comes after."""


def differences(
    path_a: str | Path,
    path_b: str | Path,
    overrides_a: Mapping[str, Any] | None = None,
    overrides_b: Mapping[str, Any] | None = None,
    allow: Iterable[str | Path] = (),
) -> list[Difference]:
    """Compare two scenarios as they are after `based_on` and overrides. Raises BadInput if one of them is refused.

    Steps, teams and events are addressed by name ("route.order.pack.takes.gamma.mean"). What only one side has is told
    as a whole. A step that stands elsewhere among the others differs in `after_step` (what comes before it), one in
    another block in `department`.
    """
    a, b = read(path_a, overrides_a, allow).tree, read(path_b, overrides_b, allow).tree
    return list(_compare(a, b, ()))


def _compare(a: Node | None, b: Node | None, path: tuple[str, ...]) -> Iterator[Difference]:
    if a is None or b is None:
        yield ".".join(path), a and a.plain(), b and b.plain()
        return
    a, b = _alike(a, b, path)
    inner_a, inner_b = _members(a, path), _members(b, path)
    if inner_a is None or inner_b is None or (is_whole(path) and inner_a.keys() != inner_b.keys()):
        if a.plain() != b.plain():
            yield ".".join(path), a.plain(), b.plain()
        return
    for key in dict.fromkeys((*inner_a, *inner_b)):
        yield from _compare(inner_a.get(key), inner_b.get(key), (*path, key))
    if path[:1] == ("route",) and len(path) == 2:
        yield from _compare_places(a, b, path)


def _alike(a: Node, b: Node, path: tuple[str, ...]) -> tuple[Node, Node]:
    """Both in the longer form of what may be written in two ways, if one of them is."""
    if len(path) == 2 and path[0] == "roles" and (a.get("teams") or b.get("teams")):
        return with_teams(a), with_teams(b)
    if path[-1:] == ("by",) and isinstance(a.value, list) != isinstance(b.value, list):
        return _listed(a), _listed(b)
    if path[-1:] == ("title",) and isinstance(a.value, dict) != isinstance(b.value, dict):
        return _in_english(a), _in_english(b)
    return a, b


def _listed(node: Node) -> Node:
    return node if isinstance(node.value, list) else Node([node], node.place)


def _in_english(node: Node) -> Node:
    return node if isinstance(node.value, dict) else Node({"en": node}, node.place)


def _members(node: Node, path: tuple[str, ...]) -> dict[str, Node] | None:
    """The parts of a table or of a list of named tables; None for anything else."""
    if isinstance(node.value, dict):
        return node.value
    if path[:1] == ("route",) and len(path) == 2:
        return {str(step.label()): step for _, step in _steps(node)}
    if path[-1:] in (("teams",), ("events",)):
        return {str(item.label()): item for item in entries(node)}
    return None


def _steps(route: Node) -> list[tuple[str, Node]]:
    """(department, step) of every step of a route."""
    return [
        (block.text("department") or "shop", step) for block in entries(route) for step in entries(block.get("steps"))
    ]


def _compare_places(a: Node, b: Node, path: tuple[str, ...]) -> Iterator[Difference]:
    """Steps of both routes that stand elsewhere."""
    steps_a, steps_b = ({str(step.label()): where for where, step in _steps(route)} for route in (a, b))
    names_a, names_b = [name for name in steps_a if name in steps_b], [name for name in steps_b if name in steps_a]
    blocks = SequenceMatcher(None, names_a, names_b, autojunk=False).get_matching_blocks()
    unmoved = {name for block in blocks for name in names_a[block.a : block.a + block.size]}
    for name in names_a:
        if name not in unmoved:
            yield ".".join((*path, name, "after_step")), _before(name, list(steps_a)), _before(name, list(steps_b))
        if steps_a[name] != steps_b[name]:
            yield ".".join((*path, name, "department")), steps_a[name], steps_b[name]


def _before(name: str, names: list[str]) -> str:
    at = names.index(name)
    return names[at - 1] if at else FIRST
