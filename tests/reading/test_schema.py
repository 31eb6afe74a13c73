"""The JSON Schemas for editors: up to date, true of every shipped scenario, and of few broken ones."""

import datetime as dt
import json
import tomllib
from contextlib import nullcontext
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sim.scenario.model import Scenario
from sim.scenario.schema import FULL, VARIANT, as_text, full_schema, variant_schema
from sim.scenario.steps import VERBS

ROOT = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(path for path in ROOT.rglob("*.toml") if not {"broken", "designs"} & set(path.parts))
BROKEN = sorted((ROOT / "broken").glob("*.toml"))


@pytest.fixture(scope="module")
def schemas():
    return {
        False: Draft202012Validator(json.loads(FULL.read_text(encoding="utf-8"))),
        True: Draft202012Validator(json.loads(VARIANT.read_text(encoding="utf-8"))),
    }


def as_json(data):
    """Dates as text, as editors hold them."""
    if isinstance(data, dict):
        return {key: as_json(item) for key, item in data.items()}
    if isinstance(data, list):
        return [as_json(item) for item in data]
    return data.isoformat() if isinstance(data, (dt.date, dt.time)) else data


def faults(schemas, data):
    return [f"{error.json_path}: {error.message}" for error in schemas["based_on" in data].iter_errors(as_json(data))]


@pytest.mark.parametrize(("path", "schema"), [(FULL, full_schema), (VARIANT, variant_schema)], ids=["full", "variant"])
def test_the_files_are_current(path, schema):
    assert path.read_text(encoding="utf-8") == as_text(schema()), "run python -m sim.scenario.schema"


@pytest.mark.parametrize("path", [FULL, VARIANT])
def test_they_are_schemas(path):
    Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario_satisfies_its_schema(schemas, path):
    assert faults(schemas, tomllib.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", [path for path in SHIPPED if path.parent == ROOT], ids=lambda path: path.stem)
def test_every_shipped_scenario_names_its_schema(path):
    text = path.read_text(encoding="utf-8")
    schema = VARIANT if "based_on" in tomllib.loads(text) else FULL
    assert text.split("\n")[0] == f"#:schema ../sim/scenario/{schema.name}"


def test_most_structural_faults_are_seen(schemas):
    """All but those that lie between parts (names, routes), within text (units), or in several keys together."""
    structural = ("unknown_key", "missing", "people_as", "rate_as", "chance", "cv_", "name_", "step_as", "title")
    seen, missed = [], []
    for path in BROKEN:
        if path.stem.startswith(structural):
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            (seen if faults(schemas, data) else missed).append(path.stem)
    assert len(seen) >= 40
    assert set(missed) == {
        "chance_and_when",
        "chance_not_a_number",  # NaN is no JSON
        "cv_too_small",
        "missing_cv",
        "missing_hours_of_role",
        "missing_people",
        "missing_rate",
    }


def test_every_key_says_what_it_means():
    definitions = full_schema()["$defs"]
    for name, definition in {"": full_schema(), **definitions}.items():
        for key, schema in definition["properties"].items():
            refers = schema.get("$ref", "").removeprefix("#/$defs/")
            assert schema.get("description") or definitions[refers]["description"], f"{name}.{key}"


def test_every_key_of_the_models_is_there():
    schema = full_schema()
    assert set(schema["properties"]) == set(Scenario.model_fields)
    for model in VERBS.values():
        assert set(schema["$defs"][model.__name__]["properties"]) == set(model.model_fields)


CALENDARS = [
    ({"Mon": ["09:00"]}, True),
    ({"Mon": ["09:00"], "holidays": "DE", "closed": [dt.date(2025, 10, 6)]}, True),
    ({"Mon": ["09:00"], "holidays": 7}, False),
    ({"Mon": ["09:00"], "closed": "rubbish"}, False),
    ({"Mon": ["09:00"], "breaks": ["12:00-13:00"]}, False),
    ({"Mon": ["09:00"], "foo": "DE"}, False),
]


@pytest.mark.parametrize(("timetable", "right"), CALENDARS)
def test_schema_and_program_agree_on_timetables(schemas, timetable, right):
    data = tomllib.loads((ROOT / "broken" / "data" / "shop.toml").read_text(encoding="utf-8"))
    data["arrivals"]["order"] = {"timetable": timetable}
    data["route"]["order"][0]["steps"].insert(1, {"name": "truck", "do": "collect", "departs": timetable})
    assert (faults(schemas, data) == []) is right
    with nullcontext() if right else pytest.raises(ValueError, match=r"timetable|departs"):
        Scenario.model_validate(data)


VARIANTS = [
    ("[roles.packer]\npeople = 3", True),
    ("[roles.packer]\npoeple = 3", False),
    ("[roles.packer.teams.day]\npeople = 3", True),
    ("[roles.packer.teams.day]\nremove = true", True),
    ('[roles.packer]\nteams = [{ people = 1, hours = "day" }]', True),
    ("[roles.packer]\nteams = [{ people = 1 }]", False),
    ("[roles.packer]\nremove = true", True),
    ("[roles.packer]\nremove = false", False),
    ('[hours]\nnight = { "Mon" = ["22:00-06:00"] }', True),
    ("[hours.night]\nremove = true", True),
    ("[roles.packer]\npay = { per_hour = 30, on_costs = 0.3 }", True),
    ("[roles.packer.pay]\nper_hours = 30", False),
    ("[roles.packer.teams.day.pay]\nper_month = 6000", True),
    ("[contribution.order]\nper_case = -2", True),
    ("[contribution.order]\nshare_of_value = 22", False),
    ("[contribution.order]\nremove = true", True),
    ("[promises.fast]\nshare = 0.8", True),
    ("[promises.fast]\nshare = 80", False),
    ("[arrivals.order]\nper_day = 500", True),
    ("[arrivals.order.events.sale]\nlift = 3", True),
    ("[arrivals.order.events.sale]\nlifts = 3", False),
    ('[route.order.pack]\ntakes = "3 min"', True),
    ('[route.order.pack.takes.gamma]\nmean = "3 min"', True),
    ("[route.order.pack]\ntakes = 3", False),
    ("[route.order.pack]\nremove = true", True),
    ("[route.order]\nremove = true", True),
    ('[route.order]\npick.by = ["packer", "founder"]', True),
    ('[route.order.wrap]\nafter_step = "pack"\ndo = "work"\nby = "packer"\ntakes = "40 s"', True),
    ('[route.order.wrap]\nafter = "pack"\ndo = "wrok"', False),
    ('[[route.order]]\nsteps = [{ name = "end", do = "end" }]', True),
    ('[[route.order]]\nsteps = [{ do = "end" }]', False),
]


@pytest.mark.parametrize(("text", "right"), VARIANTS)
def test_variants_change_by_name(schemas, text, right):
    found = faults(schemas, tomllib.loads(f'based_on = "shop.toml"\n{text}\n'))
    assert (found == []) is right, found


def test_a_whole_scenario_is_not_satisfied_with_a_part(schemas):
    assert len(faults(schemas, {"title": "x"})) == 6
