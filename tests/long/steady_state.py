"""Is a start-up cut off where it ends, and does one long run tell how sure its mean is?

**Known transients.** AR(1) of variance 1 around 0 plus a · exp(-n / τ): the bias of the raw mean is known, that of
the mean after MSER-5 must be at most a fifth of it, and its root mean square error smaller. Without a transient
nothing may be lost: no bias, at most 5 % more error.

**A queue that starts empty.** M/M/1, waits by Lindley's recursion, exact mean wait in the long run. MSER-5 on the
*average* of 20 runs must not make the bias worse. On single runs it does: where a run begins with a long queue, it
is cut off, where it begins with a short one, it is not; the figures are told in the details. So give MSER-5
averages over replications.

**Batch means.** How often 95 % intervals of one run of AR(1) hold the mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from analysis.statistics.steady_state import Truncation, batch_means, mser
from tests.helpers.formulas import mm1_first_waits
from tests.long import Finding, Report, table, tell

LENGTH = 2_000
TRANSIENTS = [(0.5, 10, 50), (0.5, 10, 300), (0.9, 5, 100), (0.9, 10, 50), (0.9, 10, 300)]
"""(lag-1 correlation, a, τ)."""
LOAD, CUSTOMERS, TOGETHER = 0.9, 4_000, 20

Floats = NDArray[np.float64]


def run(series: int) -> Report:
    """Cut many series, then take intervals of many long runs."""
    findings = [*_transients(series), *_settled(series)]
    queue, details = _queue(max(series // 5, 20))
    return Report([*findings, queue, *_intervals(series)], details)


def autoregressive(correlation: float, shape: tuple[int, int], rng: np.random.Generator) -> Floats:
    """AR(1) of variance 1 around 0 from its steady state, along the last axis."""
    noise = rng.normal(0, math.sqrt(1 - correlation**2), shape)
    noise[:, 0] = rng.normal(0, 1, shape[0])
    found: Floats = lfilter([1.0], [1.0, -correlation], noise)
    return found


def _transients(series: int) -> Iterator[Finding]:
    for number, (correlation, a, tau) in enumerate(TRANSIENTS):
        tell(f"steady state: transient {number + 1} of {len(TRANSIENTS)}")
        decay = a * np.exp(-np.arange(LENGTH) / tau)
        runs = autoregressive(correlation, (series, LENGTH), np.random.default_rng([61, number])) + decay
        cut = _means([mser(each) for each in runs])
        bias, error = decay.mean(), 4 * cut.std() / math.sqrt(series)
        less = _rms(cut) < _rms(runs.mean(axis=1))
        what = f"AR(1), correlation {correlation}, plus {a} exp(-n / {tau}), {series:,} series of {LENGTH:,}"
        figure = f"bias {bias:.3f} → {cut.mean():.3f}, error {_rms(runs.mean(axis=1)):.3f} → {_rms(cut):.3f}"
        bound = f"at most {bias / 5:.3f} + {error:.3f}, and less error"
        yield Finding(what, figure, bound, abs(cut.mean()) <= bias / 5 + error and less)


def _settled(series: int) -> Iterator[Finding]:
    for number, correlation in enumerate((0.5, 0.9)):
        runs = autoregressive(correlation, (series, LENGTH), np.random.default_rng([62, number]))
        cut = _means([mser(each) for each in runs])
        z = cut.mean() / (cut.std() / math.sqrt(series))
        more = _rms(cut) / _rms(runs.mean(axis=1))
        figure = f"z of the bias {z:.2f}, {more:.3f} times the error"
        what = f"AR(1), correlation {correlation}, no transient, {series:,} series"
        yield Finding(what, figure, "within ± 4, at most 1.05", abs(z) < 4 and more <= 1.05)


def _queue(groups: int) -> tuple[Finding, str]:
    """M/M/1 from empty, run by run and as averages of runs."""
    tell("steady state: M/M/1")
    truth, runs = LOAD / (1 - LOAD), _waits(groups * TOGETHER)
    raw = float(mm1_first_waits(LOAD, CUSTOMERS).mean()) - truth
    averages = runs.reshape(groups, TOGETHER, CUSTOMERS).mean(axis=1)
    together, single = ([mser(each) for each in kind] for kind in (averages, runs[: 5 * groups]))
    means = _means(together)
    error = means.std() / math.sqrt(groups)
    what = f"M/M/1 from empty, load {LOAD}, first {CUSTOMERS:,} waits, averages of {TOGETHER} runs, {groups} times"
    figure = f"bias {raw:.3f} → {means.mean() - truth:.3f}"
    holds = abs(means.mean() - truth) <= abs(raw) + 4 * error
    bound = f"within ± {abs(raw):.3f} + {4 * error:.3f} (mean services)"
    rows = [_told(f"averages of {TOGETHER}", together, truth, averages), _told("single runs", single, truth, runs)]
    head = ["M/M/1", "bias after the cut", "error before", "error after", "mean cut", "too short"]
    return Finding(what, figure, bound, holds), table(head, rows)


def _told(name: str, found: list[Truncation], truth: float, runs: Floats) -> list[str]:
    means = _means(found)
    numbers = [means.mean() - truth, _rms(runs.mean(axis=1) - truth), _rms(means - truth)]
    short = sum(not each.long_enough for each in found) / len(found)
    return [name, *(f"{each:.3f}" for each in numbers), f"{np.mean([each.cut for each in found]):.0f}", f"{short:.1%}"]


def _waits(runs: int) -> Floats:
    """Waits of the first customers in mean services (run, customer), by Lindley's recursion."""
    rng = np.random.default_rng(63)
    waits = np.zeros((CUSTOMERS, runs))
    for n in range(1, CUSTOMERS):
        waits[n] = np.maximum(0, waits[n - 1] + rng.exponential(1, runs) - rng.exponential(1 / LOAD, runs))
    return waits.T


def _intervals(series: int) -> Iterator[Finding]:
    for number, (correlation, length) in enumerate([(0.5, 4_000), (0.9, 16_000)]):
        tell(f"steady state: batch means {number + 1} of 2")
        rng = np.random.default_rng([64, number])
        found = [batch_means(autoregressive(correlation, (1, length), rng)[0]) for _ in range(series)]
        held = sum(abs(each.estimate.mean) <= each.estimate.half_width for each in found) / series
        bound = 4 * math.sqrt(0.95 * 0.05 / series)
        what = f"95 % interval by 20 batch means, AR(1), correlation {correlation}, {length:,} values, {series:,} runs"
        passed = sum(each.independent for each in found) / series
        yield Finding(
            what, f"{held:.3f}; {passed:.0%} pass as independent", f"0.95 ± {bound:.3f}", abs(held - 0.95) <= bound
        )


def _means(found: list[Truncation]) -> Floats:
    return np.array([each.mean for each in found])


def _rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(values**2)))
