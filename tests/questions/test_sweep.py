"""Sweeps: what a design file may say, which points it makes, and what is found in shops whose truth is known."""

import json
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

import sim
from analysis.questions.sweep import read_design, sweep
from analysis.questions.sweep.analysing import analyse
from analysis.questions.sweep.playing import Response, Swept, played
from analysis.questions.sweep.points import Axis, Points, points_of
from analysis.questions.sweep.schema import FILE, design_schema
from analysis.questions.sweep.telling import sentences
from analysis.runs.observe import Setting
from analysis.statistics import designs, sensitivity
from analysis.store import open_store
from sim.faults import BadInput
from sim.reading.source import read_draft
from sim.scenario.schema import as_text
from tests.helpers.shops import people, shop, wait, work, write

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "scenarios" / "designs").glob("*.toml"))
SETTING = Setting(engine="simpy", workers=1)

HEAD = """\
format = 1
title = "A design"
scenario = "shop.toml"
"""
GRID = """\
design = { grid = { levels = 3 } }
responses = ["routes.order.cycle_h"]
[factors]
roles.packer.people = { from = 1, to = 2, label = "packers" }
route.order.pack.takes = ["4 min", "6 min"]
"""


@pytest.fixture
def folder(tmp_path):
    steps = (work("pack", "packer", 5), wait("post", 60))
    arrivals = {"order": {"per_day": 120}, "call": {"per_day": 10, "route": "order"}}
    write(tmp_path, shop(*steps, roles={"packer": people(1)}, arrivals=arrivals), "shop.toml")
    return tmp_path


def design(folder, text, name="design.toml"):
    path = folder / name
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def points(folder, text, overrides=None):
    file = read_design(design(folder, text))
    return points_of(file, read_draft(file.scenario), overrides or {})


# --- the file ---------------------------------------------------------------------------------------------------

TAIL = 'responses = ["routes.order.cycle_h"]\n'
PEOPLE = "[factors]\nroles.packer.people = { from = 1, to = 2 }\n"

