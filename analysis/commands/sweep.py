"""The command that plays a design of experiments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.commands.experiments import conduct, experiment_options

EPILOG = """\b
Example:
  python run_sim.py sweep scenarios/designs/packers_and_orders.toml
"""


@click.command("sweep", epilog=EPILOG)
@click.argument("design")
@experiment_options(replications=10)
def command(design: str, **options: Any) -> None:
    """Vary numbers of a scenario as a design file says: what does each do, and what lies between?"""
    from analysis.questions.sweep import read_design, sweep
    from sim.reading.source import parse_override

    file = read_design(design, options["allow"])
    overrides = dict(parse_override(text) for text in options["overrides"])
    conduct(
        f"sweep_{Path(design).stem}"[:80],
        [str(file.scenario)],
        options,
        lambda setting: sweep(file, options["replications"], setting, overrides),
    )
