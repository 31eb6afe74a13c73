"""The documentation says what the program does: every name is defined, every file and figure shown in it is tried."""

import datetime as dt
import json
import re
import shlex
import shutil
import tomllib

import pytest

import run_sim
import sim
from analysis.measures import UNITS
from analysis.measures.ledger import CAUSES
from analysis.measures.over_time import FOLDS
from analysis.measures.over_time import MEASURES as OVER_TIME
from analysis.output.finding_files import as_json as finding_as_json
from analysis.output.json_shape import as_json
from analysis.output.result_files import tables
from analysis.questions.compare import compare
from analysis.questions.headcount.question import headcount
from analysis.questions.hire_by import hire_by
from analysis.questions.marginal import marginal
from analysis.runs import replicate
from analysis.runs.observe import Setting
from analysis.runs.result import provenance
from analysis.store.log_files import frames
from docs import make_reference
from sim.log import OUTCOMES
from sim.planning.staffing import staffed
from sim.reading.source import parse_override
from sim.scenario.steps import VERBS
from tests.helpers.shops import branch, hhmm, people, plan_of, rows, shop, work, write
from tests.record_examples import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(page.name for page in DOCS.glob("*.md"))

_FILE = re.compile(r"<!-- (?P<kind>file|part of): (?P<name>\S+) -->\n```[a-z]*\n(?P<text>.*?)```", re.S)
_VISITS = re.compile(r"<!-- visits of: (?P<name>\S+) -->\n(?P<rows>(?:\|[^\n]*\n)+)")


def text_of(page):
    return (DOCS / page).read_text(encoding="utf-8")


def defined(page):
    """The names that stand in the first column of a page's tables."""
    cells = re.findall(r"^\| ([^|]*) \|", text_of(page), re.M)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


# --- the index and the reference --------------------------------------------------------------------------------


def test_the_index_names_every_page():
    index = text_of("README.md")
    assert [page for page in PAGES if page != "README.md" and f"({page})" not in index] == []


def test_the_reference_is_made_from_the_models_as_they_are():
    assert text_of("reference.md") == make_reference.page(), "run: python -m docs.make_reference"
    assert text_of("rules.md") == make_reference.rules_page(), "run: python -m docs.make_reference"


# --- scenario files in the text -----------------------------------------------------------------------------------


def write_files(page, folder):
    """Write the files that a page shows, beside the scenarios of the project; yields each whenever it has grown."""
    for path in (ROOT / "scenarios").glob("*.toml"):
        shutil.copy(path, folder)
    grown = {}
    for shown in _FILE.finditer(text_of(page)):
        name, text = shown["name"], shown["text"]
        if shown["kind"] == "part of":
            grown[name] = grow(grown.get(name, {}), tomllib.loads(text))
            write(folder, grown[name], name)
        else:
            (folder / name).write_text(text, encoding="utf-8")
        yield folder / name


def grow(scenario, part):
    """Lay a part over the file so far: streams key by key, other named things as a whole."""
    whole = {**scenario, **part}
    for table in {name for name in scenario if isinstance(part.get(name), dict)}:
        whole[table] = {**scenario[table], **part[table]}
    for name in set(scenario.get("arrivals", {})) & set(part.get("arrivals", {})):
        whole["arrivals"][name] = {**scenario["arrivals"][name], **part["arrivals"][name]}
    return whole


@pytest.mark.parametrize(("page", "number"), [("scenario-files.md", 11), ("rules.md", 2), ("first-steps.md", 1)])
def test_the_files_shown_are_valid_wherever_they_have_grown(page, number, tmp_path):
    scenarios = [sim.load(path) for path in write_files(page, tmp_path) if path.suffix == ".toml"]
    assert len(scenarios) == number


