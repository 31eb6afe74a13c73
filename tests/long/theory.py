"""Every scenario of scenarios/textbook/ under many seeds: do measured and exact values differ by more than chance?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from scipy.stats import chi2, norm

from analysis.runs.known_answers import Comparison
from analysis.runs.workers import run_jobs
from tests.helpers.textbook import FILES, Trial, held_against_theory, mean_squared
from tests.long import Finding, Report, table, tell

REPLICATIONS = 20
RISK = 1e-3
"""The probability that a correct program fails one of the bounds (the mean z squared also has its own, 0.8 … 1.2,
if that is wider: with 20 seeds they are the same)."""


class Value(NamedTuple):
    """One exact value and what every seed said of it."""

    scenario: str
    measure: str
    found: list[Comparison]

    @property
    def by_chance(self) -> bool:
        return any(each.by_chance for each in self.found)

    @property
    def bias(self) -> float:
        """The mean z over seeds, in its own standard deviations."""
        return sum(each.z for each in self.found) / math.sqrt(len(self.found))

    @property
    def spread(self) -> float:
        """The mean z squared over seeds."""
        return sum(each.z**2 for each in self.found) / len(self.found)


def run(seeds: int) -> Report:
    """Play and compare."""
    jobs = [Trial(path, seed, REPLICATIONS) for path in FILES for seed in range(1, seeds + 1)]
    done = run_jobs(held_against_theory, jobs, progress=lambda n: tell(f"theory: {n} of {len(jobs)} runs"))
    values = list(_by_value(jobs, done))
    return Report(list(_judge(values, done, seeds)), _details(values, seeds))


def _by_value(jobs: list[Trial], done: list[list[Comparison]]) -> Iterator[Value]:
    for path in FILES:
        trials = [found for job, found in zip(jobs, done, strict=True) if job.path == path]
        for found in zip(*trials, strict=True):
            yield Value(path.stem, found[0].measure, list(found))


def _judge(values: list[Value], done: list[list[Comparison]], seeds: int) -> Iterator[Finding]:
    chancy = [value for value in values if value.by_chance]
    exact = [value for value in values if not value.by_chance]
    scores = [each.z for value in chancy for each in value.found]
    yield Finding("exact values", f"{len(values)} in {len(FILES)} scenarios", "at least 60", len(values) >= 60)
    met = sum(each.z == 0 for value in exact for each in value.found)
    all_ = len(exact) * seeds
    yield Finding("without chance: met to 1e-9", f"{met} of {all_}", f"{all_}", met == all_)
    runs = sum(any(each.by_chance for each in found) for found in done)
    low, high = min(0.8, chi2.ppf(RISK / 2, runs) / runs), max(1.2, chi2.isf(RISK / 2, runs) / runs)
    mean, per_run = sum(z * z for z in scores) / len(scores), mean_squared(done)
    told = f"{low:.2f} … {high:.2f}"
    yield Finding(f"mean z² of {len(scores)} comparisons", f"{mean:.3f}", told, low < mean < high)
    yield Finding(f"the same, each of {runs} runs counting once", f"{per_run:.3f}", told, low < per_run < high)
    farthest, bound = max(map(abs, scores)), norm.isf(RISK / 2 / len(scores))
    yield Finding("largest z of one comparison, in size", f"{farthest:.2f}", f"below {bound:.2f}", farthest < bound)
    worst, bound = max(chancy, key=lambda value: abs(value.bias)), norm.isf(RISK / 2 / len(chancy))
    what = f"largest bias of one value over {seeds} seeds ({worst.scenario}, {worst.measure})"
    yield Finding(what, f"{worst.bias:.2f} sd", f"within ± {bound:.2f} sd", abs(worst.bias) < bound)


def _details(values: list[Value], seeds: int) -> str:
    rows = []
    for value in values:
        exact, mean = value.found[0].exact, sum(each.mean for each in value.found) / seeds
        chance = [f"{value.bias:+.2f}", f"{value.spread:.2f}"] if value.by_chance else ["exact", "exact"]
        rows.append([value.scenario, f"`{value.measure}`", f"{exact:.6g}", f"{mean:.6g}", *chance])
    head = ["scenario", "measure", "exact", f"mean of {seeds} seeds", "bias (sd)", "mean z²"]
    return table(head, rows)