BROKEN = [
    (TAIL + PEOPLE, "1:1", "design: is missing"),
    ("design = { gird = {} }\n" + TAIL + PEOPLE, "4:12", 'unknown key "gird"; did you mean "grid"?'),
    ("design = {}\n" + TAIL + PEOPLE, "4:1", "give exactly one kind of design"),
    ("design = { grid = {}, sobol = { points = 4 } }\n" + TAIL + PEOPLE, "4:1", "give exactly one kind of design"),
    (
        "design = { sobol_indices = { base = 524288 } }\n" + TAIL + PEOPLE,
        "4:12",
        "must be 1 … 1,000,000 points; got 1,572,864",
    ),
    ("design = { morris = { walks = 999999 } }\n" + TAIL + PEOPLE, "4:12", "1,000,000 points; got 1,999,998"),
    (
        "design = { grid = {} }\n" + TAIL + PEOPLE + '"roles.packer.people" = { from = 1, to = 3 }\n',
        "8:1",
        '"roles.packer.people" stands here twice',
    ),
    (
        "design = { grid = {} }\n" + TAIL + PEOPLE + "[[predict]]\nroles.packer.people = 1.5",
        "9:1",
        "expected a whole number; got 1.5",
    ),
    ("design = { latin_hypercube = { points = 1 } }\n" + TAIL + PEOPLE, "4:32", "must be at least 2; got 1"),
    ("design = { sobol = { points = 12 } }\n" + TAIL + PEOPLE, "4:12", "a power of two; got 12, the next is 16"),
    ("design = { grid = {} }\nresponses = []\n" + PEOPLE, "5:1", "needs at least 1 entry"),
    ("design = { grid = {} }\n" + TAIL, "1:1", "name at least one factor under [factors]"),
    (
        "design = { grid = {} }\n" + TAIL + "[factors]\nroles.packer.people = { form = 1, to = 2 }",
        "7:25",
        'unknown key "form"; did you mean "from"?',
    ),
    (
        "design = { grid = {} }\n" + TAIL + "[factors]\nroles.packer.people = { from = 2, to = 1 }",
        "7:1",
        '"from" must lie below "to"; got 2 and 1',
    ),
    (
        "design = { grid = {} }\n" + TAIL + "[factors]\nroles.packer.people = { from = 2 }",
        "7:1",
        'either "from" and "to", or "values"',
    ),
    (
        "design = { grid = {} }\n" + TAIL + "[factors]\nroute.order.pack.takes = [90, '2 min']",
        "7:1",
        "some of these are durations, others plain numbers",
    ),
    (
        "design = { grid = {} }\n" + TAIL + "[factors]\nroute.order.pack.takes = ['60 s', '1 min']",
        "7:1",
        "a value stands here twice",
    ),
    (
        "design = { grid = {} }\n" + TAIL + "[factors]\nroute.order.pack.takes = ['60 s', '2 mn']",
        "7:35",
        '"mn" is not a unit of time',
    ),
    (
        "design = { grid = {} }\n" + TAIL + "[factors]\nroles.packer.at_shift_end = ['finish', 'pause']",
        "7:30",
        '"finish" is not a duration',
    ),
    (
        "design = { sobol = { points = 4 } }\n" + TAIL + "[factors]\nroles.packer.people = [1, 2]",
        "7:1",
        "a list of values is for a grid",
    ),
    (
        "design = { grid = {} }\n" + TAIL + "[factors]\narrivals.order.per_day = { from = 1.5, to = 9 }",
        "7:1",
        "say how many values",
    ),
    (
        "design = { grid = {} }\n" + TAIL + "[factors]\nroles.paker.people = { from = 1, to = 2 }",
        "7:1",
        'roles has no "paker"; did you mean "packer"?',
    ),
    (
        "design = { grid = {} }\n" + TAIL + "[factors]\nroles.packer.poeple = { from = 1, to = 2 }",
        "7:1",
        'unknown key "poeple"; did you mean "people"?',
    ),
    (
        "design = { grid = { levels = 3 } }\n" + TAIL + "[factors]\nroles.packer.people = { from = 1.5, to = 3 }",
        "7:1",
        "expected a whole number; got 1.5",
    ),
    (
        "design = { grid = {} }\nresponses = ['routes.order.cycle_h', 'routes.oder.cycle_h']\n" + PEOPLE,
        "5:38",
        'there is no "oder" in "routes.oder.cycle_h"; did you mean "order"?',
    ),
    (
        "design = { grid = {} }\n" + TAIL + PEOPLE + "[[predict]]\nroles.packer.people = 3",
        "9:1",
        "lies outside of what is played, 1 … 2",
    ),
    (
        "design = { grid = {} }\n" + TAIL + PEOPLE + "[[predict]]\nroles.packer.peple = 2",
        "9:1",
        'there is no such factor; did you mean "roles.packer.people"?',
    ),
    (
        "design = { table = { points = [{ a = 1 }] } }\n" + TAIL,
        "4:22",
        "needs at least 2 entries; has 1",
    ),
    (
        "design = { table = { points = [{ roles.packer.people = 1 }, { arrivals.order.per_day = 2 }] } }\n" + TAIL,
        "4:61",
        "every point states the same factors",
    ),
    ("design = { table = { file = 'nothing.csv' } }\n" + TAIL, "4:22", 'there is no file "nothing.csv"'),
    ("design = { table = { file = '../points.csv' } }\n" + TAIL, "4:22", "lies outside the scenario's folder"),
]


@pytest.mark.parametrize(("text", "at", "says"), BROKEN, ids=[says for _, _, says in BROKEN])
def test_a_fault_is_told_with_its_place(folder, text, at, says):
    path = design(folder, text)
    with pytest.raises(BadInput) as caught:
        sweep(path, 1, SETTING)
    first = caught.value.faults[0]
    assert says in str(first)
    assert (first.place.file, f"{first.place.line}:{first.place.column}") == (str(path), at), str(first)


def test_all_faults_of_a_design_come_at_once(folder):
    text = (
        "design = { grid = { level = 3 } }\nresponses = 3\n[factors]\nroles.packer.people = { from = 1, to = '2 x' }\n"
    )
    with pytest.raises(BadInput) as caught:
        read_design(design(folder, text))
    assert [fault.place.line for fault in caught.value.faults] == [4, 5, 7]


def test_the_scenario_stands_beside_the_design(folder):
    path = design(folder, GRID)
    path.write_text(path.read_text().replace("shop.toml", "shp.toml"))
    with pytest.raises(BadInput, match=r'there is no file "shp\.toml"; did you mean "shop\.toml"\?'):
        sweep(path, 1, SETTING)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_designs_make_their_points_and_satisfy_the_schema(path):
    file = read_design(path)
    found = points_of(file, read_draft(file.scenario), {})
    assert len(found.frame) >= 20
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert list(Draft202012Validator(json.loads(FILE.read_text(encoding="utf-8"))).iter_errors(data)) == []
    assert path.read_text(encoding="utf-8").startswith("#:schema ../../analysis/experiments/sweep/design.schema.json")


