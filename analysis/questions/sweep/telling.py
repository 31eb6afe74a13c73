"""A sweep in sentences: which factor matters most, which work together, and whether the surface can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.answers.words import capital, change, of_differences, with_interval
from analysis.questions.sweep.analysing import Told, rows_of
from analysis.questions.sweep.playing import Swept
from analysis.questions.sweep.points import Axis
from analysis.statistics import Estimate
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

WORTH_TELLING = 0.1
"""An interaction is told if it is at least this share of the span of the response over the points."""
MOST_PAIRS = 2
"""Interactions told of a response; the others stand in the table."""
LOUD = 0.1
"""A factor of a screening is told by its figure if that is at least this share of the largest."""


def sentences(swept: Swept, told: Told) -> list[str]:
    """What a planner should know of one response."""
    found: list[str] = []
    if told.indices is not None:
        found += _shares(swept, told, told.indices)
    elif told.screening is not None:
        found += _screened(swept, told, told.screening)
    elif told.effects is not None:
        found += _effects(swept, told, told.effects)
    if told.interactions is not None and told.fits:
        found += _together(swept, told, told.interactions)
    found += _surface(swept, told)
    found += [f"{_title(told)}: {why}." for why in told.why]
    lost = swept.replications - told.response.complete.shape[1]
    if 0 < lost < swept.replications:
        found.append(
            say(
                "{title}: in {lost} of {replications} replications there was nothing to measure at some point; "
                "these are left out of effects and surface.",
                title=_title(told),
                lost=lost,
                replications=swept.replications,
            )
        )
    return found


def _title(told: Told) -> str:
    return capital(told.response.title)


def axes_by_path(swept: Swept) -> dict[str, Axis]:
    """The factors by path."""
    return {axis.path: axis for axis in swept.axes}


def span(axis: Axis) -> str:
    """From where to where a factor goes, for people."""
    return say("from {told} to {told_2}", told=axis.told(axis.range.low), told_2=axis.told(axis.range.high))


# --- effects --------------------------------------------------------------------------------------------------------


def _effects(swept: Swept, told: Told, effects: pd.DataFrame) -> Iterator[str]:
    axes = axes_by_path(swept)
    rows = _largest_first(effects, "effect")
    proven = [row for row in rows if abs(row["effect"]) > row["half_width"]]
    leaders = [axes[row["factor"]].label for row in rows if row["factor"] in told.leaders]
    listed = [
        f"{axes[row['factor']].label}, {span(axes[row['factor']])}: {_changed(told, row, 'effect')}" for row in proven
    ]
    if len(leaders) == 1 and proven:
        yield say("{title} hangs most on {listed}.", title=_title(told), listed=listed[0])
        listed = listed[1:]
    elif proven:
        yield say("{title}: whether {value} matters most is not proven.", title=_title(told), value=_and(leaders, "or"))
    if listed:
        yield say(
            "{title} {which}changes with {listed}.",
            title=_title(told),
            which="also " if len(listed) < len(proven) else "",
            listed="; ".join(listed),
        )
    if open_ := [axes[row["factor"]].label for row in rows if not abs(row["effect"]) > row["half_width"]]:
        does = say("{value} move{which} it on average", value=_and(open_), which="" if len(open_) > 1 else "s")
        count = say(
            "{replications} replication{value}", replications=swept.replications, value="s" * (swept.replications > 1)
        )
        yield say("{title}: that {does} is not proven with {count}.", title=_title(told), does=does, count=count)


def _largest_first(frame: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    return sorted(rows_of(frame), key=lambda row: -abs(row[column]))


def leading(rows: Sequence[dict[str, Any]], value: str, half: str) -> list[dict[str, Any]]:
    """The first row, and those after it whose intervals of sizes are not apart from its own.

    >>> rows = [{"x": -9.0, "h": 1.0}, {"x": 7.5, "h": 1.0}, {"x": 2.0, "h": 1.0}]
    >>> [row["x"] for row in leading(rows, "x", "h")]
    [-9.0, 7.5]
    """
    first = abs(rows[0][value]) - rows[0][half]
    return [row for n, row in enumerate(rows) if n == 0 or not abs(row[value]) + row[half] < first]


def _changed(told: Told, row: dict[str, Any], column: str) -> str:
    scale, unit = told.response.read_as
    value, half = scale * row[column], scale * row["half_width"]
    return f"{change(value, value - half, value + half)} {of_differences(unit)}".rstrip()


def _and(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


# --- shares of the variance, screening ------------------------------------------------------------------------------


def _shares(swept: Swept, told: Told, indices: pd.DataFrame) -> Iterator[str]:
    axes = axes_by_path(swept)
    rows = _largest_first(indices, "total")
    leaders = [axes[row["factor"]].label for row in leading(rows, "total", "total_half_width")]
    listed = "; ".join(
        say(
            "{label} {row} (alone {row_2})",
            label=axes[row["factor"]].label,
            row=_per_cent(row, "total"),
            row_2=_per_cent(row, "first"),
        )
        for row in rows
    )
    lead = (
        say("hangs most on {leaders}", leaders=leaders[0])
        if len(leaders) == 1
        else say("hangs on {value}, which of them most is not proven", value=_and(leaders))
    )
    yield say(
        "{title} {lead}. Shares of its variance over these ranges, with what each does together: {listed}.",
        title=_title(told),
        lead=lead,
        listed=listed,
    )


def _per_cent(row: dict[str, Any], name: str) -> str:
    return with_interval(Estimate(row[name], row[f"{name}_half_width"], 2), "%", 100, 0)


def _screened(swept: Swept, told: Told, screening: pd.DataFrame) -> Iterator[str]:
    axes, (scale, unit) = axes_by_path(swept), told.response.read_as
    rows = _largest_first(screening, "mean_abs")
    loud = [row for row in rows if row["mean_abs"] >= LOUD * rows[0]["mean_abs"]]
    moved = [Estimate(row["mean_abs"], row["mean_abs_half_width"], 2) for row in loud]
    listed = "; ".join(
        f"{axes[row['factor']].label} {with_interval(by, of_differences(unit), scale)}"
        for row, by in zip(loud, moved, strict=True)
    )
    yield say(
        "{title}, by how much each factor moves it over its range (a rough ranking): {listed}.",
        title=_title(told),
        listed=listed,
    )
    if quiet := [axes[row["factor"]].label for row in rows[len(loud) :]]:
        yield say(
            "{title}: of little weight {which} {value}.",
            title=_title(told),
            which="are" if len(quiet) > 1 else "is",
            value=_and(quiet),
        )
    if bent := [axes[row["factor"]].label for row in loud if row["sd"] >= row["mean_abs"]]:
        yield say(
            "{title}: what {value} {which} bends, or depends on the others.",
            title=_title(told),
            value=_and(bent),
            which="do" if len(bent) > 1 else "does",
        )


# --- surface --------------------------------------------------------------------------------------------------------


def _together(swept: Swept, told: Told, interactions: pd.DataFrame) -> Iterator[str]:
    axes = axes_by_path(swept)
    least = WORTH_TELLING * float(np.ptp(told.response.complete.mean(axis=1)))
    rows = _largest_first(interactions, "interaction")
    proven = [row for row in rows if abs(row["interaction"]) > max(row["half_width"], least)]
    for row in proven[:MOST_PAIRS]:
        one, other = axes[row["factor"]], axes[row["other"]]
        yield (
            say(
                "{title}: {label} and {label_2} work together. With {label} {span}, the effect of {label_2} "
                "({span_2}) changes by {changed}.",
                title=_title(told),
                label=one.label,
                label_2=other.label,
                span=span(one),
                span_2=span(other),
                changed=_changed(told, row, "interaction"),
            )
        )
    more = len(proven) - MOST_PAIRS
    if more > 0:
        yield say(
            "{title}: {more} more such pair{value} in the table.", title=_title(told), more=more, value="s" * (more > 1)
        )


def _surface(swept: Swept, told: Told) -> Iterator[str]:
    if told.surface is None:
        return
    scale, unit = told.response.read_as
    missed = with_interval(Estimate(told.surface.loo_rmse, float("nan"), 1), of_differences(unit), scale)
    unseen = say(
        "{missed} (R² {r2:.2f}; {max:.0f} % of the differences foretold)",
        missed=missed,
        r2=told.surface.r2,
        max=100 * max(0.0, told.foretold),
    )
    if told.fits:
        yield (
            say(
                "{title} can be read between the points: a quadratic surface misses a point that it has not seen "
                "by {unseen}.",
                title=_title(told),
                unseen=unseen,
            )
        )
    else:
        yield (
            say(
                "{title} cannot be read between the points: a quadratic surface fits badly and misses a point "
                "that it has not seen by {unseen}. Play a smaller range, or more points.",
                title=_title(told),
                unseen=unseen,
            )
        )
    for row in rows_of(told.predictions):
        where = ", ".join(f"{axis.label} {axis.told(row[axis.path])}" for axis in swept.axes)
        mean = with_interval(Estimate(row["mean"], row["half_width"], 2), unit, scale)
        yield say(
            "{title}, foretold for {where}: {mean}{which}.",
            title=_title(told),
            where=where,
            mean=mean,
            which="" if told.fits else " (bad fit)",
        )
