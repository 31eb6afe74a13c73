"""The result folder: written beside its place, put there in one move, so that a reader sees the old folder or the
new one.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.answers.bottlenecks import bottlenecks
from analysis.output.json_shape import as_json
from analysis.runs.result import Result
from analysis.runs.signals import put_off
from sim.faults import BadInput, bad_input
from sim.log import versions

MARK = "provenance.json"
"""The file by which a result folder is known."""


class Draft:
    """A folder in the making. `publish` puts it in its place; left unpublished, nothing remains of it."""

    def __init__(self, target: Path, force: bool) -> None:
        self.target, self.force = target.absolute(), force
        try:
            _refuse_to_replace(self.target, force)
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self.path = Path(tempfile.mkdtemp(prefix=".results-", dir=self.target.parent))
            self.path.chmod(0o755)
        except OSError as error:
            raise _unwritable(target, error) from None

    def write(self, fill: Callable[[Path], None]) -> None:
        """Let the folder be filled and put it in its place. Raises BadInput where that cannot be."""
        try:
            fill(self.path)
            self.publish()
        except OSError as error:
            raise _unwritable(self.target, error) from error

    def publish(self) -> None:
        """Put the folder in its place; results that are there go if that was wished, else a free name is taken."""
        with put_off():
            if not self.force:
                self.target = free_name(self.target)
            if self.target.exists():
                _refuse_to_replace(self.target, self.force)
                _put_in_place_of(self.path, self.target)
            else:
                self.path.rename(self.target)

    def discard(self) -> None:
        """Remove what was written so far."""
        shutil.rmtree(self.path, ignore_errors=True)


def _put_in_place_of(new: Path, place: Path) -> None:
    """Put one folder where another one is, which goes; if that fails, all is as it was."""
    aside = Path(tempfile.mkdtemp(prefix=".results-old-", dir=place.parent))
    try:
        place.rename(aside / "old")
        try:
            new.rename(place)
        except OSError:
            (aside / "old").rename(place)
            raise
    except OSError:
        aside.rmdir()
        raise
    shutil.rmtree(aside)


def _refuse_to_replace(target: Path, force: bool) -> None:
    if target.exists() and not force:
        raise bad_input(str(target), "exists already; name another folder with --out, or replace it with --force")
    if target.exists() and not (target / MARK).is_file() and any(target.iterdir() if target.is_dir() else [1]):
        raise bad_input(str(target), "is not a folder of results; it is not replaced")
    if target.is_mount() or Path.cwd().is_relative_to(target.resolve()):
        raise bad_input(
            str(target), "cannot be replaced: it is mounted, or the current folder; name another with --out"
        )


def _unwritable(target: Path, error: OSError) -> BadInput:
    return bad_input(str(target), f"cannot be written: {error.strerror or error}")


@contextmanager
def drafting(target: Path, force: bool) -> Iterator[Draft]:
    """A draft that is discarded unless it was published. Raises BadInput where the folder cannot be written."""
    draft = None
    try:
        with put_off():  # or the folder could be there and nobody know of it
            draft = Draft(target, force)
        yield draft
    finally:
        if draft is not None and draft.path.exists():
            draft.discard()


def free_name(wanted: Path) -> Path:
    """The name itself or, if it is taken, the first free of "name-2", "name-3" …"""
    number, name = 1, wanted
    while name.exists():
        number += 1
        name = wanted.with_name(f"{wanted.name}-{number}")
    return name


def write_results(result: Result, folder: Path, command: str) -> None:
    """Write report, pictures, tables, JSON, the plan and provenance into a folder that exists."""
    from analysis.output.report import pictures, render

    (folder / "report.html").write_text(render(result, command), encoding="utf-8")
    (folder / "plots").mkdir()
    for name, png in pictures(result).items():
        (folder / "plots" / f"{name}.png").write_bytes(png)
    (folder / "tables").mkdir()
    for name, frame in tables(result).items():
        frame.to_csv(folder / "tables" / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
    _write_json(folder / "result.json", as_json(result))
    result.plan.save(folder / "plan.json")
    _write_json(folder / MARK, provenance(result, command))


def tables(result: Result) -> dict[str, Any]:
    """Every table of the result folder, by file name."""
    import pandas as pd

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
    }


def provenance(result: Result, command: str) -> dict[str, Any]:
    """What it takes to run this again."""
    return {
        "command": command,
        "plan": result.plan.digest(),
        "source": result.plan.source,
        "replications": result.replications,
        "seed": result.seed,
        "engine": result.engine,
        "versions": versions(),
    }


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
