"""What a reader of any answer should mind: what is doubtful about plans as they stand, whatever is played."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.answers.overload import overload
from sim.distributions import Law
from sim.language import later, say
from sim.plan import ALWAYS, Plan

NO_WARM_UP = later("No warm-up: the shop opens empty, so waits are a little too short. State warm_up in the scenario.")
PRICE_OF_HOURS = later("hours_per_week in their pay would say what longer hours cost")
CERTAIN = later(
    "Nothing in this shop is left to chance: every replication is the same, and “± 0” says no more than that."
)


def doubts(plan: Plan) -> list[str]:
    """What is doubtful about a plan: overload first, notices of the scenario, no warm-up, nothing random."""
    told = [*overload(plan), *plan.notices]
    told += [say(NO_WARM_UP)] if plan.warm_up == 0 else []
    return [*told, say(CERTAIN)] if is_certain(plan) else told


def mind(plans: Sequence[Plan], names: Sequence[str] = ()) -> list[str]:
    """The doubts of several plans, each once; where one does not concern all of them, with the names of those."""
    found: dict[str, list[int]] = {}
    for number, plan in enumerate(plans):
        for sentence in dict.fromkeys(doubts(plan)):  # two streams may have the same event
            found.setdefault(sentence, []).append(number)
    return [
        sentence if len(those) == len(plans) else f"{', '.join(names[n] for n in those)}: {sentence}"
        for sentence, those in found.items()
    ]


def unpriced_hours(base: Plan, others: Sequence[Plan]) -> list[str]:
    """Whose hours differ from the base's although nothing says what that costs, in a sentence."""
    before = {(base.roles[team.role].name, team.name): team for team in base.teams}
    changed: dict[str, None] = {}
    for plan in others:
        for team in plan.teams:
            name = plan.roles[team.role].name
            known = before.get((name, team.name))
            unpriced = team.pay is not None and team.pay.per_month > 0 and not team.pay.for_hours
            if known is not None and unpriced and team.calendars != known.calendars:
                changed[name] = None
    if not changed:
        return []
    return [
        say(
            "Monthly pay of {listed} stays as it is though the hours change: {PRICE_OF_HOURS}.",
            listed=", ".join(changed),
            PRICE_OF_HOURS=say(PRICE_OF_HOURS),
        )
    ]


def is_certain(plan: Plan) -> bool:
    """Whether luck plays no part in a plan."""
    laws = [getattr(stream, what) for stream in plan.streams for what in ("lines", "units", "value", "group")]
    laws += [getattr(step, what) for step in plan.steps for what in ("takes", "patience", "after")]
    tossed = (step for step in plan.steps if step.decides and step.condition == ALWAYS)
    drawn = (stream.rates or sum(share > 0 for share in stream.shares) > 1 for stream in plan.streams)
    return not any(drawn) and all(map(_is_known, laws)) and all(step.chance in (0, 1) for step in tossed)


def _is_known(law: Law | None) -> bool:
    return law is None or law.family == "constant"
