"""Random shops on both engines: the same log, bit for bit; of some, by their seed, the same floor at every instant."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from analysis.runs.workers import run_jobs
from sim.choose_engine import engine
from sim.draws import Draws
from sim.verify.twins import difference, step_twins
from tests.helpers.strategies import plan_or_reject, seeds, shops
from tests.long import Finding, Report

FIRST_SEED = 30_000
"""Not that of tests/engines/test_twins.py: these are other shops."""


class Tally:
    """How much was compared."""

    shops = rows = stepped = 0


def run(examples: int) -> Report:
    """Compare the engines on `examples` shops, in as many processes as there are cores."""
    parts = os.cpu_count() or 1
    share = -(-examples // parts)
    found = run_jobs(compare, [(FIRST_SEED + part, share) for part in range(parts)], parts)
    faults = [fault for *_, fault in found if fault]
    played, rows, stepped = (sum(counts) for counts in zip(*(counts for counts, _ in found), strict=True))
    figure = f"{played:,} shops, {rows:,} rows, {stepped:,} shops stepped: {len(faults)} differences"
    holds = not faults and played >= examples
    return Report(
        [Finding("logs of both engines, random shops", figure, f"{examples:,} shops: none", holds)],
        "\n\n".join(f"```\n{fault}\n```" for fault in faults),
    )


def compare(job: tuple[int, int]) -> tuple[tuple[int, int, int], str]:
    """(shops, rows, shops stepped) compared under a seed, and the first difference found."""
    first, examples = job
    tally, simpy, fast = Tally(), engine("simpy"), engine("fast")

    @seed(first)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(shops(), seeds)
    def look(scenario: dict[str, Any], luck: int) -> None:
        plan = plan_or_reject(scenario)
        draws = Draws(plan, luck, 0)
        log = simpy(plan, draws)
        assert not (different := difference(log, fast(plan, draws), draws)), different
        if luck % 10 == 3:  # by the seed, so that a shop found to fail fails again
            assert not (parted := step_twins(plan, draws)), str(parted)
            tally.stepped += 1
        tally.shops += 1
        tally.rows += log.visits.case.size

    try:
        look()
    except Exception as error:  # whatever it is, it is a finding
        return (tally.shops, tally.rows, tally.stepped), f"{type(error).__name__}: {error}"
    return (tally.shops, tally.rows, tally.stepped), ""
