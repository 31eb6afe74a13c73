"""Every distribution a scenario may name: how it is written, what it means, how its luck is drawn.

A distribution is written as `{ family = { parameters } }` with named parameters, or as a plain value for a constant.
It becomes a :class:`Law`: a *standardised variate*, drawn for every order from the decision's own stream whatever the
parameters of size are, and a scaling. A changed mean therefore moves every order's value in proportion and no
order's luck (common random numbers). Only the shape (cv) can change which variates are drawn, and for the families
built on a normal or exponential variate (lognormal, Weibull, exponential) not even that.

Formulas: Law, A. M. (2015), *Simulation Modeling and Analysis*, 5th ed., section 6.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sim.scenario.fields import Duration, Number, Table

Q = TypeVar("Q", bound=float)
Floats = NDArray[np.float64]

QUANTILES = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90, "p95": 0.95, "p99": 0.99}
_Z = {0.10: -1.2815515655446004, 0.25: -0.6744897501960817, 0.50: 0.0, 0.75: 0.6744897501960817,
      0.90: 1.2815515655446004, 0.95: 1.6448536269514722, 0.99: 2.3263478740408408}  # fmt: skip


class Law(BaseModel):
    """A distribution with its parameters worked out: value = shift + scale × (variate of `family` and `shape`)."""

    model_config = ConfigDict(frozen=True)

    family: str
    shape: tuple[float, ...] = ()
    scale: float = 1.0
    shift: float = 0.0
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()


# --- what a person writes -------------------------------------------------------------------------------------


class Constant(Table, Generic[Q]):
    """Always the same value."""

    value: Q

    def law(self) -> Law:
        return Law(family="constant", scale=self.value)


class Uniform(Table, Generic[Q]):
    """Anything from `low` to `high`, all alike."""

    low: Q
    high: Q

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.high:
            raise ValueError("low must not exceed high")
        return self

    def law(self) -> Law:
        return Law(family="uniform", scale=self.high - self.low, shift=self.low)


class Triangular(Table, Generic[Q]):
    """From `low` to `high`, most often near `mode`."""

    low: Q
    mode: Q
    high: Q

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


class Exponential(Table, Generic[Q]):
    """Many short, few long, without memory; known by its mean alone."""

    mean: Q

    def law(self) -> Law:
        return Law(family="exponential", scale=self.mean)


class Erlang(Table, Generic[Q]):
    """The sum of `phases` (1 … 1000) equal exponential parts."""

    mean: Q
    phases: Annotated[int, Field(ge=1, le=1000)]

    def law(self) -> Law:
        return Law(family="gamma", shape=(float(self.phases),), scale=self.mean)


class _MeanOrQuantiles(Table, Generic[Q]):
    """Either `mean` and `cv` (coefficient of variation, 0 … 10), or two quantiles such as `p50` and `p90`."""

    mean: Q | None = None
    cv: Annotated[float, Field(ge=0, le=10)] | None = None
    p10: Q | None = None
    p25: Q | None = None
    p50: Q | None = None
    p75: Q | None = None
    p90: Q | None = None
    p95: Q | None = None
    p99: Q | None = None

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
        return self

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

        k = _falling_root(log_ratio, math.log(high / low), 0.05, 1e6)
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
        def squared_cv(k: float) -> float:
            return math.exp(math.lgamma(1 + 2 / k) - 2 * math.lgamma(1 + 1 / k)) - 1

        k = _falling_root(squared_cv, cv**2, 0.15, 1e3)
        return Law(family="weibull", shape=(k,), scale=mean / math.gamma(1 + 1 / k))

    def _from_quantiles(self, low_level: float, low: float, high_level: float, high: float) -> Law:
        k = math.log(math.log1p(-high_level) / math.log1p(-low_level)) / math.log(high / low)
        return Law(family="weibull", shape=(k,), scale=low / (-math.log1p(-low_level)) ** (1 / k))


class Normal(_MeanOrQuantiles[Q], Generic[Q]):
    """The bell curve, its part below zero cut off and drawn again. `mean` and `cv` are those before the cut."""

    def _from_mean(self, mean: float, cv: float) -> Law:
        return Law(family="normal", shape=(1 / cv,), scale=mean * cv, shift=mean)

    def _from_quantiles(self, low_level: float, low: float, high_level: float, high: float) -> Law:
        sd = (high - low) / (_Z[high_level] - _Z[low_level])
        mean = low - sd * _Z[low_level]
        if mean <= 0:
            raise ValueError("these quantiles put the middle of the bell below 0")
        return self._from_mean(mean, sd / mean)


class Empirical(Table, Generic[Q]):
    """Values as they were observed: a list (with `weights`, else all alike), or a column of a CSV file."""

    values: list[Q] | None = None
    weights: list[Number] | None = None
    file: str | None = None
    column: str | None = None
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


class Distribution(Table, Generic[Q]):
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
    plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return {"constant": {"value": value}} if plain else value


_PLAIN = BeforeValidator(_plain_is_constant, json_schema_input_type=Any)
Times = Annotated[Distribution[Duration], _PLAIN]
"""A distribution of durations."""
Amounts = Annotated[Distribution[Number], _PLAIN]
"""A distribution of plain numbers."""


def empirical_law(values: list[float], weights: list[float] | None = None) -> Law:
    """The law of observed values, in rising order so that a larger variate is a larger value."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    weights = weights or [1.0] * len(values)
    total = sum(weights)
    return Law(
        family="empirical",
        values=tuple(float(values[i]) for i in order),
        weights=tuple(weights[i] / total for i in order),
    )


