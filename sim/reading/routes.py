"""Checks of the routes: every name known, every step reachable, every case sure to end.

As in names.py, they read the file as it was written.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.faults import Fault, shown
from sim.language import say
from sim.reading.names import At, Known, entries, feeds, known_names, members, steps_in, unknown
from sim.reading.places import KeyPath
from sim.reading.tree import Node
from sim.scenario.steps import VERBS


def check_routes(tree: Node, at: At) -> Iterator[Fault]:
    """Every fault of the routes."""
    known = known_names(tree)
    for name in known.routes or ():
        yield from _Route(tree, name, known, at).faults()
    yield from _check_starts(tree, known, at)


class _Route:
    """One route with its steps laid end to end."""

    def __init__(self, tree: Node, name: str, known: Known, at: At) -> None:
        self.name, self.known, self.at = name, known, at
        listed = steps_in(tree, name)
        self.locs: list[KeyPath] = [loc for loc, _ in listed]
        self.steps: list[Node] = [step for _, step in listed]
        self.names = [step.text("name") for step in self.steps]
        self.index = {step: i for i, step in reversed(list(enumerate(self.names))) if step is not None}

    def faults(self) -> Iterator[Fault]:
        for i, step in enumerate(self.steps):
            name = self.names[i]
            if name is not None and self.index[name] != i:
                yield self.at(say("the route has two steps called {name}", name=shown(name)), *self.locs[i], "name")
            yield from self._check_names(i, step)
            yield from self._check_way(i, step)
        if self.steps and all(self._is_clear(i, step) for i, step in enumerate(self.steps)):
            yield from self._check_ends()

    def _check_names(self, i: int, step: Node) -> Iterator[Fault]:
        """Every word of a step that refers to something else."""
        known, loc = self.known, self.locs[i]
        does = step.text("do")
        own = tuple(self.index)
        if does == "work":
            roles = step.get("by")
            for j, role in enumerate(entries(roles)):
                yield from self._known(role.value, known.roles, "role", *loc, "by", j)
            yield from self._known(step.text("by"), known.roles, "role", *loc, "by")
            yield from self._known(step.text("priority"), known.classes, "priority class", *loc, "priority")
            yield from self._known(
                step.text("gives_up_to"), own, say("step of route {name}", name=self.name), *loc, "gives_up_to"
            )
        elif does == "wait":
            yield from self._known(step.text("in_hours"), known.hours, "hours", *loc, "in_hours")
        elif does == "branch":
            yield from self._known(
                step.text("goes_to"), own, say("step of route {name}", name=self.name), *loc, "goes_to"
            )
        elif does == "start":
            yield from self._known(step.text("route"), known.routes, "route", *loc, "route")
        if (when := step.get("when")) is not None:
            yield from self._check_condition((*loc, "when"), when)

    def _check_condition(self, loc: KeyPath, when: Node) -> Iterator[Fault]:
        known = self.known
        patient = (step for step in self.steps if step.get("patience") is not None or step.get("room") is not None)
        impatient = tuple(name for step in patient if (name := step.text("name")) is not None)
        yield from self._known(when.text("nobody_on"), known.roles, "role", *loc, "nobody_on")
        yield from self._known(when.text("priority_is"), known.classes, "priority class", *loc, "priority_is")
        yield from self._known(
            when.text("gave_up_at"), impatient, say("step with patience or room"), *loc, "gave_up_at"
        )

    def _known(self, name: object, known: tuple[str, ...] | None, what: str, *loc: str | int) -> Iterator[Fault]:
        if isinstance(name, str) and (message := unknown(name, known, what)):
            yield self.at(message, *loc)

    def _check_way(self, i: int, step: Node) -> Iterator[Fault]:
        """Ways back are bounded, and who gives up goes forward."""
        does, loc = step.text("do"), self.locs[i]
        later, goes_to = step.text("gives_up_to"), step.text("goes_to")
        if does == "work" and later in self.index and self.index[later] <= i:
            message = say("is this step itself") if self.index[later] == i else say("comes before this step")
            yield self.at(
                say("{later} {message}; who gives up goes on to a later one", later=shown(later), message=message),
                *loc,
                "gives_up_to",
            )
        if does == "branch" and goes_to in self.index:
            back, bounded = self.index[goes_to] <= i, step.get("at_most") is not None
            if back and not bounded:
                message = say(
                    "this leads back to {goes_to} and could go on for ever; say at_most", goes_to=shown(goes_to)
                )
                yield self.at(message, *loc, "goes_to")
            if bounded and not back:
                yield self.at(say("at_most is for a way back; this one leads forward"), *loc, "at_most")

    def _is_clear(self, i: int, step: Node) -> bool:
        """Whether it can be told where a case goes from this step."""
        does, name = step.text("do"), self.names[i]
        if does not in VERBS or name is None or self.index[name] != i or not set(step.value) <= _fields(does):
            return False
        target = {"branch": "goes_to", "work": "gives_up_to"}.get(does)
        return target is None or step.text(target) in self.index or (does == "work" and step.get(target) is None)

    def _check_ends(self) -> Iterator[Fault]:
        """Every step is reached from the first, and none leads past the last."""
        reached, open_ = set(), [0]
        while open_:
            i = open_.pop()
            if i == len(self.steps):
                name = shown(self.names[-1])
                message = say('the route does not end: after {name} comes nothing; close it with do = "end"', name=name)
                yield self.at(message, *self.locs[-1])
                return
            if i not in reached:
                reached.add(i)
                open_ += self._next(i)
        for i in range(len(self.steps)):
            if i not in reached:
                yield self.at(say("no case can ever reach this step"), *self.locs[i], "name")

    def _next(self, i: int) -> list[int]:
        step = self.steps[i]
        does, chance = step.text("do"), step.get("chance")
        if does == "end":
            return []
        if does == "branch":
            surely = chance is not None and chance.value == 1 and step.get("at_most") is None
            never = chance is not None and chance.value == 0
            return ([] if surely else [i + 1]) + ([] if never else [self.index[step.text("goes_to") or ""]])
        later = step.text("gives_up_to") if does == "work" else None
        return [i + 1] if later is None else [i + 1, self.index[later]]


def _fields(verb: str) -> set[str]:
    return set(VERBS[verb].model_fields)


def _check_starts(tree: Node, known: Known, at: At) -> Iterator[Fault]:
    """Every route is fed by something, and routes do not start each other in a circle."""
    starts: dict[str, set[str | None]] = {
        name: {step.text("route") for _, step in steps_in(tree, name) if step.text("do") == "start"}
        for name in known.routes or ()
    }
    verbs = [step.text("do") for name in starts for _, step in steps_in(tree, name)]
    fed = {feeds(name, stream) for name, stream in members(tree, "arrivals")}.union(*starts.values())
    told = None not in fed and all(verb in VERBS for verb in verbs) and _all_tables(tree.get("arrivals"))
    for name in starts:
        if told and name not in fed:
            yield at(say("no arrivals and no start step lead to this route"), "route", name)
    in_a_circle: set[str | None] = set()
    for name in starts:
        if name not in in_a_circle and name in _followers(starts, name):
            circle = [other for other in _followers(starts, name) if name in _followers(starts, str(other))]
            in_a_circle.update(circle)
            listed = ", ".join(other for other in starts if other in circle)
            message = say("routes start each other in a circle ({listed}); a case could go on for ever", listed=listed)
            yield at(message, "route", name)


def _all_tables(node: Node | None) -> bool:
    return (
        node is not None
        and isinstance(node.value, dict)
        and all(isinstance(m.value, dict) for m in node.value.values())
    )


def _followers(starts: dict[str, set[str | None]], name: str) -> set[str | None]:
    """All routes that a route starts, directly or through others."""
    found: set[str | None] = set()
    open_ = list(starts.get(name, ()))
    while open_:
        route = open_.pop()
        if route not in found:
            found.add(route)
            open_ += starts.get(route, ()) if route is not None else ()
    return found
