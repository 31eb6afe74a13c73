"""How cases flow through the departments: how many a week take each way, and how long they wait at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.answers.words import hours
from analysis.pictures.flow_arrows import DASHES, FLOWS, STARTS, draw_arrows
from analysis.pictures.flow_graph import ENTRY, OVER, PARTING, PASSING, STARTED, Graph, Node, flow_graph, in_parts
from analysis.pictures.flow_places import Place, Places, across, down
from analysis.pictures.style import INK, PAGE, RULE, SOFT, legible, new_figure, wrap
from analysis.runs.result import Result
from analysis.statistics import Estimate
from sim.language import later, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = later("How cases flow, and where they wait")
CLASSES = (
    (1 / 60, "#fdf5d9", "under 1 min"),
    (10 / 60, "#fde39c", "to 10 min"),
    (1.0, "#fbbd5d", "to 1 h"),
    (4.0, "#f08d2e", "to 4 h"),
    (12.0, "#c2500f", "to 12 h"),
    (float("inf"), "#7d2a06", "longer"),
)
"""Mean times in a queue: up to how many hours, their colour, and what they are called."""
DARK, LIGHT = "#101010", "#fffffe"
"""Words on these colours, the same on light and on dark pages."""
DARK_FROM = 4
HEAD, KEY = 30.0, 46.0
"""Room for the title above the picture and for what its colours mean below it, in points."""


def flow(result: Result) -> Figure:
    """Steps in the lanes of their departments, from left to right."""
    graph = flow_graph(result)
    places = across(graph)
    figure, axes = _begin(places, KEY)
    for number, lane in enumerate(places.lanes):
        _band(axes, number, places.width, lane.top, lane.bottom)
        middle = (lane.top + lane.bottom) / 2
        axes.text(6, middle, wrap(legible({}, lane.name), 14, 3), va="center", fontsize=8, fontweight="bold")
    _draw(axes, graph, places, sideways=True)
    _key(axes, graph, 6, places.height + 12, 6)
    return figure


def flow_tall(result: Result) -> Figure:
    """The same from top to bottom, for a narrow page: steps below the names of their departments."""
    graph = in_parts(flow_graph(result))
    places = down(graph)
    figure, axes = _begin(places, 2 * KEY)
    for number, lane in enumerate(places.lanes):
        _band(axes, number, places.width, lane.top, lane.bottom)
        axes.text(places.width - 6, lane.top + 8, wrap(legible({}, lane.name), 60, 1), **_small(ha="right"), color=SOFT)
    _draw(axes, graph, places, sideways=False)
    _key(axes, graph, 6, places.height + 12, 3)
    return figure


def _begin(places: Places, key: float) -> tuple[Figure, Axes]:
    """An empty picture whose axes count in points from its upper left corner, below the title."""
    height = HEAD + places.height + key
    figure = new_figure(TITLE, height / 72, places.width / 72)
    figure.set_layout_engine("none")
    figure.suptitle(say(TITLE), x=6 / places.width, y=1 - 8 / height, va="top", ha="left")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, places.width)
    axes.set_ylim(places.height + key, -HEAD)
    return figure, axes


def _band(axes: Axes, number: int, width: float, top: float, bottom: float) -> None:
    """The background of a lane; every other one is tinted."""
    from matplotlib.patches import Rectangle

    axes.axhline(top, color=RULE, linewidth=0.6, zorder=0)
    if number % 2 == 0:
        axes.add_patch(Rectangle((0, top), width, bottom - top, facecolor=RULE, alpha=0.16, linewidth=0, zorder=0))


def _draw(axes: Axes, graph: Graph, places: Places, sideways: bool) -> None:
    draw_arrows(axes, graph, places, sideways)
    for node, place in zip(graph.nodes, places.nodes, strict=True):
        _node(axes, node, place)


def _node(axes: Axes, node: Node, place: Place) -> None:
    """A node with its name and its figure."""
    from matplotlib.patches import FancyBboxPatch

    if node.kind == STARTED:
        words = f"{wrap(node.title, 16, 1)}, {_figure(node)}"
        axes.text(place.x - place.width / 2 + 4, place.y, words, **_small(ha="left"), color=STARTS, zorder=4)
        return
    fill, ink, edge = _colours(node)
    corner = (place.x - place.width / 2, place.y - place.height / 2)
    round_ = place.height / 2 - 1 if node.kind in (ENTRY, OVER, PARTING) else 3
    shape = f"round,pad=0,rounding_size={round_}"
    axes.add_patch(
        FancyBboxPatch(
            corner, place.width, place.height, boxstyle=shape, facecolor=fill, edgecolor=edge, linewidth=0.8, zorder=3
        )
    )
    if node.kind != PARTING:
        words = "\n".join((*_name(node, place), _figure(node)))
        bold = "bold" if node.kind == ENTRY else "normal"
        axes.text(place.x, place.y, words, **_small(ha="center"), color=ink, fontweight=bold, linespacing=1.1, zorder=4)


def _name(node: Node, place: Place) -> list[str]:
    """The name of a node in lines that fit it."""
    lines = max(1, int((place.height - 10) / 9))
    return wrap(node.title, int(place.width / 4.6), lines).split("\n")


def _figure(node: Node) -> str:
    """What is told below the name of a node."""
    if node.kind in (ENTRY, OVER, STARTED):
        return say("{count} a week", count=_count(node.a_week))
    if not node.a_week:
        return "nobody came"
    took = hours(Estimate(node.time_h, float("nan"), 1))
    if node.kind == PASSING:
        return say("takes {took}", took=took)
    return say("waits {mark}{took}", mark=node.mark, took=took) if node.time_h * 3600 >= 1 else "no wait"


def _count(a_week: float) -> str:
    return f"{a_week:,.0f}" if a_week >= 10 or a_week == 0 else f"{a_week:.2g}"


def _colours(node: Node) -> tuple[str, str, str]:
    """The fill of a node, the colour of its words and that of its edge."""
    if node.kind == PARTING:
        return FLOWS, INK, FLOWS
    if node.kind in (ENTRY, OVER, PASSING) or not node.a_week:
        return PAGE, INK, SOFT if node.kind == ENTRY else RULE
    number = next(n for n, (limit, _, _) in enumerate(CLASSES) if node.time_h <= limit)
    return CLASSES[number][1], LIGHT if number >= DARK_FROM else DARK, RULE


def _small(**how: str) -> dict[str, Any]:
    return {"fontsize": 7, "va": "center", **how}


def _key(axes: Axes, graph: Graph, x: float, y: float, columns: int) -> None:
    """What colours and dashes mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    axes.text(x, y, say("mean time in the queue of a step:"), **_small(ha="left"))
    for number, (_, colour, words) in enumerate(CLASSES):
        left, top = x + number % columns * 98, y + 12 + number // columns * 13
        axes.add_patch(Rectangle((left, top - 4), 14, 8, facecolor=colour, edgecolor=RULE, linewidth=0.6))
        axes.text(left + 18, top, words, **_small(ha="left"))
    below, most = y + 12 + len(CLASSES) // columns * 13, max((arrow.a_week for arrow in graph.arrows), default=0.0)
    told = {FLOWS: say("cases; the widest arrow: {count} a week", count=_count(most))}
    if any(arrow.starts and arrow.a_week for arrow in graph.arrows):
        told[STARTS] = say("starts a new case")
    for number, (colour, words) in enumerate(told.items()):
        left = x + number * 196
        dashes: Any = DASHES[colour]
        axes.add_line(Line2D([left, left + 22], [below, below], color=colour, linewidth=2, linestyle=dashes))
        axes.text(left + 27, below, words, **_small(ha="left"))
