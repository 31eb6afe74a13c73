"""Columns of CSV files that a scenario names: real orders, observed values. Every bad row is told, with its line."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from sim.faults import BadInput, Fault, Place, bad_input, nearest, shown
from sim.language import say
from sim.reading.csv_numbers import Amounts, numbers
from sim.reading.moments import Written, moments
from sim.reading.row_faults import RowFaults
from sim.reading.text_files import opened

MOST_ROWS = 5_000_000
"""Rows of a file that are read."""

MOST_LIKE = 3
"""Columns that are read only because of their names."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}

_SAID = re.compile(r"sep=(.)\r?\n?")
"""The line with which Excel says the separator."""


@dataclass
class Table:
    """The wanted columns of a file as text, with the line of each row, and what was noticed in reading them."""

    path: Path
    separator: str
    columns: dict[str, list[str]]
    notices: list[str]
    faults: RowFaults
    lines: list[int] = field(default_factory=list)

    def numbers(
        self, column: str, least: float, most: float, rows: Iterable[int] | None = None, **written: Any
    ) -> list[float]:
        """The column as numbers from `least` to `most`, of some `rows` (positions) or all; other cells become faults.
        `written`: see `csv_numbers.Amounts`.
        """
        cells = [(self.lines[i], self.columns[column][i]) for i in self._positions(rows)]
        return numbers(cells, column, self.faults, Amounts(least, most, **written), commas=self.separator == ",")

    def instants(self, column: str, written: Written | None = None) -> list[dt.datetime]:
        """The column as local times in rising order; other rows become faults. A file that is newest first is turned
        round, with all its columns.
        """
        cells = list(zip(self.lines, self.columns[column], strict=True))
        found, backwards, notices = moments(cells, column, self.faults, written or Written())
        self.notices += [f"{self.path.name}: {notice}" for notice in notices]
        if backwards:
            self.lines.reverse()
            for each in self.columns.values():
                each.reverse()
        return found

    def choices(self, column: str, known: list[str], rows: Iterable[int] | None = None) -> list[float]:
        """The column as positions in the list of known words, of some rows or all; other cells become faults."""
        values = []
        for i in self._positions(rows):
            text = self.columns[column][i]
            if text.strip() not in known:
                self.faults.add(self.lines[i], say("there is no priority class {}"), text, column, known)
            values.append(float(known.index(text.strip())) if text.strip() in known else 0.0)
        return values

    def _positions(self, rows: Iterable[int] | None) -> Iterable[int]:
        return range(len(self.lines)) if rows is None else rows

    def finish(self) -> None:
        """Raise BadInput if any row was bad; rows with the same fault are told once."""
        self.faults.finish()


def read_table(path: Path, wanted: list[str] | None = None, like: re.Pattern[str] | None = None) -> Table:
    """Read the wanted columns (default: all) of a CSV file, and any whose name is `like` something.

    Text and compression: see `text_files.opened`; columns are separated by commas, semicolons or tabs. Raises BadInput.
    """
    with opened(path) as (lines, notices):
        separator, lines = _separator(path, lines, wanted)
        reader = csv.reader(lines, delimiter=separator)
        header = _header(path, reader)
        wanted = header if wanted is None else wanted
        if faults := [_column_fault(path, name, header) for name in wanted if header.count(name) != 1]:
            raise BadInput(faults)
        free = (name for name in header if header.count(name) == 1 and name not in wanted)
        more = [name for name in free if like and like.search(name)][:MOST_LIKE]
        if separator != ",":
            notices.append(
                say(
                    "{name}: columns are separated by {get}",
                    name=path.name,
                    get=SEPARATORS.get(separator, shown(separator)),
                )
            )
        table = Table(path, separator, {name: [] for name in (*wanted, *more)}, notices, RowFaults(path))
        _read_rows(reader, header, table)
    if not table.lines and not table.faults:
        raise bad_input(str(path), say("has a header but no rows"))
    return table


def _separator(path: Path, lines: Iterator[str], wanted: list[str] | None) -> tuple[str, Iterator[str]]:
    """What separates the columns, by which most of the wanted ones are found in the header (else: the most)."""
    try:
        first = next(lines, "")
    except csv.Error as error:
        raise bad_input(str(path), say("is not a CSV file: {error}", error=error)) from None
    if said := _SAID.fullmatch(first):
        return said[1], chain(["\n"], lines)

    def fits(separator: str) -> tuple[int, int]:
        try:
            names = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
        except csv.Error:
            return 0, 0
        return len(set(names) & set(wanted or ())), len(names)

    return max(SEPARATORS, key=fits), chain([first], lines)


def _header(path: Path, reader: csv._reader) -> list[str]:  # type: ignore[name-defined]  # csv's own
    try:
        header = [name.strip() for name in next(reader, []) or next(reader, [])]
    except csv.Error as error:
        raise bad_input(str(path), say("is not a CSV file: {error}", error=error)) from None
    if not any(header):
        raise bad_input(str(path), say("is empty; the first line must name the columns"))
    return header


def _column_fault(path: Path, name: str, header: list[str]) -> Fault:
    message = say("two columns are called {name}", name=shown(name))
    if name not in header:
        message = say("there is no column {name}{nearest}", name=shown(name), nearest=nearest(name, header))
    return Fault(Place(str(path), 1, 1), "", message)


def _read_rows(reader: csv._reader, header: list[str], table: Table) -> None:  # type: ignore[name-defined]  # csv's own
    at = {name: header.index(name) for name in table.columns}
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            table.faults.add(reader.line_num, say("cannot be read: {error}", error=error))
            return
        if row is None:
            return
        if not row:
            continue
        if len(row) != len(header):
            table.faults.add(
                reader.line_num, say("has {{}} fields, the header has {header}", header=len(header)), len(row)
            )
            continue
        if len(table.lines) == MOST_ROWS:
            raise bad_input(
                str(table.path),
                say("has more than {MOST_ROWS:,} rows; leave out those outside the run", MOST_ROWS=MOST_ROWS),
            )
        table.lines.append(reader.line_num)
        for name, i in at.items():
            table.columns[name].append(row[i])
