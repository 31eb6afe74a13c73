"""Distributions of adjustable spread, given by mean and cv or by two quantiles: gamma, lognormal, Weibull, normal.

Formulas: Law, A. M. (2015), *Simulation Modeling and Analysis*, 5th ed., section 6.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import Field, model_validator

from sim.distributions import Law, mean
from sim.scenario.fields import LARGEST, Duration, Table

Q = TypeVar("Q", bound=float)

QUANTILES = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95, "p99": 0.99}
_Z = {0.10: -1.2815515655446004, 0.25: -0.6744897501960817, 0.50: 0.0, 0.75: 0.6744897501960817,
      0.90: 1.2815515655446004, 0.95: 1.6448536269514722, 0.99: 2.3263478740408408}  # fmt: skip

LEAST_CV, MOST_CV = 1e-4, 10.0
"""Coefficients of variation that are believed (0 means a constant)."""


class Parameters(Table, Generic[Q]):
    """The base of every family: its parameters are durations or plain numbers."""

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """The name of the family with its kind of parameter, in the schema."""
        return f"{cls.__name__}Of{'Times' if params[0] is Duration else 'Amounts'}"


class _MeanOrQuantiles(Parameters[Q], Generic[Q]):
    """Either `mean` and `cv` (coefficient of variation, 0 … 10), or two quantiles such as `p50` and `p90`."""

    mean: Q | None = None
    """The mean."""
    cv: Annotated[float, Field(ge=0, le=MOST_CV)] | None = None
    """The coefficient of variation: standard deviation / mean (0: none at all; else 0.0001 … 10)."""
    p10: Q | None = None
    """One value in ten is smaller."""
    p25: Q | None = None
    """One value in four is smaller."""
    p50: Q | None = None
    """The median: half of the values are smaller."""
    p75: Q | None = None
    """One value in four is larger."""
    p90: Q | None = None
    """One value in ten is larger."""
    p95: Q | None = None
    """One value in twenty is larger."""
    p99: Q | None = None
    """One value in a hundred is larger."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        quantiles = self._quantiles()
        by_mean = (self.mean is not None) + (self.cv is not None)
        if (by_mean, len(quantiles)) not in ((2, 0), (0, 2)):
            raise ValueError("give either mean and cv, or two quantiles such as p50 and p90")
        if quantiles:
            (_, low), (_, high) = quantiles
            if not 0 < low < high:
                raise ValueError("the higher quantile must be the larger value, and both above 0")
        elif not self.mean and self.cv:
            raise ValueError("a mean of 0 cannot vary; give it cv = 0")
        elif self.cv and self.cv < LEAST_CV:
            raise ValueError(f"a cv below {LEAST_CV:g} cannot be told from none; write cv = 0")
        if quantiles:
            self._refuse_wide_quantiles()
        return self

    def _refuse_wide_quantiles(self) -> None:
        try:
            law = self.law()
            spread, middle = _CVS[law.family](*law.shape), mean(law)
        except (OverflowError, ZeroDivisionError):
            spread, middle = math.inf, math.inf
        if not spread <= MOST_CV:
            raise ValueError(f"these quantiles lie too far apart; a cv above {MOST_CV:g} is not believed")
        if not middle <= LARGEST:
            raise ValueError("these quantiles imply too large a mean")

    def _quantiles(self) -> list[tuple[float, float]]:
        given = ((level, getattr(self, name)) for name, level in QUANTILES.items())
        return [(level, value) for level, value in given if value is not None]

    def law(self) -> Law:
        if self.mean is not None and self.cv is not None:
            return self._from_mean(self.mean, self.cv) if self.cv else Law(family="constant", scale=self.mean)
        (low_level, low), (high_level, high) = self._quantiles()
        return self._from_quantiles(low_level, low, high_level, high)

    def _from_mean(self, mean: float, cv: float) -> Law:
        raise NotImplementedError  # each family's own

    def _from_quantiles(self, low_level: float, low: float, high_level: float, high: float) -> Law:
        raise NotImplementedError  # each family's own


