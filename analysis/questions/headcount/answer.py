"""The answer to a headcount question, with everything that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.measures.load import Staffing
from analysis.questions.headcount.problem import Floats, Problem
from analysis.questions.headcount.trials import Decision, Effort, Look
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

CONFIRMED, IMPOSSIBLE, UNSETTLED = "confirmed", "impossible", "unsettled"
"""How a search ends: with a staffing that is confirmed; nobody within the bounds can do it; or neither in the
replications that were allowed."""


@dataclass(frozen=True)
class Answer:
    """What a search for the cheapest staffing came to."""

    problem: Problem
    effort: Effort
    status: str
    """CONFIRMED, IMPOSSIBLE or UNSETTLED."""
    staffing: Staffing | None
    """The one that is confirmed; the upper bounds if they cannot do it; the best known if nothing is settled."""
    cheaper_excluded: bool
    """Whether every cheaper staffing was seen or cut off (as far as more people never do worse)."""
    too_close: tuple[Staffing, ...]
    """Cheaper ones that the search or a confirmation could not tell from feasible ones."""
    slips: tuple[float, ...]
    """For each promise, by how much fewer people were ever proven to do better than more: 0 if never."""
    spent: int
    """Replications of all staffings, confirmations included."""
    trace: tuple[Look, ...]
    figures: dict[Staffing, Floats]
    """What the search saw of each staffing: (replication, promise)."""

    @property
    def confirmation(self) -> Look | None:
        """The last confirmation, with its bounds; None if none was tried."""
        tried = (Decision.CONFIRMED, Decision.NOT_CONFIRMED)
        return next((look for look in reversed(self.trace) if look.decision in tried), None)

    def sentence(self) -> str:
        """What may be claimed."""
        sure = say("{risk:g} % confidence", risk=100 * (1 - self.effort.risk))
        if self.status == IMPOSSIBLE:
            return say(
                "Nobody within the bounds can do it: even the most people break a promise (with {sure}).", sure=sure
            )
        if self.status == UNSETTLED or self.staffing is None:
            return say("Not settled within {total:,} replications.", total=self.effort.total)
        who = ", ".join(f"{n} {team}" for team, n in zip(self.problem.teams, self.staffing, strict=True))
        return f"{who}: {self.claim()}"

    def claim(self) -> str:
        """What is claimed of the staffing that was confirmed."""
        told = say(
            "every promise kept as often as asked, confirmed with {risk:g} % confidence",
            risk=100 * (1 - self.effort.risk),
        )
        return f"{told}; {self._nothing_cheaper()}."

    def _nothing_cheaper(self) -> str:
        if self.staffing is not None and self.problem.cost(self.staffing) <= self.problem.cost(self.problem.lower):
            return say("nothing within the bounds is cheaper")
        if not self.cheaper_excluded:
            return say("whether something cheaper does it is not settled")
        if self.too_close:
            number = len(self.too_close)
            return say(
                "of what is cheaper, {number} {which} too close to call; nothing else does it",
                number=number,
                which="is" if number == 1 else "are",
            )
        if any(self.slips):
            return say(
                "what was tried that is cheaper breaks a promise, but fewer people were seen to do better than more"
            )
        return say("whatever is cheaper breaks a promise")

    def table(self) -> pd.DataFrame:
        """The trace: every look at a staffing, a row each.

        Columns: look, phase, team columns, cost, replications, spent, mean, low and high of each promise, decision.
        """
        import pandas as pd

        return pd.DataFrame([self._row(number, look) for number, look in enumerate(self.trace)])

    def _row(self, number: int, look: Look) -> dict[str, object]:
        row: dict[str, object] = {"look": number, "phase": look.phase}
        row |= dict(zip(self.problem.teams, look.staffing, strict=True))
        row |= {"cost": look.cost, "replications": look.replications, "spent": look.spent}
        for i, promise in enumerate(self.problem.promises):
            row |= {
                f"{promise}: mean": look.means[i],
                f"{promise}: low": look.lows[i],
                f"{promise}: high": look.highs[i],
            }
        return {**row, "decision": look.decision.value}
