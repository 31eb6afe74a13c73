"""Estimates over replications: Student-t intervals, and how many replications would be enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95

MOST_REPLICATIONS = 1_000_000
"""As many as a run may have."""


@dataclass(frozen=True)
class Estimate:
    """A mean over `n` replications and the half-width of its confidence interval (NaN if n < 2)."""

    mean: float
    half_width: float
    n: int

    def __str__(self) -> str:
        return f"{self.mean:.4g}" if np.isnan(self.half_width) else f"{self.mean:.4g} ± {self.half_width:.2g}"

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.mean + self.half_width

    def excludes(self, value: float) -> bool:
        """Whether the interval proves that the truth differs from `value` (never with one replication)."""
        return bool(self.half_width < abs(self.mean - value))


def estimate(values: ArrayLike, confidence: float = CONFIDENCE) -> Estimate:
    """The mean of independent values with its Student-t interval: x̄ ± t(n-1, (1+c)/2) · s / √n.

    NaN values (a replication in which the measure had nothing to measure) are left out and lower `n`.
    Source: Law (2015), *Simulation Modeling and Analysis*, 5th ed., eq. 4.12.

    >>> estimate([1.2, 1.5, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.5, 1.09], 0.90)   # Law, example 4.26
    Estimate(mean=1.343, half_width=0.2372..., n=10)
    """
    x = np.asarray(values, dtype=float)
    x = x[~np.isnan(x)]
    if x.size == 0:
        return Estimate(float("nan"), float("nan"), 0)
    if x.size == 1:
        return Estimate(float(x[0]), float("nan"), 1)
    return Estimate(float(x.mean()), t_quantile(x.size - 1, confidence) * float(x.std(ddof=1)) / x.size**0.5, x.size)


def estimate_rows(values: NDArray[np.float64], confidence: float = CONFIDENCE) -> tuple[NDArray[np.float64], ...]:
    """Estimates of many measures at once: an array (replication, measure) → means, half-widths, ns."""
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    filled = np.where(known, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = filled.sum(axis=0) / n
        spread = np.where(known, values - means, 0.0)
        deviation = np.sqrt((spread**2).sum(axis=0) / (n - 1))
        half = np.array([t_quantile(int(k) - 1, confidence) if k > 1 else np.nan for k in n]) * deviation / np.sqrt(n)
    return means, half, n


def t_quantile(degrees: int, confidence: float = CONFIDENCE) -> float:
    """The factor of a two-sided Student-t interval.

    >>> round(t_quantile(9), 3)
    2.262
    """
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + confidence) / 2))


def normal_score(t: float, degrees: int) -> float:
    """The value that lies as far out on the standard normal scale as `t` does on Student's with so many degrees of
    freedom.

    >>> round(normal_score(2.262157, 9), 3), round(normal_score(-12.0, 9), 3)
    (1.96, -4.943)
    """
    from scipy.special import ndtri, stdtr

    if np.isnan(t) or degrees < 1:
        return float("nan")
    return float(np.copysign(-ndtri(stdtr(degrees, -abs(t))), t))


def smallest_n(holds: Callable[[int], bool], start: int) -> int | None:
    """The smallest n from `start` on for which a condition holds that, once true, stays true; None if that takes more
    than a million.

    >>> smallest_n(lambda n: n * n > 1000, 2), smallest_n(lambda n: False, 2)
    (32, None)
    """
    low, high = start - 1, start
    while not holds(high):
        if high >= MOST_REPLICATIONS:
            return None
        low, high = high, min(2 * high, MOST_REPLICATIONS)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def replications_for(
    half_width: float, deviation: float, confidence: float = CONFIDENCE, start: int = 2, spent: int = 0
) -> int | None:
    """From `start` on, the smallest n for which t(n-1, (1+c)/2) · s / √n < half_width; None if above a million.
    `spent`: degrees of freedom that are gone beside the one of the mean.

    Law (2015), sec. 9.4.1: ten bank days with s² = 0.31; 90 %, 0.25 min either side takes 16 days.

    >>> replications_for(0.25, 0.31**0.5, 0.90)
    16
    """
    first = max(start, 2 + spent)
    return smallest_n(lambda n: t_quantile(n - 1 - spent, confidence) * deviation / n**0.5 < half_width, first)
