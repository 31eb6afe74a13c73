"""Who came: everybody whom a stream brings or a case starts, nobody else, each with the attributes drawn for it."""

from __future__ import annotations

from sim.log import UNKNOWN, WENT
from sim.plan import START
from sim.verify.inconsistent import Inconsistent
from sim.verify.seen import Seen

_ATTRIBUTES = ("lines", "units", "value", "rank")


def check_cases(seen: Seen) -> None:
    """Raise Inconsistent if cases are missing, too many, or not what they should be."""
    due = {**_from_streams(seen), **_started(seen)}
    cases = seen.log.cases
    told = zip(cases.case.tolist(), cases.arrived.tolist(), cases.parent.tolist(), strict=True)
    came = {case: (arrived, parent) for case, arrived, parent in told}
    if len(came) < len(cases.case) or list(came) != sorted(came):
        raise Inconsistent("the table of cases is not in the order of their numbers, each once")
    for case in sorted(due.keys() | came.keys()):
        if due.get(case) != came.get(case):
            raise Inconsistent(
                f"case {case}: should have (arrived, parent) = {due.get(case)}, the log has {came.get(case)}"
            )
    for case in came:
        _check_attributes(seen, case)


def _from_streams(seen: Seen) -> dict[int, tuple[int, int]]:
    """Case → (arrival, no parent) of everybody whom a stream brings."""
    found = {}
    for route, feeds in enumerate(seen.draws.feeds):
        for feed in feeds:
            if feed.stream >= 0:
                instants = seen.draws.cases[route].arrived[feed.first : feed.first + feed.size].tolist()
                first = seen.draws.bases[route] + feed.first
                found.update({first + i: (instant, UNKNOWN) for i, instant in enumerate(instants)})
    return found


def _started(seen: Seen) -> dict[int, tuple[int, int]]:
    """Case → (arrival, parent) of everybody whom another case started and who came before the end of the run."""
    found = {}
    for row in seen.rows:
        step = seen.plan.steps[row.step]
        if step.verb != START or row.outcome != WENT:
            continue
        arrives = row.joined + (0 if step.after is None else seen.luck(row, "after"))
        child = seen.draws.child(row.step, seen.luck_row(row))
        if child in found:
            raise seen.fault(row, "starts the same case twice")
        if arrives < seen.plan.runs_for:
            found[child] = (arrives, row.case)
    return found


def _check_attributes(seen: Seen, case: int) -> None:
    cases, place = seen.log.cases, seen.place[case]
    route = int(cases.route[place])
    row = case - seen.draws.bases[route]
    if not 0 <= row < len(seen.draws.cases[route].arrived):
        raise Inconsistent(f"case {case} is told as one of route {seen.plan.routes[route].name}, where it is none")
    for name in _ATTRIBUTES:
        drawn, told = getattr(seen.draws.cases[route], name)[row], getattr(cases, name)[place]
        if drawn != told:
            raise Inconsistent(f"case {case}: {name} drawn {drawn}, in the log {told}")
