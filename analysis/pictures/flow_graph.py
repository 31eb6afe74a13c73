"""The flow as nodes and arrows, from the measures: who comes from where, how many a week, and how long they wait there.

A node is where a route begins, a step that takes time, an end, or a parting of ways at which cases from several
places meet. Every other branch or start is part of the arrows that leave the one place cases come to it from: so each
arrow is a number that was counted, and none is shared out by guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from analysis.answers.censored import mark
from analysis.pictures.style import legible, step_label
from analysis.runs.result import Result
from sim.plan import END, START, WAIT
from sim.units import WEEK

ENTRY, QUEUE, PASSING, PARTING, OVER, STARTED = "entry", "queue", "passing", "parting", "over", "started"
"""Kinds of nodes: where a route begins, a step with a queue, one at which time passes, a parting of ways, an end; and,
in place of an arrow to another route, its name.
"""


@dataclass(frozen=True)
class Node:
    """A place of the picture."""

    kind: str
    route: int
    department: str
    title: str
    a_week: float
    """Cases that come here in a week."""
    time_h: float = float("nan")
    """Mean time in its queue; at a node of kind PASSING, until it is over."""
    mark: str = ""
    """What stands before that time: "≥ " where some still wait."""


class Arrow(NamedTuple):
    """Cases that go from one node to another one."""

    source: int
    target: int
    a_week: float
    starts: bool
    """Whether they are new cases, on another route."""


class Graph(NamedTuple):
    """Nodes in the order of the routes and their steps, and the arrows between them."""

    nodes: list[Node]
    arrows: list[Arrow]


ON = (
    *(("served", "gave_up"), ("served", ""), ("served", "")),
    *(("passed", "went"), ("visits", ""), ("", "")),
)
"""By verb: the measure of those who go on to the next step, and of those who go elsewhere."""

Ends = tuple[int, int, bool]
"""From, to, and whether new cases are started there."""


def flow_graph(result: Result) -> Graph:
    """The flow of a run within its measuring window, means over replications."""
    plan, ways = result.plan, dict(_ways(result))
    standing = _standing(result, ways)
    shown = [n for n in range(-len(plan.routes), len(plan.steps)) if standing[n] == n]
    order = sorted(shown, key=lambda n: (n, -1) if n >= 0 else (plan.routes[-n - 1].first, -2))
    number = {n: i for i, n in enumerate(order)}
    together: dict[Ends, float] = {}
    for (source, target, starts), cases in ways.items():
        if standing[target] == target:
            ends = (number[standing[source]], number[target], starts)
            together[ends] = together.get(ends, 0.0) + cases
    return Graph([_node(result, n) for n in order], [Arrow(a, b, cases, s) for (a, b, s), cases in together.items()])


def _ways(result: Result) -> Iterator[tuple[Ends, float]]:
    """How many a week go from each step to each other one; the beginning of the n-th route is called -n - 1."""
    plan = result.plan
    for number, route in enumerate(plan.routes):
        yield (-number - 1, route.first, False), _a_week(result, "route", route.name, "arrived")
    for number, step in enumerate(plan.steps):
        key = plan.step_key(number)
        on, aside = ON[step.verb]
        if on and step.goes_to == number + 1:
            yield (number, number + 1, False), sum(_a_week(result, "step", key, each) for each in (on, aside))
        elif on:
            yield (number, number + 1, False), _a_week(result, "step", key, on)
            if step.goes_to >= 0:
                yield (number, step.goes_to, False), _a_week(result, "step", key, aside)
        if step.verb == START:
            yield (number, -step.starts_route - 1, True), _a_week(result, "step", key, "went")


def _a_week(result: Result, kind: str, place: str, measure: str) -> float:
    weeks = (result.plan.runs_for - result.plan.warm_up) / WEEK
    return float(result.each(kind, place, measure).mean()) / weeks


def _standing(result: Result, ways: dict[Ends, float]) -> dict[int, int]:
    """For each step the node in which it stands: its own or, of a parting to which all come from one, that one."""
    plan = result.plan
    found = {-n - 1: -n - 1 for n in range(len(plan.routes))}
    come_from: dict[int, list[int]] = {}
    for source, target, starts in ways:
        if not starts:
            come_from.setdefault(target, []).append(source)
    for number, step in enumerate(plan.steps):
        before = come_from.get(number, [])
        places = {found.get(source, number) for source in before}  # one that comes later leads back to here
        found[number] = places.pop() if step.decides and len(places) == 1 else number
    return found


def _node(result: Result, number: int) -> Node:
    return _step(result, number) if number >= 0 else _entry(result, -number - 1)


def _entry(result: Result, number: int) -> Node:
    route = result.plan.routes[number]
    department, title = result.plan.steps[route.first].department, legible({}, route.name.replace("_", " "))
    return Node(ENTRY, number, department, title, _a_week(result, "route", route.name, "arrived"))


def _step(result: Result, number: int) -> Node:
    step, key = result.plan.steps[number], result.plan.step_key(number)
    kind = {WAIT: PASSING, END: OVER}.get(step.verb, PARTING if step.decides else QUEUE)
    return Node(
        kind,
        step.route,
        step.department,
        step_label(result, number),
        _a_week(result, "step", key, "visits"),
        result.get("step", key, "service_min" if kind == PASSING else "wait_min").mean / 60,
        mark(result, "step", key, "wait_min") if kind == QUEUE else "",
    )


def in_parts(graph: Graph) -> Graph:
    """The same without arrows from route to route: each of them ends beside its beginning, at the other one's name."""
    starts = [arrow for arrow in graph.arrows if arrow.starts and arrow.a_week]
    nodes: list[Node] = []
    place, stubs = {}, []
    for number, node in enumerate(graph.nodes):
        place[number] = len(nodes)
        nodes.append(node)
        for arrow in starts:
            if arrow.source == number:
                stubs.append(Arrow(place[number], len(nodes), arrow.a_week, True))
                nodes.append(replace(node, kind=STARTED, title=graph.nodes[arrow.target].title, a_week=arrow.a_week))
    ways = [Arrow(place[a.source], place[a.target], a.a_week, False) for a in graph.arrows if not a.starts]
    return Graph(nodes, [*ways, *stubs])
