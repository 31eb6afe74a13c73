"""Hire by when: the latest day on which named extra people must be at work so that a promise still holds in a peak."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.answers.finding import Drawn, Finding, Told, title_of
from analysis.answers.mind import mind
from analysis.answers.words import change, how_many, in_per_cent
from analysis.measures.promises import known_before
from analysis.questions.marginal import time_of_customers
from analysis.questions.teams import refuse_unknown, team_paths, team_title
from analysis.questions.whom_first import WAITING
from analysis.runs.observe import Observed, Setting, observe, provenance
from analysis.statistics import CONFIDENCE, Estimate, estimate
from analysis.statistics.selection import lower_bound_share
from sim.faults import bad_input, nearest, shown
from sim.limits import MOST_PEOPLE
from sim.plan import Plan, Promise
from sim.planning.staffing import joined_by
from sim.units import DAY, format_duration

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

PEAK = "in the peak"
"""The name of the promise as it is meant in the peak alone."""

MOST_UNDECIDED = 0.1
"""The part of the peak, at most, that may be so near to the end of the run that its cases can still be under way."""


@dataclass(frozen=True)
class Start:
    """What was seen of one day of starting, against starting on the first."""

    day: dt.date | None
    """None: they never come."""
    kept: int
    """Replications in which the promise held in the peak."""
    n: int
    share: Estimate
    """Share of the peak's cases for which it was kept."""
    late: Estimate
    """Cases of the peak for which it was broken."""
    waiting: Estimate
    """Time of customers: hours a week more than with the first day (paired)."""
    surplus: Estimate | None
    """What is left, a week, more than with the first day (paired)."""
    looks: int = 1
    """How often it may be looked at in all: the risk of an error is shared out among them (Bonferroni)."""

    @property
    def low(self) -> float:
        """What the probability is at least, with 95 % confidence over all looks (Clopper & Pearson)."""
        return lower_bound_share(self.kept, self.n, 1 - (1 - CONFIDENCE) / self.looks)

    @property
    def high(self) -> float:
        """What it is at most, with 95 % confidence over all looks."""
        return 1 - lower_bound_share(self.n - self.kept, self.n, 1 - (1 - CONFIDENCE) / self.looks)


def hire_by(
    plan: Plan,
    extra: Mapping[str, int],
    peak: tuple[dt.date, dt.date],
    promise: str | None = None,
    probability: float = 0.9,
    every_days: int = 7,
    replications: int = 60,
    setting: Setting | None = None,
    most: int = 480,
) -> Finding:
    """The latest start of the extra people (by team, as `team_paths` names it) with which the promise (default: the
    scenario's first) holds over the cases that arrive in the peak (first and last day) with at least `probability`.

    Starts are tried every `every_days` days, back from the peak's last day to the end of the warm-up. As long as it is
    not settled which is the latest that does, twice as many replications are played, up to `most`. Raises BadInput.
    """
    setting = setting or Setting()
    if not 0 < probability < 1:
        raise bad_input("--probability", f"must lie between 0 and 1; got {probability:g}")
    meant = _in_peak(plan, promise, peak)
    named = meant.name.removesuffix(f", {PEAK}")
    days = _days(plan, peak, every_days)
    plan = plan.model_copy(update={"promises": (*plan.promises, meant)})
    plans = [*(_with_newcomers(plan, extra, day) for day in days), plan]
    priced = all(plan.teams[team_paths(plan).index(team)].pay for team in extra)
    sizes = _sizes(replications, most)
    for size in sizes:
        observed = observe(plans, range(size), setting)
        if np.isnan(observed.each(len(days), ("promise", meant.name, "share"))).all():
            told = f"no case of the peak shows whether “{named}” is kept"
            raise bad_input("--peak", f"{told}: none arrives, or the run ends too early")
        starts = [_start(observed, n, day, priced, plan, len(sizes)) for n, day in enumerate([*days, None])]
        if _is_settled(starts, probability):
            break
    latest, table = _latest(starts, probability), _table(starts, plan.currency)
    who = " and ".join(
        f"{n} more {'person' if n == 1 else 'people'} ({_title(plan, team)})" for team, n in extra.items()
    )
    return Finding(
        experiment="hire_by",
        title=f"Hire by when? {title_of(plan)}",
        question=f"By when must {who} be at work, so that “{named}” holds from {peak[0]} to {peak[1]} with a "
        f"probability of {in_per_cent(probability)}?",
        recommendation=_sentences(starts, latest, who, probability, every_days),
        tables=[
            Told(
                "hire_by",
                "By the day on which they start",
                table,
                NOTES,
                ("high", "share kept"),
                shown=_to_read(table),
            )
        ],
        pictures=[
            Drawn(
                "hire_by",
                "The probability that the promise holds in the peak, by the day on which they start.",
                lambda: _picture(starts, named, probability, latest),
            )
        ],
        warnings=mind([plan]),
        provenance=provenance(observed, setting),
        possible=latest is not None or starts[-1].low >= probability,
    )