def test_the_schema_is_current_and_sees_slips():
    assert FILE.read_text(encoding="utf-8") == as_text(design_schema()), "run python -m analysis.questions.sweep.schema"
    validator = Draft202012Validator(design_schema())
    Draft202012Validator.check_schema(design_schema())
    good = tomllib.loads(HEAD + GRID)
    assert validator.is_valid(good)
    for slip in ({"factor": {}}, {"responses": []}, {"factors": {"a": {"form": 1, "to": 2}}}, {"design": {}}):
        assert not validator.is_valid(good | slip), slip


# --- points -----------------------------------------------------------------------------------------------------


def test_a_grid_has_every_combination_the_last_factor_fastest(folder):
    found = points(folder, GRID)
    assert found.frame.to_numpy().tolist() == [[1, 4], [1, 6], [2, 4], [2, 6]]
    assert found.changes(1) == {"roles.packer.people": 1, "route.order.pack.takes": "6 min"}
    assert [(axis.label, axis.unit, axis.range.integer) for axis in found.axes] == [
        ("packers", "", True),
        ("order, pack: takes", "min", False),
    ]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("latin_hypercube = { points = 7 }", 7),
        ("sobol = { points = 8 }", 8),
        ("sobol_indices = { base = 4 }", 16),
        ("morris = { walks = 3 }", 9),
    ],
)
def test_every_kind_fills_the_ranges_with_so_many_points(folder, kind, number):
    text = f"design = {{ {kind} }}\n" + TAIL + PEOPLE + "arrivals.order.per_day = { from = 9.5, to = 99 }"
    frame = points(folder, text).frame
    assert len(frame) == number
    assert set(frame["roles.packer.people"]) == {1, 2}
    assert frame["arrivals.order.per_day"].between(9.5, 99).all()
    assert np.ptp(frame["arrivals.order.per_day"]) > 45


def test_whole_ends_of_a_factor_that_takes_fractions_do_not_make_it_whole(folder):
    text = "design = { latin_hypercube = { points = 8 } }\n" + TAIL
    found = points(folder, text + PEOPLE + "arrivals.order.per_day = { from = 100, to = 140 }\n")
    people, rate = found.frame["roles.packer.people"], found.frame["arrivals.order.per_day"]
    assert sorted(people) == [1] * 4 + [2] * 4
    assert (rate % 1 != 0).any()
    assert rate.between(100, 140).all()


def test_values_between_the_ends_can_be_typed(folder):
    text = "design = { latin_hypercube = { points = 50 } }\n" + TAIL
    text += "[factors]\nroute.order.pack.takes = { from = '90 s', to = '2.5 min' }\n"
    found = points(folder, text)
    values = found.frame["route.order.pack.takes"]
    assert values.between(90, 150).all()
    assert all(len(found.changes(n)["route.order.pack.takes"]) <= len("123.456 s") for n in range(50))


def test_a_design_has_its_own_luck(folder):
    text = (
        "design = { latin_hypercube = { points = 5 } }\n"
        + TAIL
        + PEOPLE
        + "arrivals.order.per_day = { from = 9, to = 99 }"
    )
    assert points(folder, text).frame.equals(points(folder, text).frame)
    assert not points(folder, text).frame.equals(points(folder, "seed = 2\n" + text).frame)


def test_a_table_may_stand_in_the_file_or_beside_it(folder):
    rows = '{ roles.packer.people = 1, route.order.pack.takes = "240 s" }, { "roles.packer.people" = 2, '
    rows += '"route.order.pack.takes" = "6 min" }'
    inline = points(folder, f"design = {{ table = {{ points = [{rows}] }} }}\n" + TAIL)
    (folder / "p.csv").write_text("roles.packer.people,route.order.pack.takes\n1,240 s\n2,6 min\n")
    beside = points(folder, "design = { table = { file = 'p.csv' } }\n" + TAIL)
    assert inline.frame.equals(beside.frame)
    assert inline.frame.to_numpy().tolist() == [[1, 240], [2, 360]]
    assert inline.changes(1) == beside.changes(1) == {"roles.packer.people": 2, "route.order.pack.takes": "360 s"}


