"""What service costs: staffings between which nobody need choose blindly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.pictures.rows import Floats, arms, begin, key, label, need, nothing, numbers
from analysis.pictures.style import INK, LINE, PAGE, SOFT, WARN, drawing
from sim.language import later, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("label", "cost", "service", "low", "high", "chosen")


@drawing("pareto")
def pareto(
    frame: pd.DataFrame,
    price: str,
    promise: str,
    target: float | None = None,
    title: str = later("What service costs"),
) -> Figure:
    """Cost against the share that kept a promise: one mark a staffing, those that no other beats joined.

    Columns: `label` (the staffing), `cost`, `service`, `low`, `high` (share and interval, 0 to 1), `chosen` (bool).
    `price` says what the cost is, with its unit: "cost (CNY a week)"; `promise` what was promised, and of what the
    share is: "shipped in 48 h (% of orders)"; `target` is the share that was. Raises BadInput.
    """
    need(frame, "pareto", COLUMNS)
    frame = frame[frame["service"].notna() & frame["cost"].notna()]
    if frame.empty:
        return nothing(title, say("No staffing was tried that had anything to judge."))
    from matplotlib.ticker import MaxNLocator

    figure = begin(title, 5.0)
    axes = figure.subplots()
    best = front(*numbers(frame, "cost", "service"))
    _points(axes, frame, best)
    if target is not None:
        axes.axhline(100 * target, color=WARN, linewidth=1.1, linestyle="--")
    axes.set_xlabel(price)
    axes.set_ylabel(say("kept: {label}", label=label(promise, 50)))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(visible=True)
    axes.margins(x=0.08, y=0.1)
    _chosen(axes, frame)
    key(figure, _key(frame, best, target))
    return figure


def front(cost: Floats, service: Floats) -> NDArray[np.int64]:
    """The rows that no other beats in one respect without losing in the other, the cheapest first.

    >>> front(np.array([3.0, 1.0, 2.0, 2.5]), np.array([0.9, 0.5, 0.8, 0.7])).tolist()
    [1, 2, 0]
    """
    order = np.lexsort((-service, cost))
    before = np.maximum.accumulate(np.concatenate([[-np.inf], service[order][:-1]]))
    return np.asarray(order[service[order] > before], dtype=np.int64)


def _points(axes: Axes, frame: pd.DataFrame, best: NDArray[np.int64]) -> None:
    cost, service, low, high = numbers(frame, "cost", "service", "low", "high")
    bars = 100 * arms(service, low, high)
    beaten = np.setdiff1d(np.arange(len(cost)), best)
    for chosen, colour, filling, marker, size in ((beaten, SOFT, PAGE, "D", 4.5), (best, LINE, LINE, "o", 6)):
        axes.errorbar(
            cost[chosen], 100 * service[chosen], yerr=bars[:, chosen], fmt=marker, color=colour,
            markerfacecolor=filling, markersize=size, capsize=2.5, elinewidth=1,
        )  # fmt: skip
    axes.plot(cost[best], 100 * service[best], color=LINE, linewidth=1.3)


def _chosen(axes: Axes, frame: pd.DataFrame) -> None:
    for row in frame[frame["chosen"].astype(bool)].to_dict("records"):
        at = (row["cost"], 100 * row["service"])
        axes.plot(*at, marker="o", markersize=13, markerfacecolor="none", markeredgecolor=INK, markeredgewidth=1.6)
        left = row["cost"] > (frame["cost"].min() + frame["cost"].max()) / 2
        told = say(
            "chosen: {staffing}\n{cost:,.0f}, {kept:.1f} %",
            staffing=label(row["label"], 40),
            cost=row["cost"],
            kept=at[1],
        )
        axes.annotate(
            told, at,
            (-14, -16) if left else (14, -16), textcoords="offset points", ha="right" if left else "left", va="top",
            fontsize=8, bbox={"facecolor": PAGE, "edgecolor": "none", "alpha": 0.8, "pad": 1.5},
        )  # fmt: skip


def _key(frame: pd.DataFrame, best: NDArray[np.int64], target: float | None) -> list[Artist]:
    from matplotlib.lines import Line2D

    def mark(text: str, **how: object) -> Line2D:
        return Line2D([], [], label=text, **how)  # type: ignore[arg-type]

    handles = [mark(say("no other is better at its cost"), color=LINE, marker="o", markersize=6)]
    if len(best) < len(frame):
        handles.append(mark(say("beaten by another"), color=SOFT, linestyle="", marker="D", markerfacecolor=PAGE))
    if frame["chosen"].any():
        handles.append(
            mark("chosen", color=INK, linestyle="", marker="o", markersize=10, markerfacecolor="none"),
        )
    if target is not None:
        handles.append(mark(say("asked for: {target:.4g} %", target=100 * target), color=WARN, linestyle="--"))
    return list(handles)
