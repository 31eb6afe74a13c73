"""How well the numbers of a scenario are known: the grades that its comments give, the weakest first.

A scenario file says behind a number where it comes from: `per_day = 400 # X: a guess`. A grade stands at the head of a
comment, or behind a semicolon in it, alone or before a colon, a comma or "for": `# M for hours; X for days`. The
weakest of several counts. A comment behind a table's header speaks of the table, one on a line of its own of the next
line, one behind a closing bracket of all that it closes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.faults import Place, shown
from sim.language import later, say
from sim.reading.places import KeyPath, comments
from sim.reading.source import Source
from sim.reading.tree import Node, locate, read_text

GRADES = {
    "X": "assumption",
    "C": later("content site (weak)"),
    "B": "named study",
    "A": "official",
    "M": later("measured in order data"),
}
"""What each grade means, the weakest first."""

NOT_GRADED = "not graded"

_GRADE = re.compile(r"([MABCX])(?:$|[:,]\s*| for )")
_NUMBER = re.compile(r"\s*[0-9]")
_WORDS = {"name", "title", "story", "do", "by", "goes_to", "gives_up_to", "route", "department", "priority", "format"}
"""Keys of which nobody asks how well they are known."""


@dataclass(frozen=True)
class Assumption:
    """Something that a scenario states, and how well it is known."""

    grade: str
    """A key of GRADES."""
    path: str
    """Where it stands in the scenario: "arrivals.order.per_day"."""
    value: str
    """What the scenario says, on one line, cut short."""
    comment: str
    """What the file says of it, "" if nothing but the grade."""
    place: Place

    @property
    def text(self) -> str:
        """All of it in a line."""
        return f"{self.path}: {self.value}" + (f" ({self.comment})" if self.comment else "")


def assumptions(source: Source) -> tuple[list[Assumption], int]:
    """What the scenario and the files it is based on state with a grade, the weakest first, and the number of other
    lines that state a number without one. What a variant or `--set` replaced is not told.

    source = sim.reading.source.read("scenarios/growing_store.toml")
    graded, not_graded = assumptions(source)
    """
    found: list[Assumption] = []
    covered: set[tuple[str, int]] = set()
    begun = _by_line(source.tree)
    for file in dict.fromkeys(file for file, _ in begun):
        for line, grade, comment in _graded_lines(Path(file), {at for name, at in begun if name == file}):
            if (file, line) in begun:
                loc, node = begun[file, line]
                found.append(_assumption(source.tree, loc, node, grade, comment))
                covered |= {(each.place.file, each.place.line) for _, each in _walk(node) if each.place.file == file}
    order = list(GRADES)
    found.sort(key=lambda each: order.index(each.grade))
    return found, len({at for at in _with_numbers(source.tree) if at[1]} - covered)


def told(source: Source) -> list[tuple[str, str]]:
    """The same as (grade, text), as a report of an experiment takes them."""
    graded, others = assumptions(source)
    lines = [(each.grade, each.text) for each in graded]
    if others:
        lines.append(
            (
                NOT_GRADED,
                say(
                    "{others} other line{value} with numbers, such as headcounts",
                    others=others,
                    value="s" * (others > 1),
                ),
            )
        )
    return lines


def told_of_all(sources: Iterable[Source]) -> list[tuple[str, str]]:
    """What several scenarios take for granted, each once."""
    return list(dict.fromkeys(each for source in sources for each in told(source)))


def grade_of(comment: str) -> tuple[str, str] | None:
    """The grade of a comment and what else it says; None if it gives none.

    >>> grade_of("X: 1.3 on average"), grade_of("A line of our own"), grade_of("M for hours, a store; X for days")
    (('X', '1.3 on average'), None, ('X', 'M for hours, a store; X for days'))
    """
    parts = [_GRADE.match(part.strip()) for part in comment.split(";")]
    found = [match[1] for match in parts if match]
    first = parts[0]
    if first is None:
        return None
    weakest = min(found, key=list(GRADES).index)
    return weakest, comment if len(found) > 1 else comment[first.end() :].strip()


def _graded_lines(file: Path, begun: set[int]) -> Iterator[tuple[int, str, str]]:
    """Of each graded comment of a file: the line that it speaks of, the grade, and its words."""
    text = read_text(file)
    lines = text.split("\n")
    for line, comment in comments(text).items():
        if (grade := grade_of(comment)) is not None:
            yield (_spoken_of(lines, line, begun), *grade)


def _spoken_of(lines: list[str], line: int, begun: set[int]) -> int:
    """The line that the comment on `line` speaks of."""
    words = lines[line - 1].lstrip()
    if words[:1] in ("]", "}"):
        indent = len(lines[line - 1]) - len(words)
        above = (at for at in range(line - 1, 0, -1) if at in begun)
        return next((at for at in above if len(lines[at - 1]) - len(lines[at - 1].lstrip()) <= indent), line)
    if words.startswith("#") or (words.startswith("[") and line not in begun):
        below = range(line + 1, len(lines) + 1)
        return next((at for at in below if lines[at - 1].strip()[:1] not in ("", "#")), line)
    return line


def _by_line(tree: Node) -> dict[tuple[str, int], tuple[KeyPath, Node]]:
    """What begins on each line of each file: leftmost, and of several names of a header the last."""
    found: dict[tuple[str, int], tuple[KeyPath, Node]] = {}
    for loc, node in _walk(tree):
        if loc and node.place.line:
            at = (node.place.file, node.place.line)
            if at not in found or _rank(loc, node) < _rank(*found[at]):
                found[at] = loc, node
    return found


def _rank(loc: KeyPath, node: Node) -> tuple[int, int]:
    return node.place.column, -len(loc)


def _walk(node: Node, loc: KeyPath = ()) -> Iterator[tuple[KeyPath, Node]]:
    yield loc, node
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from _walk(child, (*loc, key))
    elif isinstance(node.value, list):
        for number, child in enumerate(node.value):
            yield from _walk(child, (*loc, number))


def _with_numbers(tree: Node) -> set[tuple[str, int]]:
    """The places (file, line) that state a number, a duration or a time of day; line 0 for `--set`."""
    return {
        (node.place.file, node.place.line)
        for loc, node in _walk(tree)
        if not _WORDS & set(loc) and _is_number(node.value)
    }


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return _NUMBER.match(value) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _assumption(tree: Node, loc: KeyPath, node: Node, grade: str, comment: str) -> Assumption:
    changed = {file for file, _ in _with_numbers(node)} - {node.place.file}
    if changed:
        names = ", ".join(sorted(Path(file).name for file in changed))
        comment = "; ".join(filter(None, (comment, say("changed by {names}", names=names))))
    return Assumption(grade, locate(tree, loc)[1], _in_short(node.plain()), comment, node.place)


def _in_short(value: Any) -> str:
    """The value on one line; of a table only what has to be known."""
    if isinstance(value, dict):
        value = {key: item for key, item in value.items() if key not in _WORDS}
    return shown(value).removeprefix("{ ").removesuffix(" }")
