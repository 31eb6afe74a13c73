"""The command that compares scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.commands.experiments import conduct, experiment_options, plans_of

EPILOG = """\b
Example:
  python run_sim.py compare scenarios/growing_store.toml scenarios/growing_store_one_more_packer.toml
"""


@click.command("compare", epilog=EPILOG)
@click.argument("scenarios", nargs=-1, required=True, metavar="BASE OTHER…")
@click.option(
    "--measure", "-m", "measures", multiple=True, metavar="PATH", help="Compare this, such as routes.order.cycle_h."
)
@experiment_options(replications=20)
def command(scenarios: tuple[str, ...], measures: tuple[str, ...], **options: Any) -> None:
    """Hold scenarios against the first one under the same luck: better, worse, or not proven?"""
    from analysis.questions.compare import compare

    plans = plans_of(scenarios, options)
    name = "compare_" + "_".join(Path(path).stem for path in scenarios)
    conduct(name[:80], scenarios, options, lambda setting: compare(plans, options["replications"], setting, measures))
