"""Where each case went: its visits follow each other without gap, in the order that steps and luck prescribe."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from sim.intervals import on_at
from sim.log import GAVE_UP, OPEN, PASSED, SERVED, WENT
from sim.plan import ALWAYS, BRANCH, COLLECT, CONDITIONS, END, START, WAIT, WORK, Step
from sim.units import DAY, NEVER
from sim.verify.inconsistent import Inconsistent
from sim.verify.seen import Row, Seen

_OUTCOMES = {
    WORK: {OPEN, SERVED, GAVE_UP},
    WAIT: {OPEN, SERVED},
    COLLECT: {OPEN, SERVED},
    BRANCH: {WENT, PASSED},
    START: {WENT, PASSED},
    END: {SERVED},
}


def check_paths(seen: Seen) -> None:
    """Raise Inconsistent if a case is not in exactly one place from its arrival to its end or the end of the run."""
    on_their_way = set(seen.place)
    for case, rows in groupby(seen.rows, key=lambda row: row.case):
        if case not in on_their_way:
            raise Inconsistent(f"case {case} has visits but never arrived, or its visits do not stand together")
        on_their_way.remove(case)
        _Path(seen, case).follow(list(rows))
    if on_their_way:
        raise Inconsistent(f"case {min(on_their_way)} arrived but was at no step")


def _first_step(seen: Seen, case: int, route: int) -> int:
    """Where a case is at first: at the beginning of its route, or where it stands when the run begins."""
    row = case - seen.draws.bases[route]
    for feed in seen.draws.feeds[route]:
        if feed.stream >= 0 and feed.first <= row < feed.first + feed.size:
            at = seen.plan.streams[feed.stream].at
            return at if at >= 0 else seen.plan.routes[route].first
    return seen.plan.routes[route].first


class _Path:
    """One case on its way: where it must be next, and what of its past decides that."""

    def __init__(self, seen: Seen, case: int) -> None:
        self.seen, self.place = seen, seen.place[case]
        cases = seen.log.cases
        self.arrived = int(cases.arrived[self.place])
        self.now = self.arrived
        self.step = _first_step(seen, case, int(cases.route[self.place]))
        self.over = False
        self.visits: dict[int, int] = {}
        self.went: dict[int, int] = {}
        """By branch and start: how often it took effect."""
        self.gave_up: set[int] = set()

    def follow(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._check_place(row)
            self._check_times(row)
            if self.seen.plan.steps[row.step].decides:
                self._check_decision(row)
            self._go_on(row)
        if not self.over:
            raise self.seen.fault(rows[-1], "the case is nowhere after this visit")

    def _check_place(self, row: Row) -> None:
        if self.over:
            raise self.seen.fault(row, "the case was over before, or is still at the step before")
        if row.step != self.step:
            raise self.seen.fault(row, f"the case should be at {self.seen.plan.step_key(self.step)}")
        if row.joined != self.now:
            raise self.seen.fault(row, f"joined at {row.joined}, but came from the step before at {self.now}")
        self.visits[row.step] = self.visits.get(row.step, 0) + 1
        if row.visit != self.visits[row.step]:
            raise self.seen.fault(row, f"this is visit {self.visits[row.step]}")
        if row.outcome not in _OUTCOMES[self.seen.plan.steps[row.step].verb]:
            raise self.seen.fault(row, "no visit of such a step goes like that")

    def _check_times(self, row: Row) -> None:
        if (row.outcome == OPEN) != (row.left == NEVER):
            raise self.seen.fault(row, "a visit is open if and only if the case has not left")
        if any(self.seen.plan.runs_for <= instant < NEVER for instant in (row.joined, row.began, row.left)):
            raise self.seen.fault(row, "something happened after the end of the run")
        if row.outcome == GAVE_UP:
            if row.began != NEVER or row.joined > row.left:
                raise self.seen.fault(row, "who gives up was not served, and left after joining")
        elif not row.joined <= row.began <= row.left:
            raise self.seen.fault(row, f"joined {row.joined}, began {row.began}, left {row.left}: out of order")
        step = self.seen.plan.steps[row.step]
        if not step.takes_time and not row.joined == row.began == row.left:
            raise self.seen.fault(row, "this step takes no time")
        if step.verb == WAIT and row.began != row.joined:
            raise self.seen.fault(row, "a wait begins at once")

    def _check_decision(self, row: Row) -> None:
        step, taken = self.seen.plan.steps[row.step], self.went.get(row.step, 0)
        if (step.verb == START and row.visit > 1) or (step.at_most and taken >= step.at_most):
            should = False
        elif step.condition == ALWAYS:
            should = self.seen.luck(row, "chance") == 1
        else:
            should = self._holds(step, row.joined)
        if should != (row.outcome == WENT):
            raise self.seen.fault(row, f"should have {'gone' if should else 'passed'}")
        self.went[row.step] = taken + should

    def _holds(self, step: Step, now: int) -> bool:
        condition, cases = CONDITIONS[step.condition], self.seen.log.cases
        if condition == "gave_up_at":
            return step.threshold in self.gave_up
        if condition == "nobody_on":
            return not _anybody_on(self.seen, int(step.threshold), now)
        if condition in ("came_before", "before"):
            return (self.arrived if condition == "came_before" else now) % DAY < step.threshold
        if condition == "priority_is":
            return bool(cases.rank[self.place] == step.threshold)
        measured = {
            "older_than": now - self.arrived,
            "value_over": cases.value[self.place],
            "lines_over": cases.lines[self.place],
            "units_over": cases.units[self.place],
        }
        return bool(measured[condition] > step.threshold)

    def _go_on(self, row: Row) -> None:
        step = self.seen.plan.steps[row.step]
        self.now = row.left
        self.over = row.outcome == OPEN or step.verb == END
        if row.outcome == GAVE_UP:
            self.gave_up.add(row.step)
        leads_away = row.outcome == GAVE_UP or (step.verb == BRANCH and row.outcome == WENT)
        self.step = step.goes_to if leads_away else row.step + 1


def _anybody_on(seen: Seen, role: int, now: int) -> bool:
    for shifts in seen.plan.calendars_of(role):
        if on_at([on for on, _ in shifts], [off for _, off in shifts], now):
            return True
    return False
