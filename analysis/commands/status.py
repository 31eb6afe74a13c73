"""The command that says what a store holds."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.commands.experiments import STORE
from sim.language import say


@click.command("status")
@click.option(
    "--store", type=click.Path(path_type=Path), default=STORE, show_default=True, help="The store to look at."
)
def command(store: Path) -> None:
    """Say how far every experiment is whose runs are kept."""
    from analysis.store import open_store
    from analysis.store.file import JOURNAL
    from sim.faults import bad_input

    if not store.exists():
        raise bad_input(str(store), say("there is no store; experiments make one"))
    if (store / JOURNAL).exists():  # left by a process that was killed: whoever writes mends it
        open_store(store).close()
    with open_store(store, read_only=True) as kept:
        for each in kept.status():
            print(each)
