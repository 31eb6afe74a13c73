"""Where the nodes of the flow lie, in points: from left to right in lanes, or from top to bottom for a narrow page.

The way that most cases take is the main way of a route and lies on a line; what some cases take lies beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from analysis.pictures.flow_graph import ENTRY, OVER, PARTING, PASSING, QUEUE, STARTED, Arrow, Graph

BOX = (70.0, 36.0)
SIZES = {ENTRY: (60.0, 36.0), QUEUE: BOX, PASSING: BOX, PARTING: (8.0, 8.0), OVER: (62.0, 36.0)}
"""Width and height of each kind of node in points, where the flow goes to the right."""
TALL_BOX = (132.0, 30.0)
TALL = {**dict.fromkeys((ENTRY, QUEUE, PASSING, OVER), TALL_BOX), PARTING: (8.0, 8.0), STARTED: (132.0, 18.0)}
"""The same where it goes down."""
GAP, ROW, EDGE = 18.0, 47.0, 6.0
"""Between nodes side by side; from row to row; above and below the rows of a lane."""
SHAFT, SHIFT = 12.0, 22.0
"""Half of the room of an arrow between rows; a part of a route begins at a multiple of the other one."""
TALL_GAP, TALL_LABEL = 14.0, 13.0
"""Between nodes one below the other; the height of a department's name above them."""
LABEL, RIGHT = 82.0, 642.0
"""Lanes: from here to there lie nodes; before it stand the names."""
TALL_COLUMNS, TALL_WIDTH = (88.0, 246.0), 331.0
"""The middles of the main way and of what lies beside it, and the width of all."""


