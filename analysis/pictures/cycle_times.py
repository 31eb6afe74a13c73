"""How long cases take, and what was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.answers.words import per_cent
from analysis.measures.samples import SIZE
from analysis.pictures.style import (
    LINE,
    OKABE_ITO,
    busiest_routes,
    empty_figure,
    legible,
    new_figure,
    note,
    step_label,
    unit_for,
    wrap,
)
from analysis.runs.result import Result
from analysis.statistics import estimate_rows
from sim.language import later, say
from sim.plan import Promise
from sim.units import HOUR, format_duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = later("How long cases take, from arrival to end")
MOST_PANELS = 8
POINTS = 301
PROMISE_COLOURS = tuple(OKABE_ITO[number] for number in (2, 0, 5, 3, 6, 1))
SHOWN = 0.98
"""A panel ends where this share of cases has ended, or at the limit of a promise if that is not far away."""

Floats = NDArray[np.float64]


def cycle_times(result: Result) -> Figure:
    """For each route: the share of cases that ended within a time, with what was promised from arrival on."""
    routes = sorted(busiest_routes(result, MOST_PANELS))
    rows = (len(routes) + 1) // 2
    if not any(sample.size for samples in result.cycles for sample in samples.values()):
        return empty_figure(TITLE, say("Nothing ended in this run, so there is no cycle time to show."))
    figure = new_figure(TITLE, 1.2 + 2.7 * rows)
    panels = figure.subplots(rows, min(2, len(routes)), squeeze=False).reshape(-1)
    for axes, route in zip(panels, routes, strict=False):
        _panel(axes, result, route)
    for axes in panels[len(routes) :]:
        axes.set_axis_off()
    _legend(figure, result)
    return figure


def _panel(axes: Axes, result: Result, route: int) -> None:
    name = result.plan.routes[route].name
    samples = [each[name] for each in result.cycles if each[name].size]
    title = wrap(legible({}, name), 44, 2)
    if not samples:
        note(axes, say("{title}: no case ended in this run.", title=title))
        return
    promises = {colour: each for colour, each in _drawn(result).items() if each.route == route}
    end = _end(samples, list(promises.values()))
    unit, length = unit_for(end)
    _curve(axes, samples, end, length)
    for colour, promise in promises.items():
        _promise(axes, result, promise, length, colour)
    axes.set_title(title)
    axes.set_xlim(0, end / length)
    axes.set_ylim(0, 102)
    axes.grid(visible=True)
    axes.set_xlabel(say("time since arrival ({unit})", unit=unit))
    axes.set_ylabel(say("% of ended cases"))


def _end(samples: list[Floats], promises: list[Promise]) -> float:
    """Where the panel ends (h)."""
    slow = float(np.mean([sample[round(SHOWN * (SIZE + 1)) - 1] for sample in samples]))
    near = [promise.within / HOUR for promise in promises if promise.within / HOUR <= 4 * slow]
    return max(1.05 * slow, *(1.1 * limit for limit in near), 1 / 3600)


def _curve(axes: Axes, samples: list[Floats], end: float, length: float) -> None:
    """The share of cases that ended within each time: mean over replications, with its interval."""
    at = np.linspace(0, end, POINTS)
    shares = np.array([np.searchsorted(sample, at, side="right") / (SIZE + 1) for sample in samples]) * 100
    mean, half, _ = estimate_rows(shares)
    axes.plot(at / length, mean, color=LINE, linewidth=1.5)
    if len(samples) > 1:
        low, high = np.maximum(0, mean - half), np.minimum(100, mean + half)
        axes.fill_between(at / length, low, high, color=LINE, alpha=0.25, linewidth=0)


def _drawn(result: Result) -> dict[str, Promise]:
    """Promises that count from arrival, each under its colour."""
    from_arrival = [promise for promise in result.plan.promises if promise.since < 0 and not promise.due]
    return dict(zip(PROMISE_COLOURS, from_arrival, strict=False))


def _promise(axes: Axes, result: Result, promise: Promise, length: float, colour: str) -> None:
    """The limit of a promise, the share that was promised and the share that was kept."""
    kept = result.get("promise", promise.name, "share")
    at = promise.within / HOUR / length
    axes.plot([at, at], [0, 100], color=colour, linewidth=1, linestyle="--")
    axes.plot([at], [promise.share * 100], marker="_", markersize=14, markeredgewidth=2, color=colour)
    if not np.isnan(kept.mean):
        mean, half = kept.mean * 100, 0.0 if np.isnan(kept.half_width) else kept.half_width * 100
        bars = [[min(half, mean)], [min(half, 100 - mean)]]
        axes.errorbar([at], [mean], yerr=bars, fmt="o", markersize=4.5, capsize=3, color=colour)


def _legend(figure: Figure, result: Result) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Line2D | Patch] = [
        Line2D([], [], color=LINE, linewidth=1.5, label=say("share that ended within the time"))
    ]
    if result.replications > 1:
        handles.append(Patch(color=LINE, alpha=0.25, linewidth=0, label="its 95 % interval"))
    for colour, promise in _drawn(result).items():
        label = wrap(_in_words(result, promise), 115)
        handles.append(Line2D([], [], color=colour, linewidth=1, linestyle="--", marker="o", markersize=4, label=label))
    figure.legend(handles=handles, loc="outside lower left", ncols=1, fontsize=8)


def _in_words(result: Result, promise: Promise) -> str:
    kept = per_cent(result.get("promise", promise.name, "share"))
    name, step = legible({}, promise.name), step_label(result, promise.step)
    point = say(
        '"{step}" {which} within {within}',
        step=step,
        which="begins" if promise.at_begin else "ends",
        within=format_duration(promise.within),
    )
    return say(
        "{name} ({point}): promised {share:.4g} % (dash), kept {kept} (dot)",
        name=name,
        point=point,
        share=promise.share * 100,
        kept=kept,
    )
