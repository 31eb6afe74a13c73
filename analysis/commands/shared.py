"""What several commands need."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any


def load(path: str, options: dict[str, Any]) -> Any:
    """The plan of a scenario file under the options."""
    import sim
    from sim.scenario.reading import parse_override

    return sim.load(path, dict(parse_override(text) for text in options["overrides"]), options["allow"])


def check(options: dict[str, Any]) -> None:
    """Raises BadInput for options that make no sense, before anything is read or begun."""
    from analysis.experiments import replications

    replications.check(*(options[name] for name in ("replications", "seed", "workers", "engine")))


def command_line() -> str:
    """The command that was typed."""
    return shlex.join(["python", "run_sim.py", *sys.argv[1:]])


def say(options: dict[str, Any], sentence: str) -> None:
    """Tell the person at the terminal, unless a machine reads."""
    if not options["quiet"] and not options["as_json"]:
        print(sentence)


def shown_path(path: Path) -> Path:
    """The path as seen from here, if it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
