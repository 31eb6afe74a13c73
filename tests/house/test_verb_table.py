"""The table in docs/engines.md names every file that knows one verb from another, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from sim.plan import VERB_NAMES
from sim.scenario.steps import VERBS

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8").partition("## Where a verb lives")[2]
NAMED = [
    name
    for row in re.findall(r"^\|[^|]*\|([^|]*)\|", TABLE.partition("## A new")[0], re.M)
    for name in re.findall(r"`([^`]+)`", row)
]
KNOWS = {*(name.upper() for name in VERB_NAMES), *(verb.__name__ for verb in VERBS.values()), "VERBS", "VERB_NAMES"}
"""What somebody imports who tells verbs apart."""

DEFINED = {"sim/scenario/steps.py", "sim/plan.py"}


def tells_verbs_apart(path: Path) -> bool:
    imported = (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.ImportFrom))
    froms = (each for each in imported if each.module in ("sim.plan", "sim.scenario.steps"))
    return any(name.name in KNOWS for each in froms for name in each.names)


def test_every_file_of_the_table_is_there():
    assert NAMED
    assert [name for name in NAMED if not (ROOT / name).exists()] == []


def test_the_table_names_every_file_that_tells_verbs_apart():
    sources = [path for room in ("sim", "analysis") for path in (ROOT / room).rglob("*.py")]
    knowing = {path.relative_to(ROOT).as_posix() for path in sources if tells_verbs_apart(path)} | DEFINED
    assert {name for name in NAMED if name.startswith(("sim/", "analysis/"))} == knowing
