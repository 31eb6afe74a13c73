"""Warm-up: how much of the beginning of a run must be cut off, and whether the scenario's warm-up does it.

The shop is played from empty as if every week were its typical one (`sim.planning.typical`): a start-up is what the
empty shop does, not what Double 11 or a holiday does. MSER cuts the average over the replications in whole days or
weeks, as the shop's calendar has them: nights and Sundays are inside every batch. Luck moves its cut, and where it is
moved to, the series looks different before and after. So a cut later than the scenario's warm-up counts as proven only
if the first day or week after that warm-up differs from the second half of the run, paired over the replications.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.answers.finding import Finding, Told, title_of
from analysis.answers.mind import mind
from analysis.answers.words import change, measure_title, percent_change
from analysis.measures.paths import path_of
from analysis.questions.warm_up_picture import picture
from analysis.runs.observe import Observed, Setting, provenance
from analysis.runs.result import unit
from analysis.runs.series import BATCH, Floats, Series, keys, series
from analysis.statistics.comparisons import PairedComparison, compare_family
from analysis.statistics.steady_state import MSER_BATCHES, Truncation, mser
from sim.faults import bad_input
from sim.language import counted, later, say
from sim.plan import Plan
from sim.planning.typical import comes_from_files, cycle_of, typical
from sim.units import DAY, HOUR, format_duration

if TYPE_CHECKING:
    import pandas as pd

LEAST = 2 * MSER_BATCHES
"""Days, weeks or batches of hours that are played at least: MSER searches the first half."""

VERDICTS = UNSETTLED, TOO_SHORT, OPEN, ENOUGH, UNKNOWN = (
    "does not settle",
    "too short",
    "not proven",
    "enough",
    "too few",
)

MANY = 1000
"""Replications from which on it is of no use to say how many would settle it."""

FEWEST_POINTS = 4
"""Welch's average takes at least one value to either side, of a quarter of them at most."""


@dataclass(frozen=True)
class Cut:
    """What is to be cut off one series."""

    series: Series
    warm_up: int
    """Of the scenario (ms)."""
    found: Truncation | None
    """None where there are too few batches."""
    after: PairedComparison | None = None
    """The first day, week or batch after the scenario's warm-up held against the second half of the run."""
    middle: PairedComparison | None = None
    """The second quarter of the run held against the second half: it is asked where MSER finds no cut."""

    @property
    def needed(self) -> int:
        """The length of the start-up (ms); 0 where it is not known."""
        if self.found is None:
            return 0
        if self.series.cycle > HOUR:
            return self.found.cut // self.series.batch * self.series.cycle
        return int(np.ceil(self.series.at[self.found.cut] if self.found.cut else 0)) * HOUR

    @property
    def stated(self) -> int:
        """The number of the first point after the scenario's warm-up."""
        return int(np.searchsorted(self.series.at, self.warm_up / HOUR))

    @property
    def verdict(self) -> str:
        """Whether the scenario's warm-up is enough."""
        if self.found is None:
            return UNKNOWN
        if self.found.cut <= self.stated:
            return ENOUGH
        if not self.found.long_enough and _proven(self.middle):
            return UNSETTLED
        return TOO_SHORT if _proven(self.after) else OPEN

    @property
    def has_end(self) -> bool:
        """Whether it is known when the start-up ends."""
        return self.found is not None and self.found.long_enough

    @property
    def name(self) -> str:
        """What people call the series."""
        return measure_title(self.series.key)


def _proven(pair: PairedComparison | None) -> bool:
    return pair is not None and pair.verdict in ("better", "worse")


def warm_up(plan: Plan, replications: int = 20, setting: Setting | None = None, paths: Sequence[str] = ()) -> Finding:
    """How long the shop takes to fill. `paths`: see `series` (default: the cases in progress on every route). Raises
    BadInput for what makes no sense.
    """
    setting = setting or Setting()
    played = typical(plan, _span(plan))
    wanted = paths or [path_of(key) for key in keys(plan) if key[0] == "route"]
    found = series(played, wanted, replications, setting)
    for each in found:
        if (size := each.values.shape[1]) < FEWEST_POINTS:
            told = say("the shortest run has {number}, too few to look at", number=counted(size, "value"))
            raise bad_input("warm-up", f"{path_of(each.key)}: {told}")
    cuts = judged([cut_of(plan, each) for each in found])
    cuts.sort(key=lambda each: (VERDICTS.index(each.verdict), -each.needed))
    return Finding(
        experiment="warm-up",
        title=say("Warm-up: {title_of}", title_of=title_of(plan)),
        question=say(
            "An empty shop is not the shop you have. Is a warm-up of {warm_up} enough?",
            warm_up=format_duration(plan.warm_up),
        ),
        recommendation=[*sentences(cuts, plan), *how(plan, played, replications)],
        tables=[
            Told("warm_up", say("Where each series leaves its start-up"), table(cuts), say(NOTES), shown=to_read(cuts))
        ],
        pictures=[picture(each) for each in cuts],
        warnings=mind([plan]),
        provenance=provenance(Observed([plan], range(replications), [plan.digest()], [], []), setting),
        possible=all(each.verdict not in (UNKNOWN, UNSETTLED) for each in cuts),
    )