def test_a_bad_row_of_points_is_told_with_its_line(folder):
    (folder / "p.csv").write_text("roles.packer.people\n1\ntwo\n3\n")
    path = design(folder, "design = { table = { file = 'p.csv' } }\n" + TAIL)
    with pytest.raises(BadInput, match=r"p\.csv:3:1: column roles\.packer\.people: \"two\" is not a duration"):
        sweep(path, 1, SETTING)
    (folder / "p.csv").write_text("roles.packer.people\n1\n-3\n")
    with pytest.raises(BadInput, match=r"p\.csv:3:1: roles\.packer\.people: must be at least 0; got -3"):
        sweep(path, 1, SETTING)


def test_what_a_design_varies_is_not_set(folder):
    with pytest.raises(BadInput, match=r'--set: "roles\.packer\.people" is varied by the design'):
        sweep(design(folder, GRID), 1, SETTING, {"roles.packer.people": 4})


def test_a_point_without_a_valid_shop_is_named(folder):
    (folder / "p.csv").write_text("roles.packer.people\n1\n0\n")
    path = design(folder, "design = { table = { file = 'p.csv' } }\n" + TAIL)
    with pytest.raises(BadInput, match=r"shop\.toml.*ever on shift.*\(with roles\.packer\.people = 0\)"):
        sweep(path, 1, SETTING)


@pytest.mark.parametrize("kind", ["morris = { walks = 4 }", "sobol_indices = { base = 4 }"])
def test_without_salib_it_says_what_to_install(folder, kind, monkeypatch):
    monkeypatch.setattr(sensitivity, "find_spec", lambda name: None)
    path = design(folder, f"design = {{ {kind} }}\n" + TAIL + PEOPLE + "arrivals.order.per_day = { from = 9, to = 99 }")
    with pytest.raises(BadInput, match=r"design\.toml:4:12: .*pip install"):
        sweep(path, 1, SETTING)


# --- playing ----------------------------------------------------------------------------------------------------


def test_every_point_is_the_scenario_with_its_values_and_nothing_else(folder):
    swept = played(read_design(design(folder, GRID)), 2, SETTING, {"arrivals.order.per_day": 90})
    for n in range(4):
        plan = sim.load(folder / "shop.toml", {"arrivals.order.per_day": 90, **swept.points.changes(n)})
        assert swept.digests[n] == plan.digest()
    assert len(set(swept.digests)) == 4


def test_points_that_are_the_same_are_played_once_and_told_twice(folder):
    (folder / "p.csv").write_text("roles.packer.people\n2\n1\n2\n")
    counts = []
    setting = replace(SETTING, progress=lambda done, of: counts.append(of))
    path = design(folder, "design = { table = { file = 'p.csv' } }\n" + TAIL)
    each = played(read_design(path), 3, setting).responses[0].each
    assert each.shape == (3, 3)
    assert set(counts) == {6}
    assert (each[0] == each[2]).all()
    assert (each[0] < each[1]).all()


def test_measures_that_need_the_whole_log_are_taken_too(folder):
    wanted = '["routes.order.cycle_h", "routes.order.cycle_p90_h", "ledger.order.working"]'
    text = GRID.replace('["routes.order.cycle_h"]', wanted)
    swept = played(read_design(design(folder, text)), 1, SETTING)
    assert [response.path for response in swept.responses] == json.loads(wanted)
    assert all(np.isfinite(response.each).all() for response in swept.responses)


def test_same_answer_for_any_workers_and_from_the_store(folder):
    path = design(folder, GRID)
    want = [table.frame.to_csv() for table in sweep(path, 3, SETTING).tables]
    with open_store(folder / "store") as store:
        kept = replace(SETTING, store=store, name="sweep")
        assert [table.frame.to_csv() for table in sweep(path, 2, replace(kept, workers=2)).tables] != want
        assert [table.frame.to_csv() for table in sweep(path, 3, replace(kept, workers=2)).tables] == want
        counts = []
        again = sweep(path, 3, replace(kept, progress=lambda done, of: counts.append((done, of))))
    assert counts == [(12, 12)]
    assert [table.frame.to_csv() for table in again.tables] == want


# --- what is found, where the truth is known ----------------------------------------------------------------------