class Place(NamedTuple):
    """Where a node lies: its centre, its width and height."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Place) -> bool:
        """Whether they lie on one another."""
        apart = abs(self.x - other.x) * 2, abs(self.y - other.y) * 2
        return apart[0] < self.width + other.width and apart[1] < self.height + other.height


class Lane(NamedTuple):
    """A band behind the nodes of a department."""

    name: str
    top: float
    bottom: float


class Places(NamedTuple):
    """Where everything lies; y grows downwards."""

    nodes: list[Place]
    lanes: list[Lane]
    main: list[bool]
    width: float
    height: float


def main_way(graph: Graph) -> list[bool]:
    """Which nodes lie on the way that most cases of their route take."""
    found = [node.kind == ENTRY for node in graph.nodes]
    for number, node in enumerate(graph.nodes):
        if node.kind == ENTRY:
            at = number
            while ways := [a for a in graph.arrows if a.source == at and a.target > at and not a.starts]:
                at = max(ways, key=lambda arrow: (arrow.a_week, -arrow.target)).target
                found[at] = True
    return found


# --- from left to right ---------------------------------------------------------------------------------------------


Cell = tuple[int, int]
"""A row: the number of its lane, and its own in the lane."""
Piece = dict[int, float]
"""The nodes of a route in a department: number → how far to the right, as it were alone."""
Lies = dict[int, tuple[float, Cell]]
"""Node → how far to the right, and in which row."""


class _Shaft(NamedTuple):
    """Room for an arrow that goes from row to row: above it, below it, on its left and on its right."""

    above: Cell
    below: Cell
    left: float
    right: float

    def meets(self, cell: Cell, begin: float, end: float) -> bool:
        """Whether it goes through a stretch of a row."""
        return self.above < cell < self.below and self.left < end and begin < self.right


class _Taken(NamedTuple):
    """What cannot be had any more: stretches of rows, and shafts."""

    spans: dict[Cell, list[tuple[float, float]]]
    shafts: list[_Shaft]

    def take(self, lane: int, begin: float, end: float, lowest: int) -> Cell:
        """Take a stretch of the first row of a lane that is free there, or of a new one, though an arrow goes there."""
        new = max(self.rows(lane), lowest)
        row = next((row for row in range(lowest, new + 1) if self._free((lane, row), begin, end)), new)
        self.spans.setdefault((lane, row), []).append((begin, end))
        return lane, row

    def _free(self, cell: Cell, begin: float, end: float) -> bool:
        spans = self.spans.get(cell, [])
        return all(end <= a or b <= begin for a, b in spans) and not any(s.meets(cell, begin, end) for s in self.shafts)

    def behind(self) -> int:
        """How many arrows lie behind nodes."""
        return sum(s.meets(cell, a, b) for s in self.shafts for cell, spans in self.spans.items() for a, b in spans)

    def rows(self, lane: int) -> int:
        """How many rows a lane has."""
        return 1 + max((row for of, row in self.spans if of == lane), default=-1)


def across(graph: Graph) -> Places:
    """Lanes one below the other, in the order in which cases meet the departments; in them the nodes."""
    main, names = main_way(graph), list(dict.fromkeys(node.department for node in graph.nodes))
    taken, lies = _Taken({}, []), Lies()
    for piece in _pieces(graph, main):
        taken, lies = _put(graph, main, names.index(graph.nodes[min(piece)].department), taken, lies, piece)
    lanes, y = [], 0.0
    for number, name in enumerate(names):
        lanes.append(Lane(name, y, y + taken.rows(number) * ROW + 2 * EDGE))
        y = lanes[-1].bottom
    places = [
        Place(LABEL + lies[n][0], lanes[lies[n][1][0]].top + EDGE + (lies[n][1][1] + 0.5) * ROW, *SIZES[node.kind])
        for n, node in enumerate(graph.nodes)
    ]
    return Places(places, lanes, main, RIGHT + 6, y)


def _pieces(graph: Graph, main: list[bool]) -> Iterator[Piece]:
    """Each route from left to right, each department by itself, in several parts where it is too long for one."""
    for _, numbers in groupby(range(len(graph.nodes)), key=lambda n: graph.nodes[n].route):
        lies: dict[int, tuple[int, float]] = {}
        for number in numbers:
            width = SIZES[graph.nodes[number].kind][0]
            before = [a.source for a in graph.arrows if a.target == number and a.source in lies and not a.starts]
            before += [n for n in lies if _in_line(graph, main, n, number)]
            part = max((lies[n][0] for n in before), default=0)
            x = max((lies[n][1] + _apart(graph, main, n, number) for n in before if lies[n][0] == part), default=0.0)
            fits = x + width / 2 <= RIGHT - LABEL
            lies[number] = (part, max(x, width / 2)) if fits else (part + 1, width / 2)
        for part, name in dict.fromkeys((part, graph.nodes[n].department) for n, (part, _) in lies.items()):
            yield {n: x for n, (of, x) in lies.items() if of == part and graph.nodes[n].department == name}


def _in_line(graph: Graph, main: list[bool], one: int, other: int) -> bool:
    """Whether two nodes of a route lie in the same row."""
    return main[one] and main[other] and graph.nodes[one].department == graph.nodes[other].department


def _apart(graph: Graph, main: list[bool], source: int, target: int) -> float:
    """How far a node must lie to the right of one that comes before it: beside the main way half as far, from one
    department to the next not at all or, back on the main way, by as much as an arrow needs.
    """
    if graph.nodes[source].department != graph.nodes[target].department and main[target] >= main[source]:
        return 0.0 if main[target] == main[source] else SHIFT
    widths = SIZES[graph.nodes[source].kind][0] + SIZES[graph.nodes[target].kind][0]
    return (widths / 2 + GAP) / (1 if main[source] == main[target] else 2)


def _put(graph: Graph, main: list[bool], lane: int, before: _Taken, lies: Lies, piece: Piece) -> tuple[_Taken, Lies]:
    """Put a piece where it costs fewest rows and arrows behind nodes, and as near as may be to what comes before it."""
    left = min(x - SIZES[graph.nodes[n].kind][0] / 2 for n, x in piece.items())
    right = max(x + SIZES[graph.nodes[n].kind][0] / 2 for n, x in piece.items())
    wanted = max((_wish(graph, main, lies, piece, a) for a in graph.arrows if a.target in piece), default=-left)
    shifts = [wanted, *(SHIFT * step - left for step in range(int((RIGHT - LABEL - right + left) // SHIFT) + 1))]
    tries: list[tuple[float, _Taken, Lies]] = []
    for shift in shifts:
        if left + shift >= 0 and right + shift <= RIGHT - LABEL:
            taken = _Taken({cell: list(spans) for cell, spans in before.spans.items()}, list(before.shafts))
            put = lies | _rows(graph, main, lane, taken, lies, {n: x + shift for n, x in piece.items()})
            taken.shafts.extend(_shafts(graph, put, piece))
            back = 2 if shift < wanted else 1
            tries.append((taken.rows(lane) + taken.behind() + back * abs(shift - wanted) / RIGHT, taken, put))
    _, taken, put = min(tries, key=lambda each: each[0])
    return taken, put


def _wish(graph: Graph, main: list[bool], lies: Lies, piece: Piece, arrow: Arrow) -> float:
    """By how much a piece must be moved to lie where an arrow from another one wants it."""
    if arrow.source not in lies or arrow.starts:
        return -RIGHT
    return lies[arrow.source][0] + _apart(graph, main, arrow.source, arrow.target) - piece[arrow.target]


def _rows(graph: Graph, main: list[bool], lane: int, taken: _Taken, lies: Lies, piece: Piece) -> Lies:
    """Take rows of a lane for a piece: one for the main way, those below it for all else."""
    x, found = {n: at for n, (at, _) in lies.items()} | piece, Lies()
    line, first = [n for n in piece if main[n]], -1
    if line:
        cell = taken.take(lane, min(_begin(graph, x, n) for n in line), max(_end(graph, x, n) for n in line), 0)
        found |= {n: (x[n], cell) for n in line}
        first = cell[1]
    for n in piece:
        if not main[n]:
            found[n] = x[n], taken.take(lane, _begin(graph, x, n), _end(graph, x, n), first + 1)
    return found


def _begin(graph: Graph, x: dict[int, float], node: int) -> float:
    """Where a node's stretch of a row begins: where the last arrow comes down to it, or at its edge."""
    edge = x[node] - SIZES[graph.nodes[node].kind][0] / 2 - GAP / 4
    other = (a.source for a in graph.arrows if a.target == node and a.source in x and not a.starts)
    apart = (x[n] - 4 for n in other if graph.nodes[n].department != graph.nodes[node].department)
    return min([edge, *apart])


