"""Every distribution a scenario may name: how it is written and what it means.

A distribution is written as `{ family = { parameters } }` with named parameters, or as a plain value for a constant.
It becomes a :class:`~sim.distributions.Law`.

Formulas: Law, A. M. (2015), *Simulation Modeling and Analysis*, 5th ed., section 6.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from sim.distributions import Law, empirical_law, mean
from sim.faults import shown
from sim.scenario.fields import LARGEST, Duration, Number, Table

Q = TypeVar("Q", bound=float)

QUANTILES = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95, "p99": 0.99}
_Z = {0.10: -1.2815515655446004, 0.25: -0.6744897501960817, 0.50: 0.0, 0.75: 0.6744897501960817,
      0.90: 1.2815515655446004, 0.95: 1.6448536269514722, 0.99: 2.3263478740408408}  # fmt: skip

LEAST_CV, MOST_CV = 1e-4, 10.0
"""Coefficients of variation that are believed (0 means a constant)."""


class _Parameters(Table, Generic[Q]):
    """The base of every family: its parameters are durations or plain numbers."""

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """The name of the family with its kind of parameter, in the schema."""
        return f"{cls.__name__}Of{'Times' if params[0] is Duration else 'Amounts'}"


class Constant(_Parameters[Q], Generic[Q]):
    """Always the same value."""

    value: Q
    """The value."""

    def law(self) -> Law:
        return Law(family="constant", scale=self.value)


class Uniform(_Parameters[Q], Generic[Q]):
    """Anything from `low` to `high`, all alike."""

    low: Q
    """The smallest value."""
    high: Q
    """The largest value; at least `low`."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.high:
            raise ValueError("low must not exceed high")
        return self

    def law(self) -> Law:
        return Law(family="uniform", scale=self.high - self.low, shift=self.low)


class Triangular(_Parameters[Q], Generic[Q]):
    """From `low` to `high`, most often near `mode`."""

    low: Q
    """The smallest value."""
    mode: Q
    """The most frequent value."""
    high: Q
    """The largest value."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mode <= self.high:
            raise ValueError("low, mode and high must come in this order")
        return self

    def law(self) -> Law:
        width = self.high - self.low
        if width == 0:
            return Law(family="constant", scale=self.low)
        return Law(family="triangular", shape=((self.mode - self.low) / width,), scale=width, shift=self.low)


class Exponential(_Parameters[Q], Generic[Q]):
    """Many short, few long, without memory; known by its mean alone."""

    mean: Q
    """The mean."""

    def law(self) -> Law:
        return Law(family="exponential", scale=self.mean)


class Erlang(_Parameters[Q], Generic[Q]):
    """The sum of `phases` (1 … 1000) equal exponential parts."""

    mean: Q
    """The mean of the whole."""
    phases: Annotated[int, Field(ge=1, le=1000)]
    """How many parts (1 … 1000)."""

    def law(self) -> Law:
        return Law(family="gamma", shape=(float(self.phases),), scale=self.mean)


class _MeanOrQuantiles(_Parameters[Q], Generic[Q]):
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


class Empirical(_Parameters[Q], Generic[Q]):
    """Values as they were observed: a list (with `weights`, else all alike), or a column of a CSV file."""

    values: list[Q] | None = None
    """The values."""
    weights: list[Number] | None = None
    """How often each of them came; only their proportions count."""
    file: str | None = None
    """Or: a CSV file with a header …"""
    column: str | None = None
    """… and its column that holds the values."""
    unit: str | None = None
    """For a column of times: the unit of its numbers (`s`, `min` …)."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.values is None) == (self.file is None) or (self.file is None) != (self.column is None):
            raise ValueError("give either values, or file and column")
        if self.values is not None and not self.values:
            raise ValueError("values is empty")
        if self.weights is not None:
            if self.values is None or len(self.weights) != len(self.values):
                raise ValueError("weights must be as many as values")
            if not sum(self.weights) > 0:
                raise ValueError("the weights add up to 0")
        return self

    def law(self) -> Law:
        return empirical_law(list(self.values or ()), self.weights)


class Distribution(_Parameters[Q], Generic[Q]):
    """Exactly one family with its parameters, such as `{ gamma = { mean = "45 s", cv = 0.6 } }`; a plain value is a
    constant.
    """

    constant: Constant[Q] | None = None
    uniform: Uniform[Q] | None = None
    triangular: Triangular[Q] | None = None
    exponential: Exponential[Q] | None = None
    erlang: Erlang[Q] | None = None
    gamma: Gamma[Q] | None = None
    lognormal: Lognormal[Q] | None = None
    weibull: Weibull[Q] | None = None
    normal: Normal[Q] | None = None
    empirical: Empirical[Q] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            families = ", ".join(Distribution.model_fields)
            raise ValueError(f"give exactly one distribution ({families}); here are {len(self.model_fields_set)}")
        return self

    @property
    def family(self) -> Any:
        """The one family that was given."""
        return getattr(self, next(iter(self.model_fields_set)))

    def law(self) -> Law:
        """The distribution with its parameters worked out (an empirical one of a file: see reading.py)."""
        return self.family.law()  # type: ignore[no-any-return]  # every family's law() returns a Law


def _plain_is_constant(value: Any) -> Any:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return {"constant": {"value": value}}
    if not isinstance(value, (dict, Distribution)):
        message = "expected a value, or a distribution such as { gamma = { mean = …, cv = … } }"
        raise ValueError(f"{message}; got {shown(value)}")
    return value


Times = Annotated[
    Distribution[Duration],
    BeforeValidator(_plain_is_constant, json_schema_input_type=Distribution[Duration] | Duration),
]
"""A distribution of durations."""
Amounts = Annotated[
    Distribution[Number], BeforeValidator(_plain_is_constant, json_schema_input_type=Distribution[Number] | Number)
]
"""A distribution of plain numbers."""


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
