"""One scenario based on another: what a variant, or `--set`, lays over a file.

Tables merge key by key. The steps of a route, the teams of a role and the events of a stream are lists whose members
have names: a variant addresses them as a table by name, changes what it states, removes (`remove = true`) or adds:

    [route.order."gift wrap"]
    after = "pick"
    do = "work"
    by = "packer"
    takes = "40 s"

Any other list, and a distribution of another family, is replaced as a whole.
"""

from __future__ import annotations

from sim.faults import BadInput, Fault, nearest
from sim.scenario.tree import Node

_DISTRIBUTIONS = {"takes", "patience", "after", "lines", "units", "value"}
_Path = tuple[str, ...]


def merge(base: Node, change: Node, path: _Path = ()) -> Node:
    """Lay `change` over `base`; every value keeps the place where it was written. Raises BadInput."""
    if len(path) == 2 and path[0] == "route" and isinstance(base.value, list) and isinstance(change.value, dict):
        return _merge_route(base, change, path)
    if isinstance(base.value, list) and isinstance(change.value, dict):
        return Node(_merge_list(base.value, change, path), base.place)
    if not (isinstance(base.value, dict) and isinstance(change.value, dict)):
        return change
    if path and path[-1] in _DISTRIBUTIONS and set(base.value) != set(change.value):
        return change
    if len(path) == 2 and path[0] == "roles":
        base, change = _who_works_here(base, change, path)
    merged = dict(base.value)
    for key, node in change.value.items():
        merged[key] = merge(merged[key], node, (*path, key)) if key in merged else node
    return Node(merged, base.place)


def _who_works_here(base: Node, change: Node, path: _Path) -> tuple[Node, Node]:
    """`people` and `hours` address a role's only team; `teams` takes the place of `people` and `hours`."""
    short = {key: change.value[key] for key in ("people", "hours") if key in change.value}
    teams = base.get("teams")
    if isinstance(getattr(change.get("teams"), "value", None), list):
        return Node({k: v for k, v in base.value.items() if k not in ("people", "hours")}, base.place), change
    if short and teams is not None and isinstance(teams.value, list):
        if len(teams.value) != 1:
            names = ", ".join(str(team.label()) for team in teams.value)
            raise _refused(next(iter(short.values())), path, f"has several teams; say which: teams.<{names}>.people")
        rest = {key: node for key, node in change.value.items() if key not in short}
        team = Node({str(teams.value[0].label()): Node(short, change.place)}, change.place)
        return base, Node({**rest, "teams": team}, change.place)
    return base, change


def _merge_list(items: list[Node], change: Node, path: _Path) -> list[Node]:
    """Lay a table of named changes over a list of tables."""
    result = list(items)
    for name, node in change.value.items():
        at = _index(result, name)
        if at is None:
            result.append(_newcomer(result, name, node, (*path, name)))
        elif _is_removal(node):
            del result[at]
        else:
            result[at] = merge(result[at], node, (*path, name))
    return result


def _index(items: list[Node], name: str) -> int | None:
    labels = [item.label() for item in items]
    if name in labels:
        return labels.index(name)
    return int(name) if name.isdigit() and int(name) < len(items) else None


def _newcomer(items: list[Node], name: str, node: Node, path: _Path) -> Node:
    marks = {"teams": "hours", "events": "starts"}
    mark = marks.get(path[-2])
    if mark is None or node.get(mark) is None:
        known = [label for label in (item.label() for item in items) if label]
        hint = f" (a new one states its {mark})" if mark else ""
        raise _refused(node, path, f'there is no "{name}" here to change{nearest(name, known)}{hint}')
    named = {"name": Node(name, node.place), **node.value}
    return Node(named, node.place)


def _is_removal(node: Node) -> bool:
    remove = node.get("remove")
    return remove is not None and remove.value is True


def _merge_route(base: Node, change: Node, path: _Path) -> Node:
    """Lay a table of steps by name over a route's blocks."""
    blocks = [[*_steps(block)] for block in base.value]
    for name, node in change.value.items():
        _change_step(blocks, name, node, (*path, name))
    merged = [
        Node({**block.value, "steps": Node(steps, block.value["steps"].place)}, block.place)
        for block, steps in zip(base.value, blocks, strict=True)
        if steps
    ]
    return Node(merged, base.place)


def _steps(block: Node) -> list[Node]:
    steps = block.get("steps")
    return steps.value if steps is not None and isinstance(steps.value, list) else []


def _change_step(blocks: list[list[Node]], name: str, node: Node, path: _Path) -> None:
    found = _find_step(blocks, name)
    beside = next((key for key in ("after_step", "before_step") if node.get(key) is not None), None)
    if beside is not None:
        if found is not None:
            raise _refused(node, path, f'there is a step "{name}" already; a new one needs a name of its own')
        _insert_step(blocks, name, node, beside, path)
    elif found is None:
        known = [str(step.label()) for steps in blocks for step in steps]
        raise _refused(
            node,
            path,
            f'there is no step "{name}" to change{nearest(name, known)} (a new one says after_step or before_step)',
        )
    elif _is_removal(node):
        del blocks[found[0]][found[1]]
    else:
        step = blocks[found[0]][found[1]]
        blocks[found[0]][found[1]] = merge(step, node, path)


def _insert_step(blocks: list[list[Node]], name: str, node: Node, beside: str, path: _Path) -> None:
    neighbour = node.value[beside]
    found = _find_step(blocks, neighbour.value)
    if found is None:
        known = [str(step.label()) for steps in blocks for step in steps]
        raise _refused(
            neighbour, (*path, beside), f'there is no step "{neighbour.value}"{nearest(str(neighbour.value), known)}'
        )
    block, at = found
    fields = {"name": Node(name, node.place), **{k: v for k, v in node.value.items() if k != beside}}
    blocks[block].insert(at + (beside == "after_step"), Node(fields, node.place))


def _find_step(blocks: list[list[Node]], name: object) -> tuple[int, int] | None:
    for i, steps in enumerate(blocks):
        for j, step in enumerate(steps):
            if step.label() == name:
                return i, j
    return None


def _refused(node: Node, path: _Path, message: str) -> BadInput:
    return BadInput([Fault(node.place, ".".join(path), message)])
