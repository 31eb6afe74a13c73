"""As many replications as it takes to know some measures precisely, or a limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.measures import Key
from analysis.measures.paths import key_of
from analysis.runs.replications import Job, Measured, check, measure, together
from analysis.runs.result import Result
from analysis.runs.workers import run_jobs
from analysis.statistics import Estimate
from analysis.statistics.steady_state import FIRST_LOOK, enough, needed
from sim.choose_engine import AUTO, choose, ready
from sim.faults import bad_input
from sim.language import say
from sim.plan import Plan

LEAST_MORE = 5
"""A block is no smaller than this: fewer looks at the data cost less coverage."""


@dataclass(frozen=True)
class Precision:
    """One measure, and how precisely it is known."""

    path: str
    key: Key
    target: float
    """The error that was asked for, as a share of the true mean."""
    estimate: Estimate
    reached: bool
    needed: int | None
    """Replications that will be enough, if mean and spread stay as they are; None where nobody can say."""

    @property
    def relative(self) -> float:
        """The half-width as a share of the estimated mean; NaN where there is none."""
        mean, half = abs(self.estimate.mean), self.estimate.half_width
        return half / mean if mean else (0.0 if half == 0 else float("nan"))


def asked(result: Result) -> list[Precision]:
    """Every measure whose precision was asked for. Raises BadInput with the nearest name for one that there is not."""
    found = []
    for path, target in result.precision.items():
        key = key_of(path, result.keys, "--precision")
        values = result.each(*key)
        controls = None if result.known is None else result.known.controls(*key[:2])
        reached = enough(values, target, controls=controls)
        more = needed(values, target, controls=controls)
        found.append(Precision(path, key, target, result.get(*key), reached, more))
    return found


def checked(targets: Mapping[str, float]) -> dict[str, float]:
    """Targets that make sense. Raises BadInput for others."""
    for path, target in targets.items():
        if not 0 < target < 1:
            raise bad_input(
                "--precision",
                say('"{path}": must lie between 0 and 100 %; got {target:g} %', path=path, target=100 * target),
            )
    return dict(targets)


def replicate_until(
    plan: Plan,
    precision: Mapping[str, float],
    most: int = 1000,
    seed: int = 1,
    workers: int | None = None,
    engine: str = AUTO,
    progress: Callable[[int, int], None] | None = None,
    log_folder: Path | None = None,
    plain: bool = False,
) -> Result:
    """Play a plan until every measure of `precision` is known to so large a share of its true mean, or `most` times.

    `precision` maps paths such as "routes.order.cycle_h" to shares such as 0.05. It is looked at after 10 replications
    and then after as many more as seem to be needed, but no more than as many again: the rule depends on the results
    alone, so that they are the same for any number of workers. `asked` tells what was
    reached. See `analysis.statistics.steady_state.enough` for the rule (Law 2015, sec. 9.4.1); `plain` leaves out what
    is known of the orders that came. Raises BadInput.

    >>> import sim
    >>> clerk = sim.load("scenarios/textbook/one_clerk.toml")
    >>> known, plain = (
    ...     replicate_until(clerk, {"roles.clerk.utilisation": 0.01}, engine="simpy", plain=plain)
    ...     for plain in (False, True)
    ... )
    >>> known.replications, plain.replications
    (10, 15)
    """
    if not FIRST_LOOK <= most <= 1_000_000:
        raise bad_input(
            "--most", say("must be {FIRST_LOOK} … 1,000,000; got {most:,}", FIRST_LOOK=FIRST_LOOK, most=most)
        )
    check(most, seed, workers, engine)
    precision, measured, wanted = checked(precision), list[Measured](), FIRST_LOOK
    while True:
        name = ready(choose(engine, plan, wanted))
        jobs = [Job(plan, seed, number, name, log_folder) for number in range(len(measured), wanted)]
        measured += run_jobs(measure, jobs, workers, _shifted(progress, len(measured), wanted))
        result = together(plan, seed, name, measured, precision, plain)
        wanted = next_look(result, most)
        if wanted == len(measured):
            return result


def next_look(result: Result, most: int) -> int:
    """With how many replications to look again; as many as there are if that is enough."""
    played, open_ = result.replications, [each for each in asked(result) if not each.reached]
    if not open_:
        return played
    needed = max(each.needed or 2 * played for each in open_)
    return min(most, 2 * played, max(needed, played + LEAST_MORE))


def _shifted(progress: Callable[[int, int], None] | None, before: int, of: int) -> Callable[[int], None] | None:
    return None if progress is None else lambda done: progress(before + done, of)
