"""Warm-up: how much of the beginning of a run must be cut off, and whether the scenario's warm-up does it.

The shop is played from empty as if every week were its typical one (`sim.planning.typical`): a start-up is what the
empty shop does, not what Double 11 or a holiday does. MSER cuts the average over the replications in whole days or
weeks, as the shop's calendar has them: nights and Sundays are inside every batch. Luck moves its cut, and where it is
moved to, the series looks different before and after. So a cut later than the scenario's warm-up counts as proven only
if the first day or week after that warm-up differs from the second half of the run, paired over the replications.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.answers.finding import Drawn, Finding, Told, title_of
from analysis.answers.mind import mind
from analysis.answers.words import change, how_many, measure_title, percent_change
from analysis.measures.paths import path_of
from analysis.runs.observe import Observed, Setting, provenance
from analysis.runs.result import unit
from analysis.runs.series import BATCH, Floats, Series, keys, series
from analysis.statistics.comparisons import PairedComparison, compare_family
from analysis.statistics.steady_state import MSER_BATCHES, Truncation, mser, welch
from sim.faults import bad_input
from sim.plan import Plan
from sim.planning.typical import comes_from_files, cycle_of, typical
from sim.units import DAY, HOUR, format_duration

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

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

MOST_POINTS = 1200
"""Points of a picture's line."""


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
            told = f"the shortest run has {how_many(size, 'value')}, too few to look at"
            raise bad_input("warm-up", f"{path_of(each.key)}: {told}")
    cuts = judged([cut_of(plan, each) for each in found])
    cuts.sort(key=lambda each: (VERDICTS.index(each.verdict), -each.needed))
    return Finding(
        experiment="warm-up",
        title=f"Warm-up: {title_of(plan)}",
        question=f"An empty shop is not the shop you have. Is a warm-up of {format_duration(plan.warm_up)} enough?",
        recommendation=[*sentences(cuts, plan), *how(plan, played, replications)],
        tables=[Told("warm_up", "Where each series leaves its start-up", table(cuts), NOTES, shown=to_read(cuts))],
        pictures=[_picture(each) for each in cuts],
        warnings=mind([plan]),
        provenance=provenance(Observed([plan], range(replications), [plan.digest()], [], []), setting),
        possible=all(each.verdict not in (UNKNOWN, UNSETTLED) for each in cuts),
    )


NOTES = (
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
            f"The run is too short to tell: MSER needs at least {MSER_BATCHES} {_unit(cuts[0].series.cycle)}. Look at "
            f"the pictures: {', '.join(few)}."
        )
    return told


def _verdict(by: dict[str, list[Cut]], plan: Plan) -> str:
    proven = max((each.needed for each in (*by[TOO_SHORT], *by[ENOUGH])), default=0)
    if not all(each.has_end for each in by[TOO_SHORT]):
        return (
            f"The warm-up of {format_duration(plan.warm_up)} is too short; "
            "how long it must be takes more replications to tell."
        )
    if by[TOO_SHORT]:
        run = format_duration(plan.runs_for)
        short = "" if 2 * proven <= plan.runs_for else f" The run of {run} is too short for that."
        write = f'write warm_up = "{format_duration(proven)}" into the scenario'
        return f"The warm-up of {format_duration(plan.warm_up)} is too short: {write}.{short}"
    if by[OPEN]:
        return f"That the warm-up of {format_duration(plan.warm_up)} is too short is not proven."
    longest = f"the longest start-up takes {format_duration(proven)}" if proven else "no start-up is seen"
    return f"The warm-up of {format_duration(plan.warm_up)} is enough: {longest}."


def _still_filling(cut: Cut) -> str:
    mean, low, high = _percent(cut)
    side, near, far = ("below", -high, -low) if mean < 0 else ("above", low, high)
    fills = f"takes {format_duration(cut.needed)} to fill" if cut.has_end else "MSER finds no end of the start-up"
    told = change(abs(mean), near, far).replace("+", "").replace(" (", " % (", 1)
    return f"{cut.name}: {fills}; {_first(cut)} after the warm-up it is still {told} {side} the settled shop."


