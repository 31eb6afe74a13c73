"""The files of an answered question: report, tables, pictures and provenance; and the answer as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.answers.finding import Finding
from analysis.output.folder import MARK

if TYPE_CHECKING:
    import pandas as pd

    from analysis.output.report_question import Answer


def write_finding(finding: Finding, folder: Path, command: str, assumptions: Sequence[tuple[str, str]]) -> None:
    """Write report, tables, pictures and provenance into a folder that exists."""
    from analysis.output.report_question import pictures, render
    from analysis.store.csv_files import write_csv

    answer = _answer(finding, command, assumptions)
    (folder / "report.html").write_text(render(answer), encoding="utf-8")
    for kind in ("tables", "plots"):
        (folder / kind).mkdir()
    for each in finding.tables:
        write_csv(each.frame, folder / "tables" / f"{each.name}.csv")
    for picture, png in zip(finding.pictures, pictures(answer).values(), strict=True):
        (folder / "plots" / f"{picture.name}.png").write_bytes(png)
    content = {"command": command, "experiment": finding.experiment, **finding.provenance}
    (folder / MARK).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def page(finding: Finding, command: str, assumptions: Sequence[tuple[str, str]]) -> str:
    """The report alone, as HTML."""
    from analysis.output.report_question import render

    return render(_answer(finding, command, assumptions))


def _answer(finding: Finding, command: str, assumptions: Sequence[tuple[str, str]]) -> Answer:
    from analysis.output.report_question import Answer

    return Answer(
        title=finding.title,
        question=finding.question,
        recommendation=finding.recommendation,
        warnings=finding.warnings,
        assumptions=assumptions,
        tables=[(each.caption, each.read, each.notes) for each in finding.tables if each.in_report],
        figures=[(each.caption, each.draw()) for each in finding.pictures],
        command=command,
        provenance=_flat(finding.provenance),
    )


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
        "warnings": list(finding.warnings),
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
