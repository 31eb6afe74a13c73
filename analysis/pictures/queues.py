"""Where queues stand: along the run and by hour of the day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.pictures.style import LINE, RULE, empty_figure, new_figure, step_label, wrap
from analysis.runs.result import Result
from analysis.statistics import estimate_rows
from sim.language import later, say
from sim.plan import COLLECT
from sim.units import DAY, HOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = later("Where cases wait: the longest queues")
MOST_STEPS, MOST_TICKS = 6, 8
STEPS = (1, 2, 3, 6, 12, 24, 48, 168, 336, 672, 1344, 2688, 5376, 10752)
"""Hours between two ticks on the axis of time."""
NOTEWORTHY = 0.005
"""Queues that are shorter on average (cases) are not drawn."""


def queues(result: Result) -> Figure:
    """For each of the longest queues: its length along the run and by hour of the day, with 95 % bands."""
    steps = longest(result)
    if not steps:
        return empty_figure(TITLE, say("Hardly anybody waits in this run."))
    figure = new_figure(TITLE, 1.4 + 1.45 * len(steps))
    grid = figure.subplots(len(steps), 2, sharex="col", sharey="row", squeeze=False, width_ratios=[2.2, 1])
    for step, (along, by_hour) in zip(steps, grid, strict=True):
        _along(along, result, step)
        _by_hour(by_hour, result, step)
        along.set_ylim(0, None)
    grid[-1, 0].set_xlabel(
        say("date, from {fromisoformat:%A %Y-%m-%d}", fromisoformat=datetime.fromisoformat(result.plan.starts))
    )
    grid[-1, 1].set_xlabel(say("hour of the day (after the warm-up)"))
    grid[0, 1].set_title(say("over the day"))
    _legend(figure, result)
    return figure


def longest(result: Result) -> list[int]:
    """The steps with the longest mean queues, the longest first."""
    plan = result.plan
    mean = {
        n: result.get("step", plan.step_key(n), "queue").mean for n, step in enumerate(plan.steps) if step.takes_time
    }
    return sorted((n for n in mean if mean[n] >= NOTEWORTHY), key=lambda n: (-mean[n], n))[:MOST_STEPS]


def _daily(result: Result) -> bool:
    return result.plan.runs_for >= 8 * DAY


def _along(axes: Axes, result: Result, step: int) -> None:
    plan = result.plan
    values = result.over_time["along", "queue"][:, step]
    slot = 24.0 if _daily(result) else 1.0
    _line(axes, (np.arange(values.shape[1]) + 0.5) * slot, values)
    if plan.warm_up:
        axes.axvspan(0, plan.warm_up / HOUR, color=RULE, alpha=0.45, linewidth=0)
    axes.set_xlim(0, plan.runs_for / HOUR)
    ticks = _ticks(datetime.fromisoformat(plan.starts), plan.runs_for // HOUR)
    axes.set_xticks(list(ticks), list(ticks.values()))
    departure = say(": waiting for the departure") if plan.steps[step].verb == COLLECT else ""
    axes.set_title(wrap(step_label(result, step, with_route=True) + departure, 64))
    axes.set_ylabel("cases")


def _ticks(start: datetime, length: int) -> dict[int, str]:
    """Hour of the run → what the axis says there; for long runs at Mondays."""
    every = next((hours for hours in STEPS if length / hours <= MOST_TICKS), STEPS[-1])
    first = (7 - start.weekday()) % 7 * 24 if every >= 168 else 0
    at = {hour: start + timedelta(hours=hour) for hour in range(first, length - length // 20 + 1, every)}
    if every >= 24:
        return {hour: f"{day.day} {day:%b}" + (f" {day:%Y}" if every > 672 else "") for hour, day in at.items()}
    return {hour: f"{day:%H:%M}\n{day.day} {day:%b}" for hour, day in at.items()}


def _by_hour(axes: Axes, result: Result, step: int) -> None:
    values = result.over_time["hour", "queue"][:, step]
    _line(axes, np.arange(values.shape[1]) + 0.5, values)  # a run shorter than a day has fewer hours
    axes.set_xlim(0, 24)
    axes.set_xticks(range(0, 25, 6), [f"{hour:02d}:00" for hour in range(0, 25, 6)])
    axes.tick_params(labelleft=True)


def _line(axes: Axes, at: NDArray[np.floating], values: NDArray[np.float64]) -> None:
    mean, half, _ = estimate_rows(values)
    axes.grid(axis="y")
    axes.plot(at, mean, color=LINE, linewidth=1.4, marker="." if at.size < 3 else "")
    if len(values) > 1:
        axes.fill_between(at, np.maximum(0, mean - half), mean + half, color=LINE, alpha=0.25, linewidth=0)


def _legend(figure: Figure, result: Result) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    many, each = result.replications > 1, "daily" if _daily(result) else "hourly"
    line = (
        say("{each} mean of {replications} replications", each=each, replications=result.replications)
        if many
        else say("{each} mean of the one replication", each=each)
    )
    handles: list[Line2D | Patch] = [Line2D([], [], color=LINE, linewidth=1.4, label=line)]
    if many:
        handles.append(Patch(color=LINE, alpha=0.25, linewidth=0, label="95 % interval"))
    if result.plan.warm_up:
        handles.append(Patch(color=RULE, alpha=0.45, linewidth=0, label=say("warm-up, left out of every figure")))
    figure.legend(handles=handles, loc="outside lower left", ncols=3, fontsize=8)
