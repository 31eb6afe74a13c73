"""Control variates: a mean told more precisely by what is known of the luck that the replications had.

If a figure y goes along with a quantity c whose expected value μ is known, then replications in which more came than is
to be expected say so, and their excess can be taken off. The figure is regressed on the centred controls d = c - μ by
least squares,

    y = β₀ + β'd + ε,    ȳ_c = ȳ - b'd̄ = Σ w_k y_k,

and the intercept ȳ_c is the estimate: a weighted mean whose weights depend on the controls alone (they sum to 1). For
y and c that are jointly normal it is unbiased, and

    ȳ_c ± t(n - 1 - q, 0.975) · s_ε · √(Σ w²),    s_ε² = Σ ε̂² / (n - 1 - q)

holds the truth with exactly 95 %. The q controls cost as many degrees of freedom; where they tell nothing, the variance
grows by (n - 2) / (n - q - 2), the loss factor. Sources: Lavenberg & Welch (1981), "A perspective on the use of control
variables to increase the efficiency of Monte Carlo simulations", Management Science 27(3), 322-335 (the interval and
the loss factor); Nelson (1990), "Control variate remedies", Operations Research 38(6), 974-992 (coverage where the two
are not normal).

**Which controls** must be fixed without looking at the figure: whoever takes the shorter of the intervals with and
without controls errs seven times in a hundred instead of five with ten replications. `chosen` looks at n and at the
controls only, which costs no coverage, as the interval holds for any given values of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.intervals import CONFIDENCE, Estimate, estimate, t_quantile

Floats = NDArray[np.float64]

FROM_N = (10, 30)
"""From so many replications on one control is used, two."""

VARIES = 0.01
"""A control that varies less than this from replication to replication (standard deviation to mean) says too little."""

SPARE = 3
"""So many more replications than controls there must be, at the least, and one more."""

ROUNDING = 1e-9
"""What differs by less than this, in proportion, differs by rounding."""

COLLINEAR = 1e-6
"""A control of whose spread no larger share is its own says nothing new."""


@dataclass(frozen=True)
class Controls:
    """What is known of the luck of some replications, ready for any figure."""

    weights: Floats
    """Of each replication in the adjusted mean; they sum to 1."""
    base: Floats = field(repr=False)
    """Orthonormal columns (replication, 1 + q) that span a constant and the controls."""
    which: tuple[int, ...]
    """The controls that are used, of those that were given."""

    @property
    def degrees(self) -> int:
        """Degrees of freedom that are left."""
        return int(self.base.shape[0] - self.base.shape[1])


def chosen(controls: Sequence[ArrayLike], means: Sequence[float]) -> Controls | None:
    """The controls to be used of those that are given, each with its expected value: those that vary, in their order,
    as many as the number of replications allows. None if there are none. Does not look at any figure.

    >>> came = [96.0, 104.0, 99.0, 103.0, 90.0, 101.0, 108.0, 97.0, 100.0, 105.0]
    >>> chosen([[7.0] * 10, came], [7.0, 100.0]).which
    (1,)
    >>> print(chosen([came[:9]], [100.0]), chosen([[7.0] * 10], [7.0]))
    None None
    """
    values = np.array(controls, dtype=float)
    if not values.size:
        return None
    most = sum(values.shape[1] >= least for least in FROM_N)
    varied = [n for n, (each, mean) in enumerate(zip(values, means, strict=True)) if _varies(each, mean)][:most]
    if not varied:
        return None
    found = controls_of((values[varied] - np.array(means)[varied, None]).T)
    return None if found is None else replace(found, which=tuple(varied[n] for n in found.which))


def _varies(values: Floats, mean: float) -> bool:
    return values.size > 1 and bool(values.std() > VARIES * abs(mean))


def controls_of(centred: ArrayLike) -> Controls | None:
    """Controls from their values less their expected values, (replication, control). Those that are combinations of
    the ones before them are left out, and the last where there would not be four replications more than controls. None
    if none is left.

    >>> controls_of([[-1.0], [0.0], [2.0], [0.0], [-1.0], [3.0]]).weights.round(3).tolist()
    [0.222, 0.185, 0.111, 0.185, 0.222, 0.074]
    """
    columns = np.asarray(centred, dtype=float)
    n = len(columns)
    which, seen = [], [np.full(n, n**-0.5)]
    for number, column in enumerate(columns.T):
        own = _apart(column, seen)
        if len(seen) < n - SPARE and np.linalg.norm(own) > COLLINEAR * np.linalg.norm(column):
            which.append(number)
            seen.append(own / np.linalg.norm(own))
    return _ready(columns[:, which], which) if which else None


def _ready(columns: Floats, which: list[int]) -> Controls:
    """The weights are the part of a constant that no control explains, scaled to a sum of 1."""
    base: list[Floats] = []
    for column in columns.T:
        own = _apart(column, base)
        base.append(own / np.linalg.norm(own))
    free = _apart(np.ones(len(columns)), base)
    return Controls(free / free.sum(), np.column_stack([*base, free / np.linalg.norm(free)]), tuple(which))


def _apart(column: Floats, base: list[Floats]) -> Floats:
    """What of a column is at right angles to orthonormal ones (taken off twice: rounding)."""
    for _ in range(2):
        column = column - sum((each * float(each @ column) for each in base), np.zeros(column.size))
    return column


def adjusted(
    values: ArrayLike,
    controls: Controls | None,
    confidence: float = CONFIDENCE,
    within: tuple[float, float] = (-np.inf, np.inf),
) -> Estimate:
    """The mean of replications with its interval, adjusted for what is known of their luck.

    The plain one (`estimate`) where there are no controls, where some values are missing (whether a replication had
    anything to measure is luck, too), where the controls leave no spread (which would prove a figure from a few
    replications, whatever the next one brings), and where the interval would not lie `within` what is possible: near
    such an end a figure does not follow the controls in a straight line.

    >>> known = controls_of([[-3.0], [1.0], [2.0], [-2.0], [4.0], [0.0], [1.0], [-1.0]])
    >>> waits = [3.1, 11.2, 12.8, 6.2, 17.1, 8.8, 10.9, 7.2]
    >>> print(estimate(waits), "|", adjusted(waits, known))
    9.662 ± 3.6 | 9.185 ± 0.38
    """
    y = np.asarray(values, dtype=float)
    if controls is None or not says_more(y, controls):
        return estimate(y, confidence)
    half = t_quantile(controls.degrees, confidence) * standard_error(y, controls)
    found = Estimate(float(controls.weights @ y), half, y.size)
    return found if within[0] <= found.low and found.high <= within[1] else estimate(y, confidence)


def says_more(values: Floats, controls: Controls) -> bool:
    """Whether controls may adjust these values: none is missing, and some spread is left beyond rounding."""
    return not np.isnan(values).any() and bool(np.abs(_left(values, controls)).max() > ROUNDING * np.abs(values).max())


def standard_error(values: Floats, controls: Controls) -> float:
    """The standard error of the adjusted mean."""
    left = _left(values, controls)
    return float(np.sqrt((left @ left) / controls.degrees) * np.linalg.norm(controls.weights))


def _left(values: Floats, controls: Controls) -> Floats:
    """What the controls do not explain."""
    about = values - values.mean()
    left: Floats = about - controls.base @ (controls.base.T @ about)
    return left


def width_ratio(values: ArrayLike, controls: Controls | None) -> float:
    """How wide the adjusted interval is beside the plain one; NaN where that has no width."""
    plain = estimate(values).half_width
    return adjusted(values, controls).half_width / plain if plain > 0 else float("nan")
