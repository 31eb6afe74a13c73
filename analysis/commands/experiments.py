"""What all commands of experiments share: their options, the store, progress, and what is done with a finding."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import click

from analysis.commands.shared import command_line, say, shown_path
from analysis.commands.watching import progress

F = TypeVar("F", bound=Callable[..., Any])
V = TypeVar("V")

STORE = Path("results") / "store"


def experiment_options(replications: int) -> Callable[[F], F]:
    """The options that every experiment has; so many replications if nothing is said."""
    options = [
        click.option("--replications", "-n", default=replications, show_default=True, help="Runs under fresh luck."),
        click.option("--seed", default=1, show_default=True, help="The luck: the same seed gives the same bytes."),
        click.option("--workers", type=int, help="Processes at work at the same time [default: all cores]."),
        click.option(
            "--engine", default="auto", show_default=True, help="auto, simpy or fast; the result is the same."
        ),
        click.option(
            "--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Change a value in every scenario."
        ),
        click.option(
            "--allow", multiple=True, metavar="DIR", help="A further folder from which data files may be read."
        ),
        click.option(
            "--store",
            type=click.Path(path_type=Path),
            default=STORE,
            show_default=True,
            help="Where results of runs are kept; what is there is not played again.",
        ),
        click.option("--no-store", is_flag=True, help="Keep no results of runs."),
        click.option("--out", type=click.Path(path_type=Path), help="Folder for the answer [default: results/NAME]."),
        click.option("--force", is_flag=True, help="Replace that folder if it holds results."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON (and write no folder unless --out)."),
        click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors."),
    ]

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def conduct(name: str, scenarios: Sequence[str], options: dict[str, Any], make: Callable[[Any], Any]) -> None:
    """Make a finding from a setting, tell it, write its folder. Exit code 3 if there is no answer within the bounds.

    `name` is the experiment's, in the store and as a folder.
    """
    from analysis.experiments.runs import Setting
    from analysis.results import drafting, free_name
    from analysis.store import open_store

    check(options)
    target = options["out"] or (None if options["as_json"] else free_name(Path("results") / name))
    keep = nullcontext() if options["no_store"] else open_store(options["store"])
    with keep as store, drafting(target, options["force"]) if target else nullcontext() as draft:
        try:
            with progress(options, "runs") as report:
                finding = make(Setting(options["seed"], options["engine"], options["workers"], store, name, report))
        except KeyboardInterrupt:
            kept = "" if store is None else f"; what was played is kept. Go on with: {command_line()}"
            print(f"\nInterrupted{kept}", file=sys.stderr)
            raise click.exceptions.Exit(130) from None
        publish(finding, draft, options, scenarios)
    if not finding.possible:
        raise click.exceptions.Exit(3)


def check(options: dict[str, Any]) -> None:
    """Raises BadInput for options that make no sense."""
    from sim.draws import SEED_MAX
    from sim.faults import bad_input

    for name, least, most in (("replications", 1, 1_000_000), ("seed", 0, SEED_MAX), ("workers", 1, 1024)):
        value = options[name]
        if value is not None and not least <= value <= most:
            raise bad_input(f"--{name}", f"must be {least:,} … {most:,}; got {value}")


def publish(finding: Any, draft: Any, options: dict[str, Any], scenarios: Sequence[str]) -> None:
    """Say what was found and put the folder in its place."""
    from analysis.experiments.finding import as_json, write_finding

    if options["as_json"]:
        import json

        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        print(json.dumps(as_json(finding), indent=1, ensure_ascii=False))
    elif not options["quiet"]:
        from rich.console import Console

        from analysis.terminal import show_finding

        show_finding(finding, Console(highlight=False))
    if draft is not None:
        draft.write(lambda folder: write_finding(finding, folder, command_line(), assumptions(scenarios, options)))
        say(
            options,
            f"\nWritten: {shown_path(draft.target) / 'report.html'} (with tables, plots and provenance beside it).",
        )


def assumptions(scenarios: Sequence[str], options: dict[str, Any]) -> list[tuple[str, str]]:
    """(grade, text) of what the scenarios take for granted, each once."""
    from analysis import grades
    from sim.scenario.reading import parse_override, read

    overrides = dict(parse_override(text) for text in options["overrides"])
    told = [each for path in scenarios for each in grades.told(read(path, overrides, options["allow"]))]
    return list(dict.fromkeys(told))


def once(option: str, named: Sequence[tuple[str, V]]) -> dict[str, V]:
    """What an option said of each name. Raises BadInput for a name that comes twice."""
    from sim.faults import bad_input

    found = dict(named)
    for name in found:
        if sum(each == name for each, _ in named) > 1:
            raise bad_input(option, f'"{name}" is given twice')
    return found


def plans_of(scenarios: Sequence[str], options: dict[str, Any]) -> list[Any]:
    """The plans of several scenario files under the options."""
    from analysis.commands.shared import load

    return [load(path, options) for path in scenarios]