def _does_not_settle(cut: Cut) -> str:
    played = round(float(cut.series.at[-1]) + 1) * HOUR
    return (
        f"{cut.name}: the run is too short; by the middle of {format_duration(played)} it has not settled. Either more "
        "comes than can be done, and no warm-up mends it, or it fills very slowly."
    )


def _open(cut: Cut) -> str:
    more = f"; {cut.after.needed:,} replications may tell" if cut.after and (cut.after.needed or MANY) < MANY else ""
    told = f"MSER cuts {format_duration(cut.needed)}" if cut.has_end else "MSER finds no end of the start-up"
    return (
        f"{cut.name}: {told}, which may be luck: {_first(cut)} after the warm-up it is not proven to differ from the "
        f"settled shop ({percent_change(*_percent(cut))}{more})."
    )


def _first(cut: Cut) -> str:
    """The first stretch after the warm-up, as it is called."""
    if cut.series.cycle == HOUR:
        return f"in the first {BATCH} {'cases' if cut.series.key[2] == 'wait_min' else 'hours'}"
    return f"in the first {_unit(cut.series.cycle, 1)}"


def how(plan: Plan, played: Plan, replications: int) -> list[str]:
    """What was played and how it was cut."""
    cycle = cycle_of(plan)
    told = f"Played {replications} times from an empty shop for {format_duration(played.runs_for)}"
    if comes_from_files(plan):
        told += "; orders come from a file, so a rise of orders may pass for a start-up"
    elif cycle > HOUR:
        told += f", every {_unit(cycle, 1)} like the typical one: no holidays, events or growth"
    if cycle == HOUR:
        return [f"{told}. All hours are alike: MSER-5, in batches of five hours (of waits: five cases)."]
    return [f"{told}. Cut in whole {_unit(cycle)}, so that nights and days off are no start-up."]


def _unit(cycle: int, number: int = 2) -> str:
    one = {HOUR: "batch of five hours", DAY: "day"}.get(cycle, "week")
    return one if number == 1 else {HOUR: "batches of five hours"}.get(cycle, f"{one}s")


# --- pictures ---------------------------------------------------------------------------------------------------


def _picture(cut: Cut) -> Drawn:
    stem = "_".join("".join(c if c.isalnum() else " " for c in path_of(cut.series.key)).split())
    around = "a whole cycle of the shop" if cut.series.cycle > HOUR else "a stretch of time"
    caption = (
        f"The average over the replications; the strong line averages over {around}. Cut where it has levelled off."
    )
    return Drawn(f"course_{stem}", caption, _draw(cut))


def _draw(cut: Cut) -> Callable[[], Figure]:
    def draw() -> Figure:
        from analysis.pictures import welch as drawing

        measure = f"{cut.name} ({unit(*cut.series.key, '')})"
        end = cut.needed / HOUR if cut.has_end else None
        return drawing(course(cut.series), measure, end, cut.warm_up / HOUR, f"When it has filled: {cut.name}")

    return draw


def course(of: Series) -> pd.DataFrame:
    """The average over the replications: `hours`, `mean`, `smoothed` (Welch's average over a cycle of the shop, or a
    twentieth of the run where all hours are alike; NaN where that does not fit). Thinned to 1,200 points.
    """
    import pandas as pd

    size = of.values.shape[1]
    cyclic = of.cycle > HOUR
    window = max(1, min(of.batch // 2 if cyclic else size // 40, size // 4))
    smooth = np.full(size, np.nan)
    smooth[: size - window] = welch(of.values, window)
    if cyclic:
        smooth[:window] = np.nan
    some = -(-size // MOST_POINTS)
    return pd.DataFrame({"hours": of.at, "mean": of.values.mean(axis=0), "smoothed": smooth}).iloc[::some]
