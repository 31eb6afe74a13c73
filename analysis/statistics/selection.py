"""Choosing: is a promise kept for sure, and which of several set-ups is the best?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.comparisons import FEW_VALUES, Good
from analysis.statistics.intervals import CONFIDENCE
from sim.faults import bad_input
from sim.language import say

Floats = NDArray[np.float64]

# --- one-sided confirmation -----------------------------------------------------------------------------------------


def lower_bound_mean(values: ArrayLike, confidence: float = CONFIDENCE) -> float:
    """What a mean is at least, with this confidence: x̄ - t(n-1, c) · s / √n (Law 2015, sec. 4.5).

    -inf where nothing can be said: with fewer than two values (NaN are left out), and with fewer than three distinct
    values unless as many on one side would be rare by chance, 2⁻ⁿ ≤ 1 - c (five at 95 %): no spread is no proof
    (see `comparisons.py`). For an upper bound take the negative of the bound of the negative values.

    >>> days = [1.53, 1.66, 1.24, 2.34, 2.00, 1.69, 2.69, 2.86, 1.70, 2.60]    # Law (2015), table 9.1
    >>> print(f"{lower_bound_mean(days, 0.95):.2f} {-lower_bound_mean([-day for day in days], 0.95):.2f}")
    1.71 2.35
    """
    from scipy.special import stdtrit

    x = np.asarray(values, dtype=float)
    x = x[~np.isnan(x)]
    if x.size < 2 or (np.unique(x).size < FEW_VALUES and 0.5**x.size > 1 - confidence):
        return float("-inf")
    return float(x.mean() - stdtrit(x.size - 1, confidence) * x.std(ddof=1) / x.size**0.5)


def lower_bound_share(successes: int, trials: int, confidence: float = CONFIDENCE) -> float:
    """What a probability is at least, with this confidence, after `successes` in `trials` independent trials.

    The p for which so many or more would have probability 1 - c: the (1 - c) quantile of Beta(x, n - x + 1). Exact:
    the chance that it lies above the truth is at most 1 - c. Clopper & Pearson (1934), "The use of confidence or
    fiducial limits illustrated in the case of the binomial". Known since Wilks (1941): 59 of 59 prove 95 %, 58 of
    58 do not.

    >>> print(f"{lower_bound_share(59, 59):.4f} {lower_bound_share(58, 58):.4f}")
    0.9505 0.9497
    """
    from scipy.special import betaincinv

    if not 0 <= successes <= trials or trials < 1:
        raise bad_input(
            "share",
            say(
                "needs 0 … trials successes of at least one trial; got {successes} of {trials}",
                successes=successes,
                trials=trials,
            ),
        )
    return float(betaincinv(successes, trials - successes + 1, 1 - confidence)) if successes else 0.0


@dataclass(frozen=True)
class Confirmation:
    """A constraint "at least" and what the replications prove of it."""

    at_least: float
    bound: float
    """What the truth is at least; all bounds hold together with the confidence asked for."""

    @property
    def confirmed(self) -> bool:
        """Whether the constraint is proven to hold."""
        return self.bound >= self.at_least


def confirm(
    constraints: Mapping[str, tuple[ArrayLike, float]], confidence: float = CONFIDENCE
) -> dict[str, Confirmation]:
    """Whether means reach what they must: name → (values over replications, at least).

    Each bound is taken at 1 - (1 - c) / m, so that all m hold at once (Bonferroni). Values that are booleans (a
    promise kept in this replication or not) are counted and bounded by Clopper & Pearson, others by Student. For
    "at most" give negative values and a negative limit.

    >>> kept, month = [True] * 72 + [False], [0.97, 0.96, 0.98, 0.96, 0.95, 0.99]
    >>> found = confirm({"months on time": (kept, 0.9), "orders on time": (month, 0.96)})
    >>> {name: (round(each.bound, 3), each.confirmed) for name, each in found.items()}
    {'months on time': (0.926, True), 'orders on time': (0.953, False)}
    """
    each = 1 - (1 - confidence) / max(len(constraints), 1)
    return {name: Confirmation(limit, _bound(values, each)) for name, (values, limit) in constraints.items()}


def _bound(values: ArrayLike, confidence: float) -> float:
    x = np.asarray(values)
    if x.dtype == bool:
        return lower_bound_share(int(x.sum()), x.size, confidence)
    return lower_bound_mean(x, confidence)


# --- the best of several --------------------------------------------------------------------------------------------

Draw = Callable[[int, Sequence[int]], ArrayLike]
"""(number of the replication, systems that are still in) → the measure of each, under common random numbers."""


@dataclass(frozen=True)
class Selection:
    """Which system was chosen, and what it took."""

    best: int
    replications: tuple[int, ...]
    """Of each system, until it fell out or was chosen."""
    means: tuple[float, ...]
    """Of each system over its replications; the chosen one's is flattered by the choice (see docs/statistics.md)."""


