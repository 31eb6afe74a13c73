"""One long run: where its start-up ends, what its mean is worth, and when replications are precise enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.controls import Controls, adjusted
from analysis.statistics.intervals import CONFIDENCE, Estimate, estimate, smallest_n, t_quantile
from sim.faults import bad_input
from sim.language import say

Floats = NDArray[np.float64]

MSER_BATCH = 5
"""Values to a batch in MSER-5."""

MSER_BATCHES = 10
"""Fewer batches than this say nothing about a start-up."""

BATCHES = 20
"""Batches whose means make an interval: fewer have a wide one, more leave shorter, more dependent batches (Schmeiser
1982, "Batch size effects in the analysis of simulation output")."""

PARTS = 4
"""Into how many each batch is parted for the test of independence, which would notice too little among twenty."""

FIRST_LOOK = 10
"""Replications before precision is judged at all; the deviation of fewer is often far too small by luck (Law 2015,
sec. 9.4.1)."""


@dataclass(frozen=True)
class Truncation:
    """Where a series leaves its start-up behind."""

    cut: int
    """Values at the beginning to be left out: full batches."""
    mean: float
    """Of the rest."""
    long_enough: bool
    """False if the best cut lies at the very edge of what was searched, half the series."""

    def __str__(self) -> str:
        if not self.long_enough:
            return say("the run is too short: by its middle it has not settled")
        return say("the first {cut:,} values are start-up", cut=self.cut) if self.cut else say("no start-up is seen")


def mser(series: ArrayLike, batch: int = MSER_BATCH) -> Truncation:
    """Cut a start-up off where the marginal standard error of the rest is least (MSER-5, if `batch` is 5).

    Give it the average over replications: in a single run of a busy queue a long queue at the start is cut off and
    a short one is not, which makes the mean too low (measured in docs/validation.md). Give it a `batch` of as many
    values as there are in a day or a week if the series goes up and down with them.

    Over the means z₁ … z_m of batches, the cut d minimises Σ_{j>d} (z_j - z̄_d)² / (m - d)² for d = 0 …
    m/2, where z̄_d is the mean of those that are left; the first of several least. A remainder at the end that fills no
    batch is not looked at. It cuts for the smallest error of the mean, so some bias may be left. Raises BadInput for
    fewer than ten batches or gaps.

    White (1997), "An effective truncation heuristic for bias reduction in simulation output"; Franklin & White (2008),
    "Stationarity tests and MSER-5: exploring the intuition behind mean-squared-error-reduction in detecting and
    correcting initialization bias". A step and then values around 0:

    >>> found = mser([10.0] * 20 + [1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0, -1.0] * 20)
    >>> print(found, found.mean)
    the first 20 values are start-up 0.0
    >>> print(mser(range(100)))
    the run is too short: by its middle it has not settled
    >>> print(mser([0.0] * 24 + [0.0, 2.0, 7.0] * 80, 24))
    the first 24 values are start-up
    """
    x = _series(series, batch * MSER_BATCHES)
    z = _batch_means(x[: x.size - x.size % batch], batch)
    errors = _marginal_errors(z)[: z.size // 2 + 1]
    cut = int(np.argmin(errors))
    return Truncation(cut * batch, float(x[cut * batch :].mean()), cut < z.size // 2)


def _marginal_errors(z: Floats) -> Floats:
    """Σ_{j>d} (z_j - z̄_d)² / (m - d)² for d = 0 … m - 1, in one pass from the end.

    The means are taken about the median: a large start-up would else drown the small spread after it in rounding.
    """
    z = (z - np.median(z))[::-1]
    left = np.arange(1, z.size + 1)
    squares = np.cumsum(z**2) - np.cumsum(z) ** 2 / left
    errors: Floats = (np.maximum(squares, 0.0) / left**2)[::-1]
    return errors


def welch(runs: ArrayLike, window: int) -> Floats:
    """Welch's moving average: the mean over runs at each point in time, smoothed over `window` points to either side.

    `runs` is (replication, time); the result has `window` points fewer. Near the beginning the average takes as many
    points to either side as there are. Plot it and cut where it has levelled off. Raises BadInput unless 1 ≤ window ≤
    a quarter of the points. Law (2015), sec. 9.5.1.

    >>> welch([[1, 2, 6, 4, 5, 6, 7, 8], [1, 2, 0, 4, 5, 6, 7, 8]], 1).tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    """
    table = np.asarray(runs, dtype=float)
    if table.ndim != 2 or not 1 <= window <= table.shape[1] // 4:
        raise bad_input(
            say("Welch's average"),
            say("needs runs x points and a window of 1 … a quarter of them; got {window}", window=window),
        )
    means = table.mean(axis=0)
    sums = np.concatenate(([0.0], np.cumsum(means)))
    i = np.arange(means.size - window)
    side = np.minimum(i, window)
    smooth: Floats = (sums[i + side + 1] - sums[i - side]) / (2 * side + 1)
    return smooth


@dataclass(frozen=True)
class BatchMeans:
    """The mean of one long run, with an interval from the means of its batches."""

    estimate: Estimate
    size: int
    """Values to a batch."""
    lag1: float
    """Correlation of quarter batches with the next one."""
    independent: bool
    """Whether the quarter batches pass von Neumann's test; if not, the interval is too short: run longer."""


