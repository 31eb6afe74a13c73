"""Pictures of experiments: drawn from the tables they document, with words and units, honest where nothing is known."""

import inspect
import re
import subprocess
import sys
import warnings
from datetime import date
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from analysis import pictures as drawn
from analysis.pictures import as_png, as_svg
from analysis.pictures.pareto import front
from analysis.pictures.rows import verdict
from sim.faults import BadInput
from tests.helpers import frames
from tests.helpers.frames import CHINESE, LONG, NAN

POINTS, X, Y, FITTED = frames.surface_arrays()
MAP_NAMES = ("people at the bench", "packing time (min)", "wait (min)")

# Of each picture: how it is drawn from its table, its table for n rows, and its words where the table has no row.
PICTURES = {
    "differences": (drawn.differences, frames.difference_frame, "No measure was compared"),
    "marginal": (lambda t: drawn.marginal(t, "cycle time", "h"), frames.marginal_frame, "No team or role"),
    "pareto": (lambda t: drawn.pareto(t, "CNY", "in 48 h", 0.95), frames.pareto_frame, "No staffing was tried"),
    "curve": (
        lambda t: drawn.curve(t, t.iloc[:0], "people", "wait (min)"),
        lambda n: frames.curve_frames(n)[0],
        "Nothing was run",
    ),
    "surface": (lambda t: drawn.surface(t, X, Y, FITTED, MAP_NAMES), lambda n: POINTS[:n], "Nothing was run"),
    "welch": (lambda t: drawn.welch(t, "cases", 48.0, 24.0), frames.welch_frame, "no slot"),
    "convergence": (
        lambda t: drawn.convergence(t, "cycle time (h)", 0.8),
        lambda n: frames.convergence_frame(n + bool(n)),
        "No replication",
    ),
    "hire_by": (
        lambda t: drawn.hire_by(t, "in 48 h", 0.9, date(2025, 9, 1)),
        frames.hire_frame,
        "No start date was tried",
    ),
    "sensitivity": (
        lambda t: drawn.sensitivity(t, "cycle time"),
        frames.sensitivity_frame,
        "No input was",
    ),
    "main_effects": (
        lambda t: drawn.main_effects(t, "cycle time (h)"),
        frames.effect_frame,
        "No input was",
    ),
}


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def words(figure):
    """Everything that is written in a picture but its title, each piece once as it stands."""
    root = ET.fromstring(as_svg(figure, "picture", "words"))
    return [" ".join("".join(element.itertext()).split()) for element in root.iter("text")]


def text(figure):
    return " ".join(words(figure))


@pytest.mark.parametrize("count", [1, 6, 40])
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_drawn_for_any_number_of_rows(name, count):
    draw, table, empty = PICTURES[name]
    figure = draw(table(count))
    assert as_png(figure, name).startswith(b"\x89PNG")
    assert empty not in text(figure)
    assert as_svg(figure, name, "w") == as_svg(draw(table(count)), name, "w")


@pytest.mark.parametrize("name", PICTURES)
def test_a_table_without_rows_is_said_to_have_none(name):
    draw, table, empty = PICTURES[name]
    assert empty in text(draw(table(6).iloc[:0]))


@pytest.mark.parametrize("name", PICTURES)
def test_each_column_is_documented_and_missed_by_name(name):
    draw, table, _ = PICTURES[name]
    documented = inspect.getdoc(getattr(drawn, name))
    for column in table(6).columns:
        assert f"`{column}`" in documented
        with pytest.raises(BadInput, match=f'no column "{column}"'):
            draw(table(6).drop(columns=column))


@pytest.mark.parametrize("name", PICTURES)
def test_rows_may_come_in_any_order_with_any_index(name):
    draw, table, _ = PICTURES[name]
    given = table(6)
    shuffled = given.set_axis([7] * len(given), axis=0)[list(reversed(given.columns))]
    assert text(draw(shuffled)) == text(draw(given))


@pytest.mark.usefixtures("chinese_font")
def test_titles_long_or_chinese_are_kept_and_a_page_does_not_take_them_away():
    figure = drawn.differences(frames.difference_frame(2), title=CHINESE)
    assert figure.get_suptitle() == CHINESE
    assert CHINESE not in text(figure)
    assert figure.get_suptitle() == CHINESE
    long = drawn.differences(frames.difference_frame(2), title=LONG)
    assert " ".join(long.get_suptitle().split()) == LONG


@pytest.mark.parametrize(
    ("mean", "low", "high", "better", "said"),
    [
        (2.0, 1.0, 3.0, "more", "better"),
        (2.0, 1.0, 3.0, "less", "worse"),
        (-2.0, -3.0, -1.0, "less", "better"),
        (-2.0, -3.0, -1.0, "more", "worse"),
        (2.0, 1.0, 3.0, "", "different"),
        (2.0, 0.0, 4.0, "more", "not proven"),
        (2.0, -1.0, 5.0, "more", "not proven"),
        (2.0, NAN, NAN, "more", "not proven"),
        (0.0, 0.0, 0.0, "more", "unchanged"),
    ],
)
def test_only_an_interval_that_excludes_zero_proves(mean, low, high, better, said):
    assert verdict(mean, low, high, better) == said


