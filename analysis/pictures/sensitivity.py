"""Which inputs the answer hangs on: Sobol indices, and what each input does on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.pictures.rows import (
    BAND,
    MOST_ROWS,
    arms,
    begin,
    key,
    label,
    left_out,
    need,
    nothing,
    numbers,
    rows,
    whole,
)
from analysis.pictures.style import INK, LINE, SOFT, drawing
from sim.language import later, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INDICES = ("first", "first_low", "first_high", "total", "total_low", "total_high")
EFFECTS = ("label", "unit", "value", "mean", "low", "high")
BARS = {
    "first": (later("first order: on its own"), LINE, LINE),
    "total": (later("total: together with others"), SOFT, "none"),
}
"""Of each index: what it is called, its colour and its filling."""

ACROSS = 3
"""Panels of main effects in a line."""


@drawing("sensitivity")
def sensitivity(frame: pd.DataFrame, response: str, title: str = later("What the answer hangs on")) -> Figure:
    """Two bars an input: its share of the variance on its own and together with others; the largest total first.

    Columns: `label` (the input), `first`, `first_low`, `first_high`, `total`, `total_low`, `total_high` (Sobol indices
    with their intervals, 0 to 1; NaN without an interval). `response` names the outcome. At most 60 inputs are drawn.
    Source: Saltelli et al. (2010), *Computer Physics Communications* 181, 259-270. Raises BadInput.
    """
    need(frame, "sensitivity", ("label", *INDICES))
    frame = frame[frame["total"].notna()].sort_values("total", ascending=False, kind="stable")
    if frame.empty:
        return nothing(title, say("No input was varied, or the outcome did not vary."))
    count, frame = len(frame), frame.iloc[:MOST_ROWS]
    figure = begin(title, 1.5 + 0.46 * len(frame))
    axes = figure.subplots()
    rows(axes, frame["label"])
    for number, name in enumerate(BARS):
        _bars(axes, frame, name, 0.38 * number - 0.19)
    axes.set_xlim(min(0.0, axes.get_xlim()[0]), max(1.0, axes.get_xlim()[1]))
    about = say("share of the variance of {label} (0 to 1)", label=label(response, 70))
    axes.set_xlabel("\n".join(filter(None, (about, left_out(count)))))
    from matplotlib.patches import Patch

    key(figure, [Patch(facecolor=fill, edgecolor=colour, label=say(text)) for text, colour, fill in BARS.values()])
    return figure


def _bars(axes: Axes, frame: pd.DataFrame, name: str, shift: float) -> None:
    mean, low, high = numbers(frame, name, f"{name}_low", f"{name}_high")
    at = np.arange(len(mean)) + shift
    _, colour, filling = BARS[name]
    axes.barh(at, mean, height=0.34, color=filling, edgecolor=colour, linewidth=1.1)
    known = ~np.isnan(low + high)
    bars = arms(mean, low, high)[:, known]
    axes.errorbar(mean[known], at[known], xerr=bars, fmt="none", ecolor=INK, elinewidth=1, capsize=2.5)


@drawing("main_effects")
def main_effects(frame: pd.DataFrame, response: str, title: str = later("What each input does on its own")) -> Figure:
    """A panel an input: the mean outcome against its value, the others as they may be; one scale for all.

    Columns: `label` and `unit` (of the input), `value` (in that unit), `mean`, `low`, `high` (of the outcome).
    `response` names the outcome with its unit. Raises BadInput.
    """
    need(frame, "main_effects", EFFECTS)
    frame = frame[frame["mean"].notna()]
    if frame.empty:
        return nothing(title, say("No input was varied."))
    groups = list(frame.groupby("label", sort=False))
    lines, across = -(-len(groups) // ACROSS), min(ACROSS, len(groups))
    figure = begin(title, 0.8 + 2.3 * lines)
    grid = figure.subplots(lines, across, sharey=True, squeeze=False)
    for axes, (name, group) in zip(grid.flat, groups, strict=False):
        _effect(axes, group.sort_values("value"), str(name))
    for axes in grid.flat[len(groups) :]:
        axes.set_axis_off()
    figure.supylabel(label(response, 50), fontsize=9)
    return figure


def _effect(axes: Axes, group: pd.DataFrame, name: str) -> None:
    value, mean, low, high = numbers(group, "value", "mean", "low", "high")
    axes.fill_between(value, low, high, color=LINE, alpha=BAND, linewidth=0)
    axes.plot(value, mean, color=LINE, linewidth=1.5, marker="o", markersize=4)
    whole(axes, value)
    axes.set_title(label(name, 34))
    axes.set_xlabel(label(str(group["unit"].iloc[0]), 34))
    axes.grid(axis="y")
