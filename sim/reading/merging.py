"""One scenario based on another: what a variant, or `--set`, lays over a file.

Tables merge key by key. The steps of a route, the teams of a role and the events of a stream are lists whose members
have names: a variant addresses them as a table by name, changes what it states, removes (`remove = true`) or adds:

    [route.order."gift wrap"]
    after_step = "pick"
    do = "work"
    by = "packer"
    takes = "40 s"

Any other list, the shifts of hours, the times of a timetable, a distribution of another family and a step with another
verb are replaced as a whole. What cannot be laid over becomes a fault, and the base stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable

from sim.faults import Fault, nearest, shown
from sim.language import say
from sim.reading.alternatives import excluded
from sim.reading.names import entries
from sim.reading.tree import Node
from sim.scenario.calendar_tables import BESIDE_SHIFTS
from sim.scenario.rotas import BESIDE_ROTA, ROTAS

NAMED = ("hours", "places", "roles", "arrivals", "already_there", "route", "promises", "contribution")
"""Tables whose keys are names that the scenario gives."""

_WHOLE = {"takes", "patience", "after", "age", "when", "lines", "units", "value"}
"""Tables that are stated anew when a variant gives them other keys: distributions, conditions."""

_CALENDARS = (("hours", 2, None), ("arrivals", 3, "timetable"), ("route", 4, "departs"), ("promises", 3, "by"))
"""Tables whose days are stated anew together, while what stands beside the days stays."""

Path = tuple[str, ...]


def merge(base: Node, change: Node, faults: list[Fault], path: Path = ()) -> Node:
    """Lay `change` over `base`; every value keeps the place where it was written."""
    kind = (path[0], len(path)) if path else ("", 0)
    if isinstance(base.value, list) and isinstance(change.value, dict):
        if kind == ("route", 2):
            return _merge_route(base, change, faults, path)
        return Node(_merge_list(base.value, change, faults, path), base.place)
    if not (isinstance(base.value, dict) and isinstance(change.value, dict)):
        return change
    if is_whole(path) and set(base.value) != set(change.value):
        return change
    if kind == ("route", 3) and change.text("do") not in (None, base.text("do")):
        return Node({"name": base.value["name"], **change.value}, change.place)
    if is_calendar(path) and _states_days_anew(base, change):
        base = Node({key: node for key, node in base.value.items() if key in BESIDE_SHIFTS}, base.place)
    if kind == ("roles", 2):
        base, change = _who_works_here(base, change, faults, path)
    return _merge_tables(base, change, faults, path)


def is_whole(path: Path) -> bool:
    """Whether the table at this path is a distribution or a condition."""
    of_cases = path[:1] in (("arrivals",), ("already_there",)) and len(path) == 3
    return (of_cases or (path[:1] == ("route",) and len(path) == 4)) and path[-1] in _WHOLE


def is_calendar(path: Path) -> bool:
    """Whether the table at this path is one of hours or a timetable."""
    return any(
        path[:1] == (table,) and len(path) == size and key in (None, path[-1]) for table, size, key in _CALENDARS
    )


def _states_days_anew(base: Node, change: Node) -> bool:
    """Whether a change of a calendar says other days, and not only more of the rota that it is."""
    return bool(set(change.value) - set(BESIDE_ROTA) - set(ROTAS).intersection(base.value))


def _merge_tables(base: Node, change: Node, faults: list[Fault], path: Path) -> Node:
    gone: set[str] = set()
    gone.update(*(excluded(path, key) for key in change.value))
    merged = {key: node for key, node in base.value.items() if key not in gone}
    for key, node in change.value.items():
        inner = (*path, key)
        if len(path) == 1 and path[0] in NAMED and _is_removal(node, faults, inner):
            if merged.pop(key, None) is None:
                faults.append(
                    _fault(
                        node,
                        inner,
                        say("there is no {key} here to remove{nearest}", key=shown(key), nearest=nearest(key, merged)),
                    )
                )
        else:
            merged[key] = merge(merged[key], node, faults, inner) if key in merged else node
    return Node(merged, base.place)


def _is_removal(node: Node, faults: list[Fault], path: Path) -> bool:
    """Whether a change takes the thing away."""
    remove = node.get("remove")
    if remove is None or remove.value is not True:
        return False
    if len(node.value) > 1:
        faults.append(_fault(node, path, say("remove = true stands alone; nothing else can be said of what goes")))
    return True


def _who_works_here(base: Node, change: Node, faults: list[Fault], path: Path) -> tuple[Node, Node]:
    """A role's only team may be addressed by `people` and `hours` of the role; a list of teams replaces them."""
    short, rest = _split(change)
    teams = change.get("teams")
    if teams is not None and isinstance(teams.value, list):
        return Node(_split(base)[1], base.place), change
    if teams is not None and isinstance(teams.value, dict):
        base = with_teams(base)
    own = base.get("teams")
    if not short or own is None or not isinstance(own.value, list) or not own.value:
        return base, change
    if len(own.value) != 1:
        labels = ", ".join(str(team.label()) for team in own.value)
        message = say(
            "this role has several teams ({labels}); say which, such as teams.{label}.people",
            labels=labels,
            label=own.value[0].label(),
        )
        faults.append(_fault(next(iter(short.values())), path, message))
        return base, Node(rest, change.place)
    label = str(own.value[0].label())
    named = teams.value if teams is not None and isinstance(teams.value, dict) else {}
    one = {**short, **(named[label].value if label in named and isinstance(named[label].value, dict) else {})}
    both = Node({**named, label: Node(one, change.place)}, change.place)
    return base, Node({**rest, "teams": both}, change.place)


