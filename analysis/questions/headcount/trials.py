"""What was seen so far: the figures of every staffing that was tried, what they cost, and the trace of it all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np

from analysis.measures.load import Staffing
from analysis.questions.headcount.bounds import lower_bound, upper_bound
from analysis.questions.headcount.problem import Floats, Oracle, Problem

SURE = 0.005
"""The risk, for each promise at each look, that the search takes for clear what is not."""

SURELY_BETTER = 1e-4
"""The risk with which fewer people are said to do better than more."""


class Decision(Enum):
    """What a look at a staffing comes to."""

    CUT = "cut"
    """Clearly short of a target, and so is whatever has no more people in any team."""
    INFEASIBLE = "infeasible"
    """Short of a target: on average only, or clearly where more people may do worse."""
    FEASIBLE = "feasible"
    """On average no promise is short of its target."""
    INCUMBENT = "incumbent"
    """The cheapest of the feasible, put to the test."""
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not confirmed"


@dataclass(frozen=True)
class Effort:
    """How much may be spent."""

    first: int = 10
    """Replications of a first look at a staffing (at least 2)."""
    most: int = 320
    """Replications of one staffing in the search; fresh ones for confirmations begin with this number."""
    confirm_least: int = 100
    """Replications of a confirmation, at least …"""
    confirm_most: int = 2_000
    """… and at most."""
    total: int = 20_000
    """Replications in all: of all staffings, in search and confirmations."""
    risk: float = 0.05
    """The probability that what is called confirmed is not true."""


class Summary(NamedTuple):
    """Mean and bounds of the figures of each promise."""

    means: Floats
    lows: Floats
    highs: Floats


def summary(figures: Floats, risk: float) -> Summary:
    """Mean and bounds, each bound at this risk."""
    return Summary(figures.mean(axis=0), lower_bound(figures, risk), upper_bound(figures, risk))


@dataclass(frozen=True)
class Look:
    """A row of the trace: a staffing as it looked at one moment."""

    phase: str
    staffing: Staffing
    cost: float
    replications: int
    """Of this staffing that the figures rest on."""
    spent: int
    """Of all staffings so far."""
    means: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    """Bounds of each promise: at the risk `SURE` each in the search, at that of the confirmation there."""
    decision: Decision


class OutOfReplications(Exception):
    """More was asked for than may be spent."""


class Trials:
    """The memory of a search. Figures of different staffings are paired: row k is replication k."""

    def __init__(self, problem: Problem, observe: Oracle, effort: Effort) -> None:
        self.problem, self.effort = problem, effort
        self.targets = np.array(problem.targets)
        self.seen: dict[Staffing, Floats] = {}
        """(replication, promise) of each staffing, in the order in which they were first tried."""
        self.trace: list[Look] = []
        self.spent = 0
        self.allowance = effort.total
        """What may be spent at this stage."""
        self.slips = np.zeros(len(problem.targets))
        """By how much, for each promise, fewer people were ever proven to do better than more."""
        self.unconfirmed: dict[Staffing, bool] = {}
        """Those that failed their confirmation, and whether it showed that they break a promise."""
        self._observe = observe
        self._summaries: dict[Staffing, tuple[int, Summary]] = {}

    def observe(self, staffings: list[Staffing], replications: range) -> Floats:
        """Ask the oracle, and keep count. Raises OutOfReplications before anything is run."""
        if self.spent + len(staffings) * len(replications) > self.allowance:
            raise OutOfReplications
        self.spent += len(staffings) * len(replications)
        figures = np.asarray(self._observe(staffings, replications), dtype=float)
        expected = (len(staffings), len(replications), len(self.targets))
        if figures.shape != expected:
            raise ValueError(f"the oracle gave figures of shape {figures.shape} instead of {expected}")
        if not ((figures >= 0) & (figures <= 1)).all():
            raise ValueError("the oracle gave a figure outside 0 … 1")
        return figures

    def look(self, staffings: Iterable[Staffing], replications: int, phase: str) -> None:
        """See to it that so many replications (at most `effort.most`) of these staffings are known."""
        asked = list(dict.fromkeys(staffings))
        until = min(replications, self.effort.most)
        for start in sorted({self.known(x) for x in asked if self.known(x) < until}):
            some = [x for x in asked if self.known(x) == start]
            new = self.observe(some, range(start, until))
            for staffing, figures in zip(some, new, strict=True):
                before = self.seen.get(staffing, np.empty((0, len(self.targets))))
                self.seen[staffing] = np.vstack((before, figures))
                self._compare(staffing)
                self.tell(staffing, phase)

    def settle(self, staffings: Iterable[Staffing], phase: str) -> None:
        """Look at these staffings until each clearly keeps its promises or clearly breaks one, or enough was tried."""
        asked = list(dict.fromkeys(staffings))
        n = self.effort.first
        while asked:
            self.look(asked, n, phase)
            asked = [x for x in asked if not self.settled(x)]
            n *= 2

    def known(self, staffing: Staffing) -> int:
        """How many replications of a staffing are known."""
        return len(self.seen.get(staffing, ()))

    def summary(self, staffing: Staffing) -> Summary:
        """Mean and bounds of all that is known of a staffing."""
        n, known = self._summaries.get(staffing, (0, None))
        if known is None or n != self.known(staffing):
            known = summary(self.seen[staffing], SURE)
            self._summaries[staffing] = self.known(staffing), known
        return known

    def decision(self, staffing: Staffing) -> Decision:
        """What the figures of a staffing come to."""
        means, _, highs = self.summary(staffing)
        if (highs + self.slips < self.targets).any():
            return Decision.CUT
        short = (highs < self.targets).any() or (means < self.targets).any()
        return Decision.INFEASIBLE if short else Decision.FEASIBLE

    def has_failed(self, staffing: Staffing) -> bool:
        """Whether this, or one with no fewer people in any team, failed its confirmation."""
        return any(all(a <= b for a, b in zip(staffing, x, strict=True)) for x in self.unconfirmed)

    def settled(self, staffing: Staffing) -> bool:
        """Whether more replications are not worth while."""
        _, lows, highs = self.summary(staffing)
        clear = (highs < self.targets).any() or (lows >= self.targets).all()
        return bool(clear) or self.known(staffing) >= self.effort.most

    def feasible(self, staffing: Staffing) -> bool:
        """Whether a staffing is known and feasible as far as is known."""
        return staffing in self.seen and self.decision(staffing) is Decision.FEASIBLE

    def margin(self, staffing: Staffing, replications: int | None = None) -> float:
        """How far the worst promise is above its target, on average (below 0: short of it)."""
        few = self.seen[staffing][:replications]
        means = self.summary(staffing).means if replications is None else few.mean(axis=0)
        return float((means - self.targets).min())

    def margin_bounds(self, staffing: Staffing) -> tuple[float, float]:
        """Bounds of the worst margin, at the risk `SURE` for each promise on each side."""
        _, lows, highs = self.summary(staffing)
        return float((lows - self.targets).min()), float((highs - self.targets).min())

    def shortfall(self, staffing: Staffing, replications: int) -> float:
        """How far all promises together are short of their targets, on average over the first replications."""
        short = self.targets - self.seen[staffing][:replications].mean(axis=0)
        return float(np.maximum(short, 0).sum())

    def worst(self, staffing: Staffing) -> int:
        """The promise that is farthest below its target."""
        return int((self.summary(staffing).means - self.targets).argmin())

    def movers(self, promise: int) -> set[int]:
        """The teams that were ever seen to move a promise, the others being at their most."""
        upper = self.problem.upper
        found = set()
        for staffing, figures in self.seen.items():
            teams = [team for team, n in enumerate(staffing) if n < upper[team]]
            n = min(len(figures), self.known(upper))
            if len(teams) == 1 and (figures[:n, promise] != self.seen[upper][:n, promise]).any():
                found.add(teams[0])
        return found

    def too_close(self) -> list[Staffing]:
        """Those that were tried to the end and neither clearly keep their promises nor clearly break one."""
        tried = [x for x in self.seen if self.known(x) >= self.effort.most]
        unsure = [x for x in tried if self.decision(x) is Decision.INFEASIBLE]
        failed = [x for x, broken in self.unconfirmed.items() if not broken]
        return [*failed, *(x for x in unsure if (self.summary(x).highs >= self.targets).all())]

    def tell(self, staffing: Staffing, phase: str, decision: Decision | None = None) -> None:
        """Write a row of the trace: a staffing as it is known now."""
        known = self.summary(staffing)
        self.write(phase, staffing, self.known(staffing), known, decision or self.decision(staffing))

    def write(self, phase: str, staffing: Staffing, replications: int, figures: Summary, decision: Decision) -> None:
        """Write a row of the trace."""
        means, lows, highs = (tuple(map(float, column)) for column in figures)
        cost = self.problem.cost(staffing)
        self.trace.append(Look(phase, staffing, cost, replications, self.spent, means, lows, highs, decision))

    def _compare(self, staffing: Staffing) -> None:
        """Check that nobody with fewer people in no team did better: cuts rest on that."""
        mine = self.seen[staffing]
        for other, theirs in self.seen.items():
            n = min(len(mine), len(theirs))
            if other == staffing or n < 2:
                continue
            if all(a <= b for a, b in zip(staffing, other, strict=True)):
                gain = mine[:n] - theirs[:n]
            elif all(a >= b for a, b in zip(staffing, other, strict=True)):
                gain = theirs[:n] - mine[:n]
            else:
                continue
            if (gain.mean(axis=0) <= self.slips).all():
                continue
            proven = lower_bound((gain + 1) / 2, SURELY_BETTER) > 0.5
            self.slips = np.maximum(self.slips, np.where(proven, gain.mean(axis=0), 0.0))
