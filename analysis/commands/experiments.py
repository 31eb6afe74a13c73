"""What all commands of experiments share: their options, the store, progress, and what is done with a finding."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import click

from analysis.commands.shared import check, command_line, print_json, say_where
from analysis.output.watching import make_ready, progress
from sim.language import say

F = TypeVar("F", bound=Callable[..., Any])

STORE = Path("results") / "store"


series_option = click.option(
    "--series",
    "paths",
    multiple=True,
    metavar="PATH",
    help="Look at this: routes.ROUTE.in_progress, steps.ROUTE/STEP.queue or .wait_min [default: every route].",
)


def experiment_options(replications: int, stored: bool = True) -> Callable[[F], F]:
    """The options that every experiment has; so many replications if nothing is said (0: they are no option). `stored`:
    whether its runs can be kept.
    """
    times = click.option("--replications", "-n", default=replications, show_default=True, help="Runs under fresh luck.")
    keep = [
        click.option(
            "--store",
            type=click.Path(path_type=Path),
            default=STORE,
            show_default=True,
            help="Where results of runs are kept; what is there is not played again.",
        ),
        click.option("--no-store", is_flag=True, help="Keep no results of runs."),
    ]
    options = [
        *([times] if replications else []),
        click.option("--seed", default=1, show_default=True, help="The luck: the same seed gives the same bytes."),
        click.option("--workers", type=int, help="Processes at work at the same time [default: all cores]."),
        click.option("--cluster", metavar="ADDRESS", help="Play on the workers of this Dask scheduler instead."),
        click.option(
            "--engine", default="auto", show_default=True, help="auto, simpy or fast; the result is the same."
        ),
        click.option(
            "--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Change a value in every scenario."
        ),
        click.option(
            "--allow", multiple=True, metavar="DIR", help="A further folder from which data files may be read."
        ),
        *(keep if stored else []),
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
    from analysis.runs.signals import heard

    options = {"replications": 1, "no_store": True, **options}
    check(options)
    try:
        with heard():
            make_ready(options)
            possible = _conduct(name, scenarios, options, make)
    except KeyboardInterrupt:
        if options["no_store"]:
            raise
        print(
            say("\nInterrupted; what was played is kept. Go on with: {command_line}", command_line=command_line()),
            file=sys.stderr,
        )
        raise click.exceptions.Exit(130) from None
    if not possible:
        raise click.exceptions.Exit(3)


def _conduct(name: str, scenarios: Sequence[str], options: dict[str, Any], make: Callable[[Any], Any]) -> bool:
    """See `conduct`; whether there is an answer within the bounds."""
    from analysis.output.folder import drafting, free_name
    from analysis.runs.observe import Setting
    from analysis.store import open_store

    target = options["out"] or (None if options["as_json"] else free_name(Path("results") / name))
    keep = nullcontext() if options["no_store"] else open_store(options["store"])
    with keep as store, drafting(target, options["force"]) if target else nullcontext() as draft:
        with progress(options, "runs") as report:
            setting = Setting(
                seed=options["seed"],
                engine=options["engine"],
                workers=options["workers"],
                cluster=options["cluster"] or "",
                store=store,
                name=name,
                progress=report,
            )
            finding = make(setting)
        publish(finding, draft, options, scenarios)
    return bool(finding.possible)


def publish(finding: Any, draft: Any, options: dict[str, Any], scenarios: Sequence[str]) -> None:
    """Say what was found and put the folder in its place, even if nobody listens any more (as with `| head`)."""
    from analysis.output.finding_files import write_finding

    try:
        _say_finding(finding, options)
    finally:
        if draft is not None:
            draft.write(lambda folder: write_finding(finding, folder, command_line(), assumptions(scenarios, options)))
    if draft is not None:
        say_where(options, draft.target)


def _say_finding(finding: Any, options: dict[str, Any]) -> None:
    """Print what was found."""
    if options["as_json"]:
        from analysis.output.finding_files import as_json

        print_json(as_json(finding))
    elif not options["quiet"]:
        from rich.console import Console

        from analysis.output.terminal import show_finding

        show_finding(finding, Console(highlight=False))


def assumptions(scenarios: Sequence[str], options: dict[str, Any]) -> list[tuple[str, str]]:
    """(grade, text) of what the scenarios take for granted, each once."""
    from analysis.answers import grades
    from sim.reading.source import parse_override, read

    overrides = dict(parse_override(text) for text in options["overrides"])
    return grades.told_of_all(read(path, overrides, options["allow"]) for path in scenarios)


def plans_of(scenarios: Sequence[str], options: dict[str, Any]) -> list[Any]:
    """The plans of several scenario files under the options."""
    from analysis.commands.shared import load

    return [load(path, options) for path in scenarios]