def _split(role: Node) -> tuple[dict[str, Node], dict[str, Node]]:
    """The short form of a single team, and everything else that is said of a role."""
    short = {key: node for key, node in role.value.items() if key in ("people", "hours")}
    return short, {key: node for key, node in role.value.items() if key not in short}


def with_teams(role: Node) -> Node:
    """The role with its only team, if it is in short form, written as a list of teams."""
    short, rest = _split(role)
    return Node({**rest, "teams": Node([Node(short, role.place)], role.place)}, role.place) if short else role


def _merge_list(items: list[Node], change: Node, faults: list[Fault], path: Path) -> list[Node]:
    """Lay a table of named changes over a list of tables."""
    result = list(items)
    for name, node in change.value.items():
        at, inner = _index(result, name), (*path, name)
        if at is None:
            result += _newcomer(result, name, node, faults, inner)
        elif _is_removal(node, faults, inner):
            del result[at]
        else:
            result[at] = merge(result[at], node, faults, inner)
    return result


def _index(items: list[Node], name: str) -> int | None:
    labels = [item.label() for item in items]
    if name in labels:
        return labels.index(name)
    return int(name) if name.isdecimal() and len(name) < 10 and int(name) < len(items) else None


def _newcomer(items: list[Node], name: str, node: Node, faults: list[Fault], path: Path) -> list[Node]:
    mark = {"teams": "hours", "events": "starts"}.get(path[-2])
    if mark is not None and node.get(mark) is not None:
        return [Node({"name": Node(name, node.place), **node.value}, node.place)]
    known = [label for label in (item.label() for item in items) if label]
    hint = say(" (a new one states its {mark})", mark=mark) if mark else ""
    faults.append(
        _fault(
            node,
            path,
            say(
                "there is no {name} here to change{nearest}{hint}",
                name=shown(name),
                nearest=nearest(name, known),
                hint=hint,
            ),
        )
    )
    return []


def _merge_route(base: Node, change: Node, faults: list[Fault], path: Path) -> Node:
    """Lay a table of steps by name over a route's blocks. A block that loses all its steps goes with them."""
    blocks = [list(entries(block.get("steps"))) for block in base.value]
    for name, node in change.value.items():
        _change_step(blocks, name, node, faults, (*path, name))
    merged = []
    for block, steps in zip(base.value, blocks, strict=True):
        if not entries(block.get("steps")):
            merged.append(block)
        elif steps:
            merged.append(Node({**block.value, "steps": Node(steps, block.value["steps"].place)}, block.place))
    return Node(merged, base.place)


def _change_step(blocks: list[list[Node]], name: str, node: Node, faults: list[Fault], path: Path) -> None:
    found = _find_step(blocks, name)
    beside = next((key for key in ("after_step", "before_step") if node.get(key) is not None), None)
    if beside is not None and found is not None:
        message = say("there is a step {name} already; a new one needs a name of its own", name=shown(name))
        faults.append(_fault(node, path, message))
    elif beside is not None:
        _insert_step(blocks, name, node, beside, faults, path)
    elif found is None:
        hint = say("{nearest} (a new one says after_step or before_step)", nearest=nearest(name, _step_names(blocks)))
        faults.append(_fault(node, path, say("there is no step {name} to change{hint}", name=shown(name), hint=hint)))
    elif _is_removal(node, faults, path):
        del blocks[found[0]][found[1]]
    else:
        blocks[found[0]][found[1]] = merge(blocks[found[0]][found[1]], node, faults, path)


def _insert_step(blocks: list[list[Node]], name: str, node: Node, beside: str, faults: list[Fault], path: Path) -> None:
    neighbour = node.value[beside]
    found = _find_step(blocks, neighbour.value)
    if found is None:
        hint = nearest(str(neighbour.value), _step_names(blocks))
        faults.append(
            _fault(
                neighbour,
                (*path, beside),
                say("there is no step {name}{hint}", name=shown(neighbour.plain()), hint=hint),
            )
        )
        return
    block, at = found
    fields = {"name": Node(name, node.place), **{k: v for k, v in node.value.items() if k != beside}}
    blocks[block].insert(at + (beside == "after_step"), Node(fields, node.place))


def _find_step(blocks: list[list[Node]], name: object) -> tuple[int, int] | None:
    for i, steps in enumerate(blocks):
        for j, step in enumerate(steps):
            if name is not None and step.text("name") == name:
                return i, j
    return None


def _step_names(blocks: Iterable[list[Node]]) -> list[str]:
    return [name for steps in blocks for step in steps if (name := step.text("name")) is not None]


def _fault(node: Node, path: Path, message: str) -> Fault:
    return Fault(node.place, ".".join(path), message)
