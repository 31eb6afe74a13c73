"""What an answer hangs on, and why nobody or nothing cheaper does it, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.answers.words import figure, in_per_cent, plain
from analysis.questions.headcount import (
    Answer,
    Problem,
)
from sim.language import say

if TYPE_CHECKING:
    pass


def hangs_on(problem: Problem, answer: Answer) -> list[str]:
    """Which promise is too close to call with the best staffing that was found."""
    look = next((look for look in reversed(answer.trace) if look.staffing == answer.staffing), None)
    if look is None:
        return []
    each = zip(problem.promises, problem.targets, look.lows, look.highs, strict=True)
    open_ = [
        say(
            "“{promise}” is kept on {low:.1f} to {high:.1f} % of the days, {in_per_cent} are asked for",
            promise=promise,
            low=100 * low,
            high=100 * high,
            in_per_cent=in_per_cent(target),
        )
        for promise, target, low, high in each
        if low < target <= high
    ]
    return [say("It hangs on what is too close to call: {listed}.", listed="; ".join(open_))] if open_ else []


def left_out(beyond: Sequence[str]) -> list[str]:
    """Promises that none of the teams that may change has a hand in."""
    if not beyond:
        return []
    named = ", ".join(f"“{name}”" for name in beyond)
    return [
        say(
            "Not asked for, as none of the teams that may change has a hand in it: {named} (--promise asks for it).",
            named=named,
        )
    ]


def too_few_hands(problem: Problem) -> list[str]:
    """Which work is more than the most people can do, in so many words; nothing if it is not that."""
    lacking = [need for need in problem.needs if not need.met(problem.upper)]
    brought = [sum(a * n for a, n in zip(need.each, problem.upper, strict=True)) for need in lacking]
    return [
        say(
            "There is more work than the most people can do: {name}, {figure} needed, at most {figure_2} there.",
            name=plain(need.name),
            figure=figure(need.least),
            figure_2=figure(there),
        )
        for need, there in zip(lacking, brought, strict=True)
    ]


def at_most(problem: Problem, answer: Answer) -> list[str]:
    """How often each promise was kept with the most people, and what may help where people do not."""
    look = next((look for look in reversed(answer.trace) if look.staffing == problem.upper), None)
    if look is None:
        return []
    kept = "; ".join(
        say(
            "“{promise}” on {mean:.1f} % of the days (at most {high:.1f} %)",
            promise=promise,
            mean=100 * mean,
            high=100 * high,
        )
        for promise, mean, high in zip(problem.promises, look.means, look.highs, strict=True)
    )
    return [
        say("With the most people each promise is kept: {kept}.", kept=kept),
        say("The report of a plain run says what holds these cases: where nobody is on shift, hours help, not people."),
    ]
