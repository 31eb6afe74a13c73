"""Overload: whether more work comes in than those who are there can do, and by how much."""

from __future__ import annotations

from math import inf

from analysis.answers.words import role_title
from analysis.measures.load import hours_needed
from sim.language import say
from sim.plan import Plan

MOST_TOLD = 2
"""Crews that are told of by name, the most overloaded first."""


def overload(plan: Plan) -> list[str]:
    """A sentence for each crew to which surely more work comes, over the whole run, than it can do.

    The work is that which cases bring at the very least (`measures/load.py`), so that a sentence is never wrong; a crew
    of which nothing is said may still be overloaded for a while, or where conditions decide against it.
    """
    staffing = plan.headcount()
    lacking = [need for need in hours_needed(plan) if not need.met(staffing) and need.share(staffing) < inf]
    worst = sorted(lacking, key=lambda need: -need.share(staffing))[:MOST_TOLD]
    return [
        _sentence(plan, need.name.removesuffix(say(" (h/week)")), need.least, need.share(staffing)) for need in worst
    ]


def _sentence(plan: Plan, names: str, least: float, share: float) -> str:
    numbers = {role.name: number for number, role in enumerate(plan.roles)}
    who = say(" and ").join(role_title(plan, numbers[name]) for name in names.split(" + "))
    return say(
        "More comes than can be done: work for {least:,.0f} hours a week, for which {who} {which} "
        "{least_2:,.0f} ({share:,.0f} %). The longer the run, the longer the waits.",
        least=least,
        who=who,
        which="have" if " and " in who else "has",
        least_2=least / share,
        share=100 * share,
    )
