"""Are intervals that use what is known of the orders as honest as plain ones, how much narrower are they, and is what
is taken to be known true?

*Shops*: the shipped ones and ten random ones are played under many seeds; all these replications together are a
population whose mean is known. Samples of 10, 20 and 40 are drawn from it with replacement (the expected values of the
controls being those of the population), and it is counted how often the intervals of each measure hold its mean,
with controls and without. Waits are skewed, so plain intervals from few replications hold less than 95 % themselves:
they are the measure. *Textbook scenarios* have known answers, and the controls their expected values from the plan:
successive blocks of 10 and 20 replications are experiments. *Expected values* from the plan are held against the drawn
ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from numpy.typing import NDArray

import sim
from analysis.answers.known_luck import mean_ratio
from analysis.measures import Key
from analysis.measures.paths import key_of
from analysis.runs.known import Known, range_of
from analysis.runs.observe import Observed, Setting, observe
from analysis.statistics import Estimate, estimate
from analysis.statistics.controls import Controls, adjusted, chosen
from sim.plan import Plan
from tests.helpers.strategies import plan_or_reject, shops
from tests.helpers.textbook import FOLDER, Trial, answers_of, plan_of
from tests.long import Finding, Report, table, tell

Floats = NDArray[np.float64]

SHIPPED = ("growing_store", "apparel_returns", "solo_founder")
TEXTBOOK = (
    *("one_clerk", "three_packers", "quality_check", "three_classes", "impatient_chats", "returns_desk"),
    *("lines_of_an_order", "at_most_two_corrections"),
)
RANDOM = 10
SIZES = (10, 20, 40)
SAMPLES = 200
SHARE = 1 / 5
"""How much of the days of a textbook scenario is played: many short runs say more of coverage than few long ones."""

LEAST_SEEN = 8
"""Measures that a random shop must have to look at."""

LOST = 0.01
"""Coverage that may be lost."""

SEEN = ("cycle_h", "wait_min", "share", "in_progress", "utilisation", "surplus_per_week")
"""Measures that are looked at."""


class Held(NamedTuple):
    """How often intervals held the mean, and how wide they were: (experiment, measure)."""

    plain: Floats
    adjusted: Floats
    ratio: float

    def finding(self, what: str) -> Finding:
        """Whether no more coverage is lost than may be, but for what chance explains (three standard errors)."""
        lost = (self.plain - self.adjusted).mean(axis=1)
        error = float(lost.std(ddof=1)) / math.sqrt(lost.size)
        figure = f"{self.adjusted.mean():.3f} (plain {self.plain.mean():.3f}), {self.ratio:.2f} as wide"
        return Finding(what, figure, f"at most {LOST} less ± {3 * error:.3f}", float(lost.mean()) < LOST + 3 * error)


def run(runs: int) -> Report:
    """Play every shop so many times, then sample."""
    findings, rows = list[Finding](), list[list[str]]()
    for name in SHIPPED:
        plan = sim.load(Path(FOLDER.parent / f"{name}.toml"))
        played = _played(name, plan, runs)
        findings += [each.finding(f"{name}, {n} replications") for n, each in _sampled(plan, played)]
        rows += _widths(name, plan, played)
        findings.append(_expected(name, [(plan, played)]))
    findings += _random(runs)
    findings += _textbook(runs)
    return Report(findings, table(["shop", "measure", *(f"{n} replications" for n in SIZES)], rows))


def _played(name: str, plan: Plan, runs: int) -> Observed:
    tell(f"controls: {name}")
    return observe([plan], range(runs), Setting(seed=30_000))


def _random(runs: int) -> Iterator[Finding]:
    plans = random_shops(RANDOM)
    played = [(plan, _played(f"random shop {n}", plan, runs)) for n, plan in enumerate(plans, 1)]
    by_size = [list(each) for each in zip(*(_sampled(*each) for each in played), strict=True)]
    for found in by_size:
        held = [each for _, each in found]
        together = Held(
            np.hstack([each.plain for each in held]),
            np.hstack([each.adjusted for each in held]),
            mean_ratio((each.ratio, 1.0) for each in held) or 1.0,
        )
        yield together.finding(f"{RANDOM} random shops, {found[0][0]} replications")
    yield _expected(f"{RANDOM} random shops", played)


def random_shops(count: int) -> list[Plan]:
    """Random shops in which something is known of the orders that come."""
    found: list[Plan] = []

    @seed(30_000)
    @settings(
        max_examples=100 * count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(shops())
    def look(scenario: dict[str, Any]) -> None:
        plan = plan_or_reject(scenario)
        if len(found) == count or any(plan.streams == each.streams for each in found):
            return
        if len(_seen(plan, observe([plan], range(20), Setting(workers=1, engine="simpy")))) >= LEAST_SEEN:
            found.append(plan)

    look()
    return found


def _seen(plan: Plan, played: Observed) -> list[Key]:
    """The measures that are looked at: those that are adjusted somewhere and always known."""
    known = Known(plan, lambda key: played.each(0, key))
    return [
        key
        for key in played.keys()  # noqa: SIM118  no mapping
        if key[2] in SEEN and known.used(*key[:2]) and np.ptp(played.each(0, key)) > 0  # NaN is not above 0
    ]


def _sampled(plan: Plan, played: Observed) -> Iterator[tuple[int, Held]]:
    """Samples from the population of what was played."""
    known, keys = Known(plan, lambda key: played.each(0, key)), _seen(plan, played)
    values = {key: played.each(0, key) for key in keys}
    truth = [float(values[key].mean()) for key in keys]
    for n in SIZES:
        rng = np.random.default_rng([30_000, n])
        picks = [rng.integers(0, len(played.replications), n) for _ in range(SAMPLES)]
        experiments = [_experiment(known, values, pick, lambda each: float(each.mean())) for pick in picks]
        yield n, _held(experiments, truth)


def _experiment(
    known: Known, values: dict[Key, Floats], pick: NDArray[np.int64], mean: Callable[[Floats], float] | None = None
) -> list[tuple[Estimate, Estimate]]:
    """(plain, adjusted) of each measure on some replications; `mean` tells a control's expected value from those of the
    population, or it is that of the plan.
    """
    ready: dict[tuple[Key, ...], Controls | None] = {}
    found = []
    for key, each in values.items():
        controls = known.beforehand.controls(*key[:2])
        if controls not in ready:
            means = [known.beforehand.mean[c] if mean is None else mean(known.values[c]) for c in controls]
            ready[controls] = chosen([known.values[c][pick] for c in controls], means)
        found.append((estimate(each[pick]), adjusted(each[pick], ready[controls], within=range_of(key[2]))))
    return found


def _held(experiments: Sequence[Sequence[tuple[Estimate, Estimate]]], truth: Sequence[float]) -> Held:
    holds = np.array(
        [
            [[abs(e.mean - t) <= e.half_width for e in pair] for pair, t in zip(each, truth, strict=True)]
            for each in experiments
        ],
        dtype=float,
    )
    widths = np.array([[[e.half_width for e in pair] for pair in each] for each in experiments]).mean(axis=0)
    return Held(holds[:, :, 0], holds[:, :, 1], mean_ratio((mine, plain) for plain, mine in widths) or 1.0)


def _widths(name: str, plan: Plan, played: Observed) -> Iterator[list[str]]:
    """How wide intervals are beside plain ones, measure by measure."""
    known = Known(plan, lambda key: played.each(0, key))
    keys = [key for key in _seen(plan, played) if key[0] in ("route", "promise", "money") and key[2] != "in_progress"]
    values = {key: played.each(0, key) for key in keys}
    columns = []
    for n in SIZES:
        blocks = [np.arange(start, start + n) for start in range(0, len(played.replications) - n + 1, n)]
        found = [_experiment(known, values, block) for block in blocks]
        widths = np.array([[[e.half_width for e in pair] for pair in each] for each in found]).mean(axis=0)
        columns.append([f"{mine / plain:.2f}" for plain, mine in widths])
    for row, key in enumerate(keys):
        yield [name, f"{key[1]}, {key[2]}", *(column[row] for column in columns)]


def _expected(name: str, played: Sequence[tuple[Plan, Observed]]) -> Finding:
    """What the plan says of each control against what was drawn."""
    scores = []
    for plan, observed in played:
        known = Known(plan, lambda key, observed=observed: observed.each(0, key))  # type: ignore[misc]
        for key, values in known.values.items():
            error = float(values.std(ddof=1)) / math.sqrt(values.size)
            if error > 1e-9 * abs(known.beforehand.mean[key]):
                scores.append((float(values.mean()) - known.beforehand.mean[key]) / error)
    worst = max(map(abs, scores))
    return Finding(f"{name}: largest z of {len(scores)} expected values", f"{worst:.2f}", "below 4.5", worst < 4.5)


def _textbook(runs: int) -> Iterator[Finding]:
    """Known answers, by blocks of replications."""
    found: dict[int, list[Held]] = {}
    played = []
    for name in TEXTBOOK:
        plan = plan_of(Trial(FOLDER / f"{name}.toml", 1, runs, SHARE))
        played.append((plan, _played(name, plan, runs)))
        answers, seen = answers_of(FOLDER / f"{name}.toml"), _seen(*played[-1])
        known = Known(plan, lambda key, observed=played[-1][1]: observed.each(0, key))  # type: ignore[misc]
        truth = {key: answers[path] for path in answers if (key := _brief_key(path, seen)) is not None}
        values = {key: played[-1][1].each(0, key) for key in truth}
        for n in SIZES[:2]:
            blocks = [np.arange(start, start + n) for start in range(0, runs - n + 1, n)]
            found.setdefault(n, []).append(
                _held([_experiment(known, values, block) for block in blocks], list(truth.values()))
            )
    for n, held in found.items():
        together = Held(
            np.hstack([each.plain for each in held]),
            np.hstack([each.adjusted for each in held]),
            mean_ratio((each.ratio, 1.0) for each in held) or 1.0,
        )
        yield together.finding(f"known answers of {len(TEXTBOOK)} textbook scenarios, {n} replications")
    yield _expected("textbook scenarios", played)


def _brief_key(path: str, keys: Sequence[Key]) -> Key | None:
    try:
        return key_of(path, keys)
    except sim.BadInput:
        return None
