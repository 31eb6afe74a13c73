"""Main effects, Sobol indices, Morris screening and response surfaces: against books, formulas and by hand."""

import builtins
import math
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics import sensitivity
from analysis.statistics.designs import Factor, grid, latin_hypercube
from analysis.statistics.response_surface import fit_surface
from analysis.statistics.sensitivity import (
    main_effects,
    morris_effects,
    morris_points,
    sobol_indices,
    sobol_points,
)
from sim.faults import BadInput

NAN = float("nan")
UNIT = {name: Factor(0, 1) for name in "abc"}
CORNERS = pd.DataFrame({"A": [15, 25, 15, 25], "B": [1, 1, 2, 2]})
YIELD = [[28, 25, 27], [36, 32, 32], [18, 19, 23], [31, 30, 29]]
HARDWOOD = [1, 1.5, 2, 3, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8, 9, 10, 11, 12, 13, 14, 15]
STRENGTH = [6.3, 11.1, 20, 24, 26.1, 30, 33.8, 34, 38.1, 39.9, 42, 46.1, 53.1, 52, 52.5, 48, 42.8, 27.8, 21.9]


# --- main effects -------------------------------------------------------------------------------------------------


def test_main_effects_of_the_book():
    # Montgomery, Design and Analysis of Experiments, sec. 6.2: A = 8.33, B = -5.00
    found = main_effects(CORNERS, YIELD).set_index("factor")["effect"]
    assert found.round(2).to_dict() == {"A": 8.33, "B": -5.00}


def test_intervals_over_replications_are_students():
    a = [(36 + 31 - 28 - 18) / 2, (32 + 30 - 25 - 19) / 2, (32 + 29 - 27 - 23) / 2]
    found = main_effects(CORNERS, YIELD).set_index("factor").loc["A"]
    assert found["half_width"] == pytest.approx(stats.t.ppf(0.975, 2) * stats.sem(a), rel=1e-9)


def test_luck_that_all_points_share_cancels():
    luck = np.random.default_rng(1).normal(0, 100, 5)
    points = grid(UNIT, 2)
    y = (3 * points["a"] - points["b"]).to_numpy()[:, None] + luck
    found = main_effects(points, y)
    assert found["effect"].to_list() == pytest.approx([3, -1, 0], abs=1e-9)
    assert found["half_width"].to_list() == pytest.approx([0, 0, 0], abs=1e-9)


def test_intervals_of_single_responses_are_those_of_regression():
    points = latin_hypercube({"a": Factor(10, 50)}, 15, 3)
    y = 0.2 * points["a"] + np.random.default_rng(2).normal(0, 1, 15)
    line, spread = stats.linregress(points["a"], y), np.ptp(points["a"])
    found = main_effects(points, y).iloc[0]
    assert found["effect"] == pytest.approx(line.slope * spread, rel=1e-9)
    assert found["half_width"] == pytest.approx(stats.t.ppf(0.975, 13) * line.stderr * spread, rel=1e-9)


def test_intervals_of_main_effects_cover():
    points, rng = grid({"a": Factor(0, 1), "b": Factor(0, 1)}, 3), np.random.default_rng(5)
    held = 0
    for _ in range(1000):
        found = main_effects(points, 2 * points["a"] + rng.normal(0, 1, 9)).iloc[0]
        held += abs(found["effect"] - 2) <= found["half_width"]
    assert abs(held - 950) < 4 * math.sqrt(1000 * 0.95 * 0.05)


def test_as_many_points_as_terms_have_no_interval():
    assert main_effects(CORNERS[:3], [1, 2, 3])["half_width"].isna().all()


@pytest.mark.parametrize(
    ("points", "responses", "said"),
    [
        (CORNERS, [1, 2, 3], r"a row for each of 4 points; got shape \(3,\)"),
        (CORNERS, [1, 2, NAN, 4], "point 2 has nothing measured"),
        (CORNERS[:2], [1, 2], "B: does not vary"),
        (pd.DataFrame({"A": [1, 2, 3], "B": [2, 4, 6]}), [1, 2, 3], "3 points cannot tell 3 terms apart"),
    ],
)
def test_responses_that_tell_nothing_are_refused(points, responses, said):
    with pytest.raises(BadInput, match=said):
        main_effects(points, responses)


