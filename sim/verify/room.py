"""Room to wait: nobody stands where there is none, and nobody is turned away where there is some."""

from __future__ import annotations

from itertools import groupby

from sim.log import GAVE_UP
from sim.units import NEVER
from sim.verify.seen import Row, Seen


def check_room(seen: Seen) -> None:
    """Raise Inconsistent if, at a step with room for so many, somebody who came to a full queue waits, or somebody was
    turned away though fewer waited that instant.
    """
    for number, step in enumerate(seen.plan.steps):
        if step.room >= 0:
            rows = sorted((row for row in seen.rows if row.step == number), key=lambda row: row.joined)
            _check_step(seen, rows, step.room)


def _check_step(seen: Seen, rows: list[Row], room: int) -> None:
    """Instant by instant: `there` are those who joined before and wait at least until then."""
    there: list[Row] = []
    for now, together in groupby(rows, key=lambda row: row.joined):
        new = list(together)
        there = [row for row in there if row.waits[-1][1] >= now]
        stand = sum(any(since <= now <= until for since, until in row.waits) for row in there)
        stay = [row for row in new if row.waits[0][1] > now]
        left = sum(any(since <= now < until for since, until in row.waits) for row in there)
        if now >= 0 and stay and len(stay) + left > room:  # before 0: those who stand there when the run begins
            raise seen.fault(stay[-1], f"waits, though there is room for {room} only")
        for row in new:
            if _turned_away(seen, row) and stand + len(new) <= room:
                raise seen.fault(row, f"was turned away, though there is room for {room}")
        there += new


def _turned_away(seen: Seen, row: Row) -> bool:
    if row.outcome != GAVE_UP or row.left != row.joined:
        return False
    patience = seen.luck(row, "patience") if seen.plan.steps[row.step].patience is not None else NEVER
    return patience > 0
