"""Alternatives compared pair by pair under common random numbers: better, worse, the same, or not proven.

The differences of a pair of runs under the same luck hold only what the alternative changes; their spread is the
smaller the more luck the two share. Over a family of comparisons two corrections are made. The *intervals* hold all
at once with the confidence asked for (Bonferroni; Law 2015, sec. 10.3). The *verdicts* follow Holm (1979), who
rejects at least as much and still calls any difference of a family that has none "proven" at most one time in
twenty. So a verdict may stand although its (wider) interval holds 0.

**Values that hardly differ.** A t-interval takes its width from the spread of the differences. Three differences of
exactly 4 have none, and the interval would prove 4 ± 0 from three runs, although a fourth could bring -50: such
values come from measures that jump (a largest queue, a share of few cases). So where the differences take fewer
than three distinct values, they must also pass the sign test, which needs no spread: n differences of one sign have
probability 2 / 2ⁿ if either sign is as likely. Fewer than six can therefore never prove anything at 95 % (2 / 2⁵ =
0.0625), and a family of ten comparisons needs nine. Where the sign test is failed, the interval is withheld as it
is with one replication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.controls import Controls, adjusted, says_more, standard_error
from analysis.statistics.intervals import CONFIDENCE, Estimate, estimate, replications_for, smallest_n
from sim.faults import bad_input
from sim.language import say

Good = Literal["lower", "higher"]
Verdict = Literal["better", "worse", "the same", "not proven"]

FEW_VALUES = 3
"""Differences with fewer distinct values than this must pass the sign test too."""

ROUNDING = 1e-12
"""What differs by less than this share of the values themselves differs by rounding of floats only."""


@dataclass(frozen=True)
class PairedComparison:
    """An alternative held against a base over the replications in which both had something to measure."""

    difference: Estimate
    """Alternative - base; its interval holds together with those of the whole family."""
    variance_ratio: float
    """How many times more replications it would have taken without pairing: (var A + var B) / var(A - B)."""
    verdict: Verdict
    needed: int | None
    """Replications that settle it, if mean and spread of the differences stay as they are: those played if it is
    settled; None if the mean is exactly 0 or it would take over a million."""
    p: float
    """Probability of differences as large as these if there were none (two-sided, before Holm's correction)."""
    plain_half_width: float = float("nan")
    """What the half-width would be without controls."""


def compare_paired(
    alternative: ArrayLike, base: ArrayLike, good: Good, confidence: float = CONFIDENCE
) -> PairedComparison:
    """One alternative against a base, both as arrays (replications,) under the same seed; `good` is the direction of
    improvement. Pairs with a NaN are left out. Raises BadInput if the arrays do not pair.

    Law (2015), sec. 10.2.1: cost of the inventory policies (20, 40) and (20, 80), 90 %: 4.98 ± 3.33.

    >>> forty = [126.97, 124.31, 126.68, 122.66, 127.23]
    >>> eighty = [118.21, 120.22, 122.45, 122.68, 119.40]
    >>> found = compare_paired(eighty, forty, "lower", 0.90)
    >>> print(found.difference, found.verdict)
    -4.978 ± 3.3 better
    >>> compare_paired(eighty, forty, "lower", 0.99).needed
    7
    """
    return compare_family([(alternative, base)], good, confidence)[0]


def compare_family(
    pairs: Sequence[tuple[ArrayLike, ArrayLike]],
    good: Good | Sequence[Good],
    confidence: float = CONFIDENCE,
    controls: Sequence[Controls | None] = (),
) -> list[PairedComparison]:
    """Comparisons that are judged together: pairs (alternative, base), one `good` for all or one for each; `controls`
    say of each pair what is known of the luck of its replications. They are left out where a pair has a NaN and where
    differences take few values.

    The chance that any verdict of the family is wrong is at most 1 - confidence. Choose the family before looking:
    what is picked afterwards is not covered. Raises BadInput for arrays that do not pair.

    >>> tie, ahead = ([1, 2, 3, 4], [2, 1, 4, 3]), ([1.0, 2.1, 3.2, 4.1], [6.1, 7.0, 8.5, 9.0])
    >>> [each.verdict for each in compare_family([tie, ahead], "lower")]
    ['not proven', 'better']
    """
    goods = [good] * len(pairs) if isinstance(good, str) else list(good)
    if len(goods) != len(pairs):
        raise bad_input(
            "comparison",
            say("{goods} directions of improvement are given for {pairs} pairs", goods=len(goods), pairs=len(pairs)),
        )
    alpha = (1 - confidence) / max(len(pairs), 1)
    known = controls or [None] * len(pairs)
    found = [_compare(*_paired(*pair), alpha, each) for pair, each in zip(pairs, known, strict=True)]
    proven = holm([each.p for each in found], confidence)
    return [_judged(each, is_proven, which) for each, is_proven, which in zip(found, proven, goods, strict=True)]


def holm(p_values: Sequence[float], confidence: float = CONFIDENCE) -> list[bool]:
    """Which hypotheses are rejected step by step: the smallest p against α/m, the next against α/(m-1) … until one
    fails.

    Holm (1979), "A simple sequentially rejective multiple test procedure".

    >>> holm([0.01, 0.04, 0.03, 0.005])
    [True, False, False, True]
    """
    rejected = [False] * len(p_values)
    for left, number in zip(range(len(p_values), 0, -1), np.argsort(p_values, kind="stable"), strict=True):
        if p_values[number] > (1 - confidence) / left:
            break
        rejected[number] = True
    return rejected


def sign_test(differences: ArrayLike) -> float:
    """Probability of signs as one-sided as these if either is as likely (two-sided, zeros left out); 1 without any.

    >>> sign_test([4, 4, 4, 4, 4]), sign_test([4] * 6)
    (0.0625, 0.03125)
    """
    d = np.asarray(differences)
    return _sign_p(int((d > 0).sum()), int((d < 0).sum()))


def _sign_p(above: int, below: int) -> float:
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(above, below), above + below, 0.5))) if above + below else 1.0


