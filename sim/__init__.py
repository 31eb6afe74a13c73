"""The simulation: scenario → plan → draws → engine → log. Knows nothing of statistics, result files or plots.

plan = sim.load("scenarios/growing_store.toml", {"roles.picker.people": 3})
log = sim.play(plan, seed=1)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.faults import BadInput

if TYPE_CHECKING:
    from sim.log import Log
    from sim.plan import Plan

__all__ = ["BadInput", "load", "play", "simulate"]


def load(path: str | Path, overrides: Mapping[str, Any] | None = None, allow: Iterable[str | Path] = ()) -> Plan:
    """Read a scenario file and compile it.

    `overrides` maps dotted paths to values, as `--set` does; `allow` names folders outside the scenario's own from
    which data files may be read. Raises BadInput with every fault found.
    """
    from sim.planning import compile_plan
    from sim.reading.source import read

    return compile_plan(read(path, overrides, allow))


def play(plan: Plan, seed: int = 1, replication: int = 0, engine: str = "simpy") -> Log:
    """Play one replication of a plan (`seed` 0 … 2^63 - 1, `replication` from 0, `engine` "simpy" or "fast", of which
    the log is the same).
    """
    from sim.choose_engine import engine as engine_of
    from sim.draws import Draws

    return engine_of(engine)(plan, Draws(plan, seed, replication))


simulate = play
"""The name by which `play` was known first."""
