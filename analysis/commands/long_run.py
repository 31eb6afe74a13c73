"""The command that plays one long run and says what its means are worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.commands.experiments import conduct, experiment_options, plans_of, series_option
from sim.language import say

EPILOG = """\b
Examples:
  python run_sim.py long-run scenarios/textbook/one_clerk.toml --batches 30
  python run_sim.py long-run scenarios/growing_store.toml --length "200 weeks" --series steps.order/pack.wait_min
"""


@click.command("long-run", epilog=EPILOG)
@click.argument("scenario")
@series_option
@click.option("--batches", default=20, show_default=True, help="Into how many batches the run is parted (20 or more).")
@click.option("--length", metavar="DURATION", help="How long to play [default: as the batches need].")
@experiment_options(replications=0, stored=False)
def command(scenario: str, paths: tuple[str, ...], batches: int, length: str | None, **options: Any) -> None:
    """What is one long run worth? Means with an interval from the means of its batches."""
    from analysis.questions.long_run import long_run

    (plan,) = plans_of([scenario], options)
    runs_for = None if length is None else _length(length)
    name = f"long_run_{Path(scenario).stem}"
    conduct(name, [scenario], options, lambda setting: long_run(plan, paths, batches, runs_for, setting))


def _length(text: str) -> int:
    """A duration in ms."""
    from sim.faults import bad_input
    from sim.units import parse_duration

    try:
        found = round(parse_duration(text))
    except ValueError as error:
        raise bad_input("--length", str(error)) from None
    if found <= 0:
        raise bad_input("--length", say("must be above 0; got {value}", value=text))
    return found