def _paired(alternative: ArrayLike, base: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, b = np.asarray(alternative, dtype=float), np.asarray(base, dtype=float)
    if a.ndim != 1 or a.shape != b.shape:
        raise bad_input(
            "comparison",
            say(
                "needs two rows of as many replications; got shapes {shape} and {shape_2}",
                shape=a.shape,
                shape_2=b.shape,
            ),
        )
    if np.isinf(a).any() or np.isinf(b).any():
        raise bad_input("comparison", say("infinite values have no mean difference"))
    both = ~(np.isnan(a) | np.isnan(b))
    return a[both], b[both]


def _compare(
    a: NDArray[np.float64], b: NDArray[np.float64], alpha: float, controls: Controls | None
) -> PairedComparison:
    """A comparison with a verdict of its own: "the same" or "not proven"."""
    scale = float(np.maximum(np.abs(a), np.abs(b)).max(initial=0.0))
    d = np.where(np.abs(a - b) > ROUNDING * scale, a - b, 0.0)
    plain = estimate(d, 1 - alpha)
    if d.size < 2:
        return PairedComparison(plain, float("nan"), "not proven", None, 1.0)
    if not d.any():
        return PairedComparison(plain, _ratio(a, b, d), "the same", None, 1.0)
    few = np.unique(np.round(d / scale, 11)).size < FEW_VALUES
    known = controls if not few and controls is not None and _fits(d, controls) else None
    difference, p = adjusted(d, known, 1 - alpha), _t_test(d, known)
    if few:
        p = max(p, sign_test(d))
    if few and p > alpha:
        difference = plain = replace(difference, half_width=float("nan"))
    needed = _needed(d, alpha, few, known)
    return PairedComparison(difference, _ratio(a, b, d), "not proven", needed, p, plain.half_width)


def _fits(d: NDArray[np.float64], controls: Controls) -> bool:
    """Whether controls are of these replications, none left out, and may adjust them."""
    return len(controls.weights) == d.size and says_more(d, controls)


def _ratio(a: NDArray[np.float64], b: NDArray[np.float64], d: NDArray[np.float64]) -> float:
    apart, together = float(a.var() + b.var()), float(d.var())
    if together == 0:
        return float("inf") if apart > 0 else float("nan")
    return apart / together


def _t_test(d: NDArray[np.float64], known: Controls | None) -> float:
    from scipy.special import stdtr

    mean, degrees, error = float(d.mean()), d.size - 1, float(d.std(ddof=1)) / d.size**0.5
    if known is not None:
        mean, degrees, error = float(known.weights @ d), known.degrees, standard_error(d, known)
    return 2 * float(stdtr(degrees, -abs(mean) / error)) if error > 0 else 0.0


def _needed(d: NDArray[np.float64], alpha: float, few: bool, known: Controls | None) -> int | None:
    mean, deviation = float(d.mean()), float(d.std(ddof=1))
    if known is not None:
        mean, deviation = float(known.weights @ d), standard_error(d, known) * d.size**0.5
    if mean == 0:
        return None
    spent = 0 if known is None else len(known.which)
    by_spread = replications_for(abs(mean), deviation, 1 - alpha, spent=spent)
    if not few or by_spread is None:
        return by_spread
    above, below = float((d > 0).mean()), float((d < 0).mean())
    by_signs = smallest_n(lambda n: _sign_p(int(above * n), int(below * n)) <= alpha, d.size)
    return None if by_signs is None else max(by_spread, by_signs)


def _judged(found: PairedComparison, proven: bool, good: Good) -> PairedComparison:
    if not proven:
        return found
    verdict: Verdict = "better" if (found.difference.mean < 0) == (good == "lower") else "worse"
    return replace(found, verdict=verdict, needed=found.difference.n)
