"""What is won by what is known of the orders that came: a sentence, and as data."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, log
from typing import Any

from analysis.measures.paths import path_of
from analysis.runs.known import Known
from analysis.runs.result import Result
from analysis.statistics import estimate
from sim.language import say

TOLD_OF = ("cycle_h", "share")
"""Measures of routes and promises whose intervals are told of."""


def told(result: Result) -> str:
    """How wide intervals are beside plain ones; nothing where they are the same."""
    return in_words(ratio(result), say("Intervals of cycle times and promises"))


def in_words(ratio: float | None, which: str) -> str:
    """The sentence; nothing without a ratio.

    >>> in_words(0.584, "Intervals")
    'Intervals are 0.58 as wide, on average, for what is known of the orders that came; --plain leaves it out.'
    """
    if ratio is None:
        return ""
    known = say("for what is known of the orders that came; --plain leaves it out.")
    return say("{which} are {ratio:.2f} as wide, on average, {known}", which=which, ratio=ratio, known=known)


def ratio(result: Result) -> float | None:
    """The ratio that is told: over the cycle times of routes and the shares of promises that are adjusted."""
    known = result.known
    if known is None:
        return None
    keys = [key for key in result.keys if key[0] in ("route", "promise") and key[2] in TOLD_OF]
    keys = [key for key in keys if known.used(*key[:2])]
    return mean_ratio((result.get(*key).half_width, estimate(result.each(*key)).half_width) for key in keys)


def mean_ratio(widths: Iterable[tuple[float, float]]) -> float | None:
    """The geometric mean of the ratios of (adjusted, plain) half-widths, of those that have any; None of none.

    >>> mean_ratio([(1.0, 2.0), (2.0, 1.0), (0.0, 0.0)])
    1.0
    """
    found = [log(mine / plain) for mine, plain in widths if mine > 0 and plain > 0]
    return exp(sum(found) / len(found)) if found else None


def as_data(result: Result) -> dict[str, Any]:
    """What it takes to work the means out again from the values of each replication."""
    places = {} if result.known is None else places_of(result.known, (key[:2] for key in result.keys))
    expected = {} if result.known is None else expected_of(result.known, places)
    return {"ratio": ratio(result), "places": places, "expected": expected}


def places_of(known: Known, places: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Place → the paths of the controls of its measures, for places that have any."""
    used = {place: known.used(*place) for place in dict.fromkeys(places)}
    return {_path(*place): [path_of(key) for key in keys] for place, keys in used.items() if keys}


def expected_of(known: Known, places: dict[str, list[str]]) -> dict[str, float]:
    """Path of each control that is used → its expected value."""
    mean = {path_of(key): value for key, value in known.beforehand.mean.items()}
    return {path: mean[path] for path in dict.fromkeys(path for paths in places.values() for path in paths)}


def _path(kind: str, place: str) -> str:
    return path_of((kind, place, "")).rstrip(".") if kind != "outcome" else path_of((kind, place, "ended"))
