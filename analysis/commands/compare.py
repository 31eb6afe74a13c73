"""The command that compares scenarios."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from analysis.commands.experiments import conduct, experiment_options, plans_of
from analysis.commands.shared import load
from sim.language import say

EPILOG = """\b
Examples:
  python run_sim.py compare scenarios/growing_store.toml scenarios/growing_store_one_more_packer.toml
  python run_sim.py compare scenarios/growing_store.toml --with roles.packer.people=3
  python run_sim.py compare scenarios/growing_store.toml --with "roles.packer.people=3; roles.picker.people=1"
"""


@click.command("compare", epilog=EPILOG)
@click.argument("scenarios", nargs=-1, required=True, metavar="BASE [OTHER…]")
@click.option(
    "--measure", "-m", "measures", multiple=True, metavar="PATH", help="Compare this, such as routes.order.cycle_h."
)
@click.option(
    "--with",
    "changes",
    multiple=True,
    metavar="PATH=VALUE[; …]",
    help="A further alternative: the first scenario with these values.",
)
@click.option("--plain", is_flag=True, help="Leave out what is known of the orders that came: wider intervals.")
@experiment_options(replications=20)
def command(scenarios: tuple[str, ...], measures: tuple[str, ...], changes: tuple[str, ...], **options: Any) -> None:
    """Hold scenarios against the first one under the same luck: better, worse, or not proven?"""
    from analysis.answers.finding import name_of
    from analysis.questions.compare import compare

    plans = plans_of(scenarios, options)
    wanted = [[each.strip() for each in change.split(";")] for change in changes]
    names = [*map(name_of, plans), *map(say(" and ").join, wanted)]
    plans += [load(scenarios[0], {**options, "overrides": (*options["overrides"], *each)}) for each in wanted]
    conduct(
        slug(scenarios, changes),
        scenarios,
        options,
        lambda setting: compare(plans, options["replications"], setting, measures, names, options["plain"]),
    )


def slug(scenarios: tuple[str, ...], changes: tuple[str, ...]) -> str:
    """What the store and the folder are called."""
    words = [Path(path).stem for path in scenarios] + [re.sub(r"[^\w.=-]+", "_", change) for change in changes]
    return "_".join(["compare", *words])[:80]
