"""Distributions as the plan holds them: laws, and how their luck is drawn.

A :class:`Law` is a *standardised variate*, drawn for every order from the decision's own stream whatever the
parameters of size are, and a scaling. A changed mean therefore moves every order's value in proportion and no
order's luck (common random numbers). Only the shape (cv) can change which variates are drawn, and for the families
built on a normal or exponential variate (lognormal, Weibull, exponential) not even that.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict

Floats = NDArray[np.float64]


class Law(BaseModel):
    """A distribution with its parameters worked out: value = shift + scale × (variate of `family` and `shape`)."""

    model_config = ConfigDict(frozen=True)

    family: str
    shape: tuple[float, ...] = ()
    scale: float = 1.0
    shift: float = 0.0
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()


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
    """By inversion, one uniform number a value: drawing again what lies below would mix the luck of the orders."""
    from scipy.special import ndtr, ndtri

    above: Floats = (1 - rng.random(size)) * ndtr(cut)
    return np.maximum(-ndtri(above), -cut)


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


def below(law: Law, value: ArrayLike) -> Floats:
    """The probability that a law's value is not above `value` (a number or an array).

    >>> below(Law(family="uniform", scale=10.0), [2.5, 12.0]).tolist()
    [0.25, 1.0]
    """
    x = np.asarray(value, dtype=float)
    if law.family == "empirical":
        sums = np.append(0.0, np.cumsum(law.weights))
        return np.asarray(sums[np.searchsorted(law.values, x, side="right")])
    if law.family == "constant" or law.scale == 0:
        return np.asarray(x >= law.shift + law.scale, dtype=float)
    return np.asarray(_BELOW[law.family]((x - law.shift) / law.scale, *law.shape))


def _triangular_below(x: Floats, mode: float) -> Floats:
    x = np.clip(x, 0, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(x < mode, x**2 / mode, 1 - (1 - x) ** 2 / (1 - mode) if mode < 1 else 1.0)


def _gamma_below(x: Floats, k: float) -> Floats:
    from scipy.special import gammainc

    return np.asarray(gammainc(k, k * np.maximum(x, 0)))


def _lognormal_below(x: Floats, sigma: float) -> Floats:
    from scipy.special import ndtr

    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(ndtr(np.log(np.maximum(x, 0)) / sigma))


def _cut_normal_below(x: Floats, cut: float) -> Floats:
    from scipy.special import ndtr

    return np.where(x < -cut, 0.0, 1 - ndtr(-x) / ndtr(cut))


_BELOW: dict[str, Callable[..., Floats]] = {
    "uniform": lambda x: np.clip(x, 0, 1),
    "triangular": _triangular_below,
    "exponential": lambda x: -np.expm1(-np.maximum(x, 0)),
    "gamma": _gamma_below,
    "lognormal": _lognormal_below,
    "weibull": lambda x, k: -np.expm1(-(np.maximum(x, 0) ** k)),
    "normal": _cut_normal_below,
}
