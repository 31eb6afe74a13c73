"""Hire by when: the latest day on which named extra people must be at work so that a promise still holds in a peak."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.answers.finding import Drawn, Finding, Told, title_of
from analysis.answers.mind import mind
from analysis.answers.words import change, in_per_cent
from analysis.measures.promises import known_before
from analysis.questions.hire_by_words import sentences, tenths
from analysis.questions.marginal import time_of_customers
from analysis.questions.teams import refuse_unknown, team_paths, team_title
from analysis.questions.whom_first import WAITING
from analysis.runs.observe import Observed, Setting, observe, provenance
from analysis.statistics import CONFIDENCE, Estimate, estimate
from analysis.statistics.selection import lower_bound_share
from sim.faults import bad_input, nearest, shown
from sim.language import later, say
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
        raise bad_input("--probability", say("must lie between 0 and 1; got {probability:g}", probability=probability))
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
            told = say("no case of the peak shows whether “{named}” is kept", named=named)
            raise bad_input("--peak", say("{told}: none arrives, or the run ends too early", told=told))
        starts = [_start(observed, n, day, priced, plan, len(sizes)) for n, day in enumerate([*days, None])]
        if _is_settled(starts, probability):
            break
    latest, table = _latest(starts, probability), _table(starts, plan.currency)
    who = say(" and ").join(
        say("{n} more {which} ({title})", n=n, which="person" if n == 1 else "people", title=_title(plan, team))
        for team, n in extra.items()
    )
    return Finding(
        experiment="hire_by",
        title=say("Hire by when? {title_of}", title_of=title_of(plan)),
        question=say(
            "By when must {who} be at work, so that “{named}” holds from {peak} to {peak_2} with a "
            "probability of {in_per_cent}?",
            who=who,
            named=named,
            peak=peak[0],
            peak_2=peak[1],
            in_per_cent=in_per_cent(probability),
        ),
        recommendation=sentences(starts, latest, who, probability, every_days),
        tables=[
            Told(
                "hire_by",
                say("By the day on which they start"),
                table,
                say(NOTES),
                ("high", "share kept"),
                shown=_to_read(table),
            )
        ],
        pictures=[
            Drawn(
                "hire_by",
                say("The probability that the promise holds in the peak, by the day on which they start."),
                lambda: _picture(starts, named, probability, latest),
            )
        ],
        warnings=mind([plan]),
        provenance=provenance(observed, setting),
        possible=latest is not None or starts[-1].low >= probability,
    )


NOTES = later(
    "Holds: the promised share of the cases that arrive in the peak is kept; low and high bound its probability with "
    "95 % confidence each. Time of customers and surplus: against starting on the first day that was tried, under the "
    "same luck, with 95 % intervals."
)


def _in_peak(plan: Plan, name: str | None, peak: tuple[dt.date, dt.date]) -> Promise:
    """The promise as it is meant in the peak alone. Raises BadInput."""
    known = {promise.name: promise for promise in plan.promises}
    if not known:
        raise bad_input("--promise", say("the scenario makes no promise that could hold in the peak"))
    if name is not None and name not in known:
        raise bad_input(
            "--promise", say('there is no promise "{name}"{nearest}', name=name, nearest=nearest(name, known))
        )
    if peak[1] < peak[0]:
        raise bad_input("--peak", say("ends ({peak}) before it begins ({peak_2})", peak=peak[1], peak_2=peak[0]))
    first, end = _instant(plan, peak[0]), _instant(plan, peak[1]) + DAY
    if not plan.warm_up <= first < end <= plan.runs_for:
        raise bad_input(
            "--peak",
            say(
                "{peak}..{peak_2} must lie inside the run after its warm-up{whole_days}",
                peak=peak[0],
                peak_2=peak[1],
                whole_days=_whole_days(plan),
            ),
        )
    promise = known[name] if name else plan.promises[0]
    _leave_time(plan, promise, first, end)
    return promise.model_copy(update={"name": f"{promise.name}, {PEAK}", "arrives": (first, end)})


def _leave_time(plan: Plan, promise: Promise, first: int, end: int) -> None:
    """Whose time has not passed when the run ends can have kept the promise but not broken it: a peak at the very end
    would always look good. Raises BadInput if that is more than a tenth of the peak.
    """
    if end - known_before(promise, plan.runs_for) > MOST_UNDECIDED * (end - first):
        on = (
            say("until its last case is due")
            if promise.due
            else say("for {within} after the peak", within=format_duration(promise.within))
        )
        raise bad_input(
            "--peak",
            say(
                'the run ends on {plan}, before it is known which of the last cases break "{name}": it must go '
                "on {on} (runs_for)",
                plan=_day(plan, plan.runs_for // DAY - 1),
                name=promise.name,
                on=on,
            ),
        )


def _whole_days(plan: Plan) -> str:
    """The days from which a peak may be chosen, as a message ends."""
    first, last = -(-plan.warm_up // DAY), plan.runs_for // DAY - 1
    return (
        say(": {plan} to {plan_2}", plan=_day(plan, first), plan_2=_day(plan, last))
        if first <= last
        else say(", which holds no whole day")
    )


def _instant(plan: Plan, day: dt.date) -> int:
    return (day - dt.date.fromisoformat(plan.starts)).days * DAY


def _day(plan: Plan, number: int) -> dt.date:
    return dt.date.fromisoformat(plan.starts) + dt.timedelta(days=number)


def _days(plan: Plan, peak: tuple[dt.date, dt.date], every: int) -> list[dt.date]:
    """The days of starting that are tried, the first first."""
    if every < 1:
        raise bad_input("--every", say("must be at least one day; got {every}", every=every))
    first = _day(plan, -(-plan.warm_up // DAY))
    days = [peak[1] - dt.timedelta(days=back) for back in range(0, (peak[1] - first).days + 1, every)]
    return sorted(days)


def _with_newcomers(plan: Plan, extra: Mapping[str, int], day: dt.date) -> Plan:
    names = team_paths(plan)
    for team, count in extra.items():
        if team not in names:
            refuse_unknown(plan, team)
        if count > MOST_PEOPLE:
            raise bad_input(
                "--team",
                say(
                    "{team}: at most {MOST_PEOPLE:,} more people can come; got {count}",
                    team=team,
                    MOST_PEOPLE=MOST_PEOPLE,
                    count=shown(count),
                ),
            )
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
    low, kept = ([tenths(share, math.floor) for share in table[name]] for name in ("low", "share kept"))
    high = [tenths(share, math.ceil) for share in table["high"]]
    shown = table.assign(low=low, high=high)
    shown["share kept"], shown["late in the peak"] = kept, table["late in the peak"].round(1)
    return shown


def _picture(starts: Sequence[Start], promise: str, probability: float, latest: dt.date | None) -> Figure:
    import pandas as pd

    from analysis.pictures import hire_by as draw

    rows = [
        {"start": start.day, "share": start.kept / start.n, "low": start.low, "high": start.high}
        for start in starts
        if start.day is not None
    ]
    return draw(pd.DataFrame(rows), promise, probability, latest)
