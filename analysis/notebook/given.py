"""What a question is given: plans, or scenario files, which are read as the command line reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.faults import BadInput, bad_input
from sim.language import say
from sim.plan import Plan

Given = Plan | str | Path
Changes = Mapping[str, Any] | None


def plan_of(given: Given, changes: Changes = None, allow: Iterable[str | Path] = ()) -> Plan:
    """The plan that is meant; `changes` map dotted paths to values, as `--set` does. Raises BadInput."""
    import sim
    from analysis.runs.known_answers import refuse_unknown

    if isinstance(given, Plan):
        if changes:
            raise bad_input(
                "set", say("changes a scenario file; a plan is made already: sim.load(path, {…}) makes another")
            )
        plan = given
    else:
        plan = sim.load(given, changes, allow)
    refuse_unknown(plan)
    return plan


def listed(value: str | Sequence[str]) -> list[str]:
    """One word, or several, as a list."""
    return [value] if isinstance(value, str) else list(value)


def assumed(given: Sequence[Given], changes: Changes, allow: Iterable[str | Path]) -> list[tuple[str, str]]:
    """(grade, text) of what the scenarios take for granted, each once. Of a plan only its file can say that, and only
    if the plan is what the file says.
    """
    from analysis.answers import grades

    changed = [each for each in given if isinstance(each, Plan) and _source_of(each, allow) is None]
    return [*grades.told_of_all(_sources(given, changes, allow)), *map(_cannot_be_told, changed)]


def _sources(given: Sequence[Given], changes: Changes, allow: Iterable[str | Path]) -> Iterator[Any]:
    from sim.reading.source import read

    for each in given:
        source = _source_of(each, allow) if isinstance(each, Plan) else read(each, changes, allow)
        if source is not None:
            yield source


def _source_of(plan: Plan, allow: Iterable[str | Path]) -> Any:
    """The file that a plan was made of as it stands; None where it was changed since, or for the plan."""
    from sim.planning import compile_plan
    from sim.reading.source import read

    try:
        source = read(plan.source, {}, allow)
        return source if compile_plan(source).digest() == plan.digest() else None
    except BadInput:
        return None


def _cannot_be_told(plan: Plan) -> tuple[str, str]:
    from analysis.answers.grades import NOT_GRADED

    return NOT_GRADED, say(
        "{name} as it was changed: what its numbers rest on stands in the file", name=Path(plan.source).name
    )
