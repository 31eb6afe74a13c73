"""The command that looks for the cheapest headcount."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from analysis.commands.experiments import conduct, experiment_options, plans_of
from analysis.commands.shared import once
from sim.language import say

EPILOG = """\b
Examples:
  python run_sim.py headcount scenarios/growing_store.toml --team packer=1..5 --team picker=1..5
  python run_sim.py headcount scenarios/solo_founder_hires_packer.toml --promise "shipped in 48 h" --probability 0.9
"""


@click.command("headcount", epilog=EPILOG)
@click.argument("scenario")
@click.option(
    "--team",
    "teams",
    multiple=True,
    metavar="TEAM=LEAST..MOST",
    help="Who may change, and how far, as in packer=1..5; others stay [default: whoever the promises depend on].",
)
@click.option(
    "--promise",
    "promises",
    multiple=True,
    help="A promise that must be kept, by its name in the scenario [default: all].",
)
@click.option("--probability", default=0.95, show_default=True, help="On what share of the days it must be kept.")
@click.option("--most-runs", default=20_000, show_default=True, help="Runs that may be played in all.")
@experiment_options(replications=10)
def command(scenario: str, teams: tuple[str, ...], promises: tuple[str, ...], **options: Any) -> None:
    """Who is needed at least, so that every promise is kept on most days?

    Every staffing is looked at with --replications runs first; those that matter get more. Exit code 3: nobody within
    the bounds can do it, or it is not settled.
    """
    from analysis.questions.headcount import Effort
    from analysis.questions.headcount.question import headcount
    from sim.faults import bad_input

    (plan,) = plans_of([scenario], options)
    bounds = once("--team", list(map(_bounds, teams))) or None
    if options["most_runs"] < 1:
        raise bad_input("--most-runs", say("must be at least 1; got {most_runs}", most_runs=options["most_runs"]))
    effort = Effort(first=max(2, options["replications"]), total=options["most_runs"])
    name = f"headcount_{Path(scenario).stem}"
    conduct(
        name,
        [scenario],
        options,
        lambda setting: headcount(plan, bounds, promises, options["probability"], effort, setting),
    )


def _bounds(text: str) -> tuple[str, tuple[int, int]]:
    """What was written behind --team."""
    from sim.faults import bad_input

    found = re.fullmatch(r"(.+)=(\d{1,18})\.\.(\d{1,18})", text)
    if not found:
        raise bad_input("--team", say('expected TEAM=LEAST..MOST, such as packer=1..5; got "{value}"', value=text))
    return found[1], (int(found[2]), int(found[3]))
