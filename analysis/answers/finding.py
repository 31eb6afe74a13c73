"""What an experiment found: an answer in sentences, tables, pictures, and what it takes to make it again."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.runs.observe import Observed, Setting
from sim.log import versions
from sim.plan import Plan
from sim.scenario.fields import in_language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


PATH = re.compile(r"(^|_)path$")
"""What a column of paths is called."""


class Told(NamedTuple):
    """A table for people and, under its name, for files."""

    name: str
    caption: str
    frame: pd.DataFrame
    notes: str = ""
    hidden: tuple[str, ...] = ()
    """Columns that a terminal has no room for."""
    in_report: bool = True
    """Whether people want to read it; long tables are for files and programs."""
    shown: pd.DataFrame | None = None
    """The same in words and units as people read them, on the terminal and in the report (default: the frame itself).
    Files and programs get the frame.
    """

    @property
    def read(self) -> pd.DataFrame:
        """What people read, without paths, which are for programs."""
        frame = self.frame if self.shown is None else self.shown
        return frame[[name for name in frame.columns if not PATH.search(str(name))]]


class Drawn(NamedTuple):
    """A picture, made when it is wanted."""

    name: str
    caption: str
    """How to read it."""
    draw: Callable[[], Figure]


@dataclass(frozen=True)
class Finding:
    """An experiment's answer."""

    experiment: str
    title: str
    question: str
    recommendation: Sequence[str]
    """Sentences with their uncertainty, the most important first."""
    tables: Sequence[Told]
    """The first is the answer; it is shown on the terminal."""
    pictures: Sequence[Drawn] = ()
    provenance: dict[str, Any] = field(default_factory=dict)
    possible: bool = True
    """Whether there is an answer within the bounds that were given."""


def provenance(observed: Observed, setting: Setting) -> dict[str, Any]:
    """What it takes to make these runs again, beside the command."""
    return {
        "plans": list(dict.fromkeys(observed.digests)),
        "sources": list(dict.fromkeys(plan.source for plan in observed.plans)),
        "seed": setting.seed,
        "replications": len(observed.replications),
        "versions": versions(),
    }


def title_of(plan: Plan) -> str:
    """What a scenario is about; its file's name where two have the same title."""
    return in_language(plan.title)


def name_of(plan: Plan) -> str:
    """A short name for a scenario: that of its file."""
    return Path(plan.source).stem or "scenario"


def write_finding(finding: Finding, folder: Path, command: str, assumptions: Sequence[tuple[str, str]]) -> None:
    """Write report, tables, pictures and provenance into a folder that exists."""
    import json

    from analysis.output.folder import MARK
    from analysis.output.report_question import Answer, pictures, render

    answer = Answer(
        title=finding.title,
        question=finding.question,
        recommendation=finding.recommendation,
        assumptions=assumptions,
        tables=[(each.caption, each.read, each.notes) for each in finding.tables if each.in_report],
        figures=[(each.caption, each.draw()) for each in finding.pictures],
        command=command,
        provenance=_flat(finding.provenance),
    )
    (folder / "report.html").write_text(render(answer), encoding="utf-8")
    for kind in ("tables", "plots"):
        (folder / kind).mkdir()
    for each in finding.tables:
        file = folder / "tables" / f"{each.name}.csv"
        each.frame.to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\n")
    for picture, png in zip(finding.pictures, pictures(answer).values(), strict=True):
        (folder / "plots" / f"{picture.name}.png").write_bytes(png)
    content = {"command": command, "experiment": finding.experiment, **finding.provenance}
    (folder / MARK).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _flat(provenance: dict[str, Any]) -> dict[str, Any]:
    """One word of provenance a line."""
    flat = {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in provenance.items()}
    return {**flat, "versions": ", ".join(f"{name} {version}" for name, version in provenance["versions"].items())}


def as_json(finding: Finding) -> dict[str, Any]:
    """The finding as JSON (docs/json.md): tables as lists of rows; what is no finite number is null."""
    return {
        "schema": 1,
        "experiment": finding.experiment,
        "title": finding.title,
        "question": finding.question,
        "recommendation": list(finding.recommendation),
        "possible": finding.possible,
        "tables": {each.name: _rows(each.frame) for each in finding.tables},
        "provenance": finding.provenance,
    }


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna() & ~frame.isin([math.inf, -math.inf]), None)
    return [{str(key): _plain(value) for key, value in row.items()} for row in plain.to_dict("records")]


def _plain(value: Any) -> Any:
    """A value that JSON knows."""
    return value.item() if hasattr(value, "item") else value