NOTES = later(
    "Start-up: what MSER cuts off. Settled: the mean of what follows. After the warm-up: how far the first week (day, "
    "batch) after the scenario's warm-up lies from the second half of the run, with its 95 % interval (all series at "
    "once)."
)


def _span(plan: Plan) -> int:
    """How long is played: at least as long as the scenario says, in whole cycles."""
    cycle = cycle_of(plan)
    if cycle == HOUR:
        return max(plan.runs_for, LEAST * BATCH * HOUR)
    return max(-(-plan.runs_for // cycle), LEAST) * cycle


def cut_of(plan: Plan, each: Series) -> Cut:
    """Where MSER cuts the average over the replications."""
    enough = each.values.shape[1] >= MSER_BATCHES * each.batch
    found = mser(each.values.mean(axis=0), each.batch) if enough else None
    return Cut(each, plan.warm_up, found)


def judged(cuts: Sequence[Cut]) -> list[Cut]:
    """Hold what follows the scenario's warm-up against the settled shop: a test that MSER's cut has no part in."""
    known = [n for n, each in enumerate(cuts) if each.found is not None]
    after = _family({n: _pair(cuts[n], cuts[n].stated, cuts[n].series.batch) for n in known})
    middle = _family({n: _pair(cuts[n], *_second_quarter(cuts[n])) for n in known})
    return [replace(each, after=after.get(n), middle=middle.get(n)) for n, each in enumerate(cuts)]


Pair = tuple[Floats, Floats]


def _family(pairs: dict[int, Pair | None]) -> dict[int, PairedComparison]:
    there = {n: pair for n, pair in pairs.items() if pair is not None}
    if not there:
        return {}
    return dict(zip(there, compare_family(list(there.values()), ["higher"] * len(there)), strict=True))


def _second_quarter(cut: Cut) -> tuple[int, int]:
    size, batch = cut.series.values.shape[1], cut.series.batch
    return size // 4, max(1, size // 4 // batch) * batch


def _pair(cut: Cut, begin: int, size: int) -> Pair | None:
    """Of every replication: the mean of so many points, and that of the second half of the run; both in whole cycles.
    None where the points reach into the second half.
    """
    values, batch = cut.series.values, cut.series.batch
    half = values.shape[1] // 2
    if begin + size > half:
        return None
    later = values[:, half : half + half // batch * batch]
    return values[:, begin : begin + size].mean(axis=1), later.mean(axis=1)


def table(cuts: Sequence[Cut]) -> pd.DataFrame:
    """Columns: measure, path, unit, verdict, start_up (in words), start_up_h, warm_up_h, settled, change_%, low, high,
    batch (points), points, n.
    """
    import pandas as pd

    return pd.DataFrame([_row(each) for each in cuts])


def to_read(cuts: Sequence[Cut]) -> pd.DataFrame:
    """The table as people read it. Columns: measure, unit, verdict, start-up, settled, after the warm-up."""
    import pandas as pd

    frame = table(cuts)
    after = [percent_change(*_percent(each)) if each.after else "–" for each in cuts]
    shown = frame[["measure", "unit", "verdict", "start_up", "settled"]].rename(columns={"start_up": "start-up"})
    return pd.DataFrame({**shown, "after the warm-up": after})


def _row(cut: Cut) -> dict[str, object]:
    nan = float("nan")
    change, low, high = _percent(cut)
    return {
        "measure": cut.name,
        "path": path_of(cut.series.key),
        "unit": unit(*cut.series.key, ""),
        "verdict": cut.verdict,
        "start_up": format_duration(cut.needed) if cut.has_end else "–",
        "start_up_h": cut.needed / HOUR if cut.has_end else nan,
        "warm_up_h": cut.warm_up / HOUR,
        "settled": cut.found.mean if cut.found else nan,
        "change_%": change,
        "low": low,
        "high": high,
        "batch": cut.series.batch,
        "points": cut.series.values.shape[1],
        "n": cut.series.values.shape[0],
    }


def _percent(cut: Cut) -> tuple[float, float, float]:
    """How far the first cycle after the scenario's warm-up lies from the settled shop: mean, low, high."""
    if cut.found is None or cut.after is None or not cut.found.mean:
        return (float("nan"),) * 3
    found, scale = cut.after.difference, 100 / cut.found.mean
    return found.mean * scale, found.low * scale, found.high * scale


# --- sentences --------------------------------------------------------------------------------------------------


def sentences(cuts: Sequence[Cut], plan: Plan) -> list[str]:
    """Whether the scenario's warm-up is enough, and how long it should be."""
    by = {verdict: [each for each in cuts if each.verdict == verdict] for verdict in (TOO_SHORT, OPEN, ENOUGH)}
    told = [_verdict(by, plan)] if any(by.values()) else []
    told += [_still_filling(each) for each in by[TOO_SHORT]]
    told += [_does_not_settle(each) for each in cuts if each.verdict == UNSETTLED]
    told += [_open(each) for each in by[OPEN]]
    few = [each.name for each in cuts if each.verdict == UNKNOWN]
    if few:
        told.append(
            say(
                "The run is too short to tell: MSER needs at least {MSER_BATCHES} {unit}. Look at the pictures: "
                "{listed}.",
                MSER_BATCHES=MSER_BATCHES,
                unit=_unit(cuts[0].series.cycle),
                listed=", ".join(few),
            )
        )
    return told


def _verdict(by: dict[str, list[Cut]], plan: Plan) -> str:
    proven = max((each.needed for each in (*by[TOO_SHORT], *by[ENOUGH])), default=0)
    if not all(each.has_end for each in by[TOO_SHORT]):
        return say(
            "The warm-up of {warm_up} is too short; how long it must be takes more replications to tell.",
            warm_up=format_duration(plan.warm_up),
        )
    if by[TOO_SHORT]:
        run = format_duration(plan.runs_for)
        short = "" if 2 * proven <= plan.runs_for else say(" The run of {run} is too short for that.", run=run)
        write = say('write warm_up = "{proven}" into the scenario', proven=format_duration(proven))
        return say(
            "The warm-up of {warm_up} is too short: {write}.{short}",
            warm_up=format_duration(plan.warm_up),
            write=write,
            short=short,
        )
    if by[OPEN]:
        return say("That the warm-up of {warm_up} is too short is not proven.", warm_up=format_duration(plan.warm_up))
    longest = (
        say("the longest start-up takes {proven}", proven=format_duration(proven))
        if proven
        else say("no start-up is seen")
    )
    return say("The warm-up of {warm_up} is enough: {longest}.", warm_up=format_duration(plan.warm_up), longest=longest)


def _still_filling(cut: Cut) -> str:
    mean, low, high = _percent(cut)
    side, near, far = ("below", -high, -low) if mean < 0 else ("above", low, high)
    fills = (
        say("takes {needed} to fill", needed=format_duration(cut.needed))
        if cut.has_end
        else say("MSER finds no end of the start-up")
    )
    told = change(abs(mean), near, far).replace("+", "").replace(" (", " % (", 1)
    return say(
        "{name}: {fills}; {first} after the warm-up it is still {told} {side} the settled shop.",
        name=cut.name,
        fills=fills,
        first=_first(cut),
        told=told,
        side=side,
    )


def _does_not_settle(cut: Cut) -> str:
    played = round(float(cut.series.at[-1]) + 1) * HOUR
    return say(
        "{name}: the run is too short; by the middle of {played} it has not settled. Either more comes "
        "than can be done, and no warm-up mends it, or it fills very slowly.",
        name=cut.name,
        played=format_duration(played),
    )


def _open(cut: Cut) -> str:
    more = (
        say("; {needed:,} replications may tell", needed=cut.after.needed)
        if cut.after and (cut.after.needed or MANY) < MANY
        else ""
    )
    told = (
        say("MSER cuts {needed}", needed=format_duration(cut.needed))
        if cut.has_end
        else say("MSER finds no end of the start-up")
    )
    return say(
        "{name}: {told}, which may be luck: {first} after the warm-up it is not proven to differ from "
        "the settled shop ({percent_change}{more}).",
        name=cut.name,
        told=told,
        first=_first(cut),
        percent_change=percent_change(*_percent(cut)),
        more=more,
    )


def _first(cut: Cut) -> str:
    """The first stretch after the warm-up, as it is called."""
    if cut.series.cycle == HOUR:
        return say(
            "in the first {BATCH} {which}", BATCH=BATCH, which="cases" if cut.series.key[2] == "wait_min" else "hours"
        )
    return say("in the first {unit}", unit=_unit(cut.series.cycle, 1))


def how(plan: Plan, played: Plan, replications: int) -> list[str]:
    """What was played and how it was cut."""
    cycle = cycle_of(plan)
    told = say(
        "Played {replications} times from an empty shop for {runs_for}",
        replications=replications,
        runs_for=format_duration(played.runs_for),
    )
    if comes_from_files(plan):
        told += say("; orders come from a file, so a rise of orders may pass for a start-up")
    elif cycle > HOUR:
        told += say(", every {unit} like the typical one: no holidays, events or growth", unit=_unit(cycle, 1))
    if cycle == HOUR:
        return [say("{told}. All hours are alike: MSER-5, in batches of five hours (of waits: five cases).", told=told)]
    return [
        say("{told}. Cut in whole {unit}, so that nights and days off are no start-up.", told=told, unit=_unit(cycle))
    ]


def _unit(cycle: int, number: int = 2) -> str:
    one = {HOUR: say("batch of five hours"), DAY: "day"}.get(cycle, "week")
    return one if number == 1 else {HOUR: say("batches of five hours")}.get(cycle, f"{one}s")


# --- pictures ---------------------------------------------------------------------------------------------------
