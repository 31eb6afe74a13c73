"""Where the time of a case goes: the delay ledger as stacked bars, by route and by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.answers.words import hours
from analysis.measures.ledger import CAUSES, TOLD
from analysis.pictures.style import (
    COLOURS,
    UNITS,
    busiest_routes,
    empty_figure,
    legible,
    new_figure,
    step_label,
    unit_for,
    wrap,
)
from analysis.runs.result import Result
from analysis.statistics import estimate
from sim.language import later, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BY_ROUTE = later("Where the time of a case goes")
BY_STEP = later("Where the time of a case goes, step by step")
NOTHING = later("Nothing ended in this run, so there is no time to divide.")
MOST_ROUTES, MOST_PANELS, MOST_STEPS = 20, 3, 12

Floats = NDArray[np.float64]
Bar = tuple[str, Floats]
"""A label, and hours per case: (replication, cause)."""


def delays(result: Result) -> Figure:
    """A bar per route: on the left in hours, on the right in shares of the whole."""
    numbers = sorted(busiest_routes(result, MOST_ROUTES))
    names = [result.plan.routes[number].name for number in numbers]
    bars = [(wrap(legible({}, name), 24), _of_route(result, name)) for name in names]
    bars = [bar for bar in bars if np.nansum(bar[1]) > 0]
    if not bars:
        return empty_figure(BY_ROUTE, say(NOTHING))
    figure = new_figure(BY_ROUTE, 1.7 + 0.5 * len(bars))
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.3, 1])
    _timed(left, bars)
    _stack(right, [(label, 100 * spent / np.nansum(np.nanmean(spent, axis=0))) for label, spent in bars])
    right.set_xlim(0, 100)
    right.grid(axis="x")
    right.set_xlabel(say("% of its time in the shop"))
    right.tick_params(labelleft=False)
    _legend(figure, bars)
    return figure


def delays_by_step(result: Result) -> Figure:
    """A bar per step, for the routes with most cases in the shop."""
    panels = [(number, _steps(result, number)) for number in busiest_routes(result, MOST_PANELS)]
    panels = [(number, bars) for number, bars in panels if sum(np.nansum(bar[1]) for bar in bars) > 0]
    sizes = [len(bars) + 1.5 for _, bars in panels]
    if not panels:
        return empty_figure(BY_STEP, say(NOTHING))
    figure = new_figure(BY_STEP, 1.3 + 0.34 * max(3, sum(sizes)))
    column = figure.subplots(len(panels), 1, squeeze=False, height_ratios=sizes)[:, 0]
    for axes, (number, bars) in zip(column, panels, strict=True):
        name = result.plan.routes[number].name
        _timed(axes, bars)
        whole = hours(result.get("route", name, "cycle_h"))
        axes.set_title(say("{legible}: {whole} from arrival to end", legible=legible({}, name), whole=whole))
    _legend(figure, [bar for _, bars in panels for bar in bars])
    return figure


def _of_route(result: Result, route: str) -> Floats:
    return np.stack([result.each("ledger", route, cause) for cause in CAUSES], axis=1)


def _steps(result: Result, route: int) -> list[Bar]:
    """The steps that take time, in the order of the route; of many, the longest, and all others in one bar."""
    plan = result.plan
    found: list[Bar] = []
    for number in plan.route_steps(route):
        if plan.steps[number].takes_time:
            key = plan.step_key(number)
            spent = np.stack([result.each("step ledger", key, cause) for cause in CAUSES], axis=1)
            found.append((wrap(step_label(result, number), 40), spent))
    totals = np.array([np.nansum(spent) for _, spent in found])
    if len(found) <= MOST_STEPS:
        return found
    longest = set(np.argsort(-totals, kind="stable")[: MOST_STEPS - 1].tolist())
    others = [spent for i, (_, spent) in enumerate(found) if i not in longest]
    kept = [bar for i, bar in enumerate(found) if i in longest]
    return [*kept, (say("{others} other steps", others=len(others)), np.sum(others, axis=0))]


def _stack(axes: Axes, bars: list[Bar]) -> None:
    rows = np.arange(len(bars))
    begin = np.zeros(len(bars))
    means = np.array([np.nanmean(spent, axis=0) for _, spent in bars])
    for number, cause in enumerate(CAUSES):
        if means[:, number].any():
            axes.barh(rows, means[:, number], left=begin, height=0.72, color=COLOURS[cause], linewidth=0)
            begin += means[:, number]
    axes.set_yticks(rows, [label for label, _ in bars])
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)


def _timed(axes: Axes, bars: list[Bar]) -> None:
    """Bars in a unit of time that suits them, with the length of each in words at its end."""
    totals = [estimate(spent.sum(axis=1)) for _, spent in bars]
    longest = max(total.mean for total in totals)
    unit, length = unit_for(longest, UNITS[1:])
    _stack(axes, [(label, spent / length) for label, spent in bars])
    for row, total in enumerate(totals):
        end = (total.mean / length, row)
        axes.annotate(hours(total), end, xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_xlim(0, longest / length * 1.22)
    axes.set_xlabel(say("{unit} per ended case", unit=unit))


def _legend(figure: Figure, bars: list[Bar]) -> None:
    """The causes that occur."""
    from matplotlib.patches import Patch

    seen = np.nansum([np.nansum(spent, axis=0) for _, spent in bars], axis=0)
    handles = [
        Patch(color=COLOURS[c], linewidth=0, label=TOLD[c]) for c, total in zip(CAUSES, seen, strict=True) if total
    ]
    figure.legend(handles=handles, loc="outside lower left", ncols=3, fontsize=8)
