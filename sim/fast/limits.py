"""What this engine lacks. Needs no numba: it tells which engine can play a plan."""

from __future__ import annotations

from sim.fast.lexicon import LONGEST
from sim.language import say
from sim.plan import Plan

MOST_IMPATIENT = 62
"""Steps at which cases may give up: each is a bit of a number."""


def lacking(plan: Plan) -> str | None:
    """What a plan uses that this engine cannot do, in words; None if it can play it."""
    if plan.runs_for >= LONGEST:
        return say("runs_for is more than 17 years")
    impatient = sum(step.patience is not None or step.room >= 0 for step in plan.steps)
    if impatient > MOST_IMPATIENT:
        return say(
            "{impatient} steps with patience or room are more than {MOST_IMPATIENT}",
            impatient=impatient,
            MOST_IMPATIENT=MOST_IMPATIENT,
        )
    return None
