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

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("label", "unit", "base", "mean", "low", "high", "better")
SQUEEZED = 4.0
"""The scale ends at so many times the middle row; what lies beyond is drawn at its edge, with an arrow."""


@drawing("differences")
def differences(frame: pd.DataFrame, title: str = "What the change does") -> Figure:
    """A row a measure: its mean difference with its interval, as % of the base; the figures in their unit at the right.

    Columns: `label`, `unit` (text; "" for counts), `base` (mean before the change, in the unit), `mean`, `low`, `high`
    (difference and its interval, in the unit), `better` ("more", "less" or "" if neither is); perhaps `proven`
    (bool; without it, whatever has an interval that excludes 0). Where the base is 0 or NaN there is no relative
    change and only the figures are told. At most 60 rows are drawn. Raises BadInput.
    """
    need(frame, "differences", COLUMNS)
    if frame.empty:
        return nothing(title, "No measure was compared.")
    count, frame = len(frame), frame.iloc[:MOST_ROWS]
    figure = begin(title, 1.5 + 0.36 * len(frame))
    axes = figure.subplots()
    verdicts = [_verdict(row) for row in frame.to_dict("records")]
    rows(axes, frame["label"])
    beyond = "arrow: beyond the scale" if _marks(axes, frame, verdicts) else ""
    about = f"relative change (% of the base){'; ' * bool(beyond)}{beyond}"
    axes.set_xlabel("\n".join(filter(None, (about, left_out(count)))))
    beside(axes, [_told(row) for row in frame.to_dict("records")], "before → after, change (interval)")
    key(figure, marks_key(verdicts), 5)
    return figure


def _verdict(row: dict[Hashable, Any]) -> str:
    """What may be said of a row: a difference that is proven otherwise is judged by its mean."""
    mean, low, high = row["mean"], row["low"], row["high"]
    if row.get("proven"):
        low = high = mean
    return verdict(mean, low, high, str(row["better"]))


def _marks(axes: Axes, frame: pd.DataFrame, verdicts: list[str]) -> bool:
    """Draw the rows; whether some lie beyond the scale."""
    base, *ends = numbers(frame, "base", "mean", "low", "high")
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, low, high = (np.where(base == 0, np.nan, 100 * each / np.abs(base)) for each in ends)
    edge = _edge(np.fmax(np.abs(mean), np.fmax(np.abs(low), np.abs(high))))
    for row, name in enumerate(verdicts):
        marker, colour, filling = MARKS[name]
        if np.isnan(mean[row]):
            axes.annotate("no base", (0, row), (6, 0), textcoords="offset points", va="center", fontsize=8)
            continue
        axes.plot(np.clip([low[row], high[row]], -edge, edge), [row, row], color=colour, linewidth=1.6)
        at = float(np.clip(mean[row], -edge, edge))
        axes.plot([at], [row], marker=marker, color=colour, markerfacecolor=filling, markersize=6.5)
        for side in (-1, 1):
            if max(side * mean[row], side * np.nan_to_num(low[row]), side * np.nan_to_num(high[row])) > edge:
                axes.plot([side * 1.07 * edge], [row], marker=">" if side > 0 else "<", color=colour, markersize=4.5)
    axes.set_xlim(-1.1 * edge, 1.1 * edge)
    return bool((np.abs(np.nan_to_num([mean, low, high])) > edge).any())


def _edge(reach: Floats) -> float:
    """Where the scale ends: at the row that reaches furthest, unless that would squeeze most others to a point."""
    known = reach[np.isfinite(reach) & (reach > 0)]
    return float(min(known.max(), SQUEEZED * np.median(known))) if known.size else 1.0


def _told(row: dict[Hashable, Any]) -> str:
    """Level before and after, and the change: 9.8 → 8.1 h, −1.7 (−2.1 to −1.3)."""
    half, unit = (row["high"] - row["low"]) / 2, str(row["unit"])
    before, after = (level(each, half) for each in (row["base"], row["base"] + row["mean"]))
    return f"{before} → {after} {unit}".rstrip() + f", {change(row['mean'], row['low'], row['high'])}"
