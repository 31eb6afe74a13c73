"""The checks of verification.py: too long for every commit, run before a release."""

from __future__ import annotations

import sys
from typing import NamedTuple


class Finding(NamedTuple):
    """One figure, what it must be, and whether it is."""

    what: str
    figure: str
    bound: str
    holds: bool


class Report(NamedTuple):
    """What a check found, and further tables for the page (Markdown)."""

    findings: list[Finding]
    details: str = ""


def tell(text: str) -> None:
    """Show how far things are on stderr, on one line if somebody is watching."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
