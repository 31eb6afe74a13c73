"""Measures by the names that people write: their path in the JSON, such as "steps.order/pack.wait_min"."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.measures import Key
from sim.faults import BadInput, bad_input, nearest
from sim.language import say

GROUPS = {
    "steps": "step",
    "roles": "role",
    "teams": "team",
    "departments": "department",
    "routes": "route",
    "promises": "promise",
    "money": "money",
    "ledger": "ledger",
    "step_ledger": "step ledger",
    "step_losses": "step losses",
    "events": "event",
    "event_promises": "event promise",
    "event_days": "event day",
    "already_there": "already there",
    "event_day_promises": "event day promise",
}
"""First word of a path, as in the JSON → kind of place, as in the tables."""

LOWER = frozenset(
    (
        *("wait_min", "queue", "cycle_h", "gave_up", "gave_up_share", "open", "in_progress", "overtime_h", "broken"),
        *("cost_per_week", "staff_cost_per_week"),
    )
)
HIGHER = frozenset(("share", "kept", "days_share", "days_kept", "contribution_per_week", "surplus_per_week"))


def direction(measure: str) -> str | None:
    """Which way a measure improves: "lower", "higher", or None where neither is better by itself.

    >>> direction("wait_p90_min"), direction("share"), direction("utilisation")
    ('lower', 'higher', None)
    """
    if measure in HIGHER:
        return "higher"
    return "lower" if measure in LOWER or measure.startswith(("wait_", "cycle_", "queue_")) else None


def path_of(key: Key) -> str:
    """The path of a measure.

    >>> path_of(("outcome", "order/delivered", "ended"))
    'routes.order.outcomes.delivered'
    """
    kind, place, measure = key
    if kind == "outcome":
        route, outcome = place.split("/", 1)
        return f"routes.{route}.outcomes.{outcome}"
    return f"{next(group for group, of in GROUPS.items() if of == kind)}.{place}.{measure}"


def key_of(path: str, keys: Iterable[Key], where: str = "measure") -> Key:
    """The measure that a path names, of those that there are. Raises BadInput with the nearest name for any other."""
    known = {path_of(key): key for key in keys}
    if path in known:
        return known[path]
    raise unknown(path, list(known), where)


def unknown(path: str, known: list[str], where: str) -> BadInput:
    """What is said of a path that is none of those that are known, with the nearest name."""
    group, _, rest = path.partition(".")
    if group not in GROUPS:
        return bad_input(
            where,
            say('there is no "{group}" in "{path}"{nearest}', group=group, path=path, nearest=nearest(group, GROUPS)),
        )
    place, _, measure = rest.rpartition(".")
    mine = [each.removeprefix(f"{group}.") for each in known if each.startswith(f"{group}.")]
    places = {each.rpartition(".")[0] for each in mine}
    if not place:
        return bad_input(
            where, say('"{path}": expected three words with dots between them: group.place.measure', path=path)
        )
    if place not in places:
        return bad_input(
            where,
            say('there is no "{place}" in "{path}"{nearest}', place=place, path=path, nearest=nearest(place, places)),
        )
    measures = [each.rpartition(".")[2] for each in mine if each.startswith(f"{place}.")]
    return bad_input(
        where,
        say(
            'there is no "{measure}" in "{path}"{nearest}',
            measure=measure,
            path=path,
            nearest=nearest(measure, measures),
        ),
    )
