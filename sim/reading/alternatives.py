"""Keys of a table that exclude each other: when a variant states one, it takes the place of what the base says."""

from __future__ import annotations

from sim.scenario.demand import OF_FILES, ONE_WAYS, RATE_SHAPES
from sim.scenario.shaped import QUANTILES

Keys = frozenset[str]

_FILE: Keys = frozenset(("file", "time_column", *OF_FILES))
_PAIRS: dict[tuple[str, int], tuple[tuple[Keys, Keys], ...]] = {
    ("route", 3): ((frozenset(("chance",)), frozenset(("when",))), (frozenset(("departs",)), frozenset(("every",)))),
    ("promises", 2): (
        (frozenset(("begins",)), frozenset(("ends",))),
        (frozenset(("within", "in_hours")), frozenset(("by", "cut_off", "later"))),
    ),
}
"""By the first word of a path and its length."""
_PAY_PAIRS = ((frozenset(("per_hour",)), frozenset(("per_month",))),)
_FAMILY_PAIRS = (
    (frozenset(("mean", "cv")), frozenset(QUANTILES)),
    (frozenset(("values", "weights")), frozenset(("file", "column", "unit"))),
)


def excluded(path: tuple[str, ...], key: str) -> Keys:
    """The keys of the table at `path` that cannot stand beside this one."""
    where = (path[0], len(path)) if path else ("", 0)
    if where == ("arrivals", 2):
        return _excluded_in_arrivals(key)
    pairs = _FAMILY_PAIRS if where in (("route", 5), ("arrivals", 4)) else _PAIRS.get(where, ())
    if where in (("roles", 3), ("roles", 5)) and path[-1] == "pay":
        pairs = _PAY_PAIRS
    for one, other in pairs:
        if key in one:
            return other
        if key in other:
            return one
    return frozenset()


def _excluded_in_arrivals(key: str) -> Keys:
    if key not in ONE_WAYS:
        return frozenset()
    shapes = frozenset() if key in ("per_day", "per_hour") else RATE_SHAPES
    return (shapes | _FILE | frozenset(ONE_WAYS)) - (_FILE if key == "file" else {key})
