"""The command that asks how much of the beginning must be cut off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.commands.experiments import conduct, experiment_options, plans_of, series_option

EPILOG = """\b
Examples:
  python run_sim.py warm-up scenarios/growing_store.toml
  python run_sim.py warm-up scenarios/growing_store.toml --series steps.order/pack.wait_min
"""


@click.command("warm-up", epilog=EPILOG)
@click.argument("scenario")
@series_option
@experiment_options(replications=20, stored=False)
def command(scenario: str, paths: tuple[str, ...], **options: Any) -> None:
    """Is the scenario's warm-up enough? Where the beginning from an empty shop should be cut off.

    Exit code 3: the runs are too short to tell, or the shop does not settle.
    """
    from analysis.questions.warm_up import warm_up

    (plan,) = plans_of([scenario], options)
    name = f"warm_up_{Path(scenario).stem}"
    conduct(name, [scenario], options, lambda setting: warm_up(plan, options["replications"], setting, paths))