def select_best(
    draw: Draw, systems: int, delta: float, good: Good, confidence: float = CONFIDENCE, first: int = 10
) -> Selection:
    """The best of several systems by Kim & Nelson's fully sequential procedure KN.

    `first` replications are played of all; from then on, replication by replication, a system falls out as soon as it
    lies too far behind another: by more than W(r) = max(0, δ / 2r · (h² S² / δ² - r)), where S² is the variance of
    the first differences of the two and h² = (first - 1) · ((2α / (k - 1))^(-2 / (first - 1)) - 1).

    Guarantee: if the best of the k systems is ahead of every other by at least `delta`, it is chosen with
    probability at least `confidence`. It holds for normal measures that are independent from replication to
    replication, under common random numbers or not. `delta` is the smallest difference that matters, in the unit of
    the measure; where several lie within it of the best, one of them is likely to be chosen, but that is not what
    the theorem says.

    Kim & Nelson (2001), "A fully sequential procedure for indifference-zone selection in simulation" (their c = 1).
    Raises BadInput for fewer than two systems, `delta` ≤ 0, `first` < 2, or measures that are missing.

    >>> rng = np.random.default_rng(1)
    >>> waits = lambda number, systems: [rng.normal((5.0, 4.0, 7.0)[each], 1.0) for each in systems]
    >>> found = select_best(waits, 3, 0.25, "lower")
    >>> found.best, found.replications
    (1, (15, 15, 10))
    """
    if systems < 2 or not delta > 0 or first < 2:
        raise bad_input(
            "selection", say("needs two or more systems, a delta above 0 and two or more first replications")
        )
    sign = 1.0 if good == "higher" else -1.0
    start = np.array([_drawn(draw, number, range(systems)) for number in range(first)]) * sign
    reach = _h_squared(systems, confidence, first) * _variances_of_differences(start) / delta**2
    last = int(reach.max())
    sums, counts = start.sum(axis=0), np.full(systems, first)
    alive, r = np.arange(systems), first
    while True:
        alive = alive[_still_in(sums[alive] / r, reach[np.ix_(alive, alive)], delta, r)]
        if alive.size == 1 or r > last:
            break
        sums[alive] += sign * _drawn(draw, r, alive.tolist())
        r += 1
        counts[alive] = r
    means = sums / counts
    best = alive[np.argmax(means[alive])]
    return Selection(int(best), tuple(counts.tolist()), tuple((sign * means).tolist()))


def _drawn(draw: Draw, number: int, systems: Sequence[int]) -> Floats:
    values = np.asarray(draw(number, systems), dtype=float)
    if values.shape != (len(systems),) or not np.isfinite(values).all():
        raise bad_input(
            "selection",
            say(
                "replication {number} must give a number for each of {systems} systems",
                number=number,
                systems=len(systems),
            ),
        )
    return values


def _h_squared(systems: int, confidence: float, first: int) -> float:
    share = 2 * (1 - confidence) / (systems - 1)
    return (first - 1) * float(share ** (-2 / (first - 1)) - 1)


def _variances_of_differences(values: Floats) -> Floats:
    """(replication, system) → sample variance of the difference of each two."""
    variances: Floats = (values[:, :, None] - values[:, None, :]).var(axis=0, ddof=1)
    return variances


def _still_in(means: Floats, reach: Floats, delta: float, r: int) -> NDArray[np.bool_]:
    """Which systems lie behind no other by more than the two may still catch up."""
    slack = np.maximum(0.0, delta / (2 * r) * (reach - r))
    inside: NDArray[np.bool_] = np.all(means[:, None] >= means[None, :] - slack, axis=1)
    return inside