def test_every_recipe_plays(tmp_path):
    """Each is a whole file that says something else than the shop that it changes, and can be played."""
    shutil.copytree(ROOT / "scenarios" / "data", tmp_path / "data")
    recipes = list(write_files("recipes.md", tmp_path))
    assert len(recipes) == text_of("recipes.md").count("\n## ")
    for path in recipes:
        base = tomllib.loads(path.read_text(encoding="utf-8"))["based_on"]
        plan = sim.load(path, {"runs_for": "10 days", "warm_up": "1 day"})
        assert plan.digest() != sim.load(tmp_path / base, {"runs_for": "10 days", "warm_up": "1 day"}).digest() or (
            sim.load(path).digest() != sim.load(tmp_path / base).digest()
        )
        assert sim.simulate(plan, engine="fast").cases.case.size > 100


def overrides(page):
    """The values that follow --set on a page, wherever they change something that exists."""
    text = re.sub(r"(?m)^(.*)\n.*did you mean.*$", "", text_of(page))
    found = re.findall(r"--set ('[^'\n]*'|[^\s`'=]+=[^\s`]+)", text)
    return [shlex.split(each)[0] for each in found]


@pytest.mark.parametrize(
    ("page", "file", "number"), [("scenario-files.md", "tea_shop.toml", 7), ("first-steps.md", "solo_founder.toml", 4)]
)
def test_the_overrides_shown_change_something(page, file, number, tmp_path):
    list(write_files(page, tmp_path))
    assert len(overrides(page)) == number
    for each in overrides(page):
        path, value = parse_override(each)
        assert sim.load(tmp_path / file, {path: value}).digest() != sim.load(tmp_path / file).digest(), each


def test_the_visits_shown_are_those_of_the_log(tmp_path):
    list(write_files("rules.md", tmp_path))
    shown = list(_VISITS.finditer(text_of("rules.md")))
    assert len(shown) == 2
    for table in shown:
        log = sim.simulate(sim.load(tmp_path / table["name"]))
        told = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table["rows"].splitlines()[2:]]
        assert told == [
            (str(case), step, who, *("" if t is None else hhmm(t) for t in times), how)
            for case, step, who, *times, how in rows(log)
        ]


# --- every name is defined ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [UNITS, CAUSES, OVER_TIME], ids=["measures", "causes", "over time"])
def test_every_measure_is_defined(names):
    assert set(names) - defined("measures.md") == set()


def test_every_unit_is_that_of_the_measure():
    cells = [[cell.strip(" `") for cell in line.split("|")] for line in text_of("measures.md").splitlines()]
    told = {cell[1]: cell[2:4] for cell in cells if len(cell) > 4}
    assert {name for name, unit in UNITS.items() if unit not in told[name]} == set()


def test_every_verb_stands_in_the_glossary():
    words = re.findall(r"^\| ([a-z]+) \|", text_of("glossary.md"), re.M)
    assert set(VERBS) - set(words) == set()


def test_every_outcome_of_a_visit_is_named():
    assert [name for name in OUTCOMES if f"`{name}`" not in text_of("results-folder.md")] == []


# --- the shapes of what is written --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Two replications of a shop that has everything a result can have."""
    promise = {"route": "order", "ends": "pack", "within": "1 h", "share": 0.9}
    steps = (work("pack", "packer", 5), branch("wrong", "pack", chance=0.5, at_most=1))
    arrivals = {"order": {"per_day": 300, "value": 50}}
    roles = {"packer": people(1, pay={"per_hour": 30, "overtime": 1.5})}
    money = {"order": {"share_of_value": 0.3}}
    scenario = shop(*steps, roles=roles, arrivals=arrivals, promises={"in time": promise}, contribution=money)
    return replicate(plan_of(tmp_path_factory.mktemp("shop"), scenario), 2, workers=1)


def test_every_fold_and_kind_of_place_is_named(result):
    text = text_of("measures.md") + text_of("results-folder.md")
    assert [name for name in (*FOLDS, *{kind for kind, _, _ in result.keys}) if name not in text] == []


