"""How an outcome answers to one factor (a line) or to two (a map)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.pictures.rows import BAND, Floats, arms, begin, key, label, need, nothing, numbers, whole
from analysis.pictures.style import LINE, PAGE, SOFT, drawing
from sim.faults import bad_input
from sim.language import later, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

DARK, WHITE = "#222222", "#ffffff"
"""Of words, lines and points on the map, which is light on every page."""


@drawing("curve")
def curve(
    points: pd.DataFrame, line: pd.DataFrame, factor: str, response: str, title: str = later("One factor")
) -> Figure:
    """The outcome against one factor: what was run as marks with intervals, what was fitted as a line with its band.

    Both tables have the columns `x` (the factor), `mean`, `low`, `high`; `line` may be empty. `factor` and `response`
    name the axes, with their units: "people at the bench". Raises BadInput.
    """
    need(points, "curve: points", columns := ("x", "mean", "low", "high"))
    need(line, "curve: line", columns)
    if points.empty and line.empty:
        return nothing(title, say("Nothing was run."))
    figure = begin(title, 4.2)
    axes = figure.subplots()
    x, mean, low, high = numbers(line.sort_values("x"), *columns)
    axes.fill_between(x, low, high, color=LINE, alpha=BAND, linewidth=0)
    axes.plot(x, mean, color=LINE, linewidth=1.5)
    x, mean, low, high = numbers(points, *columns)
    bars = arms(mean, low, high)
    axes.errorbar(
        x, mean, yerr=bars, fmt="D", color=SOFT, markerfacecolor=PAGE, markersize=5, capsize=2.5, elinewidth=1
    )
    whole(axes, x)
    axes.set_xlabel(label(factor, 80))
    axes.set_ylabel(label(response, 40))
    axes.grid(visible=True)
    _curve_key(figure, points, line)
    return figure


def _curve_key(figure: Figure, points: pd.DataFrame, line: pd.DataFrame) -> None:
    from matplotlib.artist import Artist
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    told = (
        say("run, with its interval") if points["low"].notna().any() else say("run (one replication has no interval)")
    )
    handles: list[Artist] = [Line2D([], [], color=SOFT, linestyle="", marker="D", markerfacecolor=PAGE, label=told)]
    if not line.empty:
        handles.append(Line2D([], [], color=LINE, linewidth=1.5, label="fitted"))
    if line["low"].notna().any():
        handles.append(Patch(color=LINE, alpha=BAND, linewidth=0, label=say("interval of the fit")))
    key(figure, handles)


@drawing("surface")
def surface(
    points: pd.DataFrame,
    x: Floats,
    y: Floats,
    fitted: Floats,
    names: tuple[str, str, str],
    title: str = later("Two factors together"),
) -> Figure:
    """A map of the fitted outcome over two factors, with the points of the design that were run.

    `points` has the columns `x` and `y`; `fitted` has the shape (len(y), len(x)); `names` are those of x, of y and of
    the outcome, with their units. Raises BadInput.
    """
    need(points, "surface: points", ("x", "y"))
    if points.empty or not np.isfinite(fitted).any():
        return nothing(title, say("Nothing was run."))
    if fitted.shape != (len(y), len(x)) or min(fitted.shape) < 2:
        message = say(
            "fitted has the shape {shape}; expected (len(y), len(x)) = {value}, both 2 or more",
            shape=fitted.shape,
            value=(len(y), len(x)),
        )
        raise bad_input("surface", message)
    figure = begin(title, 5.4)
    _map(figure, x, y, fitted, names)
    axes = figure.axes[0]
    across, up = numbers(points, "x", "y")
    whole(axes, across)
    axes.plot(across, up, linestyle="", marker="o", color=DARK, markerfacecolor=WHITE, markersize=6, clip_on=False)
    axes.set_xlabel(label(names[0], 80))
    axes.set_ylabel(label(names[1], 45))
    from matplotlib.lines import Line2D

    dot = Line2D([], [], linestyle="", marker="o", color=DARK, markerfacecolor=WHITE, label=say("a point that was run"))
    key(figure, [dot])
    return figure


def _map(figure: Figure, x: Floats, y: Floats, fitted: Floats, names: tuple[str, str, str]) -> None:
    """Tints from light to middling blue, lines with their values, and a scale."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap
    from matplotlib.ticker import MaxNLocator

    axes = figure.subplots()
    lowest, highest = float(np.nanmin(fitted)), float(np.nanmax(fitted))
    flat = highest - lowest <= 1e-12 * max(1.0, abs(highest))
    levels = [lowest - 1, lowest, lowest + 1] if flat else MaxNLocator(9).tick_values(lowest, highest)
    light = ListedColormap(colormaps["YlGnBu"](np.linspace(0.04, 0.62, 256)))
    tints = axes.contourf(x, y, fitted, levels=levels, cmap=light)
    if flat:
        axes.set_title(say("{label} is {lowest:.3g} everywhere", label=label(names[2], 60), lowest=lowest))
        return
    lines = axes.contour(x, y, fitted, levels=levels, colors=DARK, linewidths=0.7)
    axes.clabel(lines, fontsize=8, colors=DARK)
    figure.colorbar(tints, ax=axes, label=label(names[2], 45), pad=0.02).outline.set_visible(False)
