"""Designs: every level once, every slice once, whole numbers without bias, the same points from the same seed."""

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.designs import Factor, grid, latin_hypercube, sobol, table
from sim.faults import BadInput

SHOP = {"roles.packer.people": Factor(1, 4, integer=True), "arrivals.order.per_day": Factor(100.0, 300.0)}


def test_a_grid_holds_every_combination_once():
    points = grid(SHOP, 3)
    assert list(points.columns) == list(SHOP)
    assert len(points) == 9
    assert not points.duplicated().any()
    assert sorted(points["arrivals.order.per_day"].unique()) == [100.0, 200.0, 300.0]
    assert points["roles.packer.people"].dtype == np.int64


def test_few_whole_numbers_are_all_of_them():
    assert grid({"people": Factor(2, 4, integer=True)}, 10)["people"].tolist() == [2, 3, 4]
    assert grid({"people": Factor(1, 9, integer=True)}, 3)["people"].tolist() == [1, 5, 9]


@pytest.mark.parametrize("seed", range(5))
def test_a_latin_hypercube_has_one_point_in_each_slice(seed):
    points = latin_hypercube({"a": Factor(0, 1), "b": Factor(-5, 5)}, 20, seed)
    assert sorted((points["a"] * 20).astype(int)) == list(range(20))
    assert sorted(((points["b"] + 5) * 2).astype(int)) == list(range(20))


@pytest.mark.parametrize("design", [latin_hypercube, sobol])
def test_whole_numbers_come_up_equally_often(design):
    points = design({"people": Factor(3, 6, integer=True), "rate": Factor(0, 1)}, 64, 7)
    assert points["people"].value_counts().to_dict() == {3: 16, 4: 16, 5: 16, 6: 16}


def test_sobol_points_fill_the_square_evenly():
    points = sobol({"a": Factor(0, 1), "b": Factor(0, 1)}, 64, 3)
    cells = (points["a"] * 8).astype(int) * 8 + (points["b"] * 8).astype(int)
    assert sorted(cells) == list(range(64))  # a (0, 6, 2)-net in base 2: one point in each of 8 x 8 cells


@pytest.mark.parametrize("design", [latin_hypercube, sobol])
def test_the_same_seed_gives_the_same_points(design):
    assert design(SHOP, 16, 1).equals(design(SHOP, 16, 1))
    assert not design(SHOP, 16, 1).equals(design(SHOP, 16, 2))


def test_a_table_is_put_in_order_and_typed():
    given = pd.DataFrame({"arrivals.order.per_day": [100, 300], "roles.packer.people": ["2", "4"]}, index=[7, 8])
    points = table(SHOP, given)
    assert list(points.columns) == list(SHOP)
    assert points.to_dict("list") == {"roles.packer.people": [2, 4], "arrivals.order.per_day": [100.0, 300.0]}
    assert points.index.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"a": [1, 2], "bb": [1, 1]}, 'no factor "bb"; did you mean "b"'),
        ({"a": [1, 2]}, 'the column "b" is missing'),
        ({"a": [1, 5], "b": [1, 1]}, "a must be a whole number from 1 to 4; got 5"),
        ({"a": [1, 2.5], "b": [1, 1]}, "a must be a whole number from 1 to 4; got 2.5"),
        ({"a": [1, 2], "b": [1.0, None]}, "b must be a number from 0 to 1; got nan"),
        ({"a": ["x", 2], "b": [1, 1]}, "a must be a whole number from 1 to 4; got x"),
    ],
)
def test_a_wrong_table_is_refused(columns, said):
    with pytest.raises(BadInput, match=said):
        table({"a": Factor(1, 4, integer=True), "b": Factor(0, 1)}, pd.DataFrame(columns))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: grid({}, 2), "at least one factor"),
        (lambda: grid({"a": Factor(2, 2)}, 2), "low end must lie below the high end; got 2 … 2"),
        (lambda: grid({"a": Factor(0, float("inf"))}, 2), "low end must lie below"),
        (lambda: grid({"a": Factor(0.5, 2, integer=True)}, 2), "both ends must be whole numbers"),
        (lambda: grid({"a": Factor(0, 1)}, 1), "2 or more levels"),
        (lambda: grid({"a": Factor(0, 1)}, {"b": 2}), "2 or more levels"),
        (lambda: grid({str(i): Factor(0, 1) for i in range(7)}, 10), "got 10,000,000"),
        (lambda: latin_hypercube(SHOP, 0, 1), "1 … 1,000,000 points; got 0"),
        (lambda: sobol(SHOP, 24, 1), "a power of two; got 24, the next is 32"),
    ],
)
def test_what_makes_no_design_is_refused(make, said):
    with pytest.raises(BadInput, match=said):
        make()
