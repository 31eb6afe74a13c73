"""Random shops in bulk: at every instant the floor is in order, afterwards the log keeps the rules and every
measure is what its definition says.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from analysis.runs.workers import run_jobs
from sim.draws import Draws
from sim.engine.floor import Floor
from sim.engine.play import run as play
from sim.units import MINUTE
from sim.verify import verify, verify_floor
from tests.helpers.strategies import plan_or_reject, seeds, shops
from tests.long import Finding, Report
from tests.measures.test_measures import check, check_books, promises_of

FIRST_SEED = 20_000


class Tally:
    """How much was looked at."""

    shops = instants = visits = 0


def run(examples: int) -> Report:
    """Play `examples` shops, in as many processes as there are cores."""
    parts = os.cpu_count() or 1
    found = run_jobs(examine, [(FIRST_SEED + part, examples // parts) for part in range(parts)], parts)
    faults = [fault for *_, fault in found if fault]
    played, instants, visits = (sum(counts) for counts in zip(*(counts for counts, _ in found), strict=True))
    figure = f"{played:,} shops, {instants:,} instants, {visits:,} visits: {len(faults)} contradictions"
    whole = played >= examples // parts * parts
    return Report(
        [
            Finding(
                "rules, books and measures of random shops", figure, f"{examples:,} shops: none", not faults and whole
            )
        ],
        "\n\n".join(f"```\n{fault}\n```" for fault in faults),
    )


def examine(job: tuple[int, int]) -> tuple[tuple[int, int, int], str]:
    """(shops, instants, visits) looked at under a seed, and the first contradiction found."""
    first, examples = job
    tally = Tally()

    @seed(first)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(shops(), seeds, st.data())
    def look(scenario: dict[str, Any], luck: int, data: st.DataObject) -> None:
        plan = plan_or_reject(scenario)
        changes = {"warm_up": data.draw(st.sampled_from([0, 7, 60])) * MINUTE, "promises": data.draw(promises_of(plan))}
        plan = plan.model_copy(update=changes)
        draws = Draws(plan, luck, 0)

        def watch(floor: Floor) -> None:
            tally.instants += 1
            verify_floor(floor)

        log = play(plan, draws, watch=watch)
        verify(log, draws)
        check_books(log)
        if log.visits.case.size < 1500:  # by plain loops the large ones take too long
            check(log)
        tally.shops += 1
        tally.visits += log.visits.case.size

    try:
        look()
    except Exception as error:  # whatever it is, it is a finding
        return (tally.shops, tally.instants, tally.visits), f"{type(error).__name__}: {error}"
    return (tally.shops, tally.instants, tally.visits), ""