@pytest.mark.usefixtures("chinese_font")
def test_differences_tell_levels_units_and_verdicts():
    told = words(drawn.differences(frames.difference_frame(8)))
    assert "9.80 → 8.10 h, −1.70 (−2.10 to −1.30)" in told
    assert "21,400 → 23,025 CNY/week, +1,625 (+1,585 to +1,665)" in told
    assert {"better", "worse", "different", "not proven", "unchanged", "no base"} <= set(told)
    assert any(each.startswith("relative change (% of the base); even up to ±") for each in told)
    assert "客服专员在晚班的平均等待时间（" in " ".join(told)


def test_every_difference_has_a_place_of_its_own_however_large():
    frame = frames.difference_frame(8).iloc[:4].assign(base=100.0, mean=[1.0, -2.0, -22.0, 15.0])
    frame = frame.assign(low=frame["mean"] - 0.1, high=frame["mean"] + 0.1)
    axes = drawn.differences(frame).axes[0]
    points = [float(line.get_xdata()[0]) for line in axes.lines if len(line.get_xdata()) == 1]
    assert {1.0, -2.0, -22.0, 15.0} <= set(points)
    low, high = axes.get_xlim()
    assert low < -22.1
    assert high > 15.1
    places = [axes.transData.transform((x, 0))[0] for x in (-22.0, -2.0, 1.0, 15.0)]
    assert sorted(places) == places
    assert -places[0] + places[1] > places[3] - places[2]  # the loss of 22 % does not look like the gain of 15 %


def test_differences_of_one_replication_prove_nothing():
    told = words(drawn.differences(frames.difference_frame(7, halves=False)))
    assert "9.80 → 8.10 h, −1.70" in told
    assert "not proven" in told
    assert not {"better", "worse", "different"} & set(told)
    assert "better" not in words(drawn.differences(frames.difference_frame(7, proven=False)))


def test_a_difference_stands_at_its_share_of_the_base():
    table = frames.difference_frame(2)
    axes = drawn.differences(table).axes[0]
    marks = [line for line in axes.lines if line.get_marker() in ("o", "s", "D")]
    assert [mark.get_xdata()[0] for mark in marks] == pytest.approx(list(100 * table["mean"] / table["base"]))


def test_marginal_effects_are_sorted_by_size_and_say_what_was_not_tried():
    table = frames.marginal_frame(5)
    figure = drawn.marginal(table.iloc[::-1], "cycle time", "h")
    told = words(figure)
    assert told.index("packer") < told.index("picker/early") < told.index("finance")
    assert "change of cycle time (h)" in told
    assert told.count("not tried") == 1
    assert "hollow: not proven" in told
    lengths = sorted(bar.get_width() for bar in figure.axes[0].patches)
    assert lengths == pytest.approx(sorted(table["mean"]))


def test_marginal_effects_of_one_replication_are_all_hollow():
    axes = drawn.marginal(frames.marginal_frame(3, halves=False), "cycle time", "h").axes[0]
    assert {bar.get_facecolor()[3] for bar in axes.patches} == {0.0}


def test_marginal_effects_that_are_proven_otherwise_are_filled():
    axes = drawn.marginal(frames.marginal_frame(3, halves=False).assign(proven=True), "cycle time", "h").axes[0]
    assert {bar.get_facecolor()[3] for bar in axes.patches} == {1.0}


def test_marginal_effects_are_of_one_person():
    with pytest.raises(BadInput, match=r'"change" holds something else than -1 and 1'):
        drawn.marginal(frames.marginal_frame(3).assign(change=2), "cycle time", "h")


@pytest.mark.usefixtures("chinese_font")
def test_signs_of_formulas_and_characters_of_no_font_are_drawn_as_text():
    table = frames.difference_frame(2).assign(label=["打包 $x^2$", "tab\tand \x00"])
    told = words(drawn.differences(table, title="$\\frac$ {x}"))
    assert "打包 $x^2$" in told
    assert any(each.startswith("tab and") for each in told)


def test_importing_pictures_and_report_of_experiments_stays_quick():
    heavy = "matplotlib", "jinja2", "pandas", "scipy"
    modules = "analysis.pictures, analysis.output.report_question, analysis.answers.grades"
    code = f"import sys, {modules}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_front_holds_what_no_other_beats():
    cost, service = np.array([3.0, 1.0, 2.0, 2.0, 4.0]), np.array([0.9, 0.5, 0.8, 0.7, 0.9])
    assert front(cost, service).tolist() == [1, 2, 0]


@pytest.mark.usefixtures("chinese_font")
def test_the_chosen_staffing_is_named_with_cost_share_and_target():
    told = text(drawn.pareto(frames.pareto_frame(12), "cost (CNY a week)", "in 48 h (% of cases)", 0.95))
    assert "chosen: packer 3, picker 2, 客服 5" in told
    assert "19,860, 87.7 %" in told
    assert "cost (CNY a week)" in told
    assert "kept: in 48 h (% of cases)" in told
    assert "asked for: 95 %" in told
    without = text(drawn.pareto(frames.pareto_frame(12, chosen=99), "cost (CNY a week)", "in 48 h"))
    assert "chosen" not in without
    assert "asked for" not in without


