"""Tables as CSV files that a spreadsheet shows and does not execute."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

EXECUTED = re.compile(r"[=+\-@\t\r\n]")
"""What a cell begins with that a spreadsheet takes for a formula."""

NUMBER = re.compile(r"[+-]?\d[\d,.]*")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a table; its text is UTF-8 with a byte-order mark, which spreadsheets want. Raises OSError."""
    tame = frame.rename(columns=harmless)
    for name, kind in zip(tame.columns, tame.dtypes, strict=True):
        if not pd.api.types.is_numeric_dtype(kind):
            tame[name] = tame[name].map(harmless)
    tame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def harmless(value: Any) -> Any:
    """A text that would be executed behind an apostrophe; all else as it is.

    >>> harmless("=1+1"), harmless("-packer"), harmless("packer"), harmless("+120"), harmless(-1.5)
    ("'=1+1", "'-packer", 'packer', '+120', -1.5)
    """
    executed = isinstance(value, str) and EXECUTED.match(value) and not NUMBER.fullmatch(value)
    return f"'{value}" if executed else value
