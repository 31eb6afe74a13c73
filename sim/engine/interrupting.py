"""Who is taken from less urgent work. The rule stands in rules.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine.ticket import Ticket

if TYPE_CHECKING:
    from sim.engine.floor import Floor

Victim = tuple[int, Ticket]
"""Somebody, and the case that they hold."""


def victim_for(floor: Floor, ticket: Ticket, line: int) -> Victim | None:
    """Who is taken from which less urgent case for this one; None if nobody is."""
    if ticket.rank >= floor.interrupting or not floor.can_interrupt[ticket.step]:
        return None
    for role, _ in floor.servers[line]:
        held = [(person, case) for person in floor.staff[role] if (case := _less_urgent(floor, person, ticket, line))]
        if held:
            return max(held, key=lambda each: (each[1].rank, each[1].joined, each[1].case))
    return None


def _less_urgent(floor: Floor, person: int, ticket: Ticket, line: int) -> Ticket | None:
    """The one case that somebody on shift holds, if it may be taken from them for this one."""
    held = floor.holding[person]
    if held is None or not floor.on_duty[person] or floor.in_hand[person] != 1 or floor.at_once[held.step] > 1:
        return None
    return held if held.rank > ticket.rank and floor.may_start(person, ticket, line) else None
