"""What `hire-by` says: the latest start that does, what the next one later proves, and what waiting costs."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from analysis.answers.words import in_per_cent
from analysis.statistics import CONFIDENCE
from sim.language import counted, say

if TYPE_CHECKING:
    from analysis.questions.hire_by import Start


def sentences(starts: Sequence[Start], latest: dt.date | None, who: str, probability: float, every: int) -> list[str]:
    """By when they must be at work, what a later start proves, and what it costs customers."""
    never = starts[-1]
    without = say(
        "Without them it held in {kept} of {number}.", kept=never.kept, number=counted(never.n, "replication")
    )
    if never.low >= probability:
        sure = say("at least {at_least} of the time, with 95 % confidence", at_least=_at_least(never))
        return [say("Nobody more is needed: the promise holds without them, too ({sure}).", sure=sure), without]
    if latest is None:
        return [*_none(starts[0], probability), without]
    at = next(n for n, start in enumerate(starts) if start.day == latest)
    told = say(
        "To be sure, {who} must be at work by {latest} at the latest: the promise then holds at least ",
        who=who,
        latest=latest,
    )
    told += say("{in_per_cent} of the time, as asked (with 95 % confidence).", in_per_cent=in_per_cent(probability))
    late = _later(starts[at + 1], probability)
    return [told, late, *_delay(starts, at), *_between(starts, latest, every), without]


def _later(later: Start, probability: float) -> str:
    """Whether the next start is proven to be too late, or merely not proven to do."""
    what = say("Without them") if later.day is None else say("Started on {day}", day=later.day)
    if later.high < probability:
        return say(
            "{what} it holds too seldom: at most {at_most} of the time (with 95 % confidence).",
            what=what,
            at_most=_at_most(later),
        )
    seen = say("it held in {kept} of {number}", kept=later.kept, number=counted(later.n, "replication"))
    return say(
        "{what} it may still hold often enough: {seen}, which proves neither; --most allows for more.",
        what=what,
        seen=seen,
    )


def _between(starts: Sequence[Start], latest: dt.date, every: int) -> list[str]:
    """That days lie between the latest start and the next one that was tried."""
    if every == 1 or latest == starts[-2].day:
        return []
    return [
        say("Starts were tried every {every} days: --every 1 says whether a day in between does as well.", every=every)
    ]


def _at_least(start: Start) -> str:
    return in_per_cent(math.floor(1000 * start.low) / 1000)


def _at_most(start: Start) -> str:
    return in_per_cent(math.ceil(1000 * start.high) / 1000)


def _none(first: Start, probability: float) -> list[str]:
    """What is said where not even the earliest start is proven to do."""
    seen = say("the promise held in {kept} of {number}", kept=first.kept, number=counted(first.n, "replication"))
    sure = say("at least {at_least} of the time, with 95 % confidence", at_least=_at_least(first))
    told = [
        say(
            "Not even a start on {day}, the earliest that was tried, is proven to do: {seen} ({sure}).",
            day=first.day,
            seen=seen,
            sure=sure,
        )
    ]
    if first.kept == first.n:
        needed = counted(_needed(probability, first.looks), "replication")
        told.append(
            say(
                "It held every time: {needed} would be enough to prove it; {n:,} were played.", needed=needed, n=first.n
            )
        )
    elif first.high >= probability:
        told.append(say("It is too close to call; --most allows for more replications."))
    return told


def _needed(probability: float, looks: int) -> int:
    """Replications that prove a probability if the promise holds in all of them: the least n with pⁿ ≤ 5 % / looks."""
    return int(np.ceil(np.log((1 - CONFIDENCE) / looks) / np.log(probability)))


def _delay(starts: Sequence[Start], at: int) -> list[str]:
    """By when they must be at work, what a later start proves, and what it costs customers."""
    """What starting one step later than the latest costs."""
    now, later = starts[at], starts[at + 1]
    if later.day is None:
        return []
    late, hours = later.late.mean - now.late.mean, later.waiting.mean - now.waiting.mean
    told = say(
        "Started on {day} instead, {more} cases of the peak are late, and customers spend",
        day=later.day,
        more=_more(late),
    )
    return [say("{told} {more} h a week in the shop (both on average).", told=told, more=_more(hours))]


def _more(difference: float) -> str:
    """How many more, or fewer.

    >>> _more(211.4), _more(-3.0)
    ('211 more', '3 fewer')
    """
    return f"{abs(difference):,.0f} {'fewer' if round(difference) < 0 else 'more'}"


def tenths(share: float, rounded: Callable[[float], int]) -> str:
    """A share in tenths of a per cent.

    >>> tenths(0.95131, math.floor), tenths(float("nan"), math.ceil)
    ('95.1 %', '–')
    """
    return "–" if math.isnan(share) else f"{rounded(round(1000 * share, 6)) / 10:g} %"
