"""How the interval of a measure narrows with the number of replications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.pictures.rows import BAND, begin, key, label, need, nothing, numbers
from analysis.pictures.style import LINE, WARN, drawing
from sim.language import later, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

COLUMNS = ("replications", "mean", "low", "high")


@drawing("convergence")
def convergence(
    frame: pd.DataFrame, measure: str, target: float | None = None, title: str = later("How sure the figure is")
) -> Figure:
    """Above: the mean with its interval against the number of replications. Below: the half-width of that interval.

    Columns: `replications`, `mean`, `low`, `high` (all in the unit of `measure`, which names it: "cycle time (h)").
    `target` is the half-width that was asked for, in the same unit. Raises BadInput.
    """
    need(frame, "convergence", COLUMNS)
    frame = frame[frame["mean"].notna()].sort_values("replications")
    if frame.empty:
        return nothing(title, say("No replication had anything to measure."))
    if not frame["low"].notna().any():
        return nothing(title, say("One replication has no interval: there is nothing to narrow."))
    figure = begin(title, 5.2)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[1.6, 1])
    n, mean, low, high = numbers(frame, *COLUMNS)
    mark = "." if n.size < 30 else ""
    above.fill_between(n, low, high, color=LINE, alpha=BAND, linewidth=0)
    above.plot(n, mean, color=LINE, linewidth=1.6, marker=mark)
    below.plot(n, (high - low) / 2, color=LINE, linewidth=1.6, marker=mark)
    if target is not None:
        above.axhline(mean[-1] - target, color=WARN, linewidth=1, linestyle="--")
        above.axhline(mean[-1] + target, color=WARN, linewidth=1, linestyle="--")
        below.axhline(target, color=WARN, linewidth=1, linestyle="--")
    above.set_ylabel(label(measure, 34))
    below.set_ylabel(say("half-width of\nthe interval"))
    below.set_xlabel("replications")
    settled = (high - low)[n >= 5] if n[-1] >= 10 else high - low  # the first are so wide that they hide the others
    below.set_ylim(0, 1.08 * max(float(np.nanmax(settled)) / 2, target or 0.0))
    _whole_ticks(figure)
    key(figure, _key(frame, target), 3)
    return figure


def _whole_ticks(figure: Figure) -> None:
    from matplotlib.ticker import MaxNLocator

    for axes in figure.axes:
        axes.grid(axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _key(frame: pd.DataFrame, target: float | None) -> list[Artist]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Artist] = [
        Line2D([], [], color=LINE, linewidth=1.6, label=say("mean so far; half-width")),
        Patch(color=LINE, alpha=BAND, linewidth=0, label="95 % interval"),
    ]
    if target is not None:
        inside = (frame["high"] - frame["low"]) / 2 <= target
        reached = frame.loc[inside, "replications"]
        when = say("reached with {iloc:.0f} replications", iloc=reached.iloc[0]) if len(reached) else "not reached"
        handles.append(
            Line2D(
                [],
                [],
                color=WARN,
                linestyle="--",
                label=say("asked for: ± {target:.3g} ({when})", target=target, when=when),
            )
        )
    return handles
