"""Does a confirmed headcount truly keep its promises, how often is it the cheapest, and what does finding it take?

Toy problems with known truth, each under many seeds (tests/helpers/staffing_toys.py), and a shop of three teams on
the compiled engine, whose 125 staffings are all played. Beside each answer stands what the search alone would have
answered: its first choice, before any confirmation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from scipy.stats import binom

from analysis.questions.headcount import CONFIRMED, Answer, cheapest
from analysis.questions.headcount.trials import Decision
from analysis.runs.workers import run_jobs
from tests.helpers.staffing_shop import MOST, TEAMS, ShopOracle
from tests.helpers.staffing_toys import TOYS, Counted, every_staffing, kept, least_cost
from tests.long import Finding, Report, table, tell

RISK = 1e-3
"""The probability that a correct program fails one of the bounds."""

CHEAPEST = 0.95
"""The share of answers that must be the cheapest, or not significantly fewer."""

REPLICATIONS = 100
"""Of each staffing in the enumeration of the shop."""


class Job(NamedTuple):
    """A toy under one seed."""

    name: str
    seed: int


class Found(NamedTuple):
    """What came of it."""

    confirmed: bool
    keeps: bool
    cheapest: bool
    search_keeps: bool
    """Whether the first choice of the search truly keeps its promises."""
    silent: bool
    """Whether it was said that nothing cheaper does it, and none was called too close."""
    share: float
    """Replications used, as a share of those of an enumeration with as many of each staffing as the answer got."""


def run(answers: int) -> Report:
    """Search and compare."""
    for name in TOYS:
        least_cost(name)
    jobs = [Job(name, seed) for name in TOYS for seed in range(1, answers + 1)]
    found = run_jobs(search, jobs, progress=lambda n: tell(f"headcount: {n} of {len(jobs)} answers"))
    by_name = {name: [f for job, f in zip(jobs, found, strict=True) if job.name == name] for name in TOYS}
    findings = [*_judge(by_name), *_shop(max(1, answers // 10))]
    return Report(findings, _details(by_name))


def search(job: Job) -> Found:
    """One answer."""
    toy = TOYS[job.name]
    answer = cheapest(toy.problem, Counted(toy, job.seed))
    assert answer.staffing is not None
    first = next(look.staffing for look in answer.trace if look.decision is Decision.INCUMBENT)
    return Found(
        confirmed=answer.status == CONFIRMED,
        keeps=kept(toy, answer.staffing),
        cheapest=toy.problem.cost(answer.staffing) == least_cost(job.name),
        search_keeps=kept(toy, first),
        silent=answer.cheaper_excluded and not answer.too_close and not any(answer.slips),
        share=_share(answer, len(every_staffing(toy))),
    )


def _share(answer: Answer, staffings: int) -> float:
    """Replications used against those of an enumeration."""
    if answer.staffing is None or answer.confirmation is None:
        return math.nan
    each = len(answer.figures[answer.staffing]) + answer.confirmation.replications
    return answer.spent / (each * staffings)


def _judge(by_name: dict[str, list[Found]]) -> Iterator[Finding]:
    for name, found in by_name.items():
        sure = [f for f in found if f.confirmed]
        wrong, allowed = sum(not f.keeps for f in sure), int(binom.isf(RISK, len(sure), 0.05))
        what = f"{name}: confirmed answers that break a promise"
        yield Finding(what, f"{wrong} of {len(sure)}", f"at most {allowed} (5 % and luck)", wrong <= allowed)
        best, least = sum(f.cheapest for f in sure), int(binom.ppf(RISK, len(found), CHEAPEST))
        what = f"{name}: answers that are the cheapest"
        yield Finding(what, f"{best} of {len(found)}", f"at least {least} (95 % and luck)", best >= least)
        share = sum(f.share for f in found) / len(found)
        yield Finding(f"{name}: replications, of an enumeration's", f"{share:.2%}", "at most 10 %", share <= 0.1)
    edge = by_name["on the edge"]
    lucky = sum(not f.search_keeps for f in edge)
    what = "on the edge, without a confirmation: answers that break a promise"
    yield Finding(what, f"{lucky} of {len(edge)}", f"more than {len(edge) // 10}: a test", lucky > len(edge) / 10)


def _shop(answers: int) -> Iterator[Finding]:
    every = list(product(range(1, MOST + 1), repeat=len(TEAMS)))
    with TemporaryDirectory() as folder:
        oracle = ShopOracle(Path(folder), seed=10_000)
        problem = oracle.problem()
        means = []
        for number, staffing in enumerate(every):
            means.append(oracle([staffing], range(REPLICATIONS))[0].mean(axis=0))
            tell(f"headcount: {number + 1} of {len(every)} staffings enumerated")
        keeping = [x for x, mean in zip(every, means, strict=True) if (mean >= problem.targets).all()]
        best = min(keeping, key=problem.cost)
        done = [cheapest(problem, ShopOracle(Path(folder), seed)) for seed in range(1, answers + 1)]
    same = sum(a.status == CONFIRMED and a.staffing == best for a in done)
    told = ", ".join(f"{n} {team}" for n, team in zip(best, TEAMS, strict=True))
    yield Finding(
        f"the shop: answers equal to the enumeration's ({told})", f"{same} of {answers}", "all", same == answers
    )
    share = max(_share(a, len(every)) for a in done)
    yield Finding("the shop: replications, of an enumeration's, at most", f"{share:.2%}", "at most 10 %", share <= 0.1)
    refused = sum(not problem.possible(x) for x in keeping)
    yield Finding("the shop: what keeps its promises but is refused by a need", f"{refused}", "0", refused == 0)


def _details(by_name: dict[str, list[Found]]) -> str:
    rows = []
    for name, found in by_name.items():
        n, shares = len(found), [f.share for f in found]
        columns = zip(*((f.confirmed, f.confirmed and f.keeps, f.cheapest, f.search_keeps) for f in found), strict=True)
        counts = [f"{sum(column) / n:.1%}" for column in columns]
        missed = sum(f.silent and not f.cheapest for f in found)
        size = str(len(every_staffing(TOYS[name])))
        rows.append([name, size, *counts, f"{missed / n:.1%}", f"{sum(shares) / n:.2%}", f"{max(shares):.2%}"])
    head = ["problem", "staffings", "confirmed", "and true", "cheapest", "search alone: true"]
    return table([*head, "cheaper missed, unsaid", "replications (mean)", "(most)"], rows)
