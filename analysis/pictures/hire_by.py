"""When a newcomer must start for the promise to be kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from analysis.pictures.rows import BAND, arms, begin, key, label, need, nothing, numbers
from analysis.pictures.style import INK, LINE, WARN, drawing
from sim.language import later, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("start", "share", "low", "high")
MOST_TICKS = 9


@drawing("hire_by")
def hire_by(
    frame: pd.DataFrame, promise: str, target: float, latest: date | None, title: str = later("Who starts by when")
) -> Figure:
    """The probability that a promise is kept against the date on which a newcomer starts.

    Columns: `start` (date), `share`, `low`, `high` (probability with its interval, 0 to 1). `target` is the
    probability that was asked for; `latest` is the latest start that meets it, None if none does. Raises BadInput.
    """
    need(frame, "hire_by", COLUMNS)
    frame = frame[frame["share"].notna()].sort_values("start")
    if frame.empty:
        return nothing(title, say("No start date was tried."))
    figure = begin(title, 4.2)
    axes = figure.subplots()
    starts = [_day(start) for start in frame["start"]]
    at = np.array([start.toordinal() for start in starts])
    share, low, high = (100 * each for each in numbers(frame, "share", "low", "high"))
    axes.fill_between(at, low, high, color=LINE, alpha=BAND, linewidth=0)
    bars = arms(share, low, high)
    axes.errorbar(at, share, yerr=bars, color=LINE, fmt="o-", markersize=4.5, linewidth=1.4, capsize=2.5)
    axes.axhline(100 * target, color=WARN, linewidth=1.2, linestyle="--")
    if latest is not None:
        _latest(axes, latest, at)
    _ticks(axes, starts)
    axes.set_ylim(-3, 103)
    axes.grid(axis="y")
    axes.set_xlabel(say("first day of the newcomer"))
    axes.set_ylabel(say("probability that it is kept (%):\n{label}", label=label(promise, 40)))
    key(figure, _key(target, latest, bool(np.isfinite(low).any())), 2)
    return figure


def _day(start: object) -> date:
    from pandas import Timestamp

    return Timestamp(start).date()  # type: ignore[arg-type]


def _latest(axes: Axes, latest: date, at: np.ndarray) -> None:
    day = latest.toordinal()
    axes.axvline(day, color=INK, linewidth=1.3)
    left = day > (at[0] + at[-1]) / 2
    axes.annotate(
        say("latest: {latest:%Y-%m-%d}", latest=latest), (day, 4), (-6 if left else 6, 0), textcoords="offset points",
        ha="right" if left else "left", va="bottom", fontweight="bold",
    )  # fmt: skip


def _ticks(axes: Axes, starts: list[date]) -> None:
    """The dates that were tried; of many, some."""
    every = -(-len(starts) // MOST_TICKS)
    shown = starts[::every]
    axes.set_xticks([start.toordinal() for start in shown], [f"{start:%Y-%m-%d}" for start in shown])
    axes.tick_params(axis="x", labelsize=8)


def _key(target: float, latest: date | None, intervals: bool) -> list[Artist]:
    from matplotlib.lines import Line2D

    told = say("probability with its interval") if intervals else say("probability (one replication has no interval)")
    handles: list[Artist] = [
        Line2D([], [], color=LINE, marker="o", markersize=4.5, label=told),
        Line2D([], [], color=WARN, linestyle="--", label=say("asked for: {target:.4g} %", target=100 * target)),
    ]
    if latest is None:
        handles.append(Line2D([], [], linestyle="", label=say("no start date that was tried is early enough")))
    return handles
