"""How busy each role is, hour by hour of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.answers.words import per_cent
from analysis.pictures.style import INK, RULE, empty_figure, new_figure, role_label, wrap
from analysis.runs.result import Result
from analysis.statistics import estimate_rows
from sim.language import later, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = later("How busy each role is, by hour of the day")
MOST_ROWS = 60


def utilisation(result: Result) -> Figure:
    """A heat map, role × hour: busy share of the scheduled hours in %, blank where nobody is on shift."""
    roles = _shown(result)
    if not roles:
        return empty_figure(TITLE, say("Nobody works here."))
    figure = new_figure(TITLE, 1.5 + 0.42 * len(roles))
    axes = figure.subplots()
    by_hour = result.over_time["hour", "utilisation"][:, roles]
    share, _, _ = estimate_rows(by_hour.reshape(len(by_hour), -1))
    _cells(axes, share.reshape(len(roles), -1))
    _labels(axes, result, roles)
    if np.isnan(share).any():
        _legend(axes)
    return figure


def _shown(result: Result) -> list[int]:
    """All roles; of very many, those with most busy hours."""
    busy = np.array([result.get("role", role.name, "busy_h").mean for role in result.plan.roles])
    most = np.argsort(-busy, kind="stable")[:MOST_ROWS]
    return sorted(int(role) for role in most)


def _cells(axes: Axes, share: NDArray[np.float64]) -> None:
    from matplotlib import colormaps
    from matplotlib.collections import LineCollection, PatchCollection
    from matplotlib.patches import Rectangle

    colour = colormaps["OrRd"]
    rows, columns = np.nonzero(~np.isnan(share))
    known = [Rectangle((c + 0.02, r + 0.03), 0.96, 0.94) for r, c in zip(rows, columns, strict=True)]
    fills = colour(share[rows, columns] * 0.92)
    axes.add_collection(PatchCollection(known, facecolors=fills, edgecolors="none"))
    strokes = [((c + 0.3, r + 0.7), (c + 0.7, r + 0.3)) for r, c in np.argwhere(np.isnan(share))]
    axes.add_collection(LineCollection(strokes, colors=RULE, linewidths=0.7))
    for row, column in zip(rows, columns, strict=True):
        value = share[row, column]
        ink = "#ffffff" if value > 0.62 else "#222222"
        axes.text(
            column + 0.5,
            row + 0.52,
            f"{value * 100:.0f}",
            ha="center",
            va="center",
            fontsize=7,
            color=ink,
            in_layout=False,
        )


def _labels(axes: Axes, result: Result, roles: list[int]) -> None:
    people = [len(result.plan.people_of(role)) for role in roles]
    names = [f"{wrap(role_label(result, role), 26)} ({n})" for role, n in zip(roles, people, strict=True)]
    axes.set_yticks(np.arange(len(roles)) + 0.5, names)
    axes.set_xticks(np.arange(0, 25, 2), [f"{hour:02d}" for hour in range(0, 25, 2)])
    axes.set_xlim(0, 24)
    axes.set_ylim(len(roles), 0)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(say("hour of the day; busy share of the hours on shift in %, overtime not included"))
    total = axes.secondary_yaxis("right")
    whole = [per_cent(result.get("role", result.plan.roles[role].name, "utilisation")) for role in roles]
    total.set_yticks(np.arange(len(roles)) + 0.5, whole)
    total.tick_params(length=0)
    total.spines[:].set_visible(False)
    axes.set_ylabel(say("role (number of people)"))
    axes.set_title("overall", loc="right", x=1.01, ha="left", fontsize=8)


def _legend(axes: Axes) -> None:
    from matplotlib.lines import Line2D

    one_line_turned: tuple[int, Literal[2], int] = (2, 2, -35)
    away = Line2D([], [], color=RULE, linestyle="", marker=one_line_turned, markersize=9, label=say("nobody on shift"))
    axes.legend(handles=[away], loc="lower right", bbox_to_anchor=(1.0, 1.0), labelcolor=INK, fontsize=8)