NOTES = (
    "Holds: the promised share of the cases that arrive in the peak is kept; low and high bound its probability with "
    "95 % confidence each. Time of customers and surplus: against starting on the first day that was tried, under the "
    "same luck, with 95 % intervals."
)


def _in_peak(plan: Plan, name: str | None, peak: tuple[dt.date, dt.date]) -> Promise:
    """The promise as it is meant in the peak alone. Raises BadInput."""
    known = {promise.name: promise for promise in plan.promises}
    if not known:
        raise bad_input("--promise", "the scenario makes no promise that could hold in the peak")
    if name is not None and name not in known:
        raise bad_input("--promise", f'there is no promise "{name}"{nearest(name, known)}')
    if peak[1] < peak[0]:
        raise bad_input("--peak", f"ends ({peak[1]}) before it begins ({peak[0]})")
    first, end = _instant(plan, peak[0]), _instant(plan, peak[1]) + DAY
    if not plan.warm_up <= first < end <= plan.runs_for:
        raise bad_input("--peak", f"{peak[0]}..{peak[1]} must lie inside the run after its warm-up{_whole_days(plan)}")
    promise = known[name] if name else plan.promises[0]
    _leave_time(plan, promise, first, end)
    return promise.model_copy(update={"name": f"{promise.name}, {PEAK}", "arrives": (first, end)})


def _leave_time(plan: Plan, promise: Promise, first: int, end: int) -> None:
    """Whose time has not passed when the run ends can have kept the promise but not broken it: a peak at the very end
    would always look good. Raises BadInput if that is more than a tenth of the peak.
    """
    if end - known_before(promise, plan.runs_for) > MOST_UNDECIDED * (end - first):
        on = "until its last case is due" if promise.due else f"for {format_duration(promise.within)} after the peak"
        raise bad_input(
            "--peak",
            f"the run ends on {_day(plan, plan.runs_for // DAY - 1)}, before it is known which of the last cases break "
            f'"{promise.name}": it must go on {on} (runs_for)',
        )


