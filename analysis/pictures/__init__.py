"""Pictures of a result, as PNG for files and as SVG for pages. One file per picture."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis.runs.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMES = ("delays", "delays_by_step", "queues", "utilisation", "cycle_times")
"""Every picture, in the order in which a report shows them."""

DPI = 150


def png(name: str, result: Result) -> bytes:
    """A picture as PNG. The same result gives the same bytes."""
    from analysis.pictures.style import drawing

    with drawing(name):
        return as_png(_drawer(name)(result), name)


def as_png(figure: Figure, name: str) -> bytes:
    """A figure as PNG. It may be written again, to the same bytes."""
    from analysis.pictures.style import afresh, drawing

    file = io.BytesIO()
    with drawing(name):
        afresh(figure)
        figure.savefig(file, format="png", dpi=DPI, facecolor="white", metadata={"Software": None})
    return file.getvalue()


def svg(name: str, result: Result, words: str) -> str:
    """A picture as an <svg> element without a title, for a page; `words` describe it to those who cannot see it."""
    from analysis.pictures.style import drawing

    with drawing(name):
        return as_svg(_drawer(name)(result), name, words)


def as_svg(figure: Figure, name: str, words: str) -> str:
    """A figure as an <svg> element without its title, for a page on which no other picture has this name."""
    from analysis.pictures.inline import inline
    from analysis.pictures.style import drawing

    with drawing(name):
        return inline(figure, name, words)


def _drawer(name: str) -> Callable[[Result], Figure]:
    from analysis.pictures.cycle_times import cycle_times
    from analysis.pictures.delays import delays, delays_by_step
    from analysis.pictures.queues import queues
    from analysis.pictures.utilisation import utilisation

    drawers = {drawer.__name__: drawer for drawer in (delays, delays_by_step, queues, utilisation, cycle_times)}
    return drawers[name]
