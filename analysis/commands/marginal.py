"""The command that tries one person more and one fewer in every team."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.commands.experiments import conduct, experiment_options, plans_of

EPILOG = """\b
Example:
  python run_sim.py marginal scenarios/growing_store.toml
"""


@click.command("marginal", epilog=EPILOG)
@click.argument("scenario")
@click.option("--hours", is_flag=True, help="Also try an hour a day more and less.")
@experiment_options(replications=20)
def command(scenario: str, hours: bool, **options: Any) -> None:
    """Whom first? Try one person more and one fewer in every team, under the same luck."""
    from analysis.questions.marginal import marginal

    (plan,) = plans_of([scenario], options)
    name = f"marginal_{Path(scenario).stem}"
    conduct(name, [scenario], options, lambda setting: marginal(plan, options["replications"], setting, hours))
