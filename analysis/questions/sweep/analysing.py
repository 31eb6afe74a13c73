"""What the responses of a sweep tell: effects, shares of the variance, a screening, a surface - as far as the design
allows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.questions.sweep.playing import Floats, Response, Swept
from analysis.statistics import CONFIDENCE, estimate
from analysis.statistics.response_surface import ResponseSurface, fit_surface
from analysis.statistics.sensitivity import effects_each, main_effects, morris_effects, sobol_indices
from sim.faults import BadInput
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

GOOD_FIT = 0.8
"""The share of the differences between points left out that a surface must foretell to be read between the points."""


@dataclass(frozen=True)
class Told:
    """What is known of one response. Tables have a row a factor, named by its path; None where it cannot be had."""

    response: Response
    effects: pd.DataFrame | None = None
    """factor, effect, half_width: see `main_effects`; all effects of the sweep hold at once."""
    leaders: tuple[str, ...] = ()
    """The factor with the largest effect, and those that are not proven to have a smaller one."""
    indices: pd.DataFrame | None = None
    """See `sobol_indices`."""
    screening: pd.DataFrame | None = None
    """See `morris_effects`."""
    surface: ResponseSurface | None = None
    foretold: float = float("nan")
    """The share of the variance between points that the surface foretells of those left out of the fit (at most 1)."""
    interactions: pd.DataFrame | None = None
    """See `ResponseSurface.interactions`; all of the sweep hold at once."""
    predictions: pd.DataFrame | None = None
    """The factors, mean and half_width of the points that the design wants foretold."""
    why: list[str] = field(default_factory=list)
    """Why something cannot be had."""

    @property
    def fits(self) -> bool:
        """Whether the surface may be read between the points."""
        return self.surface is not None and self.foretold >= GOOD_FIT


def rows_of(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    """The rows of a table, none if there is no table."""
    return (
        [] if frame is None else [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    )


def analyse(swept: Swept, response: Response) -> Told:
    """Everything that the design allows to say of a response."""
    y = response.complete
    if not y.size:
        return Told(response, why=[say("in no replication was there something to measure at every point")])
    if not np.ptp(y.mean(axis=1)):
        return Told(response, why=[say("it is the same at every point")])
    why: list[str] = []
    surface = _surface(swept, y, why)
    effects = _effects(swept, y, why)
    return Told(
        response,
        effects=effects,
        leaders=() if effects is None else _leaders(swept, y),
        indices=_indices(swept, y),
        screening=_screening(swept, y),
        surface=surface,
        foretold=float("nan") if surface is None else _foretold(swept, y, surface),
        interactions=None if surface is None else surface.interactions(_at_once(swept, _pairs(len(swept.axes)))),
        predictions=None if surface is None or not swept.file.design.predict else predict(swept, surface),
        why=why,
    )


def _at_once(swept: Swept, statements: int) -> float:
    """The confidence of each interval with which all of them hold at once (Bonferroni)."""
    return 1 - (1 - CONFIDENCE) / (max(1, statements) * len(swept.responses))


def _pairs(factors: int) -> int:
    return factors * (factors - 1) // 2


def _effects(swept: Swept, y: Floats, why: list[str]) -> pd.DataFrame | None:
    try:
        return main_effects(swept.frame, y, _at_once(swept, len(swept.axes)))
    except BadInput as error:
        why.append(say("no effects: {message}", message=error.faults[0].message))
        return None


def _leaders(swept: Swept, y: Floats) -> tuple[str, ...]:
    """Factors by the size of their effect: the first, and the others as far as their difference is not proven."""
    each = effects_each(swept.frame, y)
    sizes = each * np.sign(each.mean(axis=1, keepdims=True))
    first = int(np.argmax(sizes.mean(axis=1)))
    apart = _at_once(swept, len(sizes) - 1)
    return tuple(
        path
        for n, path in enumerate(swept.frame.columns)
        if n == first or not estimate(sizes[first] - sizes[n], apart).excludes(0)
    )


def _indices(swept: Swept, y: Floats) -> pd.DataFrame | None:
    design = swept.file.design
    return sobol_indices(swept.points.factors, y, seed=design.seed) if design.design.sobol_indices else None


def _screening(swept: Swept, y: Floats) -> pd.DataFrame | None:
    if swept.file.design.design.morris is None:
        return None
    return morris_effects(swept.points.factors, swept.frame, y, seed=swept.file.design.seed)


def _surface(swept: Swept, y: Floats, why: list[str]) -> ResponseSurface | None:
    try:
        return fit_surface(*_distinct(swept, y))
    except BadInput as error:
        where = error.faults[0].place.file
        label = next((f"{axis.label} " for axis in swept.axes if axis.path == where), "")
        why.append(say("no surface: {label}{message}", label=label, message=error.faults[0].message))
        return None


def _foretold(swept: Swept, y: Floats, surface: ResponseSurface) -> float:
    """1 - Σ (error of each point left out)² / Σ (its distance from the mean)²."""
    means = _distinct(swept, y)[1].mean(axis=1)
    return 1 - surface.loo_rmse**2 / float(means.var())


def _distinct(swept: Swept, y: Floats) -> tuple[pd.DataFrame, Floats]:
    """Every point once: one that stands twice in the design would not be left out when it is left out."""
    first = ~swept.frame.duplicated()
    return swept.frame[first].reset_index(drop=True), y[first.to_numpy()]


def predict(swept: Swept, surface: ResponseSurface) -> pd.DataFrame:
    """What the surface says of the points that the design asks for."""
    import pandas as pd

    wanted = swept.file.design.predict
    rows = [{axis.path: point[axis.path].within(axis.unit) for axis in swept.axes} for point in wanted]
    frame = pd.DataFrame(rows)
    return pd.concat([frame, surface.predict(frame)], axis=1)
