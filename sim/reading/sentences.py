"""pydantic's findings, said in the words of somebody who plans a shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.faults import nearest, shown
from sim.scenario.fields import NAME_PATTERN, PROMISE_PATTERN
from sim.scenario.model import CURRENCY_PATTERN
from sim.scenario.steps import VERBS

_MISMATCHES = {
    CURRENCY_PATTERN: "is not a currency; write its three capital letters, such as CNY",
    PROMISE_PATTERN: "cannot be a name: no dots, quotes or line breaks, no blanks at its ends, not empty",
    NAME_PATTERN: "cannot be a name: no dots, slashes, quotes or line breaks, no blanks at its ends, not empty",
}

_SAID: dict[str, Callable[[dict[str, Any], Any], str]] = {
    "int_type": lambda c, v: f"expected a whole number; got {shown(v)}",
    "int_from_float": lambda c, v: f"expected a whole number; got {shown(v)}",
    "float_type": lambda c, v: f"expected a number; got {shown(v)}",
    "string_type": lambda c, v: f"expected text in quotes; got {shown(v)}",
    "bool_type": lambda c, v: f"expected true or false; got {shown(v)}",
    "date_type": lambda c, v: f"expected a date such as 2025-10-06 (without quotes); got {shown(v)}",
    "list_type": lambda c, v: f"expected a list [ … ]; got {shown(v)}",
    "dict_type": lambda c, v: f"expected a table {{ … }}; got {shown(v)}",
    "model_type": lambda c, v: f"expected a table {{ … }}; got {shown(v)}",
    "model_attributes_type": lambda c, v: f"expected a table {{ … }}; got {shown(v)}",
    "finite_number": lambda c, v: f"expected a finite number; got {shown(v)}",
    "greater_than_equal": lambda c, v: f"must be at least {c['ge']:g}; got {shown(v)}",
    "greater_than": lambda c, v: f"must be above {c['gt']:g}; got {shown(v)}",
    "less_than_equal": lambda c, v: f"must be at most {c['le']:g}; got {shown(v)}",
    "less_than": lambda c, v: f"must be below {c['lt']:g}; got {shown(v)}",
    "too_short": lambda c, v: f"needs at least {_entries(c['min_length'])}; has {c['actual_length']}",
    "too_long": lambda c, v: f"takes at most {_entries(c['max_length'])}; has {c['actual_length'] or 'more'}",
    "string_too_long": lambda c, v: f"is longer than {c['max_length']} characters",
    "string_pattern_mismatch": lambda c, v: f"{shown(v)} {_MISMATCHES.get(c['pattern'], 'has another form')}",
    "union_tag_not_found": lambda c, v: f'needs the key "do", which says what the step does ({", ".join(VERBS)})',
    "value_error": lambda c, v: str(c["error"]),
    "scenario": lambda c, v: str(c["message"]),
}


def _entries(number: int) -> str:
    return f"{number} entr{'y' if number == 1 else 'ies'}"


def sentence(detail: dict[str, Any]) -> str:
    """One finding as a sentence with the value, what was expected and the nearest known word."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail.get("input")
    if kind == "missing":
        return "is missing"
    if kind == "list_type" and detail["loc"][:1] == ("route",) and len(detail["loc"]) == 2:
        hint = "a table of steps by name is for a file that is based_on another"
        return f"expected blocks of steps, [[route.…]]; got {shown(value)} ({hint})"
    if kind == "literal_error":
        expected = context["expected"].replace("'", '"')
        return f"expected {expected}; got {shown(value)}{_near(value, expected)}"
    if kind == "union_tag_invalid":
        return (
            f"{shown(context['tag'])} is not something a step can do{_near(context['tag'], context['expected_tags'])}"
        )
    said = _SAID.get(kind)
    return said(context, value) if said else f"{detail['msg']}; got {shown(value)}"


def _near(value: Any, expected: str) -> str:
    words = [word.strip(" '\"") for word in expected.replace(" or ", ", ").split(",")]
    return nearest(value, words) if isinstance(value, str) else ""
