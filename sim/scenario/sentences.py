"""pydantic's findings, said in the words of somebody who plans a shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.faults import nearest

_SAID: dict[str, Callable[[dict[str, Any], Any], str]] = {
    "int_type": lambda c, v: f"expected a whole number; got {v!r}",
    "int_from_float": lambda c, v: f"expected a whole number; got {v!r}",
    "float_type": lambda c, v: f"expected a number; got {v!r}",
    "string_type": lambda c, v: f"expected text in quotes; got {v!r}",
    "bool_type": lambda c, v: f"expected true or false; got {v!r}",
    "date_type": lambda c, v: f"expected a date such as 2025-10-06 (without quotes); got {v!r}",
    "list_type": lambda c, v: f"expected a list [ … ]; got {v!r}",
    "dict_type": lambda c, v: f"expected a table {{ … }}; got {v!r}",
    "model_type": lambda c, v: f"expected a table {{ … }}; got {v!r}",
    "model_attributes_type": lambda c, v: f"expected a table {{ … }}; got {v!r}",
    "finite_number": lambda c, v: f"expected a finite number; got {v!r}",
    "greater_than_equal": lambda c, v: f"must be at least {c['ge']:g}; got {v!r}",
    "greater_than": lambda c, v: f"must be above {c['gt']:g}; got {v!r}",
    "less_than_equal": lambda c, v: f"must be at most {c['le']:g}; got {v!r}",
    "less_than": lambda c, v: f"must be below {c['lt']:g}; got {v!r}",
    "too_short": lambda c, v: f"needs at least {c['min_length']} entries; has {c['actual_length']}",
    "too_long": lambda c, v: f"takes at most {c['max_length']} entries; has {c['actual_length']}",
    "string_too_long": lambda c, v: f"is longer than {c['max_length']} characters",
    "string_pattern_mismatch": lambda c, v: (
        f"{v!r} cannot stand here; three capital letters such as CNY"
        if c["pattern"] == "^[A-Z]{3}$"
        else f"{v!r} cannot be a name: no dots, slashes or quotes, no blanks at its ends, not empty"
    ),
    "union_tag_not_found": lambda c, v: (
        'needs the key "do": what the step does (work, wait, collect, branch, start, end)'
    ),
    "value_error": lambda c, v: str(c["error"]),
    "scenario": lambda c, v: str(c["message"]),
}


def sentence(detail: dict[str, Any]) -> str:
    """One finding as a sentence with the value, what was expected and the nearest known word."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail.get("input")
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        return f"expected {context['expected']}; got {value!r}{_near(value, context['expected'])}"
    if kind == "union_tag_invalid":
        return f'"{context["tag"]}" is not something a step can do{_near(context["tag"], context["expected_tags"])}'
    said = _SAID.get(kind)
    return said(context, value) if said else f"{detail['msg']}; got {value!r}"


def _near(value: Any, expected: str) -> str:
    words = [word.strip(" '\"") for word in expected.replace(" or ", ", ").split(",")]
    return nearest(value, words) if isinstance(value, str) else ""
