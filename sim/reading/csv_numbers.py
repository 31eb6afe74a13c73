"""A column of numbers as programs of all countries write them: 1530.5, 1530,5, 1.530,50 or 1,530.50."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.language import later, say
from sim.reading.row_faults import RowFaults

Cell = tuple[int, str]
"""The line of a cell and its text."""

_OTHER = {".": ",", ",": "."}
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_FULL = {mark: re.compile(rf"[+-]?\d{{1,3}}(\{_OTHER[mark]}\d{{3}})+(\{mark}\d*)?") for mark in _OTHER}
"""A number whose thousands are set apart, by the mark before its fraction."""


DOUBTFUL = later('{} may be thousands or a fraction; say beside the file whether decimal = "," or "."')


@dataclass(frozen=True)
class Amounts:
    """What the numbers of a column can be."""

    least: float
    most: float
    whole: bool = False
    """Whether they have no fraction."""
    decimal: str | None = None
    """The mark before fractions, "," or ".", where the scenario says it."""


def numbers(cells: Sequence[Cell], column: str, faults: RowFaults, wanted: Amounts, *, commas: bool) -> list[float]:
    """The cells as numbers; where one is none, that becomes a fault and the least stands for it.

    `commas`: whether commas separate the columns, so that none is expected in a number unless the scenario says so.
    """
    mark = wanted.decimal or ("." if commas else _settled(text for _, text in cells))
    values = []
    for line, text in cells:
        if mark is None and _marked(text):
            faults.add(line, say(DOUBTFUL), text, column, most=1)
            values.append(wanted.least)
            continue
        says = say("expected a number ({least:g} … {most:g}); got {{}}", least=wanted.least, most=wanted.most)
        value = _number(text.strip(), mark or ".", grouped=wanted.decimal is not None or not commas)
        if value is not None and not wanted.least <= value <= wanted.most:
            value = None
        if value is not None and wanted.whole and not _is_whole(text, value, certain=wanted.decimal is not None):
            says, value = say("expected a whole number, without a mark for thousands; got {}"), None
        if value is None:
            faults.add(line, says, text, column)
        values.append(wanted.least if value is None else value)
    return values


def _number(text: str, mark: str, *, grouped: bool) -> float | None:
    """A cell read with this mark before its fraction; `grouped`: the other mark may set thousands apart."""
    if grouped and _FULL[mark].fullmatch(text):
        text = text.replace(_OTHER[mark], "")
    elif mark == "," and "." in text:
        return None
    text = text.replace(mark, ".")
    return float(text) if _PLAIN.fullmatch(text) else None


def _marked(text: str) -> bool:
    return "," in text or "." in text


def _settled(texts: Iterable[str]) -> str | None:
    """The mark before fractions, as the whole column tells it; None where it does not, or tells both."""
    found: set[str] = set()
    doubtful = False
    for text in filter(_marked, texts):
        marks = re.sub(r"[^.,]", "", text)
        behind = re.split(r"[.,]", text.strip())[-1]
        if len(set(marks)) == 2:
            found.add(marks[-1])
        elif len(marks) > 1:
            found.add(_OTHER[marks[0]])
        elif len(behind) == 3 and not re.fullmatch(r"[+-]?0*[.,].*", text.strip()):
            doubtful = True
        else:
            found.add(marks)
    if not found and not doubtful:
        return "."
    return found.pop() if len(found) == 1 else None


def _is_whole(text: str, value: float, *, certain: bool) -> bool:
    """Whether a cell is a whole number beyond doubt: 1.000 may be a thousand, 2.0 is two."""
    return value == int(value) and (certain or not re.search(r"[.,]0{3,}$", text.strip()))
