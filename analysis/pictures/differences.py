"""A forest plot: what a change does to every measure, on one scale."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.answers.words import change, level
from analysis.pictures.rows import (
    MARKS,
    MOST_ROWS,
    Floats,
    begin,
    beside,
    key,
    left_out,
    marks_key,
    need,
    nothing,
    numbers,
    rows,
    verdict,
)
from analysis.pictures.style import drawing
from sim.language import later, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("label", "unit", "base", "mean", "low", "high", "better")
SQUEEZED = 4.0
"""If a row reaches so many times as far as the middle one, the scale is even as far as that, and then by powers of ten:
every difference has a place of its own, and most are not squeezed to a point.
"""


@drawing("differences")
def differences(frame: pd.DataFrame, title: str = later("What the change does")) -> Figure:
    """A row a measure: its mean difference with its interval, as % of the base; the figures in their unit at the right.

    Columns: `label`, `unit` (text; "" for counts), `base` (mean before the change, in the unit), `mean`, `low`, `high`
    (difference and its interval, in the unit), `better` ("more", "less" or "" if neither is); perhaps `proven`
    (bool; without it, whatever has an interval that excludes 0). Where the base is 0 or NaN there is no relative
    change and only the figures are told. At most 60 rows are drawn. Raises BadInput.
    """
    need(frame, "differences", COLUMNS)
    if frame.empty:
        return nothing(title, say("No measure was compared."))
    count, frame = len(frame), frame.iloc[:MOST_ROWS]
    figure = begin(title, 1.5 + 0.36 * len(frame))
    axes = figure.subplots()
    verdicts = [_verdict(row) for row in frame.to_dict("records")]
    rows(axes, frame["label"])
    even = _marks(axes, frame, verdicts)
    bent = say("; even up to ±{even:.2g} %, then by powers of ten", even=even) if even else ""
    about = say("relative change (% of the base){bent}", bent=bent)
    axes.set_xlabel("\n".join(filter(None, (about, left_out(count)))))
    beside(axes, [_told(row) for row in frame.to_dict("records")], say("before → after, change (interval)"))
    key(figure, marks_key(verdicts), 5)
    return figure


def _verdict(row: dict[Hashable, Any]) -> str:
    """What may be said of a row: a difference that is proven otherwise is judged by its mean."""
    mean, low, high = row["mean"], row["low"], row["high"]
    if row.get("proven"):
        low = high = mean
    return verdict(mean, low, high, str(row["better"]))


def _marks(axes: Axes, frame: pd.DataFrame, verdicts: list[str]) -> float:
    """Draw the rows; how far the scale is even (%), or 0 if all the way."""
    base, *ends = numbers(frame, "base", "mean", "low", "high")
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, low, high = (np.where(base == 0, np.nan, 100 * each / np.abs(base)) for each in ends)
    even = _scale(axes, np.fmax(np.abs(mean), np.fmax(np.abs(low), np.abs(high))))
    for row, name in enumerate(verdicts):
        marker, colour, filling = MARKS[name]
        if np.isnan(mean[row]):
            axes.annotate("no base", (0, row), (6, 0), textcoords="offset points", va="center", fontsize=8)
            continue
        axes.plot([low[row], high[row]], [row, row], color=colour, linewidth=1.6)
        axes.plot([mean[row]], [row], marker=marker, color=colour, markerfacecolor=filling, markersize=6.5)
    return even


def _scale(axes: Axes, reach: Floats) -> float:
    """Make room for all rows; how far the scale is even (%), or 0 if all the way."""
    known = reach[np.isfinite(reach) & (reach > 0)]
    edge = float(known.max()) if known.size else 1.0
    even = float(SQUEEZED * np.median(known)) if known.size else 1.0
    if even >= edge:
        axes.set_xlim(-1.1 * edge, 1.1 * edge)
        return 0.0
    axes.set_xscale("symlog", linthresh=even, linscale=2.0, subs=[2, 5])
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlim(-1.3 * edge, 1.3 * edge)
    ends = [sign * level for level in _ticks(even, edge) for sign in (-1, 1)]
    axes.set_xticks([0, *ends])
    axes.minorticks_off()
    return even


def _ticks(even: float, edge: float) -> list[float]:
    """Half of the even part, its end, and at most four round figures from there to the end of the scale; to a digit."""
    powers = 10.0 ** np.arange(np.floor(np.log10(even)), np.floor(np.log10(edge)) + 1)
    ahead = [each for each in np.outer(powers, (1, 2, 5)).reshape(-1) if 2 * even < each <= edge]
    return [float(f"{each:.1g}") for each in (even / 2, even, *ahead[:: -(-(-len(ahead) // 4) or 1)])]


def _told(row: dict[Hashable, Any]) -> str:
    """Level before and after, and the change: 9.8 → 8.1 h, −1.7 (−2.1 to −1.3)."""
    half, unit = (row["high"] - row["low"]) / 2, str(row["unit"])
    before, after = (level(each, half) for each in (row["base"], row["base"] + row["mean"]))
    return f"{before} → {after} {unit}".rstrip() + f", {change(row['mean'], row['low'], row['high'])}"
