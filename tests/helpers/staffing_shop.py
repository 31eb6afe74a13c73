"""A small shop of three teams for the staffing search: its scenario, and its oracle on the compiled engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.measures.promises import measure_promises
from analysis.measures.view import View
from analysis.questions.headcount import Problem, linear_cost, lower_bounds
from sim.choose_engine import engine
from sim.draws import Draws
from sim.plan import Plan
from tests.helpers import shops

TEAMS = ("picker", "packer", "service")
MOST = 5

BY_DAY = [0] * 9 + [1] * 8 + [0] * 7


def scenario() -> dict[str, Any]:
    """Orders that are picked and packed within the hour and a quarter, and a chat; a week from nine to five."""
    pick = shops.work("pick", "picker", {"gamma": {"mean": "9 min", "cv": 0.6}})
    pack = shops.work("pack", "packer", {"gamma": {"mean": "13 min", "cv": 0.6}})
    answer = shops.work("answer", "service", {"lognormal": {"mean": "8 min", "cv": 0.7}})
    return shops.shop(
        roles={team: shops.people(MOST, "day") for team in TEAMS},
        hours={"day": {"Mon-Sun": ["09:00-17:00"]}},
        runs_for="7 days",
        arrivals={
            "order": {"per_day": 70, "by_hour": BY_DAY, "scatter": 0.1},
            "chat": {"per_day": 80, "by_hour": BY_DAY, "scatter": 0.1},
        },
        route={
            "order": shops.route(pick, pack, shops.end("shipped")),
            "chat": shops.route(answer, shops.end("answered")),
        },
        promises={
            "shipped": {"route": "order", "ends": "pack", "within": "75 min", "share": 0.9},
            "answered": {"route": "chat", "begins": "answer", "within": "3 min", "share": 0.85},
        },
    )


class ShopOracle:
    """Shares of the promises kept in each replication."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.path, self.seed, self.run = shops.write(folder, scenario()), seed, engine("fast")

    def plan(self, staffing: tuple[int, ...]) -> Plan:
        return sim.load(self.path, {f"roles.{team}.people": n for team, n in zip(TEAMS, staffing, strict=True)})

    def __call__(self, staffings: Sequence[tuple[int, ...]], replications: range) -> NDArray[np.float64]:
        return np.array([[self._shares(plan, k) for k in replications] for plan in map(self.plan, staffings)])

    def _shares(self, plan: Plan, replication: int) -> list[float]:
        view = View(self.run(plan, Draws(plan, self.seed, replication)))
        return [value for _, _, measure, value in measure_promises(view) if measure == "share"]

    def problem(self) -> Problem:
        plan = self.plan((MOST,) * len(TEAMS))
        names, targets = zip(*((promise.name, promise.share) for promise in plan.promises), strict=True)
        cost = linear_cost((700.0, 650.0, 800.0))
        return Problem(TEAMS, (1, 1, 1), (MOST,) * 3, cost, names, targets, lower_bounds(plan))
