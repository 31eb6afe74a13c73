"""A log that is kept: rows are told as visits end, and wanted case by case."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.fast.columns import columns
from sim.fast.compiled import whole
from sim.fast.lexicon import HELPED_ROW, HELPER_COLUMNS, STRETCH_COLUMNS, STRETCH_ROW
from sim.fast.world import Ints
from sim.log import COLUMN_TYPES, Stretches, Visits


class Kept:
    """A log as it is told (a `sim.fast.play.Reader`), until it is put in order."""

    def __init__(self) -> None:
        self.pieces: list[tuple[dict[str, NDArray[Any]], Ints, Ints]] = []

    def read(self, rows: dict[str, NDArray[Any]], helpers: Ints, stretches: Ints) -> None:
        """Take in some rows."""
        kept = columns(len(rows["case"]), {name: column.dtype.type for name, column in rows.items()})
        for name, column in rows.items():
            kept[name][:] = column
        self.pieces.append((kept, helpers.copy(), stretches.copy()))

    def in_order(self, cases: int) -> tuple[Visits, tuple[Ints, Ints], Stretches]:
        """All rows by case, those of one case as they were told; further people on visits, and stretches of work. Uses
        the pieces up, or memory would hold the whole log twice.
        """
        places = np.zeros(cases + 1, dtype=np.int32)
        for rows, _, _ in self.pieces:
            _count(rows["case"], places)
        np.cumsum(places, out=places)
        ordered = columns(int(places[-1]), COLUMN_TYPES)
        helpers = [np.empty((0, HELPER_COLUMNS), dtype=np.int64)]
        stretches = [np.empty((0, STRETCH_COLUMNS), dtype=np.int64)]
        self.pieces.reverse()
        while self.pieces:
            rows, helping, worked = self.pieces.pop()
            both = (column for name in COLUMN_TYPES for column in (rows[name], ordered[name]))
            _put(places, helping, worked, *both)
            helpers.append(helping)
            stretches.append(worked)
        row, person = _by_row(helpers)
        return Visits(**ordered), (row, person), Stretches(*_by_row(stretches))


def _by_row(pieces: list[Ints]) -> list[Ints]:
    """The columns of a table that tells more of some visits, in the order of their rows."""
    table = np.concatenate(pieces)
    return list(np.ascontiguousarray(table[np.argsort(table[:, 0], kind="stable")].T))


@whole
def _count(case: Any, places: Any) -> None:
    """Count the rows of each case, one place further on: summed up, that is where its rows begin."""
    for i in range(case.size):
        places[case[i] + 1] += 1


@whole
def _put(
    places: Any, helping: Any, worked: Any, case: Any, to_case: Any, step: Any, to_step: Any, visit: Any, to_visit: Any,
    person: Any, to_person: Any, joined: Any, to_joined: Any, began: Any, to_began: Any, left: Any, to_left: Any,
    outcome: Any, to_outcome: Any,
) -> None:  # fmt: skip
    """Put each row where it belongs, all its columns at once; and tell who helps or worked at which row it is now."""
    h, s = 0, 0
    for i in range(case.size):
        c = case[i]
        j = places[c]
        places[c] = j + 1
        to_case[j], to_step[j], to_visit[j], to_person[j] = c, step[i], visit[i], person[i]
        to_joined[j], to_began[j], to_left[j], to_outcome[j] = joined[i], began[i], left[i], outcome[i]
        while h < helping.shape[0] and helping[h, HELPED_ROW] == i:
            helping[h, HELPED_ROW] = j
            h += 1
        while s < worked.shape[0] and worked[s, STRETCH_ROW] == i:
            worked[s, STRETCH_ROW] = j
            s += 1
