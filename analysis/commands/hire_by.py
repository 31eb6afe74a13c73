"""The command that finds the latest day on which extra people must be at work."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import click

from analysis.commands.experiments import conduct, experiment_options, plans_of
from analysis.commands.shared import once
from sim.language import say

EPILOG = """\b
Example:
  python run_sim.py hire-by scenarios/growing_store.toml --team packer=2 --peak 2025-11-11..2025-11-14
"""


@click.command("hire-by", epilog=EPILOG)
@click.argument("scenario")
@click.option(
    "--team",
    "teams",
    multiple=True,
    required=True,
    metavar="TEAM=MORE",
    help="Who comes, and how many, as in packer=2.",
)
@click.option(
    "--peak", required=True, metavar="DAY..DAY", help="First and last day of the peak, as in 2025-11-11..2025-11-14."
)
@click.option("--promise", help="The promise that must hold in it [default: the first].")
@click.option("--probability", default=0.9, show_default=True, help="With what probability it must hold.")
@click.option("--every", default=7, show_default=True, help="Days between the starts that are tried.")
@click.option("--most", default=480, show_default=True, help="Replications, at most: it goes on until it is settled.")
@experiment_options(replications=60)
def command(scenario: str, teams: tuple[str, ...], peak: str, **options: Any) -> None:
    """By when must extra people be at work, so that a promise still holds in a peak? (Exit code 3: no start does.)"""
    from analysis.questions.hire_by import hire_by

    (plan,) = plans_of([scenario], options)
    extra, days = once("--team", list(map(_extra, teams))), _days(peak)
    conduct(
        f"hire_by_{Path(scenario).stem}",
        [scenario],
        options,
        lambda setting: hire_by(
            plan,
            extra,
            days,
            options["promise"],
            options["probability"],
            options["every"],
            options["replications"],
            setting,
            options["most"],
        ),
    )


def _extra(text: str) -> tuple[str, int]:
    """What was written behind --team."""
    from sim.faults import bad_input

    found = re.fullmatch(r"(.+)=\+?([1-9]\d{0,17})", text)
    if not found:
        raise bad_input("--team", say('expected TEAM=MORE, such as packer=2; got "{value}"', value=text))
    return found[1], int(found[2])


def _days(text: str) -> tuple[dt.date, dt.date]:
    """What was written behind --peak."""
    from sim.faults import bad_input

    first, _, last = text.partition("..")
    try:
        return dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
    except ValueError:
        raise bad_input(
            "--peak", say('expected two days such as 2025-11-11..2025-11-14; got "{value}"', value=text)
        ) from None
