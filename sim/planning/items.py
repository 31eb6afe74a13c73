"""Files in which a row is an item: the rows of one order, and what they say of it together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.language import counted, say
from sim.reading.csv_files import Table


@dataclass(frozen=True)
class Items:
    """The rows (positions in the table) of each order, orders in the order of the file."""

    table: Table
    orders: list[list[int]]

    def amounts(self, column: str, least: float, most: float, *, added: bool, **written: Any) -> list[float]:
        """A number for each order. In a column of which each order fills one cell that cell holds; what stands in every
        row is added up, unless it is not `added` and is the same in all rows of each order: then it is the order's.
        """
        filled = self._filled(column)
        rows = [row for each in filled for row in each]
        values = dict(zip(rows, self.table.numbers(column, least, most, rows, **written), strict=True))
        several = [each for each in filled if len(each) > 1]
        once = not added and all(len({values[row] for row in each}) == 1 for each in several)
        if several:
            how = (
                say("taken once: all rows of an order repeat it") if once else say("added up over the rows of an order")
            )
            self.table.notices.append(
                say("{name}: {column} is {how}", name=self.table.path.name, column=column, how=how)
            )
        sums = [values[each[0]] if once else sum(values[row] for row in each) for each in filled]
        for each, value in zip(filled, sums, strict=True):
            if value > most:
                says = say("the rows of its order add up to {{}}; at most {most:g} is believed", most=most)
                self.table.faults.add(self.table.lines[each[0]], says, value, column)
        return sums

    def choices(self, column: str, known: list[str]) -> list[float]:
        """A class for each order, which its rows must agree on."""
        found = []
        for each in self._filled(column, partly=True):
            first, *others = self.table.choices(column, known, each)
            for row, other in zip(each[1:], others, strict=True):
                if other != first:
                    says, text = say("{} is not what another row of its order says"), self.table.columns[column][row]
                    self.table.faults.add(self.table.lines[row], says, text, column)
            found.append(first)
        return found

    def _filled(self, column: str, *, partly: bool = False) -> list[list[int]]:
        """The rows of each order that say something: one of them (else its first), or all."""
        cells = self.table.columns[column]
        found = []
        for rows in self.orders:
            filled = [row for row in rows if cells[row].strip()]
            if not filled:
                filled = rows[:1]
            elif 1 < len(filled) < len(rows) and not partly:
                filled = rows
            found.append(filled)
        return found

    def tell(self, instants: list[int]) -> None:
        """Tell how many orders there are; rows of one order at several times become faults."""
        for first, *others in self.orders:
            for row in others:
                if instants[row] != instants[first]:
                    says = say(
                        "stands at another time than an earlier row of its order; is this the column of its number?"
                    )
                    self.table.faults.add(self.table.lines[row], says)
        rows = sum(map(len, self.orders))
        self.table.notices.append(
            say(
                "{name}: {number} tell of {number_2}",
                name=self.table.path.name,
                number=counted(rows, "row"),
                number_2=counted(len(self.orders), "order"),
            )
        )


def items_of(table: Table, number: str, time: str) -> Items:
    """The rows of each order by its number, in the order of the table. A blank time is that of the order's first row;
    a blank number becomes a fault.
    """
    orders: dict[str, list[int]] = {}
    times = table.columns[time]
    for row, cell in enumerate(table.columns[number]):
        if not cell.strip():
            table.faults.add(table.lines[row], say("the number of the order is missing"), column=number)
            continue
        mine = orders.setdefault(cell.strip(), [])
        mine.append(row)
        times[row] = times[row] if times[row].strip() else times[mine[0]]
    return Items(table, list(orders.values()))
