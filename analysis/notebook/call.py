"""A call as it was typed: what a report says makes it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.notebook.given import Given
from sim.plan import Plan


def call(function: str, given: Sequence[Given], **named: Any) -> str:
    """The call of a function, without what is empty.

    >>> call("compare", ["a.toml", "b.toml"], replications=20, measure=(), set=None)
    "analysis.compare('a.toml', 'b.toml', replications=20)"
    """
    said = [f"{name}={value!r}" for name, value in named.items() if value not in (None, (), "")]
    return f"analysis.{function}({', '.join([*map(_written, given), *said])})"


def _written(given: Given) -> str:
    if isinstance(given, Plan):
        return f"sim.load({given.source!r}, …)"
    return repr(str(given) if isinstance(given, Path) else given)
