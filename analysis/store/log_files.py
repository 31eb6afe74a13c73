"""The whole log of a run as files: Parquet where pyarrow is installed (the `data` extra), CSV where it is not."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.measures.view import View
from analysis.store.csv_files import write_csv
from sim.log import OUTCOMES, Log


def frames(log: Log) -> dict[str, pd.DataFrame]:
    """The log's tables with names in place of numbers; times stay whole ms since the start of the run (-1: not
    yet).
    """
    plan, v, c = log.plan, log.visits, log.cases
    routes, people = _words([r.name for r in plan.routes]), _words([p.name for p in plan.people] + [""])
    step_route = np.array([step.route for step in plan.steps])
    visits = pd.DataFrame(
        {
            "case": v.case,
            "route": routes[step_route[v.step]],
            "step": _words([step.name for step in plan.steps])[v.step],
            "visit": v.visit,
            "role": _words([plan.roles[p.role].name for p in plan.people] + [""])[v.person],
            "person": people[v.person],
            "joined_ms": v.joined,
            "began_ms": v.began,
            "left_ms": v.left,
            "outcome": _words(list(OUTCOMES))[v.outcome],
        }
    )
    cases = pd.DataFrame(
        {
            "case": c.case,
            "route": routes[c.route],
            "parent": c.parent,
            "arrived_ms": c.arrived,
            "lines": c.lines,
            "units": c.units,
            "value": c.value,
            "priority": _words(list(plan.priorities))[c.rank],
        }
    )
    rows, helpers = log.helpers
    shared = pd.DataFrame({"visit_row": rows, "person": people[helpers]})
    found = {"visits": visits, "cases": cases, "helpers": shared, "timeline": timeline(log)}
    if (told := log.stretches).row.size:
        columns = {"visit_row": told.row, "person": people[told.person], "began_ms": told.began, "left_ms": told.left}
        found["stretches"] = pd.DataFrame(columns)
    return found


def timeline(log: Log) -> pd.DataFrame:
    """Everybody's run in stretches: person, from_ms, until_ms, on_shift, doing (a step, or nothing)."""
    keys = [log.plan.step_key(n) for n in range(len(log.plan.steps))] + [""]
    parts = []
    for person, stretches in zip(log.plan.people, View(log).people, strict=True):
        until = np.append(stretches.at[1:], log.plan.runs_for)
        columns = {"from_ms": stretches.at, "until_ms": until, "on_shift": stretches.on}
        doing = _words(keys)[stretches.step]
        parts.append(pd.DataFrame({"person": person.name, **columns, "doing": doing}))
    nobody = pd.DataFrame(columns=["person", "from_ms", "until_ms", "on_shift", "doing"])
    return pd.concat(parts, ignore_index=True) if parts else nobody


def _words(names: list[str]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array(names, dtype=object)


def write_log(log: Log, folder: Path) -> None:
    """Write the log's tables into a folder (which exists), named after the replication."""
    if find_spec("pyarrow") is None:
        for name, frame in frames(log).items():
            write_csv(frame, folder / f"replication_{log.replication:04d}_{name}.csv")
        return
    for name, frame in frames(log).items():
        frame.to_parquet(folder / f"replication_{log.replication:04d}_{name}.parquet", index=False)
