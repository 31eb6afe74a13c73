"""The files of a run: report, pictures, tables, JSON, the plan and provenance."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.answers.bottlenecks import bottlenecks
from analysis.measures.event_days import days_told
from analysis.output.folder import MARK
from analysis.output.json_shape import as_json
from analysis.runs.result import Result, provenance


def write_results(
    result: Result, folder: Path, command: str, workers: int | None = None, first: Sequence[str] = ()
) -> None:
    """Write report, pictures, tables, JSON, the plan and provenance into a folder that exists; pictures are drawn in so
    many processes (default: all cores); `first` is what is read first.
    """
    from analysis.output.report import drawn, render
    from analysis.store.csv_files import write_csv

    pictures = drawn(result, workers)
    (folder / "report.html").write_text(render(result, pictures, command, first), encoding="utf-8")
    (folder / "plots").mkdir()
    for name, picture in pictures.items():
        (folder / "plots" / f"{name}.png").write_bytes(picture.png)
    (folder / "tables").mkdir()
    for name, frame in tables(result).items():
        write_csv(frame, folder / "tables" / f"{name}.csv")
    _write_json(folder / "result.json", as_json(result))
    result.plan.save(folder / "plan.json")
    _write_json(folder / MARK, provenance(result, command))


def tables(result: Result) -> dict[str, Any]:
    """Every table of the result folder, by file name."""
    import pandas as pd

    from analysis.output.event_days import event_day_frame

    rows = [
        {
            "rank": b.rank, "route": b.route, "step": b.step, "hold_h": b.hold_h.mean,
            "hold_h_half_width": b.hold_h.half_width, "share": b.share.mean, "lost_h_per_week": b.lost_h_per_week.mean,
            "proven": b.proven, "sentence": b.sentence,
        }
        for b in bottlenecks(result)
    ]  # fmt: skip
    return {
        "estimates": result.estimates(),
        "replications": result.table(),
        "over_time": result.over_time_table(),
        "bottlenecks": pd.DataFrame(rows),
        **({"event_days": event_day_frame(result)} if days_told(result.plan) else {}),
    }


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
