"""The command that writes a small shop to begin with."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from string import Template

import click

from sim.language import say

EPILOG = """\b
Examples:
  python run_sim.py new my_shop.toml
  python run_sim.py new my_shop.toml --orders 250 --title "Tea and teapots"
"""

ORDERS_OF_A_PACKER, CHATS_OF_ONE = 60, 45
"""What one person of the template does in a day with time to spare, so that the shop keeps its promises at first."""


@click.command("new", epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--orders", type=click.IntRange(1, 100_000), default=60, show_default=True, help="Orders a day.")
@click.option("--title", default="My shop", show_default=True, help="What the shop is called.")
def command(file: Path, orders: int, title: str) -> None:
    """Write a small shop into a new file, to be read from top to bottom and filled with numbers of your own."""
    from sim.faults import bad_input

    if file.suffix != ".toml":
        raise bad_input(
            str(file), say('a scenario is a .toml file, such as "{value}.toml"', value=file.stem or "my_shop")
        )
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(written(orders, title))
    except FileExistsError:
        raise bad_input(str(file), say("exists already; it is not replaced")) from None
    except OSError as error:
        raise bad_input(str(file), say("cannot be written: {value}", value=error.strerror or error)) from None
    print(say("Written: {file}. Read it from top to bottom, then play it: python run_sim.py {file}", file=file))


def written(orders: int, title: str) -> str:
    """The text of a scenario with so many orders a day, and people enough for them."""
    from sim.scenario import schema

    chats = ceil(orders / 2)
    return Template(Path(__file__).with_name("new_shop.toml").read_text(encoding="utf-8")).substitute(
        schema=Path(schema.__file__).with_name("schema.json").as_posix(),
        title=title.replace("\\", "\\\\").replace('"', '\\"'),
        orders=orders,
        chats=chats,
        packers=ceil(orders / ORDERS_OF_A_PACKER),
        service=max(2, ceil(chats / CHATS_OF_ONE)),
    )
