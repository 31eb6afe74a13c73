"""How long the shop takes to fill: where the beginning of the runs should be cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.pictures.rows import begin, key, label, need, nothing, numbers
from analysis.pictures.style import LINE, RULE, SOFT, UNITS, WARN, drawing, unit_for
from sim.language import later, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

COLUMNS = ("hours", "mean", "smoothed")


@drawing("welch")
def welch(
    frame: pd.DataFrame,
    measure: str,
    cut: float | None,
    warm_up: float,
    title: str = later("When the shop has filled"),
) -> Figure:
    """The average course of a measure over the replications, smoothed, with two cuts: MSER's and the scenario's.

    Columns: `hours` (middle of the slot, since the start of the run), `mean` (over replications), `smoothed` (moving
    average; NaN where its window does not fit). `cut` and `warm_up` are in hours since the start; `cut` is None where
    MSER finds none. `measure` is with its unit: "cases in the shop". Source: Welch (1983), *The statistical analysis
    of simulation results*; White (1997), *Simulation* 69(6) for MSER. Raises BadInput.
    """
    need(frame, "welch", COLUMNS)
    if not frame["mean"].notna().any():
        return nothing(title, say("The runs hold no slot in which there was anything to measure."))
    figure = begin(title, 4.2)
    axes = figure.subplots()
    hours, mean, smoothed = numbers(frame.sort_values("hours"), *COLUMNS)
    unit, length = unit_for(float(hours[-1]), UNITS[:2])
    axes.plot(hours / length, mean, color=SOFT, linewidth=0.7, alpha=0.75, marker="." if hours.size < 3 else "")
    axes.plot(hours / length, smoothed, color=LINE, linewidth=1.8)
    if warm_up > 0:
        axes.axvspan(0, warm_up / length, color=RULE, alpha=0.45, linewidth=0)
    if cut is not None:
        axes.axvline(cut / length, color=WARN, linewidth=1.4, linestyle="--")
    axes.set_xlim(0, max(float(hours[-1]), warm_up, cut or 0.0) / length * 1.01)
    axes.grid(axis="y")
    axes.set_xlabel(say("{unit} since the start of the run", unit=unit))
    axes.set_ylabel(label(measure, 40))
    if np.nanmin(mean) >= 0:
        axes.set_ylim(0, None)
    key(figure, _key(not np.isnan(smoothed).all(), cut, warm_up, unit, length), 2)
    return figure


def _key(smoothed: bool, cut: float | None, warm_up: float, unit: str, length: float) -> list[Artist]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Artist] = [
        Line2D([], [], color=SOFT, linewidth=0.8, label=say("mean over the replications")),
    ]
    if smoothed:
        handles.append(Line2D([], [], color=LINE, linewidth=1.8, label="moving average"))
    if cut is None:
        handles.append(Line2D([], [], linestyle="", label=say("MSER finds no cut: the runs are too short")))
    else:
        told = say("MSER cuts at {cut:.3g} {unit}", cut=cut / length, unit=unit)
        handles.append(Line2D([], [], color=WARN, linewidth=1.4, linestyle="--", label=told))
    stated = (
        say("warm-up of the scenario: {warm_up:.3g} {unit}", warm_up=warm_up / length, unit=unit)
        if warm_up > 0
        else say("the scenario has no warm-up")
    )
    handles.append(Patch(color=RULE, alpha=0.45 if warm_up > 0 else 0.0, linewidth=0, label=stated))
    return handles