def test_one_factor_tells_where_it_was_run_and_what_was_fitted():
    assert "interval of the fit" in text(drawn.curve(*frames.curve_frames(), "people", "wait (min)"))
    points, line = frames.curve_frames(4, halves=False)
    told = text(drawn.curve(points, line.iloc[:0], "people", "wait (min)"))
    assert "one replication has no interval" in told
    assert "fitted" not in told
    assert "wait (min)" in told


def test_a_map_shows_its_names_its_values_and_every_point():
    figure = drawn.surface(POINTS, X, Y, FITTED, MAP_NAMES)
    told = words(figure)
    assert set(MAP_NAMES) <= set(told)
    assert "12" in told
    assert len(figure.axes[0].lines[0].get_xdata()) == len(POINTS)


def test_a_flat_map_says_so_and_a_wrong_shape_is_refused():
    assert "wait (min) is 3 everywhere" in text(drawn.surface(POINTS, X, Y, 0 * FITTED + 3, MAP_NAMES))
    with pytest.raises(BadInput, match=r"expected \(len\(y\), len\(x\)\)"):
        drawn.surface(POINTS, X, Y, FITTED.T, MAP_NAMES)


def test_the_cut_and_the_warm_up_stand_where_they_are_said_to():
    figure = drawn.welch(frames.welch_frame(), "cases in the shop", 24 * 9.0, 24 * 7.0)
    told = words(figure)
    assert {"MSER cuts at 9 days", "warm-up of the scenario: 7 days", "cases in the shop"} <= set(told)
    assert figure.axes[0].lines[-1].get_xdata()[0] == 9
    short = words(drawn.welch(frames.welch_frame(3), "cases in the shop", None, 0.0))
    assert {"MSER finds no cut: the runs are too short", "the scenario has no warm-up"} <= set(short)
    assert "moving average" not in short


def test_convergence_says_when_the_target_was_reached():
    told = text(drawn.convergence(frames.convergence_frame(40), "cycle time (h)", 0.8))
    table = frames.convergence_frame(40)
    first = table["replications"][(table["high"] - table["low"]) / 2 <= 0.8].iloc[0]
    assert f"asked for: ± 0.8 (reached with {first} replications)" in told
    assert "not reached" in text(drawn.convergence(frames.convergence_frame(5), "cycle time (h)", 0.8))
    assert "One replication has no interval" in text(drawn.convergence(frames.convergence_frame(1), "cycle time"))


def test_the_latest_start_is_marked_at_its_day():
    figure = drawn.hire_by(frames.hire_frame(), "shipped in 48 h", 0.9, date(2025, 9, 8))
    assert {"latest: 2025-09-08", "asked for: 90 %", "probability with its interval"} <= set(words(figure))
    assert "shipped in 48 h" in text(figure)
    assert date(2025, 9, 8).toordinal() in [line.get_xdata()[0] for line in figure.axes[0].lines]
    none = text(drawn.hire_by(frames.hire_frame(3, halves=False), "shipped in 48 h", 0.999, None))
    assert "no start date that was tried is early enough" in none
    assert "one replication has no interval" in none


def test_indices_are_sorted_and_named():
    told = words(drawn.sensitivity(frames.sensitivity_frame(6).iloc[::-1], "cycle time"))
    assert told.index("orders a day") < told.index("packing time") < told.index("patience")
    assert {"first order: on its own", "total: together with others"} <= set(told)
    assert "share of the variance of cycle time (0 to 1)" in told


def test_main_effects_have_a_panel_an_input_with_its_unit():
    figure = drawn.main_effects(frames.effect_frame(4), "cycle time (h)")
    told = words(figure)
    assert told.count("min") == 4
    assert "cycle time (h)" in told
    assert "packing time 2" in told


@pytest.mark.parametrize("name", ["differences", "marginal", "sensitivity"])
def test_of_very_many_rows_the_picture_says_how_many_it_leaves_out(name):
    draw, table, _ = PICTURES[name]
    assert "15 more rows are in the table" in text(draw(table(75)))


@pytest.mark.parametrize("name", PICTURES)
def test_a_page_may_recolour_every_word(name):
    draw, table, _ = PICTURES[name]
    for style in re.findall(r'<text[^>]*style="([^"]*)"', as_svg(draw(table(6)), name, "w")):
        assert "'DejaVu Sans'" not in style
        assert "#1b1c1d" not in style


def test_dates_may_be_dates_or_timestamps():
    table = frames.hire_frame(3)
    plain = table.assign(start=[start.date() for start in table["start"]])
    assert isinstance(table["start"].iloc[0], pd.Timestamp)
    told = [text(drawn.hire_by(each, "in 48 h", 0.9, None)) for each in (table, plain)]
    assert told[0] == told[1]
