"""pydantic's findings, said in the words of somebody who plans a shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.faults import nearest, shown
from sim.language import later, say
from sim.scenario.fields import NAME_PATTERN, PROMISE_PATTERN
from sim.scenario.model import CURRENCY_PATTERN
from sim.scenario.steps import VERBS

_MISMATCHES = {
    CURRENCY_PATTERN: later("is not a currency; write its three capital letters, such as CNY"),
    PROMISE_PATTERN: later("cannot be a name: no dots, quotes or line breaks, no blanks at its ends, not empty"),
    NAME_PATTERN: later("cannot be a name: no dots, slashes, quotes or line breaks, no blanks at its ends, not empty"),
}

_SAID: dict[str, Callable[[dict[str, Any], Any], str]] = {
    "int_type": lambda c, v: say("expected a whole number; got {v}", v=shown(v)),
    "int_from_float": lambda c, v: say("expected a whole number; got {v}", v=shown(v)),
    "float_type": lambda c, v: say("expected a number; got {v}", v=shown(v)),
    "string_type": lambda c, v: say("expected text in quotes; got {v}", v=shown(v)),
    "bool_type": lambda c, v: say("expected true or false; got {v}", v=shown(v)),
    "date_type": lambda c, v: say("expected a date such as 2025-10-06 (without quotes); got {v}", v=shown(v)),
    "list_type": lambda c, v: say("expected a list [ … ]; got {v}", v=shown(v)),
    "dict_type": lambda c, v: say("expected a table {{ … }}; got {v}", v=shown(v)),
    "model_type": lambda c, v: say("expected a table {{ … }}; got {v}", v=shown(v)),
    "model_attributes_type": lambda c, v: say("expected a table {{ … }}; got {v}", v=shown(v)),
    "finite_number": lambda c, v: say("expected a finite number; got {v}", v=shown(v)),
    "greater_than_equal": lambda c, v: say("must be at least {ge:g}; got {v}", ge=c["ge"], v=shown(v)),
    "greater_than": lambda c, v: say("must be above {gt:g}; got {v}", gt=c["gt"], v=shown(v)),
    "less_than_equal": lambda c, v: say("must be at most {le:g}; got {v}", le=c["le"], v=shown(v)),
    "less_than": lambda c, v: say("must be below {lt:g}; got {v}", lt=c["lt"], v=shown(v)),
    "too_short": lambda c, v: say(
        "needs at least {entries}; has {actual_length}",
        entries=_entries(c["min_length"]),
        actual_length=c["actual_length"],
    ),
    "too_long": lambda c, v: say(
        "takes at most {entries}; has {value}", entries=_entries(c["max_length"]), value=c["actual_length"] or "more"
    ),
    "string_too_long": lambda c, v: say("is longer than {max_length} characters", max_length=c["max_length"]),
    "string_pattern_mismatch": lambda c, v: f"{shown(v)} {say(_MISMATCHES.get(c['pattern'], 'has another form'))}",
    "union_tag_not_found": lambda c, v: say(
        'needs the key "do", which says what the step does ({listed})', listed=", ".join(VERBS)
    ),
    "value_error": lambda c, v: str(c["error"]),
    "scenario": lambda c, v: str(c["message"]),
}


def _entries(number: int) -> str:
    return say("{number} entr{which}", number=number, which="y" if number == 1 else "ies")


def sentence(detail: dict[str, Any]) -> str:
    """One finding as a sentence with the value, what was expected and the nearest known word."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail.get("input")
    if kind == "missing":
        return "is missing"
    if kind == "list_type" and detail["loc"][:1] == ("route",) and len(detail["loc"]) == 2:
        hint = say("a table of steps by name is for a file that is based_on another")
        return say("expected blocks of steps, [[route.…]]; got {value} ({hint})", value=shown(value), hint=hint)
    if kind == "literal_error":
        expected = context["expected"].replace("'", '"')
        return say(
            "expected {expected}; got {value}{near}", expected=expected, value=shown(value), near=_near(value, expected)
        )
    if kind == "union_tag_invalid":
        return say(
            "{tag} is not something a step can do{near}",
            tag=shown(context["tag"]),
            near=_near(context["tag"], context["expected_tags"]),
        )
    said = _SAID.get(kind)
    return said(context, value) if said else say("{msg}; got {value}", msg=detail["msg"], value=shown(value))


def _near(value: Any, expected: str) -> str:
    words = [word.strip(" '\"") for word in expected.replace(say(" or "), ", ").split(",")]
    return nearest(value, words) if isinstance(value, str) else ""
