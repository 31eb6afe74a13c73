"""Checks of the names by which the parts of a scenario refer to each other.

They read the file as it was written, not the validated scenario, so that an unknown name is told together with the
faults of every other kind. What is not understood at all is left to the validation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.faults import Fault, nearest, shown
from sim.language import say
from sim.reading.places import KeyPath
from sim.reading.tree import Node
from sim.scenario.demand import Arrivals
from sim.scenario.steps import TAKING_TIME

STANDING = ("work", "collect")
"""The verbs at which cases can stand when a run begins: how long a wait goes on is not known."""

At = Callable[..., Fault]
"""Makes a fault from a message and the path it belongs to."""

Names = tuple[str, ...] | None
"""The names that a table defines; None where it cannot be read."""


@dataclass(frozen=True)
class Known:
    """Every name that others may refer to."""

    hours: Names
    places: Names
    roles: Names
    routes: Names
    classes: Names


def known_names(tree: Node) -> Known:
    """The names that a scenario defines."""
    classes = tree.get("priorities")
    listed: Names = ("standard",)
    if classes is not None:
        listed = tuple(n.text("name") or str(n.value) for n in classes.value) if _is_list(classes) else None
    return Known(_keys(tree, "hours"), _keys(tree, "places"), _keys(tree, "roles"), _keys(tree, "route"), listed)


def _is_list(node: Node) -> bool:
    return isinstance(node.value, list)


MAY_BE_LEFT_OUT = ("roles", "places")


def _keys(tree: Node, table: str) -> Names:
    """The names that a table defines. A required one that is missing or empty is a fault of its own, told elsewhere."""
    node = tree.get(table)
    if table in MAY_BE_LEFT_OUT and node is None:
        return ()
    names = tuple(node.value) if node is not None and isinstance(node.value, dict) else None
    return names if names or table in MAY_BE_LEFT_OUT else None


def unknown(name: str | None, known: Names, what: str) -> str | None:
    """The message about a name that nothing defines, or None."""
    if name is None or known is None or name in known:
        return None
    return say("there is no {what} {name}{nearest}", what=what, name=shown(name), nearest=nearest(name, known))


def members(tree: Node, table: str) -> Iterator[tuple[str, Node]]:
    """The tables inside a table of names, such as every role."""
    node = tree.get(table)
    if node is not None and isinstance(node.value, dict):
        yield from ((name, item) for name, item in node.value.items() if isinstance(item.value, dict))


def entries(node: Node | None) -> list[Node]:
    """The entries of a list; none if it is not a list."""
    return node.value if node is not None and isinstance(node.value, list) else []


def steps_in(tree: Node, route: str) -> list[tuple[KeyPath, Node]]:
    """Every step of a route as it was written, with its path."""
    table = tree.get("route")
    return [
        (("route", route, i, "steps", j), step)
        for i, block in enumerate(entries(table.get(route) if table else None))
        for j, step in enumerate(entries(block.get("steps")))
    ]


def check_names(tree: Node, at: At) -> Iterator[Fault]:
    """Every unknown name in roles, arrivals, promises and contributions (routes: see routes.py)."""
    known = known_names(tree)
    yield from _check_roles(tree, at, known)
    yield from _check_arrivals(tree, at, known)
    yield from _check_already_there(tree, at, known)
    yield from _check_promises(tree, at, known)
    yield from _check_contributions(tree, at, known)


def _check_roles(tree: Node, at: At, known: Known) -> Iterator[Fault]:
    for name, role in members(tree, "roles"):
        teams: list[tuple[KeyPath, Node]] = [(("roles", name), role)]
        teams += [(("roles", name, "teams", i), team) for i, team in enumerate(entries(role.get("teams")))]
        for loc, team in teams:
            if message := unknown(team.text("hours"), known.hours, "hours"):
                yield at(message, *loc, "hours")
            if message := unknown(team.text("place"), known.places, "place"):
                yield at(message, *loc, "place")
        others = role.get("also_does")
        for other in others.value if others is not None and isinstance(others.value, dict) else ():
            if message := unknown(other, known.roles, "role"):
                yield at(message, "roles", name, "also_does", other)
            elif other == name:
                yield at(say("a role does its own work anyway"), "roles", name, "also_does", other)


def _check_arrivals(tree: Node, at: At, known: Known) -> Iterator[Fault]:
    for name, stream in members(tree, "arrivals"):
        route = stream.get("route")
        if route is not None:
            if message := unknown(stream.text("route"), known.routes, "route"):
                yield at(message, "arrivals", name, "route")
        elif feeds(name, stream) and (message := unknown(name, known.routes, "route")):
            hint = say(" (a stream feeds the route of its own name unless `route` names another)")
            yield at(message + hint, "arrivals", name)
        yield from _check_shares(stream, at, known, "arrivals", name)


def _check_shares(stream: Node, at: At, known: Known, *where: str) -> Iterator[Fault]:
    shares = stream.get("priority")
    if shares is not None and isinstance(shares.value, (dict, str)):
        for label in [shares.value] if isinstance(shares.value, str) else shares.value:
            if message := unknown(label, known.classes, "priority class"):
                yield at(message, *where, "priority", label)


def _check_already_there(tree: Node, at: At, known: Known) -> Iterator[Fault]:
    for name, stream in members(tree, "already_there"):
        where, route, label = ("already_there", name), stream.text("route"), stream.text("at")
        yield from _check_shares(stream, at, known, *where)
        if message := unknown(route, known.routes, "route"):
            yield at(message, *where, "route")
        elif route is not None and known.routes is not None and label is not None:
            verbs = {step.text("name"): step.text("do") for _, step in steps_in(tree, route)}
            if message := unknown(label, tuple(str(step) for step in verbs), say("step of route {route}", route=route)):
                yield at(message, *where, "at")
            elif verbs[label] not in STANDING:
                told = say(
                    "nobody stands at {label}; name a step where people work, or one that collects", label=shown(label)
                )
                yield at(told, *where, "at")


def feeds(name: str, stream: Node) -> str | None:
    """The route that a stream feeds; None where that cannot be told (a misspelt key may have meant `route`)."""
    if stream.get("route") is not None:
        return stream.text("route")
    return name if set(stream.value) <= set(Arrivals.model_fields) else None


def _check_promises(tree: Node, at: At, known: Known) -> Iterator[Fault]:
    for name, promise in members(tree, "promises"):
        route = promise.text("route")
        if route is None or known.routes is None:
            continue
        if message := unknown(route, known.routes, "route"):
            yield at(message, "promises", name, "route")
            continue
        verbs = {step.text("name"): step.text("do") for _, step in steps_in(tree, route)}
        if message := unknown(promise.text("in_hours"), known.hours, "hours"):
            yield at(message, "promises", name, "in_hours")
        for label, *key in _points(promise):
            if message := unknown(label, tuple(str(step) for step in verbs), say("step of route {route}", route=route)):
                yield at(message, "promises", name, *key)
            elif label is not None and verbs[label] not in TAKING_TIME:
                message = say("{label} takes no time; name a step that works, waits or collects", label=shown(label))
                yield at(message, "promises", name, *key)


def _points(promise: Node) -> Iterator[tuple[str | None, *tuple[str | int, ...]]]:
    """(name of a step, where it stands) of all steps that a promise names."""
    for key in ("begins", "since"):
        yield promise.text(key), key
    ends = promise.get("ends")
    if ends is not None and isinstance(ends.value, list):
        yield from ((each.value, "ends", i) for i, each in enumerate(entries(ends)) if isinstance(each.value, str))
    else:
        yield promise.text("ends"), "ends"


def _check_contributions(tree: Node, at: At, known: Known) -> Iterator[Fault]:
    for route, brings in members(tree, "contribution"):
        if message := unknown(route, known.routes, "route"):
            yield at(message, "contribution", route)
            continue
        ends = [step for _, step in steps_in(tree, route) if step.text("do") == "end"]
        outcomes = tuple(step.text("outcome") or str(step.text("name")) for step in ends)
        for i, outcome in enumerate(entries(brings.get("outcomes"))):
            if isinstance(outcome.value, str) and (
                message := unknown(outcome.value, outcomes, say("outcome of route {route}", route=route))
            ):
                yield at(message, "contribution", route, "outcomes", i)