def _end(graph: Graph, x: dict[int, float], node: int) -> float:
    return x[node] + SIZES[graph.nodes[node].kind][0] / 2 + GAP / 4


def _shafts(graph: Graph, lies: Lies, piece: Piece) -> Iterator[_Shaft]:
    """Room for the arrows from row to row that come to a piece."""
    for arrow in graph.arrows:
        if arrow.source in lies and arrow.target in piece and not arrow.starts:
            (x, above), (_, below) = lies[arrow.source], lies[arrow.target]
            if above < below:
                yield _Shaft(above, below, x - SHAFT, x + SHAFT)


# --- from top to bottom ---------------------------------------------------------------------------------------------


def down(graph: Graph) -> Places:
    """Nodes one below the other: the main way on the left, all others on the right; bands behind each department."""
    main, y = main_way(graph), 0.0
    places: list[Place] = []
    lanes: list[Lane] = []
    for number, node in enumerate(graph.nodes):
        new = not lanes or lanes[-1].name != node.department or node.kind == ENTRY
        if new:
            y += TALL_LABEL
            lanes.append(Lane(node.department, y - TALL_LABEL, y))
        width, height = TALL[node.kind]
        places.append(Place(TALL_COLUMNS[not main[number]], y + (height + TALL_GAP) / 2, width, height))
        y += height + TALL_GAP
        lanes[-1] = lanes[-1]._replace(bottom=y)
    return Places(places, lanes, main, TALL_WIDTH, y)
