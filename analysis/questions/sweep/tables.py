"""The tables of a sweep: effects, shares, surfaces for people; points and replications for files and programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.answers import finding
from analysis.answers.words import change, of_differences, read_as
from analysis.measures.paths import direction
from analysis.questions.sweep.analysing import Told, rows_of
from analysis.questions.sweep.playing import Swept
from analysis.questions.sweep.telling import axes_by_path
from analysis.statistics import estimate_rows
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

READ = 60
"""Points that people still read in a report."""


def tables(swept: Swept, told: Sequence[Told]) -> list[finding.Told]:
    """All tables, the answer first."""
    found = [_indices(swept, told), _screening(swept, told), _effects(swept, told), _interactions(swept, told)]
    found += [_surfaces(told), _predictions(swept, told)]
    points = finding.Told(
        "points",
        say("Every point: its factors, and of each response mean, half-width of the 95 % interval, replications"),
        points_table(swept),
        in_report=len(swept.frame) <= READ,
    )
    each = finding.Told(
        "replications", say("Every point in every replication"), replications_table(swept), in_report=False
    )
    return [*(table for table in found if not table.frame.empty), points, each]


def points_table(swept: Swept) -> pd.DataFrame:
    """A row a point: point (from 1), the factors by path, of each response PATH, PATH.half_width, PATH.n; plan."""
    import pandas as pd

    columns: dict[str, Any] = {"point": np.arange(1, len(swept.frame) + 1), **_factors(swept)}
    for response in swept.responses:
        means, halves, n = estimate_rows(response.each.T)
        columns |= {response.path: means, f"{response.path}.half_width": halves, f"{response.path}.n": n}
    return pd.DataFrame({**columns, "plan": list(swept.digests)})


def _factors(swept: Swept) -> dict[str, pd.Series[Any]]:
    return {axis.path: swept.frame[axis.path] for axis in swept.axes}


def replications_table(swept: Swept) -> pd.DataFrame:
    """A row a point and replication: point (from 1), replication (from 0), the factors and the responses by path."""
    import pandas as pd

    points, times = len(swept.frame), swept.replications
    columns: dict[str, Any] = {
        "point": np.repeat(np.arange(1, points + 1), times),
        "replication": np.tile(np.arange(times), points),
    }
    columns |= {path: np.repeat(column.to_numpy(), times) for path, column in _factors(swept).items()}
    columns |= {response.path: response.each.ravel() for response in swept.responses}
    return pd.DataFrame(columns)


def _effects(swept: Swept, told: Sequence[Told]) -> finding.Told:
    rows = []
    for each in told:
        for row in rows_of(each.effects):
            effect, half = row["effect"], row["half_width"]
            axis = axes_by_path(swept)[row["factor"]]
            rows.append(
                {
                    **_named(swept, each, row["factor"]),
                    "range": f"{axis.told(axis.range.low)} → {axis.told(axis.range.high)}",
                    "effect": effect,
                    "low": effect - half,
                    "high": effect + half,
                    "unit": each.response.unit,
                    "verdict": _verdict(each, effect, half),
                    **_paths(each, row["factor"]),
                }
            )
    notes = say(
        "The change of the response from the lowest to the highest value of the factor, the others as they may be, by "
        "least squares on all factors at once. All intervals hold at once with 95 % (Bonferroni), for this plane "
        "through these points."
    )
    return finding.Told("effects", say("What each factor does"), _frame(rows), notes, shown=_to_read(rows, "effect"))


def _to_read(rows: Sequence[dict[str, Any]], column: str) -> pd.DataFrame:
    """Effects as people read them: with their interval, shares in percentage points."""
    found = []
    for row in rows:
        scale, unit = read_as(row["unit"])
        effect = change(*(scale * row[name] for name in (column, "low", "high")))
        found.append({**row, column: effect, "unit": of_differences(unit)})
    return _frame(found).drop(columns=["low", "high"], errors="ignore")


HIDDEN = ("path", "factor_path")


def _named(swept: Swept, told: Told, factor: str) -> dict[str, str]:
    return {"response": told.response.title, "factor": axes_by_path(swept)[factor].label}


def _paths(told: Told, factor: str) -> dict[str, str]:
    return {"path": told.response.path, "factor_path": factor}


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _verdict(told: Told, effect: float, half: float) -> str:
    if not abs(effect) > half:
        return "not proven"
    good = direction(told.response.key[2])
    if good is None:
        return "more" if effect > 0 else "less"
    return "better" if (effect < 0) == (good == "lower") else "worse"


def _indices(swept: Swept, told: Sequence[Told]) -> finding.Told:
    rows = [
        {**_named(swept, each, row["factor"]), **_without(row, "factor"), **_paths(each, row["factor"])}
        for each in told
        for row in rows_of(each.indices)
    ]
    notes = say(
        "Shares of the variance of the response over the ranges: “first” is what the factor does alone, “total” what "
        "it does alone and together with others. Half-widths by bootstrap over the points, 95 % each."
    )
    return finding.Told("indices", say("Sobol indices"), _frame(rows), notes, HIDDEN)


def _screening(swept: Swept, told: Sequence[Told]) -> finding.Told:
    rows = [
        {
            **_named(swept, each, row["factor"]),
            "mean_abs": row["mean_abs"],
            "half_width": row["mean_abs_half_width"],
            "sd": row["sd"],
            "mean": row["mean"],
            "unit": each.response.unit,
            **_paths(each, row["factor"]),
        }
        for each in told
        for row in sorted(rows_of(each.screening), key=lambda row: -row["mean_abs"])
    ]
    notes = say(
        "“mean_abs” (μ*) ranks the factors: how much the response changes over the whole range, on average and "
        "whatever the sign. “sd” (σ) as large as that: the effect bends, or depends on others."
    )
    return finding.Told("screening", say("Morris screening"), _frame(rows), notes, HIDDEN)


def _interactions(swept: Swept, told: Sequence[Told]) -> finding.Told:
    axes, rows = axes_by_path(swept), []
    for each in told:
        for row in rows_of(each.interactions):
            value, half = row["interaction"], row["half_width"]
            rows.append(
                {
                    **_named(swept, each, row["factor"]),
                    "with": axes[row["other"]].label,
                    "change": value,
                    "low": value - half,
                    "high": value + half,
                    "unit": each.response.unit,
                    "verdict": "proven" if abs(value) > half else "not proven",
                    **_paths(each, row["factor"]),
                    "with_path": row["other"],
                }
            )
    notes = say(
        "How much the effect of one factor changes while the other goes over its range; from the quadratic surface, "
        "all intervals at once with 95 % (Bonferroni)."
    )
    return finding.Told(
        "interactions", say("Which factors work together"), _frame(rows), notes, shown=_to_read(rows, "change")
    )


def _surfaces(told: Sequence[Told]) -> finding.Told:
    rows = [
        {
            "response": each.response.title,
            "R²": each.surface.r2,
            "foretold": each.foretold,
            "loo_error": each.surface.loo_rmse,
            "unit": each.response.unit,
            "points": each.surface.freedom + each.surface.coefficients.size,
            "terms": each.surface.coefficients.size,
            "fit": "good" if each.fits else "bad",
            "path": each.response.path,
        }
        for each in told
        if each.surface is not None
    ]
    notes = say(
        "A quadratic through the points. “loo_error”: how far it misses a point that is left out of the fit (root mean "
        "square); “foretold”: the share of the differences between the points that it foretells so. R² grows with "
        "every term and proves nothing."
    )
    return finding.Told("surfaces", say("Can it be read between the points?"), _frame(rows), notes, ("path",))


def _predictions(swept: Swept, told: Sequence[Told]) -> finding.Told:
    rows = []
    for each in told:
        for row in rows_of(each.predictions):
            mean, half = row.pop("mean"), row.pop("half_width")
            factors = {axis.label: axis.told(row[axis.path]) for axis in swept.axes}
            measured = {"mean": mean, "low": mean - half, "high": mean + half, "unit": each.response.unit}
            rows.append({"response": each.response.title, **factors, **measured, "fit": "good" if each.fits else "bad"})
    notes = say(
        "What playing such a point with as many replications would give, 95 % each, if the quadratic is right there."
    )
    return finding.Told("predictions", say("Foretold by the surface"), _frame(rows), notes)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows)
