"""The engine compiled with checks finds an index that lies outside its table, and on random shops there is none."""

from __future__ import annotations

from tests.long.indices import checked

PLANTED = """
from sim.choose_engine import engine
from sim.draws import Draws
from sim.fast.prepare import SMALL
import sim.fast.play as play

build = play.build
def cramped(*arguments):
    world, layout = build(*arguments)
    return world._replace({table}=world.{table}[:0]), layout
play.build = cramped
engine("fast")(SMALL, Draws(SMALL, 0, 0))
"""


def test_random_shops_stay_within_their_tables() -> None:
    done = checked(["-m", "tests.long.indices", "40"])
    assert done.returncode == 0, done.stderr[-2000:]


def test_an_index_outside_its_table_is_found() -> None:
    for table in ("route_first", "log_joined"):
        done = checked(["-c", PLANTED.format(table=table)])
        assert done.returncode == 1
        assert "IndexError" in done.stderr.strip().splitlines()[-1], table
