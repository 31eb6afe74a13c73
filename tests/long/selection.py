"""Is the best chosen as often as guaranteed, and are bounds that hold at once as rarely wrong as promised?

Kim & Nelson's KN in its least favourable case: the best of k systems is ahead of all others by exactly δ (half a
standard deviation of one system's own luck), with the luck all one's own or four fifths of it shared. Their
guarantee needs normal measures; one case has exponential ones, told and judged like the others, as a test of how
far it carries.

Bounds: five constraints that are missed by a hair (truth at the limit): a family that confirms any is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.selection import confirm, select_best
from tests.long import Finding, Report, tell

DELTA = 0.5
CASES = [(3, 0.95, 0.0, True), (5, 0.95, 0.0, True), (5, 0.95, 4.0, True), (10, 0.90, 0.0, True), (5, 0.90, 0.0, False)]
"""(systems, confidence, variance that is shared, normal)."""

Floats = NDArray[np.float64]


def run(selections: int) -> Report:
    """Choose again and again."""
    return Report([*_chosen(selections), *_confirmed(selections)])


def _chosen(selections: int) -> Iterator[Finding]:
    for number, (systems, confidence, shared, normal) in enumerate(CASES):
        tell(f"selection: case {number + 1} of {len(CASES)}")
        rng, right, played = np.random.default_rng([71, number]), 0, 0
        for _ in range(selections):
            found = _select(rng, systems, confidence, shared, normal)
            right += found[0]
            played += found[1]
        slack = 4 * math.sqrt(confidence * (1 - confidence) / selections)
        luck = ("four fifths shared" if shared else "own") + (" normal" if normal else " exponential")
        what = f"KN, {systems} systems, {luck} luck, {selections:,} selections: the best chosen"
        figure = f"{right / selections:.3f} ({played / selections:.0f} replications in all)"
        yield Finding(what, figure, f"at least {confidence} - {slack:.3f}", right / selections >= confidence - slack)


def _select(rng: np.random.Generator, systems: int, confidence: float, shared: float, normal: bool) -> tuple[bool, int]:
    ahead = np.where(np.arange(systems) == systems - 1, DELTA, 0.0)

    def draw(_: int, alive: Sequence[int]) -> Floats:
        own = rng.normal(0, 1, systems) if normal else rng.exponential(1, systems) - 1
        values: Floats = (own + ahead + rng.normal(0, math.sqrt(shared)))[list(alive)]
        return values

    found = select_best(draw, systems, DELTA, "higher", confidence)
    return found.best == systems - 1, sum(found.replications)


def _confirmed(families: int) -> Iterator[Finding]:
    rng, wrong = np.random.default_rng(72), 0
    for _ in range(families):
        means = {str(i): (rng.normal(0, 1, 10), 0.0) for i in range(4)}
        found = confirm({**means, "share": (rng.random(100) < 0.9, 0.9)})
        wrong += any(each.confirmed for each in found.values())
    slack = 4 * math.sqrt(0.05 * 0.95 / families)
    what = f"five constraints with the truth at the limit, {families:,} families: any confirmed"
    yield Finding(what, f"{wrong / families:.4f}", f"at most 0.05 + {slack:.4f}", wrong / families <= 0.05 + slack)