def _falling_root(f: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Where a falling function meets `target` (bisection on a log scale, to the last digit)."""
    if not f(low) >= target >= f(high):
        raise ValueError("no distribution of this family has such a spread")
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if f(middle) > target else (low, middle)
    return math.sqrt(low * high)


# --- what is drawn --------------------------------------------------------------------------------------------


def sample(law: Law, rng: np.random.Generator, size: int) -> Floats:
    """`size` independent values of the law (ms for times). Equal streams give equal variates whatever the scale."""
    if law.family == "constant":
        return np.full(size, law.scale + law.shift)
    if law.family == "empirical":
        chosen = np.searchsorted(np.cumsum(law.weights), rng.random(size), side="right")
        return np.asarray(law.values)[np.minimum(chosen, len(law.values) - 1)]
    variates = _STANDARD[law.family](rng, size, *law.shape)
    variates *= law.scale
    variates += law.shift
    return variates


def _triangular(rng: np.random.Generator, size: int, mode: float) -> Floats:
    u = rng.random(size)
    with np.errstate(invalid="ignore"):
        return np.where(u < mode, np.sqrt(u * mode), 1 - np.sqrt((1 - u) * (1 - mode)))


def _cut_normal(rng: np.random.Generator, size: int, cut: float) -> Floats:
    z = rng.standard_normal(size)
    while (below := np.flatnonzero(z < -cut)).size:
        z[below] = rng.standard_normal(below.size)
    return z


_STANDARD: dict[str, Callable[..., Floats]] = {
    "uniform": lambda rng, size: rng.random(size),
    "triangular": _triangular,
    "exponential": lambda rng, size: rng.standard_exponential(size),
    "gamma": lambda rng, size, k: rng.standard_gamma(k, size) / k,
    "lognormal": lambda rng, size, sigma: np.exp(sigma * rng.standard_normal(size)),
    "weibull": lambda rng, size, k: rng.standard_exponential(size) ** (1 / k),
    "normal": _cut_normal,
}


def mean(law: Law) -> float:
    """The expected value of a law (ms for times).

    >>> mean(Law(family="exponential", scale=90_000))
    90000.0
    """
    if law.family == "empirical":
        return float(np.dot(law.values, law.weights))
    return law.shift + law.scale * _MEANS[law.family](*law.shape)


def _cut_normal_mean(cut: float) -> float:
    density = math.exp(-cut * cut / 2) / math.sqrt(2 * math.pi)
    return density / (0.5 * math.erfc(-cut / math.sqrt(2)))


_MEANS: dict[str, Callable[..., float]] = {
    "constant": lambda: 1.0,
    "uniform": lambda: 0.5,
    "triangular": lambda mode: (1 + mode) / 3,
    "exponential": lambda: 1.0,
    "gamma": lambda k: 1.0,
    "lognormal": lambda sigma: math.exp(sigma**2 / 2),
    "weibull": lambda k: math.gamma(1 + 1 / k),
    "normal": _cut_normal_mean,
}
