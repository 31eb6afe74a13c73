"""Are alternatives that do not differ left alone, and does pairing win what is published?

**Families.** Ten comparisons of ten replications each, none of which differs: at most one family in twenty may hold
a verdict. Each pair shares luck and adds its own: normal, lognormal (standard deviation 6.9 times the median: long
tails), or shares of few cases, which take few values. Where the statistics are independent and normal the exact
figure is 1 - (1 - 0.05 / 10)¹⁰ = 0.0489, so a procedure that never says anything fails too. The last kind has equal
means and *skewed* differences (an exponential on one side only): Student's t does not promise anything there, and
the figure is told, not judged.

**Pairing.** L'Ecuyer's inventory (the example InventoryCRN of SSJ: Poisson demand of 100 a day, lost sales, an
order arrives next morning with probability 0.95 or never; policies (80, 198) and (80, 200), 500 runs of 2,000
days), whose expected profits are found here exactly by its Markov chain. And Law's inventory (Law 2015, sec. 1.5:
exponential gaps between demands of 1 … 4, backlog, delivery after half a month to a month; 120 months), whose
policies (20, 40) and (20, 80) he compares over five replications with a difference of 4.98 and a variance of its
mean of 2.44 (sec. 10.2.1).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from analysis.statistics.comparisons import PairedComparison, compare_family, compare_paired
from tests.long import Finding, Report, tell

FAMILY, REPLICATIONS = 10, 10
RUNS, DAYS = 500, 2_000
MONTHS = 120
LAW_DIFFERENCE, LAW_VARIANCE = 4.98, 2.44

Floats = NDArray[np.float64]
Shape = tuple[int, ...]


def run(families: int) -> Report:
    """Judge families without differences, then pair two inventories."""
    findings = [_false_verdicts(name, draw, families) for name, draw in KINDS.items()]
    shares = {n: _any_verdict(_skewed_differences, families, 5, n) for n in (REPLICATIONS, 10 * REPLICATIONS)}
    told = " and ".join(f"{share:.1%} with {n} replications" for n, share in shares.items())
    details = (
        "Equal means but skewed differences (one side plus an exponential less its mean), which Student's t does not "
        f"cover with few replications: of {families:,} families {told} hold a verdict."
    )
    return Report([*findings, *_lecuyer(), *_law()], details)


# --- families -----------------------------------------------------------------------------------------------------


def _normal(rng: np.random.Generator, shape: Shape) -> tuple[Floats, Floats]:
    shared = rng.normal(0, 3, shape)
    return shared + rng.normal(0, 1, shape), shared + rng.normal(0, 1, shape)


def _skewed(rng: np.random.Generator, shape: Shape) -> tuple[Floats, Floats]:
    shared = rng.lognormal(0, 1, shape)
    return shared * rng.lognormal(0, 1, shape), shared * rng.lognormal(0, 1, shape)


def _few_values(rng: np.random.Generator, shape: Shape) -> tuple[Floats, Floats]:
    return rng.binomial(4, 0.95, shape) / 4, rng.binomial(4, 0.95, shape) / 4


def _skewed_differences(rng: np.random.Generator, shape: Shape) -> tuple[Floats, Floats]:
    shared = rng.normal(0, 3, shape)
    return shared + rng.exponential(1, shape) - 1, shared


Kind = Callable[[np.random.Generator, Shape], tuple[Floats, Floats]]
KINDS: dict[str, Kind] = {"normal": _normal, "lognormal": _skewed, "shares of four cases": _few_values}


def _false_verdicts(name: str, draw: Kind, families: int) -> Finding:
    share = _any_verdict(draw, families, list(KINDS).index(name))
    exact = 1 - (1 - 0.05 / FAMILY) ** FAMILY
    slack = 4 * math.sqrt(0.05 * 0.95 / families)
    what = f"{families:,} families of {FAMILY} comparisons, {REPLICATIONS} replications, no difference, {name}"
    if name == "normal":
        holds, bound = abs(share - exact) <= slack, f"{exact:.4f} ± {slack:.4f}"
    else:
        holds, bound = share <= 0.05 + slack, f"at most 0.05 + {slack:.4f}"
    return Finding(f"{what}: share with any verdict", f"{share:.4f}", bound, holds)


def _any_verdict(draw: Kind, families: int, number: int, replications: int = REPLICATIONS) -> float:
    rng, wrong = np.random.default_rng([31, number]), 0
    for family in range(families):
        if family % 100 == 0:
            tell(f"comparisons: {family} of {families} families")
        a, b = draw(rng, (FAMILY, replications))
        found = compare_family(list(zip(a, b, strict=True)), "lower")
        wrong += any(each.verdict in ("better", "worse") for each in found)
    return wrong / families


# --- L'Ecuyer's inventory -------------------------------------------------------------------------------------------


def _lecuyer() -> Iterator[Finding]:
    rng = np.random.default_rng(41)
    demand, arrives = rng.poisson(100, (RUNS, DAYS)), rng.random((RUNS, DAYS)) < 0.95
    found = compare_paired(profits(80, 200, demand, arrives), profits(80, 198, demand, arrives), "higher")
    exact = expected_profit(80, 200) - expected_profit(80, 198)
    yield _against(f"L'Ecuyer's inventory, (80, 200) - (80, 198), {RUNS} runs: profit a day", found, exact, 0.0)
    yield _ratio("L'Ecuyer's inventory, (80, 200) and (80, 198)", found)


def profits(s: int, big_s: int, demand: NDArray[np.int64], arrives: NDArray[np.bool_]) -> Floats:
    """Mean profit a day of each run: 2 for each item sold, 0.1 for each left at night, 10 + 1 each for an order."""
    stock, profit = np.full(len(demand), big_s), np.zeros(len(demand))
    for day in range(demand.shape[1]):
        left = np.maximum(stock - demand[:, day], 0)
        ordered = (left < s) & arrives[:, day]
        profit += 2.0 * (stock - left) - 0.1 * left - np.where(ordered, 10.0 + big_s - left, 0.0)
        stock = np.where(ordered, big_s, left)
    return profit / demand.shape[1]


def expected_profit(s: int, big_s: int) -> float:
    """The expectation of `profits` over the days, exactly: the chain of the stock in the morning."""
    left = np.zeros((big_s + 1, big_s + 1))  # stock in the morning → what is left at night
    for stock in range(big_s + 1):
        left[stock, 1 : stock + 1] = poisson.pmf(stock - np.arange(1, stock + 1), 100)
        left[stock, 0] = 1 - left[stock].sum()
    here = np.arange(big_s + 1)
    orders = np.where(here < s, 0.95, 0.0)
    night = -0.1 * here - orders * (10.0 + big_s - here)
    daily = 2.0 * (here - left @ here) + left @ night
    step = left * (1 - orders)
    step[:, big_s] += left @ orders
    stock, total = np.zeros(big_s + 1), 0.0
    stock[big_s] = 1.0
    for _ in range(DAYS):
        total += float(stock @ daily)
        stock = stock @ step
    return total / DAYS


# --- Law's inventory ------------------------------------------------------------------------------------------------

Luck = tuple[list[float], list[int], list[float]]
"""Times of demands, their sizes, delivery lags by month."""


def _law() -> Iterator[Finding]:
    rng = np.random.default_rng(51)
    luck = [_luck(rng) for _ in range(RUNS)]
    costs = {big_s: np.array([cost(20, big_s, *each) for each in luck]) for big_s in (40, 60, 80)}
    far = compare_paired(costs[40], costs[80], "lower")
    what = f"Law's inventory, (20, 40) - (20, 80), {RUNS} runs: cost a month; paired ratio {far.variance_ratio:.1f}"
    yield _against(what, far, LAW_DIFFERENCE, LAW_VARIANCE)
    yield _ratio("Law's inventory, (20, 40) and (20, 60)", compare_paired(costs[40], costs[60], "lower"))


def _luck(rng: np.random.Generator) -> Luck:
    most = 12 * MONTHS  # ten demands a month; seven standard deviations more never come
    times = np.cumsum(rng.exponential(0.1, most))
    sizes = rng.choice([1, 2, 3, 4], most, p=[1 / 6, 1 / 3, 1 / 3, 1 / 6])
    return times.tolist(), sizes.tolist(), rng.uniform(0.5, 1.0, MONTHS).tolist()


def cost(s: int, big_s: int, times: list[float], sizes: list[int], lags: list[float]) -> float:
    """Mean cost a month: 32 + 3 an item for an order, 1 a month for each item held, 5 for each that is owed."""
    level, total, now, n = 60, 0.0, 0.0, 0
    for month in range(MONTHS):
        order = big_s - level if level < s else 0
        total += 32 + 3 * order if order else 0
        due = month + lags[month]
        while now < month + 1:
            soon = min(times[n], month + 1, due if order else math.inf)
            total += (soon - now) * (level if level > 0 else -5 * level)
            now = soon
            if order and now == due:
                level, order = level + order, 0
            elif now == times[n]:
                level, n = level - sizes[n], n + 1
    return total / MONTHS


# --- findings -------------------------------------------------------------------------------------------------------


def _against(what: str, found: PairedComparison, wanted: float, variance: float) -> Finding:
    """A difference against one that is known with this variance."""
    error = found.difference.half_width / 1.96
    bound = 4 * math.sqrt(error**2 + variance)
    said = f"{wanted:.4g} ({'published' if variance else 'exact'}) ± {bound:.2g}"
    return Finding(what, f"{found.difference.mean:.4g}", said, abs(found.difference.mean - wanted) <= bound)


def _ratio(what: str, found: PairedComparison) -> Finding:
    ratio = found.variance_ratio
    return Finding(f"{what}: variance that pairing saves", f"{ratio:.1f} times", "at least 10 times", ratio >= 10)