class Gamma(_MeanOrQuantiles[Q], Generic[Q]):
    """Right-skewed, with a light tail: most tasks of hands."""

    def _from_mean(self, mean: float, cv: float) -> Law:
        return Law(family="gamma", shape=(1 / cv**2,), scale=mean)

    def _from_quantiles(self, low_level: float, low: float, high_level: float, high: float) -> Law:
        from scipy.special import gammaincinv

        def log_ratio(k: float) -> float:
            return math.log(float(gammaincinv(k, high_level) / gammaincinv(k, low_level)))

        k = _falling_root(log_ratio, math.log(high / low), 0.01, 1e8)
        return Law(family="gamma", shape=(k,), scale=k * high / float(gammaincinv(k, high_level)))


class Lognormal(_MeanOrQuantiles[Q], Generic[Q]):
    """Right-skewed, with a heavy tail: tasks that sometimes go very wrong."""

    def _from_mean(self, mean: float, cv: float) -> Law:
        return Law(family="lognormal", shape=(math.sqrt(math.log1p(cv**2)),), scale=mean / math.sqrt(1 + cv**2))

    def _from_quantiles(self, low_level: float, low: float, high_level: float, high: float) -> Law:
        sigma = math.log(high / low) / (_Z[high_level] - _Z[low_level])
        return Law(family="lognormal", shape=(sigma,), scale=low * math.exp(-sigma * _Z[low_level]))


class Weibull(_MeanOrQuantiles[Q], Generic[Q]):
    """Times to an event whose rate rises or falls: transit, first failure."""

    def _from_mean(self, mean: float, cv: float) -> Law:
        k = _falling_root(_weibull_squared_cv, cv**2, 0.15, 1e5)
        return Law(family="weibull", shape=(k,), scale=mean / math.gamma(1 + 1 / k))

    def _from_quantiles(self, low_level: float, low: float, high_level: float, high: float) -> Law:
        k = math.log(math.log1p(-high_level) / math.log1p(-low_level)) / math.log(high / low)
        return Law(family="weibull", shape=(k,), scale=low / (-math.log1p(-low_level)) ** (1 / k))


class Normal(_MeanOrQuantiles[Q], Generic[Q]):
    """The bell curve, its part below zero cut off and drawn again. `mean` and `cv` are those before the cut, quantiles
    those after it.
    """

    def _from_mean(self, mean: float, cv: float) -> Law:
        return Law(family="normal", shape=(1 / cv,), scale=mean * cv, shift=mean)

    def _from_quantiles(self, low_level: float, low: float, high_level: float, high: float) -> Law:
        from scipy.special import ndtr, ndtri

        def in_sds(cut: float, level: float) -> float:
            return cut - float(ndtri((1 - level) * ndtr(cut)))

        def ratio(cut: float) -> float:
            return in_sds(cut, high_level) / in_sds(cut, low_level)

        cut = _falling_root(ratio, high / low, 1 / MOST_CV, 1 / LEAST_CV)
        return self._from_mean(low * cut / in_sds(cut, low_level), 1 / cut)


def _weibull_squared_cv(k: float) -> float:
    return math.expm1(math.lgamma(1 + 2 / k) - 2 * math.lgamma(1 + 1 / k))


_CVS: dict[str, Callable[[float], float]] = {
    "gamma": lambda k: 1 / math.sqrt(k),
    "lognormal": lambda sigma: math.sqrt(math.expm1(sigma**2)),
    "weibull": lambda k: math.sqrt(_weibull_squared_cv(k)),
    "normal": lambda cut: 1 / cut,
}
"""Coefficient of variation by shape (of the normal: before the cut)."""


def _falling_root(f: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a falling function meets `target` (bisection on a log scale, to the last digit)."""
    if not f(low) >= target >= f(high):
        raise ValueError("no distribution of this family has such a spread")
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if f(middle) > target else (low, middle)
    return math.sqrt(low * high)
