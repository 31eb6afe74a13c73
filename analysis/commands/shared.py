"""What several commands need."""

from __future__ import annotations

import io
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from sim.language import say

V = TypeVar("V")


def load(path: str, options: dict[str, Any]) -> Any:
    """The plan of a scenario file under the options."""
    import sim
    from sim.reading.source import parse_override

    plan = sim.load(path, dict(parse_override(text) for text in options["overrides"]), options["allow"])
    if plan.known_answers:
        from analysis.runs.known_answers import refuse_unknown

        refuse_unknown(plan)
    return plan


def check(options: dict[str, Any]) -> None:
    """Raises BadInput for options that make no sense, before anything is read or begun."""
    from analysis.runs import replications

    replications.check(*(options[name] for name in ("replications", "seed", "workers", "engine")))


def once(option: str, named: Sequence[tuple[str, V]]) -> dict[str, V]:
    """What an option said of each name. Raises BadInput for a name that comes twice."""
    from sim.faults import bad_input

    found = dict(named)
    for name in found:
        if sum(each == name for each, _ in named) > 1:
            raise bad_input(option, say('"{name}" is given twice', name=name))
    return found


def command_line() -> str:
    """The command that was typed."""
    return shlex.join(["python", "run_sim.py", *sys.argv[1:]])


def tell(options: dict[str, Any], sentence: str) -> None:
    """Tell the person at the terminal, unless a machine reads."""
    if not options["quiet"] and not options["as_json"]:
        print(sentence)


def say_where(options: dict[str, Any], folder: Path) -> None:
    """Tell where the report lies."""
    tell(
        options,
        say(
            "\nWritten: {report} (with tables, plots and provenance beside it).",
            report=shown_path(folder) / "report.html",
        ),
    )


def print_json(shape: Any) -> None:
    """Print an answer for programs: UTF-8 whatever the terminal speaks."""
    import json

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(json.dumps(shape, indent=1, ensure_ascii=False))


def shown_path(path: Path) -> Path:
    """The path as seen from here, if it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
