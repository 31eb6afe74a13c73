"""The arrows of the flow: where each leaves its node and comes to the next, and the bow between."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.pictures.flow_graph import Arrow, Graph
from analysis.pictures.flow_places import Places

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

WIDEST, THINNEST = 15.0, 0.8
"""Widths of arrows in points."""
HEAD = 5.0
"""Length of an arrow's head."""
BULGE = 20.0
"""How far an arrow goes out that comes back to the side it left."""
CORNER = 6.0
"""Room that an arrow needs to turn."""
BETWEEN = 1.5
"""Between arrows that leave, or come, side by side."""
FLOWS, STARTS = "#8195a8", "#a06a9c"
"""Colours of arrows: the case itself goes on, or it starts another one."""
DASHES = {FLOWS: (0.0, ()), STARTS: (0.0, (4.0, 2.0))}
"""By colour: where the dashes of an arrow begin, and how long they are."""

Point = tuple[float, float]

OUT: dict[str, Point] = {"right": (1, 0), "left": (-1, 0), "top": (0, -1), "bottom": (0, 1)}
"""Where each side of a node looks; y grows downwards."""


class End(NamedTuple):
    """One end of an arrow."""

    at: Point
    out: Point
    """Away from the node."""


def draw_arrows(axes: Axes, graph: Graph, places: Places, sideways: bool) -> None:
    """Draw every arrow that any case took; the widest stands for most cases a week."""
    arrows = [arrow for arrow in graph.arrows if arrow.a_week > 0]
    most = max((arrow.a_week for arrow in arrows), default=1.0)
    wide = [max(THINNEST, WIDEST * arrow.a_week / most) for arrow in arrows]
    sides = [(across if sideways else down)(places, arrow) for arrow in arrows]
    ends = _ends(places, arrows, sides, wide)
    for arrow, width, (source, target) in sorted(zip(arrows, wide, ends, strict=True), key=lambda each: -each[1]):
        _bow(axes, arrow, width, source, target)


def across(places: Places, arrow: Arrow) -> tuple[str, str]:
    """The sides at which an arrow leaves and comes, where the flow goes to the right."""
    a, b = places.nodes[arrow.source], places.nodes[arrow.target]
    before, behind = b.x - b.width / 2 - a.x >= CORNER, b.x - a.x - a.width / 2 >= CORNER
    if arrow.target <= arrow.source and not arrow.starts:
        return "top", "top"
    if b.y == a.y:
        return ("right", "left") if before else ("bottom", "bottom")
    if b.y > a.y:
        return "bottom", "left" if before else "top"
    return ("right", "bottom") if behind else ("top", "bottom")


def down(places: Places, arrow: Arrow) -> tuple[str, str]:
    """The same where it goes down."""
    a, b = places.nodes[arrow.source], places.nodes[arrow.target]
    if abs(a.x - b.x) > 1:
        return ("right", "left") if b.x > a.x else ("left", "right")
    outside = "right" if a.x > places.width / 2 else "left"
    between = places.nodes[arrow.source + 1 : arrow.target]
    if arrow.target > arrow.source and not any(abs(place.x - a.x) < 1 for place in between):
        return "bottom", "top"
    return outside, outside


def _ends(
    places: Places, arrows: list[Arrow], sides: list[tuple[str, str]], wide: list[float]
) -> list[tuple[End, End]]:
    """Both ends of each arrow; those at one side of a node stand side by side, in the order of their far ends."""
    meet = defaultdict(list)
    for number, (arrow, (leaves, comes)) in enumerate(zip(arrows, sides, strict=True)):
        meet[arrow.source, leaves].append((number, 0, arrow.target))
        meet[arrow.target, comes].append((number, 1, arrow.source))
    found: list[dict[int, End]] = [{} for _ in arrows]
    for (node, side), here in meet.items():
        place, upright = places.nodes[node], side in ("left", "right")
        here.sort(key=lambda each: places.nodes[each[2]][1 if upright else 0])
        room = sum(wide[number] for number, _, _ in here) + BETWEEN * (len(here) - 1)
        at = -room / 2
        for number, end, _ in here:
            shift = at + wide[number] / 2
            at += wide[number] + BETWEEN
            x, y = OUT[side]
            middle = (place.x + x * place.width / 2, place.y + y * place.height / 2)
            found[number][end] = End((middle[0] + shift * abs(y), middle[1] + shift * abs(x)), (x, y))
    return [(each[0], each[1]) for each in found]


def _bow(axes: Axes, arrow: Arrow, width: float, source: End, target: End) -> None:
    """One arrow: it leaves and comes at right angles, and has a head."""
    from matplotlib.patches import PathPatch, Polygon

    tip, (x, y) = target.at, target.out
    neck = (tip[0] + HEAD * x, tip[1] + HEAD * y)
    colour = STARTS if arrow.starts else FLOWS
    dashes: Any = DASHES[colour]
    path = _path(source, End(neck, target.out), width)
    axes.add_patch(PathPatch(path, fill=False, edgecolor=colour, linewidth=width, linestyle=dashes, capstyle="butt"))
    half = width / 2 + 2.2
    corners = [(neck[0] + half * y, neck[1] + half * x), (neck[0] - half * y, neck[1] - half * x), tip]
    axes.add_patch(Polygon(corners, closed=True, facecolor=colour, edgecolor="none"))


def _path(source: End, target: End, width: float) -> Path:
    """Straight on, round a corner and straight on where that leads there; else a bow."""
    from matplotlib.path import Path

    (ax, ay), (bx, by) = source.at, target.at
    if abs(source.out[0]) == abs(target.out[0]):
        reach = BULGE if source.out == target.out else min(0.5 * max(abs(ax - bx), abs(ay - by)), 60.0)
        points = [source.at, _away(source, reach), _away(target, reach), target.at]
        return Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    corner = (ax, by) if source.out[0] == 0 else (bx, ay)
    round_ = min(max(8.0, width), abs(ax - bx), abs(ay - by))
    enters = (corner[0] - round_ * source.out[0], corner[1] - round_ * source.out[1])
    leaves = (corner[0] - round_ * target.out[0], corner[1] - round_ * target.out[1])
    codes = [Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO]
    return Path([source.at, enters, corner, leaves, target.at], codes)


def _away(end: End, reach: float) -> Point:
    return end.at[0] + reach * end.out[0], end.at[1] + reach * end.out[1]