def test_a_wait_of_so_many_minutes_is_found_as_it_is(folder):
    """The cycle time is the wait, so that an effect is its range, without error and without interaction."""
    text = "design = { grid = { levels = 3 } }\n" + TAIL
    text += "[factors]\nroute.order.post.takes = { from = '60 min', to = '3 h' }\n"
    text += "arrivals.call.per_day = { from = 1.5, to = 2.5 }\n"
    text += "[[predict]]\nroute.order.post.takes = '1.5 h'\narrivals.call.per_day = 2\n"
    overrides = {"roles.packer.people": 200}
    finding = sweep(design(folder, text), 3, SETTING, overrides)
    tables = {table.name: table.frame for table in finding.tables}
    effects = tables["effects"].set_index("factor_path")
    row = effects.loc["route.order.post.takes"]
    assert row["effect"] == pytest.approx(2, abs=0.02)
    assert row["low"] - 1e-9 <= 2 <= row["high"] + 1e-9
    assert row["verdict"] == "worse"
    assert (
        "Cycle time of an order hangs most on order, post: takes, from 60 min to 180 min: +2"
        in finding.recommendation[0]
    )
    assert tables["predictions"]["mean"].iloc[0] == pytest.approx(1.5 + 5 / 60, abs=0.02)


def known(y, axes=2, kind=None, replications=4, noise=0.0, levels=4):
    """A sweep whose response is a function of the factors (each -1 … 1), with luck that all points share and some of
    their own.
    """
    rng = np.random.default_rng(1)
    factors = {f"f{n}": designs.Factor(-1, 1) for n in range(axes)}
    frame = designs.grid(factors, levels)
    if kind == "sobol_indices":
        frame = sensitivity.sobol_points(factors, 256, seed=1)
    if kind == "morris":
        frame = sensitivity.morris_points(factors, 10, seed=1)
    shared = rng.normal(size=(1, replications))
    own = noise * rng.normal(size=(len(frame), replications))
    values = y(*frame.to_numpy().T)[:, None] + shared + own
    response = Response(("route", "order", "cycle_h"), "h", values)
    chosen = {kind: {"base": 256} if kind == "sobol_indices" else {"walks": 10}} if kind else {"grid": {}}
    content = {"format": 1, "title": "known", "scenario": "none", "design": chosen, "responses": ["x"]}
    ends = {name: {"from": -1.0, "to": 1.0} for name in factors}
    from analysis.questions.sweep.model import Design
    from analysis.questions.sweep.reading import DesignFile

    file = DesignFile("known", Design.model_validate({**content, "factors": ends}), None, ())
    found = Points([Axis(name, name, "", factor) for name, factor in factors.items()], frame, [])
    swept = Swept(file, found, [response], replications, ["" for _ in range(len(frame))], None)
    return swept, analyse(swept, response)


def test_luck_that_all_points_share_is_no_doubt():
    swept, told = known(lambda a, b: 3 * a + 1 * b)
    assert told.effects["effect"].tolist() == pytest.approx([6, 2])
    assert told.effects["half_width"].max() < 1e-9
    assert told.leaders == ("f0",)
    assert sentences(swept, told)[0].startswith("Cycle time of an order hangs most on f0, from -1 to 1: +6")


def test_which_of_two_matters_most_is_not_claimed_without_proof():
    swept, told = known(lambda a, b: 3 * a - 3 * b, noise=1.0)
    assert told.leaders == ("f0", "f1")
    assert sentences(swept, told)[0].endswith("whether f1 or f0 matters most is not proven.")


def test_what_does_nothing_is_not_proven_to_do_something():
    swept, told = known(lambda a, b: 3 * a, noise=0.5, replications=6)
    assert told.effects["effect"].abs().iloc[1] < told.effects["half_width"].iloc[1]
    assert any("that f1 moves it on average is not proven" in each for each in sentences(swept, told))


def test_an_interaction_is_found_and_told():
    swept, told = known(lambda a, b: a + 2 * a * b, noise=0.05)
    assert told.interactions["interaction"].iloc[0] == pytest.approx(8, abs=0.3)
    assert any("f0 and f1 work together" in each for each in sentences(swept, told))
    swept, told = known(lambda a, b: a + b, noise=0.05)
    assert not any("work together" in each for each in sentences(swept, told))


