"""What experiments cost: two cores against one, the overhead of a job, many plans under one set of draws.

    python -m benchmarks.experiments                 growing_store, 12 weeks, compiled engine (made ready first)
    python -m benchmarks.experiments --replications 8 --rounds 3 --json

One core and two take turns within a round; figures are medians over the rounds. "overhead" is what `observe` costs for
each run beyond playing and measuring it, in one process and with a store. "fifty plans" is one replication each of
fifty headcounts of the growing store under the same draws, on one core.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import sim
from analysis.questions.marginal import alternatives
from analysis.runs.brief.tally import brief
from analysis.runs.observe import Setting, observe
from analysis.store import open_store
from sim.choose_engine import ready
from sim.draws import Draws
from sim.plan import Plan
from sim.planning.staffing import staffed

SCENARIO = Path(__file__).parents[1] / "scenarios" / "growing_store.toml"


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def simulate_all(plans: list[Plan], replications: int) -> None:
    """Nothing but playing and measuring."""
    for replication in range(replications):
        draws = Draws(plans[0], 1, replication)
        for plan in plans:
            brief(plan, draws.for_plan(plan))


def stored(plans: list[Plan], replications: int) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "store") as store:
        observe(plans, range(replications), Setting(workers=1, engine="fast", store=store, name="benchmark"))


def fifty(plan: Plan) -> None:
    now, draws = plan.headcount(), Draws(plan, 1, 0)
    for n in range(50):
        other = staffed(plan, {5 + n % 4: now[5 + n % 4] + n // 4 % 4})
        brief(other, draws.for_plan(other))


def measure(replications: int, rounds: int) -> dict[str, float]:
    plan = sim.load(SCENARIO)
    plans = [plan, *(each.plan for each in alternatives(plan))]
    ready("fast")
    observe(plans[:2], range(1), Setting(workers=1, engine="fast"))
    jobs = len(plans) * replications
    found: dict[str, list[float]] = {name: [] for name in ("one", "two", "bare", "stored", "fifty")}
    for _ in range(rounds):
        for workers, name in ((1, "one"), (2, "two")):
            setting = Setting(workers=workers, engine="fast")
            found[name].append(seconds(lambda: observe(plans, range(replications), setting)))  # noqa: B023  # called at once
        found["bare"].append(seconds(lambda: simulate_all(plans, replications)))
        found["stored"].append(seconds(lambda: stored(plans, replications)))
        found["fifty"].append(seconds(lambda: fifty(plan)))
    ratios = [one / (2 * two) for one, two in zip(found["one"], found["two"], strict=True)]
    overhead = [(kept - bare) / jobs for kept, bare in zip(found["stored"], found["bare"], strict=True)]
    return {
        "runs": jobs,
        "s_per_run": round(median(found["bare"]) / jobs, 4),
        "efficiency_of_two_cores": round(median(ratios), 3),
        "overhead_ms_per_run": round(1000 * median(overhead), 2),
        "fifty_plans_s": round(median(found["fifty"]), 2),
    }


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replications", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    if given.replications < 1 or given.rounds < 1:
        parser.error("--replications and --rounds must be at least 1")
    found = measure(given.replications, given.rounds)
    print(json.dumps(found) if given.json else "\n".join(f"{name:<26}{value:>10}" for name, value in found.items()))


if __name__ == "__main__":
    main()