def batch_means(series: ArrayLike, batches: int = BATCHES, confidence: float = CONFIDENCE) -> BatchMeans:
    """Estimate the mean of a long, settled run from the means of `batches` (20 or more) successive batches of equal
    size.

    The start-up must have been cut off. What does not fill the batches is left out at the beginning. Raises BadInput
    for fewer than 20 batches, too few values or gaps. Law (2015), sec. 9.5.3; the test is one-sided, at 5 % (von
    Neumann 1941; Fishman 1978, "Grouping observations in digital simulation").

    >>> steps = np.random.default_rng(1).normal(5.0, 1.0, 4000)
    >>> found = batch_means(steps)
    >>> print(found.estimate, found.size, found.independent)
    4.99 ± 0.034 200 True
    >>> batch_means(np.cumsum(steps - 5.0)).independent
    False
    """
    if batches < BATCHES:
        raise bad_input(
            "batch means", say("needs at least {BATCHES} batches; got {batches}", BATCHES=BATCHES, batches=batches)
        )
    x = _series(series, PARTS * batches)
    part = x.size // (PARTS * batches)
    parts = _batch_means(x[x.size - part * PARTS * batches :], part)
    lag1, independent = von_neumann(parts)
    return BatchMeans(estimate(_batch_means(parts, PARTS), confidence), part * PARTS, lag1, independent)


def von_neumann(values: ArrayLike) -> tuple[float, bool]:
    """Lag-1 correlation of a series, and whether it passes for independent: no more positive than chance explains
    at 5 %.

    z = √((n² - 1) / (n - 2)) · (r₁ + ((x₁ - x̄)² + (x_n - x̄)²) / (2 Σ (x - x̄)²)) is standard normal for independent
    normal values (Fishman 1978; a rescaling of von Neumann's ratio of squared successive differences). A constant
    series has correlation 0 and passes.

    >>> von_neumann([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    (0.625, False)
    """
    from scipy.special import ndtri

    x = np.asarray(values, dtype=float)
    if np.ptp(x) == 0:
        return 0.0, True
    x = x - x.mean()
    n, total = x.size, float(x @ x)
    lag1 = float(x[:-1] @ x[1:]) / total
    ends = float(x[0] ** 2 + x[-1] ** 2) / (2 * total)
    return lag1, bool(((n * n - 1) / (n - 2)) ** 0.5 * (lag1 + ends) <= ndtri(0.95))


# --- precision ------------------------------------------------------------------------------------------------------


def enough(
    values: ArrayLike, relative_half_width: float, confidence: float = CONFIDENCE, controls: Controls | None = None
) -> bool:
    """Whether replications have pinned a mean down to a share γ of the *true* mean.

    The half-width must be at most γ / (1 + γ) of the *estimated* mean, so that the error is at most γ of the true one
    (Law 2015, sec. 9.4.1). Never with fewer than ten values; NaN values are left out; `controls` say what is known of
    the luck of the replications. Stopping by this rule costs a little coverage; γ ≤ 0.15 is advised there.

    >>> days = [1.53, 1.66, 1.24, 2.34, 2.00, 1.69, 2.69, 2.86, 1.70, 2.60]    # Law, table 9.1
    >>> enough(days, 0.25, 0.90), enough(days, 0.10, 0.90)
    (True, False)
    """
    found = adjusted(values, controls, confidence)
    return found.n >= FIRST_LOOK and bool(found.half_width <= _share(relative_half_width) * abs(found.mean))


def needed(
    values: ArrayLike, target: float, confidence: float = CONFIDENCE, controls: Controls | None = None
) -> int | None:
    """How many replications will be enough for the relative half-width `target`, if mean and spread stay as they are.

    None if that takes over a million, or if fewer than two values are known. Law (2015), sec. 9.4.1: 27 days for 10 %
    at 90 %.

    >>> needed([1.53, 1.66, 1.24, 2.34, 2.00, 1.69, 2.69, 2.86, 1.70, 2.60], 0.10, 0.90)
    27
    """
    found, plain = adjusted(values, controls, confidence), estimate(values, confidence)
    if found.n < 2:
        return None
    spent = 1 if controls is None or found == plain else 1 + len(controls.which)
    wanted = _share(target) * abs(found.mean)
    factor = found.half_width * found.n**0.5 / t_quantile(found.n - spent, confidence)
    return smallest_n(lambda n: t_quantile(n - spent, confidence) * factor / n**0.5 <= wanted, FIRST_LOOK)


def _share(relative: float) -> float:
    if not 0 < relative < 1:
        raise bad_input(
            "precision", say("the relative half-width must lie between 0 and 1; got {relative}", relative=relative)
        )
    return relative / (1 + relative)


def _series(values: ArrayLike, least: int) -> Floats:
    x = np.asarray(values, dtype=float)
    if x.ndim != 1 or x.size < least or not np.isfinite(x).all():
        raise bad_input(
            "series",
            say("needs at least {least} values in a row and no gaps; got shape {shape}", least=least, shape=x.shape),
        )
    return x


def _batch_means(x: Floats, size: int) -> Floats:
    means: Floats = x.reshape(-1, size).mean(axis=1)
    return means
