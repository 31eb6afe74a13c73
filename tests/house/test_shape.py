"""The shape of the house: imports point left, every verb is documented and tested, files stay small."""

import ast
from pathlib import Path

import pytest

from sim import plan
from sim.scenario.steps import TAKING_TIME, VERBS

ROOT = Path(__file__).parents[2]
SOURCES = [*sorted((ROOT / "sim").rglob("*.py")), *sorted((ROOT / "analysis").rglob("*.py"))]

# What each part may import from the project (rule 1: scenario → plan → draws → engine → log → analysis).
ORDER = ["sim.scenario", "sim.plan", "sim.draws", "sim.log", "sim.engine", "sim.fast", "sim.choose_engine"]

# The rooms of analysis/: each imports only those before it. Output and questions do not know each other.
ROOMS = ["statistics", "measures", "store", "runs", "answers", "pictures", "output", "questions", "notebook"]
ROOMS += ["commands"]
STRANGERS = {"output", "questions"}
MEETINGS = ("notebook", "commands")


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
            if node.module in ("analysis", "sim"):
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


def test_sim_knows_nothing_of_analysis_statistics_or_plots():
    outside = {"analysis", "pandas", "matplotlib", "jinja2", "rich", "click"}
    for path in SOURCES:
        if path.is_relative_to(ROOT / "sim"):
            roots = {name.split(".")[0] for name in imports(path)}
            assert not roots & outside, f"{path} imports {roots & outside}"


@pytest.mark.parametrize("part", ORDER)
def test_imports_point_left(part):
    right = ORDER[ORDER.index(part) + 1 :]
    folder = ROOT / part.replace(".", "/")
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    for path in files:
        wrong = [name for name in imports(path) if any(name == r or name.startswith(r + ".") for r in right)]
        assert not wrong, f"{path} imports {wrong}, which lies to its right"


def test_every_file_of_analysis_lies_in_a_room():
    assert [path.name for path in (ROOT / "analysis").glob("*.py")] == ["__init__.py"]
    assert sorted(path.parent.name for path in (ROOT / "analysis").glob("*/__init__.py")) == sorted(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_imports_only_those_before_it(room):
    before = ROOMS[: ROOMS.index(room)]
    for path in (ROOT / "analysis" / room).rglob("*.py"):
        known = {name.split(".")[1] for name in imports(path) if name.startswith("analysis.")} - {room}
        assert known <= set(before), f"{path} imports {known - set(before)}"
        assert not ({room} | known) >= STRANGERS or room in MEETINGS, f"{path}: they meet in {MEETINGS}"


def test_only_the_room_of_runs_calls_an_engine():
    engines, runs = ("sim.choose_engine", "sim.engine.play", "sim.fast.play"), ROOT / "analysis" / "runs"
    callers = {
        path.relative_to(ROOT / "analysis").as_posix()
        for path in SOURCES
        if path.is_relative_to(ROOT / "analysis") and any(each in engines for each in imports(path))
    }
    assert {name for name in callers if not (ROOT / "analysis" / name).is_relative_to(runs)} == set()
    assert "runs/observe.py" in callers


def test_engines_draw_nothing_and_measure_nothing():
    for path in (ROOT / "sim" / "engine").glob("*.py"):
        assert not {"random", "numpy.random", "statistics"} & imports(path), path
        assert "default_rng" not in path.read_text(encoding="utf-8"), path


def test_the_vocabulary_is_the_same_everywhere():
    assert tuple(VERBS) == plan.VERB_NAMES
    assert tuple(plan.VERB_NAMES[verb] for verb in plan.TAKING_TIME) == TAKING_TIME


def test_nobody_tells_by_the_order_of_verbs_which_take_time():
    numbers, plain = {verb.upper() for verb in VERBS}, (ast.Eq, ast.NotEq, ast.In, ast.NotIn)
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and not isinstance(node.ops[0], plain):
                compared = {each.id for each in (node.left, *node.comparators) if isinstance(each, ast.Name)}
                assert not compared & numbers, f"{path}:{node.lineno}: ask step.takes_time"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented_and_tested(verb):
    model = VERBS[verb]
    assert "Timing:" in (model.__doc__ or ""), f"{verb} states no timing rule"
    for name, field in model.model_fields.items():
        assert field.description or name == "do", f"{verb}.{name} is not described"
    assert (ROOT / "tests" / "verbs" / f"test_{verb}.py").exists()
    assert f"# --- {verb}" in (ROOT / "sim" / "engine" / "journey.py").read_text(encoding="utf-8")


def test_every_block_of_the_journey_stands_in_the_order_of_the_verbs():
    journey = (ROOT / "sim" / "engine" / "journey.py").read_text(encoding="utf-8")
    blocks = [line.split()[2].rstrip(":") for line in journey.splitlines() if line.strip().startswith("# --- ")]
    assert blocks == list(VERBS)


def test_files_and_functions_stay_small():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert max(lengths.values()) <= 400, max(lengths, key=lengths.get)
    functions = [length for path in SOURCES for length in function_lengths(path)]
    short = sum(length <= 25 for length in functions)
    assert short >= 0.9 * len(functions)


def function_lengths(path: Path) -> list[int]:
    nodes = (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef))
    return [n.end_lineno - n.lineno + 1 for n in nodes]
