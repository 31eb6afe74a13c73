"""A response surface: a full quadratic through the responses, to read between the points that were played."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.intervals import CONFIDENCE, t_quantile
from analysis.statistics.sensitivity import inverse_of, responses_of
from sim.faults import bad_input
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ResponseSurface:
    """A fitted quadratic: y = b₀ + Σ bᵢ xᵢ + Σ bᵢⱼ xᵢ xⱼ + e, with every factor scaled to -1 … 1 over the points."""

    factors: tuple[str, ...]
    centre: Floats = field(repr=False)
    """(factor,) middle of the range of the points, in the factor's unit."""
    half_range: Floats = field(repr=False)
    coefficients: Floats = field(repr=False)
    """(term,): constant, factors, then products of two in the order 11, 12, …, 22, …"""
    inverse: Floats = field(repr=False)
    """(X'X)⁻¹."""
    deviation: float
    """Residual standard deviation s, in the unit of the measure: luck, and what a quadratic cannot follow."""
    freedom: int
    """Points - terms."""
    r2: float
    """Share of the variance between the points that the surface explains. Always grows with terms: judge by
    `loo_rmse`.
    """
    loo_rmse: float
    """Root mean square error at each point if it is left out of the fit: how well the surface foretells."""

    def predict(self, points: pd.DataFrame, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """`mean` and `half_width` of the measure at new points: x'b ± t(n-p, (1+c)/2) · s · √(1 + x'(X'X)⁻¹x).

        The interval is for what playing the point would give with as many replications as the fitted ones had.
        Raises BadInput for other columns, and for points outside the ranges that were played: a quadratic knows
        nothing there.
        """
        import pandas as pd

        if list(points.columns) != list(self.factors):
            raise bad_input("response surface", say("needs the columns {listed}", listed=", ".join(self.factors)))
        coded = (points.to_numpy(dtype=float) - self.centre) / self.half_range
        if not (np.abs(coded) <= 1 + 1e-9).all():
            raise bad_input("response surface", say("a point lies outside the ranges that were played"))
        x = _terms(coded)
        spread = np.sqrt(1 + np.einsum("ij,jk,ik->i", x, self.inverse, x))
        half = t_quantile(self.freedom, confidence) * self.deviation * spread
        return pd.DataFrame({"mean": x @ self.coefficients, "half_width": half}, index=points.index)

    def interactions(self, confidence: float = CONFIDENCE) -> pd.DataFrame:
        """How much the effect of one factor changes over the range of another: factor, other, interaction, half_width,
        for every pair, in the unit of the measure.

        From the low to the high end of i (that is 2 in coded units) the effect of j changes by 4 bᵢⱼ; its half-width
        is 4 t(n-p, (1+c)/2) · s · √((X'X)⁻¹ᵢⱼ).

        >>> from itertools import product
        >>> import pandas as pd
        >>> points = pd.DataFrame(list(product([0, 1, 2], [0, 5, 10])), columns=["a", "b"])
        >>> fit_surface(points, points.a * points.b + 7).interactions().round(6)
          factor other  interaction  half_width
        0      a     b         20.0         0.0
        """
        import pandas as pd

        pairs = list(combinations_with_replacement(range(len(self.factors)), 2))
        first = 1 + len(self.factors)
        factor = 4 * t_quantile(self.freedom, confidence) * self.deviation
        rows = [
            (self.factors[i], self.factors[j], 4 * self.coefficients[n], factor * self.inverse[n, n] ** 0.5)
            for n, (i, j) in enumerate(pairs, first)
            if i != j
        ]
        return pd.DataFrame(rows, columns=["factor", "other", "interaction", "half_width"])


def fit_surface(points: pd.DataFrame, responses: ArrayLike) -> ResponseSurface:
    """Fit a full quadratic by least squares; replications of a point are averaged first.

    The leave-one-out errors are e / (1 - h) with the leverages h, the diagonal of X (X'X)⁻¹ X', so nothing is
    fitted again. Raises BadInput for factors with fewer than three values, or fewer points than terms + 1, where k
    factors make (k + 1)(k + 2) / 2 terms. Myers, Montgomery & Anderson-Cook, *Response Surface Methodology*, ch. 2
    and 6.

    Montgomery, Peck & Vining, *Introduction to Linear Regression Analysis*, example 7.1: strength of paper by
    hardwood.

    >>> import pandas as pd
    >>> hardwood = [1, 1.5, 2, 3, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    >>> strength = [6.3, 11.1, 20, 24, 26.1, 30, 33.8, 34, 38.1, 39.9, 42, 46.1, 53.1, 52, 52.5, 48, 42.8, 27.8, 21.9]
    >>> surface = fit_surface(pd.DataFrame({"hardwood": hardwood}), strength)
    >>> print(f"{surface.r2:.3f} {surface.deviation:.2f} {surface.loo_rmse:.2f}")
    0.909 4.42 5.02
    >>> surface.predict(pd.DataFrame({"hardwood": [7.2632]})).round(2)
       mean  half_width
    0  45.3        9.88
    """
    y = responses_of(points, responses).mean(axis=1)
    values = points.to_numpy(dtype=float)
    low, high = values.min(axis=0), values.max(axis=0)
    for number, name in enumerate(points.columns):
        if np.unique(values[:, number]).size < 3:
            raise bad_input(str(name), say("needs three or more values for a quadratic"))
    centre, half_range = (low + high) / 2, (high - low) / 2
    x = _terms((values - centre) / half_range)
    freedom = len(x) - x.shape[1]
    if freedom < 1:
        raise bad_input(
            "response surface",
            say("needs at least {shape} points for its terms; got {number}", shape=x.shape[1] + 1, number=len(x)),
        )
    inverse = inverse_of(x, "response surface")
    coefficients = np.linalg.lstsq(x, y, rcond=None)[0]
    rest = y - x @ coefficients
    total, leverages = float(((y - y.mean()) ** 2).sum()), np.einsum("ij,jk,ik->i", x, inverse, x)
    with np.errstate(divide="ignore", invalid="ignore"):
        left_out = rest / (1 - leverages)
    return ResponseSurface(
        factors=tuple(points.columns),
        centre=centre,
        half_range=half_range,
        coefficients=coefficients,
        inverse=inverse,
        deviation=(float(rest @ rest) / freedom) ** 0.5,
        freedom=freedom,
        r2=1 - float(rest @ rest) / total if total else float("nan"),
        loo_rmse=float(np.mean(left_out**2)) ** 0.5,
    )


def _terms(coded: Floats) -> Floats:
    """(point, factor) in -1 … 1 → (point, term)."""
    products = [coded[:, i] * coded[:, j] for i, j in combinations_with_replacement(range(coded.shape[1]), 2)]
    return np.column_stack([np.ones(len(coded)), coded, *products])
