"""A tornado: what one person fewer and one person more would change, team by team."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.pictures.rows import (
    MOST_ROWS,
    NOT_PROVEN,
    arms,
    begin,
    key,
    left_out,
    need,
    nothing,
    numbers,
    rows,
    verdict,
)
from analysis.pictures.style import INK, LINE, SOFT, WARN, drawing
from sim.faults import bad_input
from sim.language import later, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("label", "change", "mean", "low", "high")
BARS = {-1: (later("−1: one person fewer"), WARN), 1: (later("+1: one person more"), LINE)}
"""Of each change: what it is called, and its colour."""

OFFSET = 0.19
"""Of a bar from the middle of its row."""


@drawing("marginal")
def marginal(
    frame: pd.DataFrame, measure: str, unit: str, title: str = later("One person more, one person fewer")
) -> Figure:
    """Two bars a team or role, the largest effect first; hollow what is not proven.

    Columns: `label` (team or role), `change` (-1 or 1 person), `mean`, `low`, `high` (effect on the measure against
    the present staffing, in `unit`); perhaps `proven` (bool; without it, whatever has an interval that excludes 0). A
    change without a row was not tried. At most 60 teams are drawn. Raises
    BadInput.
    """
    need(frame, "marginal", COLUMNS)
    if not frame["change"].isin(BARS).all():
        raise bad_input("marginal", say('the column "change" holds something else than -1 and 1 (persons)'))
    frame = frame[frame["mean"].notna()]
    if frame.empty:
        return nothing(title, say("No team or role was given one person more or fewer."))
    size = frame["mean"].abs().groupby(frame["label"], sort=False).max()
    names = list(size.sort_values(ascending=False, kind="stable").index)
    shown = names[:MOST_ROWS]
    figure = begin(title, 1.4 + 0.46 * len(shown))
    axes = figure.subplots()
    rows(axes, shown)
    for people in BARS:
        tried = frame[frame["change"] == people]
        _bars(axes, tried, shown, people)
        for row in (shown.index(name) for name in shown if name not in set(tried["label"])):
            where = (0, row + OFFSET * people)
            axes.annotate("not tried", where, (6, 0), textcoords="offset points", va="center", fontsize=7.5)
    _which(axes, len(shown))
    axes.margins(x=0.06)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))
    axes.set_xlabel(
        "\n".join(filter(None, (say("change of {measure} ({unit})", measure=measure, unit=unit), left_out(len(names)))))
    )
    key(figure, _key(frame))
    return figure


def _bars(axes: Axes, frame: pd.DataFrame, names: list[str], people: int) -> None:
    frame = frame[frame["label"].isin(names)]
    at = np.array([names.index(name) for name in frame["label"]]) + OFFSET * people
    mean, low, high = numbers(frame, "mean", "low", "high")
    colour = BARS[people][1]
    for y, value, hollow in zip(at, mean, _open(frame), strict=True):
        fill = "none" if hollow else colour
        axes.barh([y], [value], height=0.34, color=fill, edgecolor=colour, linewidth=1.1)
    whole = ~np.isnan(low + high)
    bars = arms(mean, low, high)[:, whole]
    axes.errorbar(mean[whole], at[whole], xerr=bars, fmt="none", ecolor=INK, elinewidth=1, capsize=2.5)
    axes.plot(mean, at, linestyle="")  # counts for the limits where there are no whiskers


def _open(frame: pd.DataFrame) -> list[bool]:
    """Of every row: whether its effect is not proven."""
    rows = zip(*numbers(frame, "mean", "low", "high"), strict=True)
    found = [verdict(*each) == NOT_PROVEN for each in rows]
    proven = frame["proven"] if "proven" in frame.columns else [False] * len(found)
    return [each and not known for each, known in zip(found, proven, strict=True)]


def _which(axes: Axes, count: int) -> None:
    """Say beside each bar which it is, for those to whom its colour says nothing."""
    at = (np.arange(count)[:, None] + OFFSET * np.array(list(BARS))).ravel()
    axes.set_yticks(at, ["−1", "+1"] * count, minor=True, fontsize=7)
    axes.tick_params(axis="y", which="minor", length=0, pad=2)
    axes.tick_params(axis="y", which="major", pad=18)


def _key(frame: pd.DataFrame) -> list[Artist]:
    from matplotlib.patches import Patch

    tried = set(frame["change"])
    handles: list[Artist] = [
        Patch(facecolor=colour, edgecolor=colour, label=say(name))
        for people, (name, colour) in BARS.items()
        if people in tried
    ]
    if any(_open(frame)):
        handles.append(Patch(facecolor="none", edgecolor=SOFT, label=say("hollow: not proven")))
    return handles
