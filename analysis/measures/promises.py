"""Whether promises were kept, case by case."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.measures.timeline import Ints, profile
from analysis.measures.view import View
from sim.log import GAVE_UP
from sim.plan import GAVE_UP_BROKEN, GAVE_UP_KEPT, Promise
from sim.units import DAY, NEVER

Record = tuple[str, str, str, float]

KEPT, BROKEN, UNDECIDED, NOT_MEANT = range(4)


def measure_promises(view: View) -> Iterator[Record]:
    """The share of each promise that was kept: kept / (kept + broken), over cases that arrived after the warm-up; and
    the days on which it was kept, by the day on which cases arrived.
    """
    for promise in view.plan.promises:
        yield from records(promise, judge(view, promise), view.cases.arrived[meant(view, promise)] // DAY, view.end)


def records(promise: Promise, judged: Ints, day: Ints, end: int) -> Iterator[Record]:
    """The measures of a promise from the verdict on each case and the day on which it arrived; `end`: of the run
    (ms).
    """
    verdicts = np.bincount(judged, minlength=4)
    decided = verdicts[KEPT] + verdicts[BROKEN]
    yield "promise", promise.name, "share", verdicts[KEPT] / decided if decided else float("nan")
    yield "promise", promise.name, "kept", verdicts[KEPT]
    yield "promise", promise.name, "broken", verdicts[BROKEN]
    yield "promise", promise.name, "undecided", verdicts[UNDECIDED]
    yield "promise", promise.name, "not_meant", verdicts[NOT_MEANT]
    yield from _by_day(promise, judged, day, -(-end // DAY))


def _by_day(promise: Promise, judged: Ints, day: Ints, days_of_run: int) -> Iterator[Record]:
    """Days on which something was decided, and on how many of them at least the promised share was kept."""
    kept, broken = (np.bincount(day[judged == verdict], minlength=days_of_run) for verdict in (KEPT, BROKEN))
    decided = kept + broken
    share = kept[decided > 0] / decided[decided > 0]
    days, good = share.size, int(np.count_nonzero(share >= promise.share))
    yield "promise", promise.name, "days", days
    yield "promise", promise.name, "days_kept", good
    yield "promise", promise.name, "days_share", good / days if days else float("nan")


def meant(view: View, promise: Promise) -> NDArray[np.bool_]:
    """The cases of the promise's route that arrived after the warm-up, and when the promise is meant."""
    first, end = promise.arrives
    arrived = view.cases.arrived
    mine: NDArray[np.bool_] = (view.cases.route == promise.route) & view.counted & (arrived >= first) & (arrived < end)
    return mine


def judge(view: View, promise: Promise) -> Ints:
    """The verdict on every case of the promise's route that arrived after the warm-up.

    Kept: the point was reached within the time. Broken: it was reached later, or the case gave up waiting there, or
    the time has passed and it is still under way. Who gave up early is left out or kept, where the promise says so. Not
    meant: the case ended without coming to the point (a cancelled order is never shipped). Undecided: the time had not
    passed when the run ended. That holds for cases that had reached the point by then, too: of the last cases only kept
    ones could be counted, and the share would flatter.
    """
    mine = meant(view, promise)
    since, started = _since(view, promise, mine)
    reached, gave_up = _reached(view, promise, view.cases.case[mine])
    return verdicts(promise, view.end, since, started, reached, gave_up, over=view.ended[0][mine] >= 0)


def verdicts(
    promise: Promise,
    end: int,
    since: Ints,
    started: NDArray[np.bool_],
    reached: Ints,
    gave_up: Ints,
    over: NDArray[np.bool_],
) -> Ints:
    """See `judge`; case by case: when its clock started and whether it has, when it reached the point and when it gave
    up there (-1: not), whether it has ended.
    """
    came = (reached >= 0) | (gave_up >= 0)
    verdict = np.where(over & ~came, NOT_MEANT, BROKEN)
    early = (gave_up >= 0) & (_passed(promise, since, gave_up) <= promise.early)
    if promise.gave_up != GAVE_UP_BROKEN:
        verdict = np.where(early, KEPT if promise.gave_up == GAVE_UP_KEPT else NOT_MEANT, verdict)
    verdict = np.where((reached >= 0) & ~_is_late(promise, since, reached), KEPT, verdict)
    decided = started & _is_late(promise, since, np.full(since.size, end))
    return np.where(decided, verdict, np.where(over & ~(started & came), NOT_MEANT, UNDECIDED))


def _is_late(promise: Promise, since: Ints, at: Ints) -> NDArray[np.bool_]:
    """Whether an instant lies behind the one that is promised to a case whose clock started then."""
    if promise.due:
        return at > due_of(promise, since)
    return _passed(promise, since, at) > promise.within


def due_of(promise: Promise, since: Ints) -> Ints:
    """By when a promise by a timetable is due for cases whose clock started then; NEVER beyond what is laid out."""
    due = np.append(np.array(promise.due, dtype=np.int64), NEVER)
    return due[np.searchsorted(np.array(promise.cut_offs, dtype=np.int64), since, side="right")]


def known_before(promise: Promise, end: int) -> int:
    """Whose clock starts before this instant can be late before a run that ends then is over (ms; below 0: nobody).
    Where a promise counts in working hours this is the latest it could be.
    """
    if not promise.due:
        return end - promise.within
    in_the_run = int(np.searchsorted(np.array(promise.due, dtype=np.int64), end))
    return promise.cut_offs[in_the_run - 1] if in_the_run else -1


def _passed(promise: Promise, since: Ints, until: Ints) -> Ints:
    """How much of a promise's time has passed from then to then."""
    if not promise.hours:
        return until - since
    spans = np.array(promise.hours, dtype=np.int64)
    return profile(spans[:, 0], spans[:, 1]).between(since, until)


def _since(view: View, promise: Promise, mine: NDArray[np.bool_]) -> tuple[Ints, NDArray[np.bool_]]:
    """When the clock of each case starts, and whether it has."""
    if promise.since < 0:
        return view.cases.arrived[mine], np.ones(int(mine.sum()), dtype=bool)
    joined = first_of(view, promise.since, view.cases.case[mine], view.visits.joined)
    return joined, joined >= 0


def _reached(view: View, promise: Promise, case: Ints) -> tuple[Ints, Ints]:
    """When each case first reached a promised point, and when it gave up waiting at one where it did (-1: not)."""
    v = view.visits
    reached, gave_up = np.full(case.size, NEVER), np.full(case.size, NEVER)
    for step in promise.points:
        left, outcome = (first_of(view, step, case, column) for column in (v.left, v.outcome.astype(np.int64)))
        gone = outcome == GAVE_UP
        at = first_of(view, step, case, v.began) if promise.at_begin else left
        gave_up = np.where(gone, np.minimum(gave_up, left), gave_up)
        reached = np.where((at >= 0) & ~gone, np.minimum(reached, at), reached)
    gave_up = np.where((gave_up < NEVER) & (reached == NEVER), gave_up, -1)
    return np.where(reached < NEVER, reached, -1), gave_up


def first_of(view: View, step: int, case: Ints, column: Ints) -> Ints:
    """The value of a column at each case's first visit of a step; -1 for cases that did not come there."""
    rows = view.by_step[step]
    rows = rows[view.visits.visit[rows] == 1]
    rows = rows[np.argsort(view.visits.case[rows], kind="stable")]
    found = np.searchsorted(view.visits.case[rows], case)
    if not rows.size:
        return np.full(case.size, -1, dtype=np.int64)
    at = rows[np.minimum(found, rows.size - 1)]
    return np.where(view.visits.case[at] == case, column[at], -1)