def test_a_surface_that_fits_badly_is_said_to():
    swept, told = known(lambda a, b: np.sin(9 * a) + 0 * b, levels=7)
    assert not told.fits
    assert any("cannot be read between the points" in each for each in sentences(swept, told))
    swept, told = known(lambda a, b: a**2 - b + a * b, levels=7)
    assert told.fits
    assert told.foretold == pytest.approx(1)
    assert any("can be read between the points" in each for each in sentences(swept, told))


def test_two_values_are_too_few_for_a_surface_and_it_says_so():
    swept, told = known(lambda a, b: a + b, levels=2)
    assert told.surface is None
    assert any("no surface: f0 needs three or more values" in each for each in sentences(swept, told))


def test_shares_of_the_variance_are_those_of_the_function():
    """For a + b with twice the amplitude of a: 0.8 and 0.2 of the variance."""
    swept, told = known(lambda a, b: 2 * a + b, kind="sobol_indices")
    assert told.indices["total"].tolist() == pytest.approx([0.8, 0.2], abs=0.03)
    assert sentences(swept, told)[0].startswith("Cycle time of an order hangs most on f0.")


def test_a_screening_ranks_and_sees_bends():
    swept, told = known(lambda a, b, c: 3 * a + 4 * b**2 + 0 * c, axes=3, kind="morris")
    ranked = told.screening.set_index("factor")
    assert ranked["mean_abs"]["f0"] == pytest.approx(6)
    assert ranked["mean_abs"]["f2"] == pytest.approx(0, abs=1e-9)
    said = " ".join(sentences(swept, told))
    assert "what f1 does bends" in said
    assert "of little weight is f2" in said


def test_replications_without_a_figure_are_left_out_and_told():
    swept, told = known(lambda a, b: a + b, replications=4)
    told.response.each[3, 1] = np.nan
    told = analyse(swept, Response(told.response.key, "h", told.response.each))
    assert told.response.complete.shape[1] == 3
    assert any("in 1 of 4 replications" in each for each in sentences(swept, told))
    told.response.each[:] = np.nan
    told = analyse(swept, Response(told.response.key, "h", told.response.each))
    assert sentences(swept, told) == [
        "Cycle time of an order: in no replication was there something to measure at every point."
    ]


def test_a_response_that_never_changes_is_told(folder):
    finding = sweep(design(folder, GRID.replace("routes.order.cycle_h", "roles.packer.overtime_h")), 2, SETTING)
    assert finding.recommendation == ["Overtime of packer: it is the same at every point."]


# --- the command ------------------------------------------------------------------------------------------------


def run(folder, *arguments):
    command = [sys.executable, str(ROOT / "run_sim.py"), "sweep", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, encoding="utf-8")


def test_the_command_writes_answer_tables_and_pictures(folder):
    design(folder, GRID.replace('["4 min", "6 min"]', '["3 min", "5 min", "7 min"]').replace("to = 2", "to = 3"))
    done = run(folder, "design.toml", "-n", 2, "--workers", 1, "--engine", "simpy", "--no-store", "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "Answer" in done.stdout
    names = {path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*") if path.is_file()}
    tables = {f"tables/{name}.csv" for name in ("effects", "interactions", "surfaces", "points", "replications")}
    assert tables | {f"plots/{name}.png" for name in ("effects", "main_effects", "surface")} <= names
    rows = (folder / "out" / "tables" / "replications.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "point,replication,roles.packer.people,route.order.pack.takes,routes.order.cycle_h"
    assert len(rows) == 1 + 9 * 2
    assert "1,0," not in (folder / "out" / "report.html").read_text(encoding="utf-8")


def test_json_has_all_tables_and_bad_input_ends_with_2(folder):
    design(folder, GRID)
    done = run(folder, "design.toml", "-n", 2, "--workers", 1, "--engine", "simpy", "--no-store", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["experiment"], found["possible"]) == ("sweep", True)
    assert len(found["tables"]["points"]) == 4
    assert len(found["tables"]["replications"]) == 8
    assert found["tables"]["effects"][0]["factor_path"] == "roles.packer.people"
    done = run(folder, "nothing.toml")
    assert (done.returncode, done.stderr.strip()) == (2, "nothing.toml: there is no such file")


def test_a_scenario_in_place_of_a_design_is_told_in_one_sentence():
    for name in ("solo_founder", "solo_founder_hires_packer"):
        with pytest.raises(BadInput, match="is a scenario; a sweep wants a design") as told:
            read_design(Path(__file__).parents[2] / "scenarios" / f"{name}.toml")
        assert len(told.value.faults) == 1