def test_every_key_of_the_json_is_documented(result):
    shape = json.loads(json.dumps(as_json(result)))
    assert shape["bottlenecks"]
    below = {
        "scenario": shape["scenario"],
        "answer": shape["answer"],
        "promises.*": shape["promises"]["in time"],
        "bottlenecks.*": shape["bottlenecks"][0],
    }
    wanted = {*shape, *(f"{path}.{key}" for path, part in below.items() for key in part)}
    assert wanted - defined("json.md") == set()
    assert [name for name in shape["versions"] if f"`{name}`" not in text_of("json.md")] == []
    assert "outcomes" in shape["routes"]["order"]
    assert {measure for place in shape["money"].values() for measure in place} <= defined("measures.md")
    assert set(shape["money"]) == {"packer", "packer/always", "shop"}


def test_the_schema_promised_is_the_schema_written(result):
    assert f"now {as_json(result)['schema']}." in text_of("json.md")


def section(page, title):
    """The text below a heading, up to the next."""
    return text_of(page).partition(f"## `{title}`\n")[2].partition("\n## ")[0]


def test_every_column_of_the_tables_is_named(result):
    for name, frame in tables(result).items():
        text = section("results-folder.md", f"tables/{name}.csv")
        assert [column for column in frame.columns if f"`{column}`" not in text] == [], name


def test_every_key_of_the_provenance_is_named(result):
    text = section("results-folder.md", "provenance.json")
    assert [key for key in provenance(result, "") if f"`{key}`" not in text] == []


def test_every_column_of_the_log_is_named(result):
    lines = {line.split("|")[1].strip(" `"): line for line in text_of("results-folder.md").splitlines() if "|" in line}
    for name, frame in frames(sim.simulate(result.plan)).items():
        assert [column for column in frame.columns if f"`{column}`" not in lines[name]] == [], name


# --- experiments --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def findings(tmp_path_factory):
    """What every experiment finds of a small shop."""
    promise = {"route": "order", "ends": "pack", "within": "1 h", "share": 0.9}
    roles = {"packer": people(1, pay={"per_hour": 30})}
    scenario = shop(work("pack", "packer", 5), roles=roles, runs_for="3 days", promises={"in time": promise})
    plan, setting = plan_of(tmp_path_factory.mktemp("shop"), scenario), Setting(engine="fast", workers=1)
    day = dt.date.fromisoformat(plan.starts)
    return {
        "compare": compare([plan, staffed(plan, {0: 2})], 4, setting),
        "marginal": marginal(plan, 4, setting),
        "headcount": headcount(plan, {"packer": (0, 2)}, setting=setting),
        "hire-by": hire_by(plan, {"packer": 1}, (day, day), replications=4, setting=setting),
    }


def test_every_question_has_a_page():
    pages = {path.stem for path in (DOCS / "questions").glob("*.md")}
    assert {"compare", "marginal", "headcount", "hire-by"} <= pages
    assert [page for page in pages if f"(questions/{page}.md)" not in text_of("README.md")] == []


def test_every_key_of_a_finding_is_documented(findings):
    text = section_named("json.md", "Experiments")
    for finding in findings.values():
        shape = finding_as_json(finding)
        assert [key for key in (*shape, *shape["provenance"]) if f"`{key}`" not in text] == []


def test_every_table_and_picture_of_a_finding_is_named(findings):
    text = section_named("results-folder.md", "The folder of an experiment")
    for name, finding in findings.items():
        (line,) = [line for line in text.splitlines() if f"(questions/{name}.md)" in line]
        assert [each.name for each in (*finding.tables, *finding.pictures) if f"`{each.name}`" not in line] == []


def test_every_column_of_the_answer_is_told(findings):
    for name, finding in findings.items():
        text = text_of(f"questions/{name}.md")
        told = {cell.split(",")[0] for cell in re.findall(r"`([^`\n]+)`", text)}
        columns = [column.split(",")[0].replace("_", " ") for column in finding.tables[0].frame.columns]
        hidden = {"path", "alternative"} if name == "compare" else set()
        assert [column for column in columns if column not in told | hidden] == [], name


def test_every_command_is_in_the_reference():
    text = section_named("reference.md", "Command line")
    assert [name for name in run_sim.COMMANDS if f"### `{name}`" not in text] == []


def section_named(page, title):
    """The text below a heading without backticks, up to the next."""
    return text_of(page).partition(f"## {title}\n")[2].partition("\n## ")[0]
