"""The points of a design: a row each with the value of every factor, and what must be written into the scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.questions.sweep.model import Amount, OwnPoints, amount
from analysis.questions.sweep.reading import DesignFile
from analysis.statistics import designs, sensitivity
from sim.faults import BadInput, Fault, Place, bad_input, nearest, shown
from sim.language import say
from sim.reading.csv_files import read_table
from sim.reading.source import Draft
from sim.reading.tree import locate

if TYPE_CHECKING:
    import pandas as pd

DIGITS = 6
"""Significant digits of a value between the ends of a range: what a table shows can be typed with --set."""


@dataclass(frozen=True)
class Axis:
    """A factor: what of the scenario it changes, what people call it, and over which numbers it goes."""

    path: str
    label: str
    unit: str
    """The unit of time in which its numbers are; "" for plain numbers."""
    range: designs.Factor

    def written(self, number: float) -> int | float | str:
        """A value as a scenario file would say it."""
        return Amount(int(number) if self.range.integer else float(number), self.unit).written()

    def told(self, number: float) -> str:
        """A value for people: "3", "90 s"."""
        return f"{number:,.6g} {self.unit}".rstrip()


@dataclass(frozen=True)
class Points:
    """Where a design plays: `frame` has a row a point and a column a factor, named by its path."""

    axes: Sequence[Axis]
    frame: pd.DataFrame
    places: Sequence[Mapping[str, Place]]
    """By point: where each value was written."""

    def changes(self, point: int) -> dict[str, Any]:
        """What a point writes into the scenario, by path."""
        return {axis.path: axis.written(self.frame[axis.path].iloc[point]) for axis in self.axes}

    @property
    def factors(self) -> dict[str, designs.Factor]:
        """The ranges by path."""
        return {axis.path: axis.range for axis in self.axes}


def points_of(file: DesignFile, draft: Draft, overrides: Mapping[str, Any]) -> Points:
    """All points of a design on a scenario. Raises BadInput."""
    if file.design.design.table is not None:
        return _own(file, file.design.design.table)
    axes = [_axis(file, path, draft, overrides) for path in file.design.factors]
    frame = _chosen(file, {axis.path: axis.range for axis in axes})
    for axis in axes:
        if not axis.range.integer:
            frame[axis.path] = _rounded(frame[axis.path].to_numpy(dtype=float), axis.range)
    places = {path: locate(file.tree, ("factors", path))[0] for path in file.design.factors}
    return Points(axes, frame, [places] * len(frame))


def _axis(file: DesignFile, path: str, draft: Draft, overrides: Mapping[str, Any]) -> Axis:
    varied = file.design.factors[path]
    amounts = varied.amounts()
    numbers = [each.within(amounts[0].unit) for each in amounts]
    place = {path: locate(file.tree, ("factors", path))[0]}
    axis = Axis(path, varied.label or label_of(path), amounts[0].unit, designs.Factor(min(numbers), max(numbers)))
    if faults := _refused(draft, {**overrides, path: amounts[0].written()}, place):
        raise BadInput(faults)
    if not all(each.whole for each in amounts):
        return axis
    whole = _refused(draft, {**overrides, path: min(numbers) + 0.5}, place)  # as low a fraction as there is
    return replace(axis, range=replace(axis.range, integer=bool(whole)))


def _refused(draft: Draft, overrides: Mapping[str, Any], places: Mapping[str, Place]) -> list[Fault]:
    """What the scenario says against values that stand at these places."""
    try:
        draft.checked(overrides, places)
    except BadInput as error:
        return [fault for fault in error.faults if fault.place in places.values()]
    return []


def _chosen(file: DesignFile, factors: dict[str, designs.Factor]) -> pd.DataFrame:
    """A row a point, by the kind of the design."""
    kind, seed = file.design.design, file.design.seed
    try:
        if kind.latin_hypercube is not None:
            return designs.latin_hypercube(factors, kind.latin_hypercube.points, seed)
        if kind.sobol is not None:
            return designs.sobol(factors, kind.sobol.points, seed)
        if kind.sobol_indices is not None:
            return sensitivity.sobol_points(factors, kind.sobol_indices.base, seed)
        if kind.morris is not None:
            return sensitivity.morris_points(factors, kind.morris.walks, seed)
    except BadInput as error:
        raise BadInput([file.fault(error.faults[0].message, "design", kind.name)]) from None
    return _grid(file, factors, kind.grid.levels if kind.grid is not None else None)


def _grid(file: DesignFile, factors: dict[str, designs.Factor], number: int | None) -> pd.DataFrame:
    import pandas as pd

    values = [_levels(file, path, factor, number) for path, factor in factors.items()]
    points = float(np.prod([float(len(each)) for each in values]))
    if points > designs.MOST_POINTS:
        raise BadInput(
            [
                file.fault(
                    say(
                        "{points:,.0f} points; at most {MOST_POINTS:,} are played",
                        points=points,
                        MOST_POINTS=designs.MOST_POINTS,
                    ),
                    "design",
                )
            ]
        )
    return pd.DataFrame(list(product(*values)), columns=list(factors))


def _levels(file: DesignFile, path: str, factor: designs.Factor, number: int | None) -> list[float]:
    """The values of a factor in a grid: those that it lists, or so many over its range."""
    varied = file.design.factors[path]
    if varied.values is not None:
        return [each.within(varied.values[0].unit) for each in varied.values]
    if number is None and not factor.integer:
        raise BadInput([file.fault(say("say how many values: design = { grid = { levels = 5 } }"), "factors", path)])
    found: list[float] = factor.levels(number or round(factor.high - factor.low) + 1).tolist()
    return found


def _rounded(values: Any, factor: designs.Factor) -> Any:
    """Values to six significant digits, within the range."""
    with np.errstate(divide="ignore"):
        digits = DIGITS - 1 - np.floor(np.log10(np.abs(values)))
    rounded = [round(value, int(n)) if np.isfinite(n) else value for value, n in zip(values, digits, strict=True)]
    return np.clip(rounded, factor.low, factor.high)


def check_predictions(file: DesignFile, axes: Sequence[Axis]) -> None:
    """Raises BadInput for points to be foretold that have other factors, or lie outside the ranges."""
    known = {axis.path: axis for axis in axes}
    faults = []
    for i, point in enumerate(file.design.predict):
        unknown, missing = sorted(point.keys() - known.keys()), sorted(known.keys() - point.keys())
        hints = [(path, say("there is no such factor{nearest}", nearest=nearest(path, known))) for path in unknown]
        faults += [file.fault(message, "predict", i, path) for path, message in hints]
        if missing and not unknown:
            faults.append(file.fault(say("the factor {missing} is missing", missing=shown(missing[0])), "predict", i))
        for path in known.keys() & point.keys():
            if message := _not_within(known[path], point[path]):
                faults.append(file.fault(message, "predict", i, path))
    if faults:
        raise BadInput(faults)


def _not_within(axis: Axis, given: Amount) -> str:
    if (given.unit == "") != (axis.unit == ""):
        return say("expected {which}, as the factor is", which="a plain number" if axis.unit == "" else "a duration")
    if axis.range.integer and given.number % 1:
        return say("expected a whole number; got {number:g}", number=given.number)
    if axis.range.low <= given.within(axis.unit) <= axis.range.high:
        return ""
    return say(
        "lies outside of what is played, {told} … {told_2}",
        told=axis.told(axis.range.low),
        told_2=axis.told(axis.range.high),
    )


# --- points of one's own --------------------------------------------------------------------------------------------

Row = dict[str, Amount]


def _own(file: DesignFile, own: OwnPoints) -> Points:
    import pandas as pd

    rows, places = _from_csv(file, own.file) if own.file is not None else _inline(file, own.points or [])
    axes = [_axis_of_column(path, [row[path] for row in rows], places[0][path]) for path in rows[0]]
    frame = pd.DataFrame({axis.path: [row[axis.path].within(axis.unit) for row in rows] for axis in axes})
    return Points(axes, frame, places)


def _axis_of_column(path: str, column: Sequence[Amount], place: Place) -> Axis:
    if len({each.unit == "" for each in column}) > 1:
        raise BadInput([Fault(place, path, say("some values are durations, others plain numbers"))])
    numbers = [each.within(column[0].unit) for each in column]
    if min(numbers) == max(numbers):
        raise BadInput([Fault(place, path, say("is the same at every point; say it in the scenario, or with --set"))])
    whole = all(each.whole for each in column)
    return Axis(path, label_of(path), column[0].unit, designs.Factor(min(numbers), max(numbers), whole))


def _inline(file: DesignFile, points: Sequence[Row]) -> tuple[list[Row], list[dict[str, Place]]]:
    loc = ("design", "table", "points")
    for i, point in enumerate(points):
        if other := set(point) ^ set(points[0]):
            message = say("every point states the same factors; {min} is not in all of them", min=shown(min(other)))
            raise BadInput([file.fault(message, *loc, i)])
    places = [{path: locate(file.tree, (*loc, i, path))[0] for path in point} for i, point in enumerate(points)]
    return list(points), places


def _from_csv(file: DesignFile, name: str) -> tuple[list[Row], list[dict[str, Place]]]:
    path = file.beside(name, "design", "table", "file")
    table = read_table(path)
    rows: list[Row] = []
    for i, line in enumerate(table.lines):
        rows.append({})
        for column, cells in table.columns.items():
            try:
                rows[-1][column] = amount(_number(cells[i]))
            except ValueError as error:
                table.faults.add(line, str(error).replace(shown(cells[i]), "{}"), cells[i], column)
    table.finish()
    if len(rows) < 2:
        raise bad_input(str(path), say("needs at least 2 points"))
    return rows, [dict.fromkeys(table.columns, Place(str(path), line, 1)) for line in table.lines]


def _number(text: str) -> int | float | str:
    """A cell as TOML would have it."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


def label_of(path: str) -> str:
    """What to call a factor that has no label.

    >>> label_of("roles.packer.people"), label_of("route.order.pack.takes.gamma.mean")
    ('packer: people', 'order, pack: takes gamma mean')
    """
    words = [word.strip("\"' ").replace("_", " ") for word in path.split(".")]
    if words[0] == "roles" and words[2:3] == ["teams"]:
        names, rest = [words[1], *words[3:4]], words[4:]
    elif words[0] == "route":
        names, rest = words[1:3], words[3:]
    else:
        names, rest = words[1:2], words[2:]
    return f"{', '.join(names)}: {' '.join(rest)}" if rest else " ".join(words)
