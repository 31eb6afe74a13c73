"""The pictures of a sweep: what each factor does, shares of the variance, the response as a curve or a map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.answers.finding import Drawn
from analysis.measures.paths import direction
from analysis.questions.sweep.analysing import Told, rows_of
from analysis.questions.sweep.playing import Floats, Response, Swept
from analysis.questions.sweep.points import Axis
from analysis.questions.sweep.telling import axes_by_path
from analysis.statistics import estimate, estimate_rows
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SLICES = 5
"""Parts into which a range of many values is cut."""
DETAIL = 41
"""Values along an axis of a map or a curve."""


def pictures(swept: Swept, told: Sequence[Told]) -> Iterator[Drawn]:
    """Up to four pictures for each response."""
    for number, each in enumerate(told, 1):
        end = "" if len(told) == 1 else f"_{number}"
        if each.effects is not None:
            words = say(
                "{name}: change from the low to the high end of each factor, 95 % intervals.", name=_name(each.response)
            )
            yield Drawn(f"effects{end}", words, partial(_tornado, swept, each, each.effects))
        if each.indices is not None:
            words = say("What each factor makes of the differences, on its own and together with others; 95 % each.")
            yield Drawn(f"indices{end}", words, partial(_bars, swept, each, each.indices))
        if each.response.complete.size:
            words = say(
                "The mean over all points with about this value, the other factors as they may be; 95 % intervals."
            )
            yield Drawn(f"main_effects{end}", words, partial(_panels, swept, each.response))
        if each.surface is not None:
            yield _surface(swept, each, end)


def _name(response: Response) -> str:
    unit = response.read_as[1]
    return f"{response.title} ({unit})" if unit else response.title


def axis_name(axis: Axis) -> str:
    """A factor with its unit."""
    return f"{axis.label} ({axis.unit})" if axis.unit else axis.label


def _tornado(swept: Swept, told: Told, effects: pd.DataFrame) -> Figure:
    import pandas as pd

    from analysis.pictures import differences

    axes, (scale, unit) = axes_by_path(swept), told.response.read_as
    middle = float(told.response.complete.mean())
    better = {"lower": "less", "higher": "more", None: ""}[direction(told.response.key[2])]
    rows = [
        {
            "label": f"{axes[row['factor']].label}, {axes[row['factor']].told(axes[row['factor']].range.low)} → "
            f"{axes[row['factor']].told(axes[row['factor']].range.high)}",
            "unit": unit,
            "base": scale * (middle - row["effect"] / 2),
            "mean": scale * row["effect"],
            "low": scale * (row["effect"] - row["half_width"]),
            "high": scale * (row["effect"] + row["half_width"]),
            "better": better,
        }
        for row in rows_of(effects.sort_values("effect", key=abs, ascending=False, kind="stable"))
    ]
    return differences(pd.DataFrame(rows), say("What moves it: {title}", title=told.response.title))


def _bars(swept: Swept, told: Told, indices: pd.DataFrame) -> Figure:
    from analysis.pictures import sensitivity

    axes = axes_by_path(swept)
    columns: dict[str, Any] = {"label": [axes[path].label for path in indices["factor"]]}
    for name in ("first", "total"):
        half = indices[f"{name}_half_width"]
        columns |= {name: indices[name], f"{name}_low": indices[name] - half, f"{name}_high": indices[name] + half}
    return sensitivity(
        indices.assign(**columns), told.response.title, say("What it hangs on: {title}", title=told.response.title)
    )


def _panels(swept: Swept, response: Response) -> Figure:
    import pandas as pd

    from analysis.pictures import main_effects

    rows = []
    for axis in swept.axes:
        values = swept.frame[axis.path].to_numpy(dtype=float)
        for mine in _groups(values):
            told = estimate(response.read_as[0] * response.complete[mine].mean(axis=0))
            group = {"label": axis.label, "unit": axis.unit, "value": values[mine].mean()}
            rows.append({**group, "mean": told.mean, "low": told.low, "high": told.high})
    return main_effects(pd.DataFrame(rows), _name(response), say("By each factor: {title}", title=response.title))


def _groups(values: Floats) -> list[Floats]:
    """Points (as a mask) that have the same value; of many values, those in the same slice of the range."""
    distinct = np.unique(values)
    if distinct.size > SLICES + 3:
        edges = np.linspace(distinct[0], distinct[-1], SLICES + 1)
        values = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, SLICES - 1)
    return [values == value for value in np.unique(values)]


def _surface(swept: Swept, told: Told, end: str) -> Drawn:
    axes = _first_two(swept, told)
    fit = "" if told.fits else say(" It fits badly: do not read between the points.")
    if len(axes) == 1:
        words = say(
            "Marks: what was played, with 95 % intervals; line: the quadratic through it, with its band.{fit}", fit=fit
        )
        return Drawn(f"curve{end}", words, partial(_curve, swept, told, axes[0]))
    others = [axis.label for axis in swept.axes if axis not in axes]
    held = say(" In the middle of their ranges: {listed}.", listed=", ".join(others)) if others else ""
    words = say(
        "The quadratic surface over the two factors that do most; rings are the points played.{held}{fit}",
        held=held,
        fit=fit,
    )
    return Drawn(f"surface{end}", words, partial(_map, swept, told, axes))


def _first_two(swept: Swept, told: Told) -> list[Axis]:
    """The factors over which the surface varies most."""
    assert told.surface is not None
    ranges = [float(np.ptp(_at(swept, told, {axis: line_of(swept, axis)})["mean"])) for axis in swept.axes]
    order = np.argsort(ranges, kind="stable")[::-1][:2]
    return [swept.axes[n] for n in order]


def line_of(swept: Swept, axis: Axis) -> Floats:
    """Values along a factor, as far as it was played."""
    values = swept.frame[axis.path]
    return np.linspace(float(values.min()), float(values.max()), DETAIL)


def _at(swept: Swept, told: Told, along: dict[Axis, Floats]) -> pd.DataFrame:
    """The surface along some factors, the others in the middle, in the unit in which people read it."""
    import pandas as pd

    assert told.surface is not None
    length = len(next(iter(along.values())))
    middle = dict(zip(told.surface.factors, told.surface.centre, strict=True))
    columns = {axis.path: along.get(axis, np.full(length, middle[axis.path])) for axis in swept.axes}
    frame = told.surface.predict(pd.DataFrame(columns))
    return frame.assign(**{name: told.response.read_as[0] * frame[name] for name in ("mean", "half_width")})


def _curve(swept: Swept, told: Told, axis: Axis) -> Figure:
    import pandas as pd

    from analysis.pictures import curve

    means, halves, _ = estimate_rows(told.response.read_as[0] * told.response.each.T)
    played = {"x": swept.frame[axis.path], "mean": means, "low": means - halves, "high": means + halves}
    along = line_of(swept, axis)
    fitted = _at(swept, told, {axis: along})
    mean, half = fitted["mean"], fitted["half_width"]
    line = pd.DataFrame({"x": along, "mean": mean, "low": mean - half, "high": mean + half})
    title = say("{title} by {label}", title=told.response.title, label=axis.label)
    return curve(pd.DataFrame(played), line, axis_name(axis), _name(told.response), title)


def _map(swept: Swept, told: Told, axes: Sequence[Axis]) -> Figure:
    import pandas as pd

    from analysis.pictures import surface

    across, up = (line_of(swept, axis) for axis in axes)
    x, y = np.meshgrid(across, up)
    fitted = _at(swept, told, {axes[0]: x.ravel(), axes[1]: y.ravel()})["mean"].to_numpy().reshape(x.shape)
    played = pd.DataFrame({"x": swept.frame[axes[0].path], "y": swept.frame[axes[1].path]})
    names = (axis_name(axes[0]), axis_name(axes[1]), _name(told.response))
    return surface(
        played,
        across,
        up,
        fitted,
        names,
        say("{title} by {label} and {label_2}", title=told.response.title, label=axes[0].label, label_2=axes[1].label),
    )
