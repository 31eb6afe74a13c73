"""Pictures, as PNG for files and as SVG for pages. A file each.

Those of a run (`NAMES`) are drawn from its result. Those of a question are functions that take a plain table or arrays
and return a Matplotlib figure. A table is a pandas DataFrame with the columns that the function names, in any order;
its index is not read. Means come with the ends of their interval (`low`, `high`; NaN where one replication gave none),
in the unit that is stated beside. `as_png` and `as_svg` write a figure.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from analysis.pictures.convergence import convergence
from analysis.pictures.differences import differences
from analysis.pictures.hire_by import hire_by
from analysis.pictures.marginal import marginal
from analysis.pictures.pareto import pareto
from analysis.pictures.sensitivity import main_effects, sensitivity
from analysis.pictures.surface import curve, surface
from analysis.pictures.welch import welch
from analysis.runs.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "NAMES",
    "Drawn",
    "as_png",
    "as_svg",
    "convergence",
    "curve",
    "differences",
    "draw",
    "figure_of",
    "hire_by",
    "main_effects",
    "marginal",
    "pareto",
    "sensitivity",
    "surface",
    "welch",
]

NAMES = ("flow", "flow_tall", "delays", "delays_by_step", "queues", "utilisation", "cycle_times")
"""Every picture, in the order in which a report shows them."""

DPI = 150


class Drawn(NamedTuple):
    """A picture in both its forms."""

    svg: str
    """An <svg> element without a title, for a page."""
    png: bytes


def draw(name: str, result: Result, words: str) -> Drawn:
    """A picture of a run; `words` describe it to those who cannot see it. The same result gives the same bytes."""
    figure = figure_of(name, result)
    return Drawn(as_svg(figure, name, words), as_png(figure, name))


def figure_of(name: str, result: Result) -> Figure:
    """A picture of a run as a figure."""
    from analysis.pictures.style import drawing

    with drawing(name):
        return _drawer(name)(result)


def as_png(figure: Figure, name: str) -> bytes:
    """A figure as PNG. It may be written again, to the same bytes."""
    from analysis.pictures.style import drawing, settle

    file = io.BytesIO()
    with drawing(name):
        settle(figure)
        figure.savefig(file, format="png", dpi=DPI, facecolor="white", metadata={"Software": None})
    return file.getvalue()


def as_svg(figure: Figure, name: str, words: str) -> str:
    """A figure as an <svg> element without its title, for a page on which no other picture has this name."""
    from analysis.pictures.inline import inline
    from analysis.pictures.style import drawing

    with drawing(name):
        return inline(figure, name, words)


def _drawer(name: str) -> Callable[[Result], Figure]:
    from analysis.pictures.cycle_times import cycle_times
    from analysis.pictures.delays import delays, delays_by_step
    from analysis.pictures.flow import flow, flow_tall
    from analysis.pictures.queues import queues
    from analysis.pictures.utilisation import utilisation

    drawers = (flow, flow_tall, delays, delays_by_step, queues, utilisation, cycle_times)
    return {drawer.__name__: drawer for drawer in drawers}[name]
