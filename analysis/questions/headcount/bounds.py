"""One-sided confidence bounds on the expected value of figures in 0 … 1."""

from __future__ import annotations

import math

import numpy as np

from analysis.questions.headcount.problem import Floats

WORST, BEST = 0.0, 1.0
"""The range of every figure."""


def lower_bound(figures: Floats, risk: float) -> Floats:
    """What the expected figure of each column reaches, but for a risk: x̄ - t(n-1, 1-risk) · s / √n.

    `figures` is (replication, promise). Figures are kept shares: mostly at the top, seldom far below, and Student's t
    alone is then too bold (with 100 replications of a promise kept in 95 % of them, it errs one time in eight instead
    of one in twenty). So one replication is added that is as bad as the worst that was seen; or wholly bad, if
    all were equal. What is rarer than about three times in n replications no bound can know of.
    Source: Law (2015), *Simulation Modeling and Analysis*, 5th ed., eq. 4.12, and p. 235 on skewness.

    >>> lower_bound(np.array([[1.0]] * 57), 0.05).round(3), lower_bound(np.array([[1.0]] * 600), 0.05).round(3)
    (array([0.954]), array([0.996]))
    """
    from scipy.special import stdtrit

    lowest = figures.min(axis=0)
    added = np.vstack((figures, np.where(lowest == figures.max(axis=0), WORST, lowest)))
    half: Floats = stdtrit(len(figures), 1 - risk) * added.std(axis=0, ddof=1) / math.sqrt(len(added))
    low: Floats = np.maximum(added.mean(axis=0) - half, WORST)
    return low


def upper_bound(figures: Floats, risk: float) -> Floats:
    """What the expected figure of each column does not exceed, but for a risk: the lower bound turned over."""
    return BEST - lower_bound(BEST - figures, risk)


def replications_needed(figures: Floats, targets: Floats, risk: float, least: int, most: int) -> int:
    """How many fresh replications (`least` … `most`) should let every lower bound reach its target, if the truth is
    what was seen; 0 if more than `most`.

    The expected bound is to clear the target by 1.645 of its standard errors, so that 19 of 20 confirmations of a
    promise succeed; with `most`, merely to reach it.
    """
    n = least
    while not _should_do(figures, targets, risk, n, 1.645) and n < most:
        n = min(most, n + n // 4)
    return n if n < most or _should_do(figures, targets, risk, most, 0.0) else 0


def _should_do(figures: Floats, targets: Floats, risk: float, n: int, by: float) -> bool:
    """Whether bounds from n replications are expected to clear their targets by so many standard errors."""
    from scipy.special import stdtrit

    mean, s, worst = figures.mean(axis=0), figures.std(axis=0, ddof=1), figures.min(axis=0)
    worst = np.where(s == 0, WORST, worst)
    spread = np.sqrt(s**2 + (mean - worst) ** 2 / (n + 1))  # with the replication that is added
    bound = (n * mean + worst) / (n + 1) - stdtrit(n, 1 - risk) * spread / math.sqrt(n + 1)
    return bool((bound - by * s / math.sqrt(n) >= targets).all())
