"""Columns of CSV files that a scenario names: real orders, observed values. Every bad row is told, with its line."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from sim.faults import BadInput, Fault, Place, bad_input, nearest, shown

MOST_FAULTS = 10


@dataclass
class Table:
    """The wanted columns of a file as text, with the line of each row, and what was noticed in reading them."""

    path: Path
    columns: dict[str, list[str]]
    lines: list[int]
    notices: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def numbers(self, column: str, least: float, most: float) -> list[float]:
        """The column as numbers from `least` to `most`; other rows become faults."""
        values = []
        for line, text in zip(self.lines, self.columns[column], strict=True):
            try:
                value = float(text)
            except ValueError:
                value = float("nan")
            if not least <= value <= most:
                self._fault(line, f"expected a number ({least:g} … {most:g}); got {shown(text)}", column)
                value = least
            values.append(value)
        return values

    def instants(self, column: str) -> list[dt.datetime]:
        """The column as local times in rising order; other rows become faults."""
        values: list[dt.datetime] = []
        for line, text in zip(self.lines, self.columns[column], strict=True):
            try:
                value = dt.datetime.fromisoformat(text.strip())
            except ValueError:
                self._fault(line, f"expected a time such as 2025-10-06 14:30:00; got {shown(text)}", column)
                continue
            if value.tzinfo is not None:
                self._fault(line, f"times are local to the shop; leave the time zone out of {shown(text)}", column)
                continue
            if values and value < values[-1]:
                self._fault(line, f"{shown(text)} comes after a later time; sort the file by time", column)
            values.append(value)
        return values

    def choices(self, column: str, known: list[str]) -> list[float]:
        """The column as positions in the list of known words; other rows become faults."""
        values = []
        for line, text in zip(self.lines, self.columns[column], strict=True):
            if text.strip() not in known:
                message = f"there is no priority class {shown(text)}{nearest(text, known)}"
                self._fault(line, message, column)
            values.append(float(known.index(text.strip())) if text.strip() in known else 0.0)
        return values

    def _fault(self, line: int, message: str, column: str = "") -> None:
        self.faults.append(Fault(Place(str(self.path), line, 1), column and f"column {column}", message))

    def finish(self) -> None:
        """Raise BadInput if any row was bad (the first ten are told, the rest counted)."""
        if len(self.faults) > MOST_FAULTS:
            last = self.faults[MOST_FAULTS - 1].place
            more = Fault(
                Place(last.file, last.line, last.column + 1), "", f"… and {len(self.faults) - MOST_FAULTS} more"
            )
            raise BadInput([*self.faults[:MOST_FAULTS], more])
        if self.faults:
            raise BadInput(self.faults)


def read_table(path: Path, wanted: list[str] | None = None) -> Table:
    """Read the wanted columns (default: all) of a CSV file (UTF-8 or GBK, plain or .gz). Raises BadInput."""
    text, notices = _decode(path)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise bad_input(str(path), f"is not a CSV file: {error}") from None
    if not any(header):
        raise bad_input(str(path), "is empty; the first line must name the columns")
    wanted = header if wanted is None else wanted
    if faults := [_column_fault(path, name, header) for name in wanted if header.count(name) != 1]:
        raise BadInput(faults)
    table = Table(path, {name: [] for name in wanted}, [], notices)
    _read_rows(reader, header, table)
    if not table.lines and not table.faults:
        raise bad_input(str(path), "has a header but no rows")
    return table


def _column_fault(path: Path, name: str, header: list[str]) -> Fault:
    message = f"two columns are called {shown(name)}"
    if name not in header:
        message = f"there is no column {shown(name)}{nearest(name, header)}"
    return Fault(Place(str(path), 1, 1), "", message)


def _read_rows(reader: csv._reader, header: list[str], table: Table) -> None:  # type: ignore[name-defined]  # csv's own
    at = {name: header.index(name) for name in table.columns}
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            table._fault(reader.line_num, f"cannot be read: {error}")
            return
        if row is None:
            return
        if not row:
            continue
        if len(row) != len(header):
            table._fault(reader.line_num, f"has {len(row)} fields, the header has {len(header)}")
            continue
        table.lines.append(reader.line_num)
        for name, i in at.items():
            table.columns[name].append(row[i])


def _decode(path: Path) -> tuple[str, list[str]]:
    try:
        if path.exists() and not path.is_file():
            raise bad_input(str(path), "is a folder, a pipe or a device; name a file")
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
    except FileNotFoundError:
        raise bad_input(str(path), "there is no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        raise bad_input(str(path), f"cannot be read: {error}") from None
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030"), [f"{path.name} was read as GBK text"]
    except UnicodeDecodeError:
        raise bad_input(str(path), "is neither UTF-8 nor GBK text") from None