# --- Sobol indices and Morris screening -----------------------------------------------------------------------------


def test_sobol_indices_of_ishigamis_function():
    # Saltelli et al. (2008): V = 1/2 + a^2/8 + b pi^4/5 + b^2 pi^8/18 with a = 7, b = 0.1
    factors = {name: Factor(-math.pi, math.pi) for name in "xyz"}
    points = sobol_points(factors, 4096, seed=2)
    assert len(points) == 4096 * 5
    y = np.sin(points["x"]) + 7 * np.sin(points["y"]) ** 2 + 0.1 * points["z"] ** 4 * np.sin(points["x"])
    found = sobol_indices(factors, y)
    total = 1 / 2 + 49 / 8 + 0.1 * math.pi**4 / 5 + 0.01 * math.pi**8 / 18
    first = [0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2 / total, 49 / 8 / total, 0]
    rest = [1 - first[1], first[1], 8 * 0.01 * math.pi**8 / 225 / total]
    assert found["first"].to_list() == pytest.approx(first, abs=0.03)
    assert found["total"].to_list() == pytest.approx(rest, abs=0.03)
    assert (found["total_half_width"].between(0, 0.1)).all()


def test_sobol_indices_of_whole_numbers():
    """y = 2 a + b with a in {0, 1} and b in {1, 2, 3}: variances 1 and 2/3."""
    factors = {"a": Factor(0, 1, integer=True), "b": Factor(1, 3, integer=True)}
    points = sobol_points(factors, 2048, seed=4)
    found = sobol_indices(factors, np.column_stack([2 * points["a"] + points["b"]] * 3))
    assert found["first"].to_list() == pytest.approx([0.6, 0.4], abs=0.02)


def test_morris_finds_what_matters_and_what_bends():
    points = morris_points(UNIT, 20, seed=3)
    assert len(points) == 20 * 4
    found = morris_effects(UNIT, points, 5 * points["a"] + 4 * points["b"] * (points["b"] - 1)).set_index("factor")
    assert found.loc["a", ["mean", "mean_abs", "sd"]].to_list() == pytest.approx([5, 5, 0], abs=1e-9)
    assert found.loc["c", "mean_abs"] == pytest.approx(0, abs=1e-9)
    # steps of 2/3 from 0, 1/3: 4 (2/3 (-1/3)) / (2/3) = -4/3 and +4/3, so they cancel in the mean alone
    assert found.loc["b", "mean_abs"] == pytest.approx(4 / 3)
    assert abs(found.loc["b", "mean"]) < found.loc["b", "sd"]


def test_the_same_seed_gives_the_same_indices():
    points = sobol_points(UNIT, 64, seed=1)
    assert points.equals(sobol_points(UNIT, 64, seed=1))
    assert sobol_indices(UNIT, points["a"]).equals(sobol_indices(UNIT, points["a"]))
    walks = morris_points(UNIT, 5, seed=1)
    assert walks.equals(morris_points(UNIT, 5, seed=1))
    assert morris_effects(UNIT, walks, walks["a"] ** 2).equals(morris_effects(UNIT, walks, walks["a"] ** 2))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: sobol_points(UNIT, 100, 1), "a power of two; got 100"),
        (lambda: sobol_indices(UNIT, np.arange(11.0)), "a multiple of 5; got 11"),
        (lambda: sobol_indices(UNIT, np.ones(20)), "is the same at every point"),
        (lambda: morris_points(UNIT, 1, 1), "two or more walks; got 1"),
        (lambda: morris_effects(UNIT, grid(UNIT, 2), np.arange(4.0)), "4 responses do not belong to 8 points"),
        (lambda: morris_effects(UNIT, grid(UNIT, 2), [1.0, NAN] * 4), "multiple of 4"),
    ],
)
def test_what_fits_no_design_is_refused(make, said):
    with pytest.raises(BadInput, match=said):
        make()


