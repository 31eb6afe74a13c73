"""A run as a finding: what questions answer with, so that a notebook shows both alike."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from analysis.answers.answer import answer
from analysis.answers.captions import PICTURES
from analysis.answers.finding import Drawn, Finding, Told, name_of, title_of
from analysis.answers.words import figure, measure_title, read_as
from analysis.measures import Key
from analysis.measures.paths import path_of
from analysis.output.result_files import tables
from analysis.pictures import NAMES, figure_of
from analysis.runs.result import Result, provenance, unit
from analysis.statistics import Estimate
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

FIRST = {
    "route": ("cycle_h", "in_progress"),
    "promise": ("share", "days_share"),
    "role": ("utilisation", "wait_min"),
    "money": ("staff_cost_per_week", "contribution_per_week", "surplus_per_week"),
}
"""What the first table shows, by kind of place."""


def finding_of(result: Result, first: Sequence[str]) -> Finding:
    """What a run found; `first` is what is read first."""
    told, plan = answer(result), result.plan
    frame = estimates(result)
    caption = say(
        "The usual measures, with 95 % intervals over {replications} replications", replications=result.replications
    )
    return Finding(
        experiment="run",
        title=title_of(plan),
        question=say("Where do cases wait, for whom, and why?"),
        recommendation=[*first, *told.promises, *told.events, *told.money, *told.holds, *told.flow, *told.precision],
        tables=[
            Told("estimates", caption, frame, shown=to_read(result)),
            *(Told(name, name, table) for name, table in _others(result).items()),
        ],
        pictures=[
            Drawn(name, ". ".join(map(say, PICTURES[name])), partial(figure_of, name, result))
            for name in NAMES
            if name != "flow_tall"  # the flow once more, for narrow pages
        ],
        warnings=told.warnings,
        provenance=provenance(result, ""),
    )


def _others(result: Result) -> dict[str, pd.DataFrame]:
    """The further tables of a run; that of the replications with paths, and the name of the plan."""
    found = {name: table for name, table in tables(result).items() if name != "estimates"}
    each = found["replications"]
    return {**found, "replications": each.assign(plan=name_of(result.plan), path=_paths(each))}


def estimates(result: Result) -> pd.DataFrame:
    """Every measure: path, unit, mean, low, high, half_width, n, plain_mean, plain_half_width, kind, place, measure."""
    frame = result.estimates().drop(columns="schema")
    frame["path"] = _paths(frame)
    frame["low"], frame["high"] = frame["mean"] - frame["half_width"], frame["mean"] + frame["half_width"]
    numbers = ["mean", "low", "high", "half_width", "n", "plain_mean", "plain_half_width"]
    return frame[["path", "unit", *numbers, "kind", "place", "measure"]]


def _paths(frame: pd.DataFrame) -> list[str]:
    names = frame[["kind", "place", "measure"]].itertuples(index=False, name=None)
    return [path_of((kind, place, measure)) for kind, place, measure in names]


def to_read(result: Result) -> pd.DataFrame:
    """The usual measures as people read them. Columns: measure, unit, mean, low, high."""
    import pandas as pd

    keys = [key for key in result.keys if key[2] in FIRST.get(key[0], ())]
    found = [(key, result.get(*key)) for key in keys]
    return pd.DataFrame([_row(result, key, each) for key, each in found if each.n])


def _row(result: Result, key: Key, each: Estimate) -> dict[str, str]:
    scale, told = read_as(unit(*key, result.plan.currency))
    ends = {"mean": each.mean, "low": each.low, "high": each.high}
    return {"measure": measure_title(key), "unit": told, **{name: figure(scale * end) for name, end in ends.items()}}
