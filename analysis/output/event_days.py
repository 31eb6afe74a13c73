"""The days of dated events and those after, as a table for people and as one for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from analysis.answers.events import cut_at
from analysis.measures.event_days import date_of, days_told
from analysis.output.report_tables import Column, Place, Row, Table, cells_of, names_of, told
from analysis.runs.result import SCHEMA, Result
from sim.language import later, say
from sim.plan import Plan
from sim.units import DAY

if TYPE_CHECKING:
    import pandas as pd

FIGURES: list[Column] = [
    ("came", "arrived", "plain"),
    ("waited, mean", "wait_h", "h"),
    (later("waiting at most"), "waiting_max", "plain"),
    (later("waiting at its end"), "waiting_end", "plain"),
    ("still open", "open", "plain"),
]
OF_DAYS = ("arrived", "open", "still_waiting", "wait_h", "waiting_max", "waiting_end")
OF_PROMISES = ("share", "kept", "broken", "undecided")


def event_day_table(result: Result) -> Table:
    """The days of dated events, and those after."""
    columns = [
        "event",
        *names_of(FIGURES),
        *(say("kept: {name}", name=promise.name) for promise in result.plan.promises),
    ]
    caption = say(
        "By the day on which cases arrived: the days of dated events, and three after each. Promises: kept, of those "
        "that are decided; undecided: they came too late to tell before the run ended; “still open”: not ended at the "
        "end of the run. ≥: some still wait then."
    )
    rows = [_row(result, day) for day in days_told(result.plan)]
    return Table("event-days", say("Day by day around dated events"), caption, columns, rows, frozenset({0}))


def event_day_frame(result: Result) -> pd.DataFrame:
    """The same in long form: a row for each day and promise (one a day without a promise where there is none)."""
    import pandas as pd

    return pd.DataFrame([row for day in days_told(result.plan) for row in _frame_rows(result, day)])


def _events_on(plan: Plan, day: int) -> str:
    begin, end = day * DAY, (day + 1) * DAY
    return ", ".join(event.name for event in plan.events if event.since < end and begin < event.until)


def _row(result: Result, day: int) -> Row:
    plan, date, cut = result.plan, date_of(result.plan, day), cut_at(result.plan, day)
    head = f"{date:%a} {date}" + (say(" (until {cut}: the run ended)", cut=cut) if cut else "")
    kept = [_kept(result, ("event day promise", f"{date}/{promise.name}")) for promise in plan.promises]
    return Row(head, head, [_events_on(plan, day), *cells_of(result, "event day", str(date), FIGURES), *kept])


def _kept(result: Result, place: Place) -> str:
    share, undecided = (result.each(*place, name) for name in ("share", "undecided"))
    still = say(" ({mean:,.0f} undecided)", mean=undecided.mean()) if undecided.any() else ""
    return told(result, place, share, "share") + still


def _frame_rows(result: Result, day: int) -> Iterator[dict[str, Any]]:
    plan, date = result.plan, str(date_of(result.plan, day))
    row = {"schema": SCHEMA, "day": date, "event": _events_on(plan, day), "whole": not cut_at(plan, day)}
    row |= _estimates(result, "event day", date, OF_DAYS)
    for promise in [each.name for each in plan.promises]:
        yield {**row, "promise": promise, **_estimates(result, "event day promise", f"{date}/{promise}", OF_PROMISES)}
    if not plan.promises:
        yield row


def _estimates(result: Result, kind: str, place: str, measures: tuple[str, ...]) -> dict[str, float]:
    """Means, each with its half-width."""
    values: dict[str, float] = {}
    for name in measures:
        found = result.get(kind, place, name)
        values |= {name: found.mean, f"{name}_half_width": found.half_width}
    return values