def test_without_salib_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(sensitivity, "find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r'need SALib: pip install "\.\[sensitivity\]"'):
        sobol_points(UNIT, 64, 1)


def test_salib_is_imported_only_when_asked_for(monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "SALib"]:
        monkeypatch.delitem(sys.modules, name)
    real = builtins.__import__

    def guarded(name, *rest):
        assert not name.startswith("SALib")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", guarded)
    main_effects(CORNERS, YIELD)
    assert not any(name.startswith("SALib") for name in sys.modules)


# --- response surface -----------------------------------------------------------------------------------------------


def test_a_surface_of_the_book():
    # Montgomery, Peck & Vining, example 7.1: 45.295 + 2.546 (x - 7.2632) - 0.635 (x - 7.2632)^2, R^2 = 0.9085
    surface = fit_surface(pd.DataFrame({"x": HARDWOOD}), STRENGTH)
    assert round(surface.r2, 4) == 0.9085
    x = np.array([3.0, 7.2632, 12.0])
    wanted = 45.295 + 2.546 * (x - 7.2632) - 0.635 * (x - 7.2632) ** 2
    assert surface.predict(pd.DataFrame({"x": x}))["mean"].to_list() == pytest.approx(wanted, abs=0.02)


def test_the_error_of_each_point_left_out_is_that_of_fitting_again():
    points = latin_hypercube({"a": Factor(0, 4), "b": Factor(10, 20)}, 14, 6)
    y = np.random.default_rng(6).normal(0, 1, 14) + points["a"] ** 2
    a, b = points["a"], points["b"]
    x = np.column_stack([np.ones(14), a, b, a * a, a * b, b * b])
    errors = []
    for left in range(14):
        others = np.arange(14) != left
        errors.append(y[left] - x[left] @ np.linalg.lstsq(x[others], y[others], rcond=None)[0])
    assert fit_surface(points, y).loo_rmse == pytest.approx(math.sqrt(np.mean(np.square(errors))), rel=1e-6)


def test_a_quadratic_is_followed_exactly():
    points = grid({"a": Factor(0, 4), "b": Factor(10, 20)}, 4)

    def truth(p):
        return 1 + p["a"] - 2 * p["b"] + 0.5 * p["a"] ** 2 - 0.3 * p["a"] * p["b"] + 0.1 * p["b"] ** 2

    surface = fit_surface(points, truth(points))
    new = latin_hypercube({"a": Factor(0, 4), "b": Factor(10, 20)}, 9, 2)
    assert surface.predict(new)["mean"].to_list() == pytest.approx(truth(new).to_list(), rel=1e-6)
    assert surface.r2 == pytest.approx(1)
    assert surface.loo_rmse < 1e-6


def test_predictions_cover_what_a_new_point_gives():
    factors, rng = {"a": Factor(-1, 1), "b": Factor(-1, 1)}, np.random.default_rng(8)
    points, new, held = grid(factors, 3), pd.DataFrame({"a": [0.5], "b": [-0.2]}), 0
    for _ in range(1000):
        found = fit_surface(points, points["a"] ** 2 + rng.normal(0, 1, 9)).predict(new).iloc[0]
        held += abs(0.25 + rng.normal() - found["mean"]) <= found["half_width"]
    assert abs(held - 950) < 4 * math.sqrt(1000 * 0.95 * 0.05)


def test_replications_are_averaged():
    points = grid({"a": Factor(-1, 1)}, 5)
    y = np.random.default_rng(3).normal(0, 1, (5, 4))
    assert fit_surface(points, y).deviation == fit_surface(points, y.mean(axis=1)).deviation


@pytest.mark.parametrize(
    ("points", "responses", "said"),
    [
        ({"a": [1, 2, 1, 2], "b": [1, 2, 3, 4]}, [1, 2, 3, 4], "a: needs three or more values"),
        ({"a": [1, 2, 3]}, [1, 2, 3], "at least 4 points for its terms; got 3"),
        ({"a": [1, 2, 3] * 3, "b": [2, 4, 6] * 3}, range(9), "9 points cannot tell 6 terms apart"),
    ],
)
def test_a_surface_that_cannot_be_fitted_is_refused(points, responses, said):
    with pytest.raises(BadInput, match=said):
        fit_surface(pd.DataFrame(points), list(responses))


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ({"y": [1.0]}, "needs the columns x"),
        ({"x": [15.1]}, "outside the ranges"),
        ({"x": [NAN]}, "outside the ranges"),
    ],
)
def test_nothing_is_foretold_beyond_what_was_played(new, said):
    with pytest.raises(BadInput, match=said):
        fit_surface(pd.DataFrame({"x": HARDWOOD}), STRENGTH).predict(pd.DataFrame(new))
