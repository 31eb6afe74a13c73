"""What is wrong with the rows of a data file: however many rows have the same fault, it is told once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sim.faults import BadInput, Fault, Place, nearest, shown
from sim.language import counted, say

MOST_FAULTS = 10
MOST_OF_A_KIND = 3
"""So many rows with the same fault are told one by one; of more only the first, with their number."""


@dataclass
class _Kind:
    """Rows with the same fault in the same column: the first ones as (line, message) by the text that was found."""

    most: int
    rows: int = 0
    last: int = 0
    told: dict[object, tuple[int, str]] = field(default_factory=dict)


class RowFaults:
    """Faults of rows, gathered by kind, so that a million bad rows take no more memory than a few."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kinds: dict[tuple[str, str], _Kind] = {}

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def add(
        self,
        line: int,
        says: str,
        found: object = "",
        column: str = "",
        known: Iterable[str] = (),
        *,
        most: int = MOST_OF_A_KIND,
    ) -> None:
        """A fault in a line. `says` has "{}" where the text that was `found` stands; `known` words give the hint. Rows
        are told one by one if no more than `most` have it.
        """
        kind = self.kinds.setdefault((column, says), _Kind(most))
        kind.rows, kind.last = kind.rows + 1, line
        if len(kind.told) <= kind.most and found not in kind.told:
            kind.told[found] = (
                line,
                says.replace("{}", shown(found)) + (nearest(str(found), known) if known else ""),
            )

    def finish(self) -> None:
        """Raise BadInput if there was any fault."""
        faults = [fault for (column, _), kind in self.kinds.items() for fault in self._of(column, kind)]
        if len(faults) > MOST_FAULTS:
            faults.sort(key=lambda fault: fault.place.line)
            last = faults[MOST_FAULTS - 1].place
            more = Fault(
                Place(last.file, last.line, last.column + 1),
                "",
                say("… and {faults} more", faults=len(faults) - MOST_FAULTS),
            )
            faults = [*faults[:MOST_FAULTS], more]
        if faults:
            raise BadInput(faults)

    def _of(self, column: str, kind: _Kind) -> Iterable[Fault]:
        told = list(kind.told.values())
        told = told if len(told) <= kind.most else told[:1]
        more = kind.rows - len(told)
        for i, (line, message) in enumerate(told):
            if more and i == 0:
                message += say(
                    " … and {number} with the same fault, up to line {last}",
                    number=counted(more, "more row"),
                    last=kind.last,
                )
            yield Fault(Place(str(self.path), line, 1), column and say("column {column}", column=column), message)
