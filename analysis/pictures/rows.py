"""What pictures of experiments share: checked tables, verdicts with their marks, rows with names, bands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.pictures.style import INK, LINE, PAGE, SOFT, WARN, empty_figure, legible, new_figure, wrap
from sim.faults import bad_input, nearest
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

MOST_ROWS = 60
BAND = 0.22
"""How strongly an interval is tinted."""

BETTER, WORSE, DIFFERENT, NOT_PROVEN, UNCHANGED = "better", "worse", "different", "not proven", "unchanged"
MARKS = {
    BETTER: ("o", LINE, LINE),
    WORSE: ("s", WARN, WARN),
    DIFFERENT: ("^", INK, INK),
    NOT_PROVEN: ("D", SOFT, PAGE),
    UNCHANGED: ("x", SOFT, SOFT),
}
"""Of each verdict: the marker, its colour and its filling."""


def verdict(mean: float, low: float, high: float, better: str = "") -> str:
    """What the interval of a difference proves, if `better` is "more", "less" or "" (neither is better).

    >>> verdict(-1.7, -2.1, -1.3, "less"), verdict(-1.7, -3.6, 0.2, "less"), verdict(2.0, 1.0, 3.0, "")
    ('better', 'not proven', 'different')
    """
    if mean == low == high == 0:
        return UNCHANGED
    if not (low > 0 or high < 0):
        return NOT_PROVEN
    if better not in ("more", "less"):
        return DIFFERENT
    return BETTER if (low > 0) == (better == "more") else WORSE


def need(frame: pd.DataFrame, picture: str, columns: Sequence[str]) -> None:
    """Raise BadInput if a column is missing that the picture is drawn from."""
    for column in columns:
        if column not in frame.columns:
            names = [str(name) for name in frame.columns]
            raise bad_input(
                picture,
                say('the table has no column "{column}"{nearest}', column=column, nearest=nearest(column, names)),
            )


def begin(title: str, height: float) -> Figure:
    """An empty picture, so many inches high, under a title that its fonts can draw."""
    return new_figure(_fit(title), height)


def nothing(title: str, words: str) -> Figure:
    """Words in place of a picture for which there is nothing to draw."""
    return empty_figure(_fit(title), words)


def _fit(title: str) -> str:
    return wrap(legible({}, title), 88)


def label(text: object, width: int = 30) -> str:
    """A name as a picture shows it: drawable, in at most two lines."""
    return wrap(legible({}, str(text)), width)


def rows(axes: Axes, names: Iterable[object], width: int = 30) -> None:
    """A named row for each, from the top, with a line at zero."""
    shown = [label(name, width) for name in names]
    axes.set_yticks(np.arange(len(shown)), shown)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.axvline(0, color=INK, linewidth=0.9)


def beside(axes: Axes, texts: Sequence[str], heading: str) -> None:
    """Words at the right end of each row, under a heading."""
    right = axes.secondary_yaxis("right")
    widest = max(len(heading), *(len(text) for text in texts))
    right.set_yticks(np.arange(len(texts)), [text.ljust(widest, "\u2007") for text in texts])
    right.tick_params(length=0, labelsize=8)
    right.spines[:].set_visible(False)
    axes.set_title(heading, loc="right", x=1.01, ha="left", fontsize=8)


def marks_key(verdicts: Iterable[str]) -> list[Artist]:
    """What the marks of these verdicts mean, for a legend."""
    from matplotlib.lines import Line2D

    seen = set(verdicts)
    return [
        Line2D([], [], linestyle="", marker=marker, color=colour, markerfacecolor=filling, markersize=6, label=name)
        for name, (marker, colour, filling) in MARKS.items()
        if name in seen
    ]


def key(figure: Figure, handles: Sequence[Artist], columns: int = 4) -> None:
    """A legend below the picture."""
    figure.legend(handles=list(handles), loc="outside lower left", ncols=columns, fontsize=8)


def arms(mean: Floats, low: Floats, high: Floats) -> Floats:
    """The lengths of error bars, down and up; none where there is no interval."""
    return np.nan_to_num(np.maximum(0, np.stack([mean - low, high - mean])))


def numbers(frame: pd.DataFrame, *columns: str) -> tuple[Floats, ...]:
    """Columns as arrays of floats."""
    return tuple(frame[column].to_numpy(dtype=float) for column in columns)


def whole(axes: Axes, values: Floats) -> None:
    """Ticks at whole numbers only, below an axis of what comes in whole numbers, as people do."""
    from matplotlib.ticker import MaxNLocator

    if values.size and (values == np.round(values)).all():
        axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))


def left_out(count: int) -> str:
    """What is said where only the first rows are drawn."""
    return say("{count} more rows are in the table", count=count - MOST_ROWS) if count > MOST_ROWS else ""
