"""Waits that are not over: which figures are only known to be at least so much."""

from __future__ import annotations

from analysis.runs.result import Result

KNOWN = {
    "wait_min": 0.99, "wait_h": 0.99,
    "wait_p50_min": 0.5, "wait_p90_min": 0.9, "wait_p95_min": 0.95, "wait_max_min": 1.0,
}  # fmt: skip
"""Measure → the share of visits (of a day: of cases) whose waiting must be over for it to be known. (A wait that is
not over counts with what it has lasted: the figure is never longer than the truth.)"""


def at_least(result: Result, kind: str, place: str, measure: str) -> bool:
    """Whether the truth may be longer than this figure, because too many still wait at the end of the run."""
    if measure not in KNOWN or not result.has(kind, place, "still_waiting"):
        return False
    counted = "arrived" if measure == "wait_h" else "visits"
    visits, still = (result.each(kind, place, name).sum() for name in (counted, "still_waiting"))
    return bool(still > (1 - KNOWN[measure]) * visits + 1e-9)


def mark(result: Result, kind: str, place: str, measure: str) -> str:
    """What stands before a figure of which only that is known: "≥ "."""
    return "≥ " if at_least(result, kind, place, measure) else ""