def _whole_days(plan: Plan) -> str:
    """The days from which a peak may be chosen, as a message ends."""
    first, last = -(-plan.warm_up // DAY), plan.runs_for // DAY - 1
    return f": {_day(plan, first)} to {_day(plan, last)}" if first <= last else ", which holds no whole day"


def _instant(plan: Plan, day: dt.date) -> int:
    return (day - dt.date.fromisoformat(plan.starts)).days * DAY


def _day(plan: Plan, number: int) -> dt.date:
    return dt.date.fromisoformat(plan.starts) + dt.timedelta(days=number)


def _days(plan: Plan, peak: tuple[dt.date, dt.date], every: int) -> list[dt.date]:
    """The days of starting that are tried, the first first."""
    if every < 1:
        raise bad_input("--every", f"must be at least one day; got {every}")
    first = _day(plan, -(-plan.warm_up // DAY))
    days = [peak[1] - dt.timedelta(days=back) for back in range(0, (peak[1] - first).days + 1, every)]
    return sorted(days)


def _with_newcomers(plan: Plan, extra: Mapping[str, int], day: dt.date) -> Plan:
    names = team_paths(plan)
    for team, count in extra.items():
        if team not in names:
            refuse_unknown(plan, team)
        if count > MOST_PEOPLE:
            raise bad_input("--team", f"{team}: at most {MOST_PEOPLE:,} more people can come; got {shown(count)}")
        plan = joined_by(plan, names.index(team), count, _instant(plan, day))
    return plan


def _title(plan: Plan, team: str) -> str:
    return team_title(plan, team_paths(plan).index(team))


def _sizes(replications: int, most: int) -> list[int]:
    """How many replications are looked at, one time after the other.

    >>> _sizes(60, 480), _sizes(60, 100), _sizes(60, 10)
    ([60, 120, 240, 480], [60, 100], [60])
    """
    sizes = [replications]
    while sizes[-1] < most:
        sizes.append(min(2 * sizes[-1], most))
    return sizes


def _is_settled(starts: Sequence[Start], probability: float) -> bool:
    """Whether it is proven which start is the latest that does: the next one is proven not to, or all do."""
    if starts[-1].low >= probability:
        return True
    first = next(start for start in starts if start.day is None or start.low < probability)
    return first.high < probability


def _start(observed: Observed, number: int, day: dt.date | None, priced: bool, plan: Plan, looks: int) -> Start:
    """What was seen of one day of starting; `priced`: whether it is known what the newcomers cost."""
    place, wanted = plan.promises[-1].name, plan.promises[-1].share
    share = observed.each(number, ("promise", place, "share"))
    decided = share[~np.isnan(share)]
    waiting = time_of_customers(observed, plan, number) - time_of_customers(observed, plan, 0)
    left = ("money", "shop", "surplus_per_week")
    money = priced and observed.has(left)
    surplus = estimate(observed.each(number, left) - observed.each(0, left)) if money else None
    late = estimate(observed.each(number, ("promise", place, "broken")))
    kept = int(np.count_nonzero(decided >= wanted)) + int(share.size - decided.size)
    return Start(day, kept, share.size, estimate(share), late, estimate(waiting), surplus, looks)


def _latest(starts: Sequence[Start], probability: float) -> dt.date | None:
    """The last day up to which every start is proven to do. Starts are tested in order until one fails: such a
    sequence needs no correction (Maurer, Hothorn & Lehmacher 1995).
    """
    latest = None
    for start in starts:
        if start.day is None or start.low < probability:
            break
        latest = start.day
    return latest


def _sentences(starts: Sequence[Start], latest: dt.date | None, who: str, probability: float, every: int) -> list[str]:
    never = starts[-1]
    without = f"Without them it held in {never.kept} of {how_many(never.n, 'replication')}."
    if never.low >= probability:
        sure = f"at least {_at_least(never)} of the time, with 95 % confidence"
        return [f"Nobody more is needed: the promise holds without them, too ({sure}).", without]
    if latest is None:
        return [*_none(starts[0], probability), without]
    at = next(n for n, start in enumerate(starts) if start.day == latest)
    told = f"To be sure, {who} must be at work by {latest} at the latest: the promise then holds at least "
    told += f"{in_per_cent(probability)} of the time, as asked (with 95 % confidence)."
    late = _later(starts[at + 1], probability)
    return [told, late, *_delay(starts, at), *_between(starts, latest, every), without]


def _later(later: Start, probability: float) -> str:
    """Whether the next start is proven to be too late, or merely not proven to do."""
    what = "Without them" if later.day is None else f"Started on {later.day}"
    if later.high < probability:
        return f"{what} it holds too seldom: at most {_at_most(later)} of the time (with 95 % confidence)."
    seen = f"it held in {later.kept} of {how_many(later.n, 'replication')}"
    return f"{what} it may still hold often enough: {seen}, which proves neither; --most allows for more."


def _between(starts: Sequence[Start], latest: dt.date, every: int) -> list[str]:
    """That days lie between the latest start and the next one that was tried."""
    if every == 1 or latest == starts[-2].day:
        return []
    return [f"Starts were tried every {every} days: --every 1 says whether a day in between does as well."]


def _at_least(start: Start) -> str:
    return in_per_cent(math.floor(1000 * start.low) / 1000)


def _at_most(start: Start) -> str:
    return in_per_cent(math.ceil(1000 * start.high) / 1000)


def _none(first: Start, probability: float) -> list[str]:
    """What is said where not even the earliest start is proven to do."""
    seen = f"the promise held in {first.kept} of {how_many(first.n, 'replication')}"
    sure = f"at least {_at_least(first)} of the time, with 95 % confidence"
    told = [f"Not even a start on {first.day}, the earliest that was tried, is proven to do: {seen} ({sure})."]
    if first.kept == first.n:
        needed = how_many(_needed(probability, first.looks), "replication")
        told.append(f"It held every time: {needed} would be enough to prove it; {first.n:,} were played.")
    elif first.high >= probability:
        told.append("It is too close to call; --most allows for more replications.")
    return told


def _needed(probability: float, looks: int) -> int:
    """Replications that prove a probability if the promise holds in all of them: the least n with pⁿ ≤ 5 % / looks."""
    return int(np.ceil(np.log((1 - CONFIDENCE) / looks) / np.log(probability)))


def _delay(starts: Sequence[Start], at: int) -> list[str]:
    """What starting one step later than the latest costs."""
    now, later = starts[at], starts[at + 1]
    if later.day is None:
        return []
    late, hours = later.late.mean - now.late.mean, later.waiting.mean - now.waiting.mean
    told = f"Started on {later.day} instead, {_more(late)} cases of the peak are late, and customers spend"
    return [f"{told} {_more(hours)} h a week in the shop (both on average)."]


def _more(difference: float) -> str:
    """How many more, or fewer.

    >>> _more(211.4), _more(-3.0)
    ('211 more', '3 fewer')
    """
    return f"{abs(difference):,.0f} {'fewer' if round(difference) < 0 else 'more'}"


def _table(starts: Sequence[Start], currency: str) -> pd.DataFrame:
    """A row a start: columns start, holds, of, probability, low, high, share, late, waiting, surplus."""
    import pandas as pd

    rows = []
    for start in starts:
        row = {
            "start": "never" if start.day is None else start.day.isoformat(),
            "holds": start.kept,
            "of": start.n,
            "low": start.low,
            "high": start.high,
            "share kept": start.share.mean,
            "late in the peak": start.late.mean,
            f"{WAITING}, h/week": change(start.waiting.mean, start.waiting.low, start.waiting.high),
        }
        if start.surplus is not None:
            row[f"surplus, {currency}/week"] = change(start.surplus.mean, start.surplus.low, start.surplus.high)
        rows.append(row)
    return pd.DataFrame(rows)


def _to_read(table: pd.DataFrame) -> pd.DataFrame:
    """The table as people read it: shares in per cent, low ones rounded down and high ones up; cases to a tenth."""
    low, kept = ([_tenths(share, math.floor) for share in table[name]] for name in ("low", "share kept"))
    high = [_tenths(share, math.ceil) for share in table["high"]]
    shown = table.assign(low=low, high=high)
    shown["share kept"], shown["late in the peak"] = kept, table["late in the peak"].round(1)
    return shown


def _tenths(share: float, rounded: Callable[[float], int]) -> str:
    """A share in tenths of a per cent.

    >>> _tenths(0.95131, math.floor), _tenths(float("nan"), math.ceil)
    ('95.1 %', '–')
    """
    return "–" if math.isnan(share) else f"{rounded(round(1000 * share, 6)) / 10:g} %"


def _picture(starts: Sequence[Start], promise: str, probability: float, latest: dt.date | None) -> Figure:
    import pandas as pd

    from analysis.pictures import hire_by as draw

    rows = [
        {"start": start.day, "share": start.kept / start.n, "low": start.low, "high": start.high}
        for start in starts
        if start.day is not None
    ]
    return draw(pd.DataFrame(rows), promise, probability, latest)
