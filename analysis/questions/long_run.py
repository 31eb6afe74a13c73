"""One long run instead of many: what its means are worth, by the means of its batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from analysis.answers.finding import Finding, Told, title_of
from analysis.answers.mind import mind
from analysis.answers.words import measure_title, with_interval
from analysis.measures.paths import path_of
from analysis.runs.observe import Observed, Setting, provenance
from analysis.runs.result import unit
from analysis.runs.series import Floats, Series, keys, series
from analysis.statistics.steady_state import BATCHES, PARTS, BatchMeans, batch_means
from sim.faults import bad_input
from sim.language import later, say
from sim.plan import Plan
from sim.planning.typical import comes_from_files, cycle_of, typical
from sim.units import DAY, HOUR, LONGEST, format_duration

if TYPE_CHECKING:
    import pandas as pd


class Worth(NamedTuple):
    """A mean along one run."""

    series: Series
    means: BatchMeans

    @property
    def batch(self) -> str:
        """The length of a batch, in words."""
        if self.series.cycle > HOUR:
            return format_duration(self.means.size * self.series.cycle)
        return f"{self.means.size:,} {'cases' if self.series.key[2] == 'wait_min' else 'hours'}"


def long_run(
    plan: Plan,
    paths: Sequence[str] = (),
    batches: int = BATCHES,
    runs_for: int | None = None,
    setting: Setting | None = None,
) -> Finding:
    """Play a shop once, every week like its typical one, for `runs_for` ms (default: as long as the scenario says, or
    as the batches need), and part what follows the warm-up into `batches` (20 or more).

    `paths`: see `series` (default: the cases in progress on every route). The shop's days or weeks are never cut by a
    batch. Raises BadInput for what makes no sense or a run that is too short.
    """
    setting = setting or Setting()
    played = typical(plan, runs_for or _as_long_as_it_takes(plan, batches))
    if runs_for and played.runs_for != runs_for:
        raise bad_input(
            "--length",
            say(
                "{runs_for} is what can be played{as_it_stands}",
                runs_for=format_duration(played.runs_for),
                as_it_stands=_as_it_stands(plan),
            ),
        )
    wanted = paths or [path_of(key) for key in keys(plan) if key[0] == "route"]
    found = [_worth(each, plan, batches) for each in series(played, wanted, 1, setting)]
    return Finding(
        experiment="long-run",
        title=say("One long run: {title_of}", title_of=title_of(plan)),
        question=say("What are the means of one run of {runs_for} worth?", runs_for=format_duration(played.runs_for)),
        recommendation=[*map(sentence, found), how(plan, played)],
        tables=[
            Told(
                "long_run",
                say("Means of one run, from {batches} batches", batches=batches),
                table(found, batches),
                say(NOTES),
                HIDDEN,
            )
        ],
        warnings=mind([plan]),
        provenance=provenance(Observed([plan], range(1), [plan.digest()], [], []), setting),
    )


NOTES = later(
    "low, high: 95 % interval from the batches. correlation: of quarter batches with the next one; von Neumann's test "
    "says whether they pass for independent (if not, the interval is too short)."
)
HIDDEN = ("path", "batches")


def _as_long_as_it_takes(plan: Plan, batches: int) -> int:
    """As long as the scenario says, or as the batches need (ms)."""
    cycle = cycle_of(plan)
    least = plan.warm_up + (PARTS * batches + 1) * cycle
    if least > LONGEST:
        raise bad_input(
            "long-run",
            say("{batches:,} batches take longer than ten years, the longest run that is played", batches=batches),
        )
    return max(plan.runs_for, -(-least // cycle) * cycle)


def _as_it_stands(plan: Plan) -> str:
    """Why a plan cannot be played for longer than it says, as a message ends; nothing if it can."""
    if comes_from_files(plan):
        return say(": arrivals come from a file")
    if plan.runs_for >= 2 * cycle_of(plan):
        return ""
    cycles = {HOUR: "hours", DAY: "days"}.get(cycle_of(plan), "weeks")
    return say(": a scenario shorter than two {cycles} has no typical one to go on with", cycles=cycles)


def _worth(of: Series, plan: Plan, batches: int) -> Worth:
    values = settled(of, plan.warm_up)
    if values.size < PARTS * batches:
        raise bad_input(
            "long-run",
            say(
                "{path_of}: {batches} batches need {PARTS} days or weeks (of such a shop; else hours) or cases "
                "after the warm-up; the run has {size}{as_it_stands}",
                path_of=path_of(of.key),
                batches=batches,
                PARTS=PARTS * batches,
                size=values.size,
                as_it_stands=_as_it_stands(plan),
            ),
        )
    return Worth(of, batch_means(values, batches))


def settled(of: Series, warm_up: int) -> Floats:
    """The first run's values after the warm-up: by hour or case, or the means of whole days or weeks."""
    first = sum(of.at < warm_up / HOUR)
    if of.cycle == HOUR:
        return of.values[0, first:]
    begin = -(-first // of.batch) * of.batch
    whole = (of.values.shape[1] - begin) // of.batch
    means: Floats = of.values[0, begin : begin + whole * of.batch].reshape(whole, of.batch).mean(axis=1)
    return means


def table(found: Sequence[Worth], batches: int) -> pd.DataFrame:
    """Columns: measure, path, unit, mean, low, high, batches, batch (its length), correlation, independent."""
    import pandas as pd

    rows = [
        {
            "measure": measure_title(each.series.key),
            "path": path_of(each.series.key),
            "unit": unit(*each.series.key, ""),
            "mean": each.means.estimate.mean,
            "low": each.means.estimate.low,
            "high": each.means.estimate.high,
            "batches": batches,
            "batch": each.batch,
            "correlation": each.means.lag1,
            "independent": "yes" if each.means.independent else "no",
        }
        for each in found
    ]
    return pd.DataFrame(rows)


def sentence(found: Worth) -> str:
    """The mean, its interval, and whether that may be believed."""
    known = with_interval(found.means.estimate, unit(*found.series.key, ""))
    told = say(
        "{measure_title}: {known}, by batches of {batch}",
        measure_title=measure_title(found.series.key),
        known=known,
        batch=found.batch,
    )
    if found.means.independent:
        return say("{told}; their quarters pass for independent (von Neumann).", told=told)
    return say(
        "{told}. But their quarters hang together (correlation {lag1:.2f}, von Neumann): the interval is "
        "too short. Run longer.",
        told=told,
        lag1=found.means.lag1,
    )


def how(plan: Plan, played: Plan) -> str:
    """What was played."""
    told = say(
        "Played once for {runs_for}, its warm-up of {warm_up} cut off",
        runs_for=format_duration(played.runs_for),
        warm_up=format_duration(plan.warm_up),
    )
    if cycle_of(plan) == HOUR:
        return f"{told}."
    return say("{told}; every week like the typical one: no holidays, events or growth.", told=told)
