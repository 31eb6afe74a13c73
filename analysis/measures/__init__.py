"""Everything that is measured on a log. A file for each kind of place; `measure_all` gathers them.

A value is found under (kind, place, measure): ("step", "order/pack", "wait_min"). `UNITS` names every measure.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.measures.already_there import measure_already_there
from analysis.measures.events import measure_events
from analysis.measures.ledger import measure_ledger
from analysis.measures.money import measure_money
from analysis.measures.people import measure_people
from analysis.measures.promises import measure_promises
from analysis.measures.routes import measure_routes
from analysis.measures.steps import measure_steps
from analysis.measures.view import View

Key = tuple[str, str, str]
"""(kind of place, place, measure)"""

VERSION = 6
"""Raise it when a measure has another value for the same log, is new or is gone: what was stored of it before is then
measured again.
"""

UNITS = {
    "visits": "cases", "served": "cases", "gave_up": "cases", "went": "cases", "passed": "cases", "open": "cases",
    "gave_up_share": "share", "still_waiting": "cases", "per_day": "cases/day",
    "wait_min": "min", "wait_p50_min": "min", "wait_p90_min": "min", "wait_p95_min": "min", "wait_max_min": "min",
    "wait_sd_min": "min", "service_min": "min", "queue": "cases", "queue_max": "cases",
    "people": "people", "scheduled_h": "h/week", "busy_h": "h/week", "overtime_h": "h/week", "utilisation": "share",
    "arrived": "cases", "ended": "cases", "in_progress": "cases",
    "cycle_h": "h", "cycle_p50_h": "h", "cycle_p90_h": "h", "cycle_p95_h": "h", "cycle_max_h": "h",
    "share": "share", "kept": "cases", "broken": "cases", "undecided": "cases", "not_meant": "cases",
    "days": "days", "days_kept": "days", "days_share": "share",
    "cost_per_week": "money/week", "staff_cost_per_week": "money/week", "contribution_per_week": "money/week",
    "surplus_per_week": "money/week",
    "wait_h": "h", "waiting_max": "cases", "waiting_end": "cases", "worked_off_h": "h", "share_else": "share",
    "cases": "cases",
    "offered_h": "h/week", "offered": "cases",
}  # fmt: skip
"""Every measure and its unit; those of the ledgers are named after their cause and are hours per case,
those of the losses hours a week. In tables the
scenario's currency stands in the place of "money".
"""


def measure_all(view: View) -> dict[Key, float]:
    """Every measure of a log."""
    values: dict[Key, float] = {}
    for kind, place, measure, value in _records(view):
        values[kind, place, measure] = float(value)
    return values


def _records(view: View) -> Iterator[tuple[str, str, str, float]]:
    yield from measure_steps(view)
    yield from measure_people(view)
    yield from measure_routes(view)
    yield from measure_promises(view)
    yield from measure_ledger(view)
    yield from measure_money(view)
    yield from measure_events(view)
    yield from measure_already_there(view)
