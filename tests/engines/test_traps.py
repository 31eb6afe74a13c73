"""What could go wrong with a compiled engine on somebody else's machine, and what happens then."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import run_sim
import sim
from sim.choose_engine import choose
from sim.draws import Draws
from sim.fast import cache, compiled
from tests.helpers.busy import SHOPS
from tests.helpers.other_twin import SIM, copy_of_twin, other_twin
from tests.helpers.shops import branch, end, plan_of, route, shop, work, write

ROOT = SIM.parent
FAST = sorted((SIM / "fast").glob("*.py"))


def python(code: str, *arguments: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run some Python in a folder."""
    command, environment = [sys.executable, "-c", code, *arguments], {**os.environ, **environment}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )


RUN = "import sys, run_sim; sys.exit(run_sim.main(sys.argv[1:]))"
"""The command line."""


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    return str(write(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1})))


# --- machine code of older sources ------------------------------------------------------------------------------------

SHOW_FOLDER = "from sim.fast.cache import cache_folder; print(cache_folder())"


@pytest.mark.parametrize("file", ["heap.py", "lexicon.py", "../rules.py", "../plan.py"])
def test_a_change_in_any_file_asks_for_new_machine_code(tmp_path: Path, file: str) -> None:
    """Numba itself would look only at the file of the function that is called, kernel.py."""
    copy = copy_of_twin(tmp_path)
    before = python(SHOW_FOLDER, folder=tmp_path, SHOPFLOOR_CACHE=str(tmp_path)).stdout
    (copy / file).write_text((copy / file).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = python(SHOW_FOLDER, folder=tmp_path, SHOPFLOOR_CACHE=str(tmp_path)).stdout
    assert before.startswith(str(tmp_path))
    assert after.startswith(str(tmp_path))
    assert before != after


def test_the_same_sources_find_their_machine_code_again(tmp_path: Path) -> None:
    folders = {python(SHOW_FOLDER, SHOPFLOOR_CACHE=str(tmp_path)).stdout for _ in range(2)}
    assert len(folders) == 1


def test_whatever_compiled_code_is_made_from_is_looked_at() -> None:
    """Numbers that compiled functions take from other modules are fixed in the machine code."""
    looked_at = {path.relative_to(SIM.parent).with_suffix("").as_posix().replace("/", ".") for path in cache.sources()}
    used = {module for path in FAST for module in constants_from(path)}
    assert {"sim.plan", "sim.log", "sim.units"} <= used
    assert used <= looked_at


def constants_from(path: Path) -> set[str]:
    """The modules of `sim` from which the compiled functions of a file take something."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and {"part", "whole"} & {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
    ]
    names = {
        node.id
        for function in functions
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name)
    }
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim")]
    return {node.module or "" for node in imports if names & {alias.asname or alias.name for alias in node.names}}


# --- folders that cannot be written -----------------------------------------------------------------------------------


def homeless(home: str | Path, **environment: str) -> dict[str, str]:
    """An environment that names no other folder than this home."""
    nothing = {"SHOPFLOOR_CACHE": "", "XDG_CACHE_HOME": ""}
    return {**nothing, "HOME": str(home), "USERPROFILE": str(home), **environment}


@pytest.fixture
def no_folder(tmp_path: Path) -> str:
    """Where nothing can be written, not even by root: below a file."""
    file = tmp_path / "a file"
    file.touch()
    return str(file)


def test_where_home_cannot_be_written_the_folder_for_temporary_files_serves(tmp_path: Path, no_folder: str) -> None:
    done = python(SHOW_FOLDER, **homeless(no_folder, TMPDIR=str(tmp_path)))
    assert done.stdout.startswith(str(tmp_path)), done.stderr


def test_a_folder_that_was_named_and_cannot_be_written_is_passed_over(tmp_path: Path, no_folder: str) -> None:
    done = python(SHOW_FOLDER, **homeless(tmp_path, SHOPFLOOR_CACHE=no_folder))
    assert done.stdout.startswith(str(tmp_path)), done.stderr


def test_where_nothing_can_be_written_one_sentence_says_so(tiny: str, no_folder: str) -> None:
    nowhere = f"import tempfile; tempfile.gettempdir = lambda: {no_folder!r}; {RUN}"
    done = python(nowhere, tiny, "--engine", "fast", "--json", **homeless(no_folder))
    said = "--engine fast: no folder for compiled code can be written; name one in SHOPFLOOR_CACHE\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_in_a_folder_that_all_may_write_everybody_has_one_of_their_own(tmp_path: Path, no_folder: str) -> None:
    """Whoever could write into it could have us run what they like."""
    done = python(SHOW_FOLDER, **homeless(no_folder, TMPDIR=str(tmp_path)))
    mine = Path(done.stdout.strip()).parent
    assert mine.name == f"shopfloor-sim-{os.getuid()}"
    assert mine.stat().st_mode & 0o777 == 0o700


def test_a_folder_of_somebody_else_is_passed_over(tmp_path: Path, tiny: str, no_folder: str) -> None:
    other = f"import os; os.getuid = lambda: {os.getuid() + 1}"
    done = python(f"{other}; {RUN}", tiny, "--engine", "fast", **homeless(no_folder, TMPDIR=str(tmp_path)))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("--engine fast: no folder for compiled code")


def test_an_engine_chosen_by_itself_does_not_need_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = sim.load(ROOT / "scenarios" / "growing_store.toml")
    monkeypatch.setattr("sim.fast.folders._homes", lambda: iter(()))
    assert choose("auto", plan, 1_000_000) == "simpy"


# --- not compiled -----------------------------------------------------------------------------------------------------


def test_without_compiling_it_runs_as_the_python_that_it_is(tiny: str) -> None:
    answers = {
        python(RUN, tiny, "--engine", "fast", "-n", "2", "--json", NUMBA_DISABLE_JIT=switch).stdout
        for switch in ("0", "1")
    }
    assert len(answers) == 1
    assert "pack" in answers.pop()


# --- indices ----------------------------------------------------------------------------------------------------------


def test_an_index_is_taken_as_it_stands() -> None:
    """Numba itself would count a negative one from the end, and ask at every access whether it is one."""

    @compiled.part
    def part(column: Any, i: int) -> int:
        return int(column[i])

    @compiled.whole
    def whole(column: Any, i: int) -> int:
        return part(column, i)

    numbers = np.arange(10)
    assert whole(numbers[5:], -1) == 4


class Guarded(np.ndarray):  # type: ignore[type-arg]
    """A table that takes no negative index."""

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(checked(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(checked(key), value)


def checked(key: Any) -> Any:
    negative = [i for i in (key if isinstance(key, tuple) else (key,)) if not isinstance(i, slice) and np.any(i < 0)]
    assert not negative, f"index {key}"
    return key


@pytest.mark.parametrize("make", SHOPS.values(), ids=SHOPS)
def test_no_index_is_negative(tmp_path: Path, make: Callable[[], dict[str, Any]]) -> None:
    plan = plan_of(tmp_path, make())
    with other_twin(tmp_path):
        play = import_module("sim.fast.play")
        build = play.build

        def guarded(*arguments: Any) -> Any:
            world, layout = build(*arguments)
            tables = {name: table.view(Guarded) for name, table in world._asdict().items() if np.ndim(table)}
            return world._replace(**tables), layout

        play.build = guarded
        log = play.run(plan, Draws(plan, 1, 0))
    assert log.visits.case.size > 100


def test_the_guard_sees_a_negative_index() -> None:
    with pytest.raises(AssertionError):
        np.arange(6).reshape(2, 3).view(Guarded)[1][-1]


# --- inlining ---------------------------------------------------------------------------------------------------------


def test_inlining_is_left_to_llvm() -> None:
    """Inlined by numba, every call of a helper is compiled anew: that was several times the time to compile."""
    for path in FAST:
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        assert not [call for call in calls if any(word.arg == "inline" for word in call.keywords)], path


def test_a_part_has_no_machine_code_of_its_own() -> None:
    """Numba itself would make some for every part, with all that it calls: two thirds of the time to compile."""

    @compiled.part
    def part(column: Any) -> int:
        return int(column[0])

    with pytest.raises(TypeError):
        part(np.arange(10))
    (made,) = part.overloads.values()  # type: ignore[attr-defined]
    engine = made.target_context.codegen()._engine
    assert not engine.is_symbol_defined(made.fndesc.mangled_name)


def test_a_case_goes_on_from_one_place_only() -> None:
    """LLVM copies `go`, the largest function, to wherever it is called from."""
    called = [
        path.name
        for path in FAST
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "go"
    ]
    assert called == ["kernel.py"]


# --- without numba ----------------------------------------------------------------------------------------------------

WITHOUT_NUMBA = f"import sys; sys.modules['numba'] = None; {RUN}"
INSTALL = "--engine: the compiled engine needs numba: python -m pip install numba\n"


def test_without_numba_the_fast_engine_says_what_to_install(tiny: str) -> None:
    done = python(WITHOUT_NUMBA, tiny, "--engine", "fast", "--json")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", INSTALL)


def test_without_numba_the_comparison_of_the_twins_says_so_too(tiny: str) -> None:
    code = "import sys; sys.modules['numba'] = None; from sim.verify.twins import main; sys.exit(main(sys.argv[1:]))"
    done = python(code, tiny)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", INSTALL)


def test_a_numba_that_does_not_work_is_told(tiny: str, tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text('raise ImportError("Numba needs another NumPy")\n')
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, str(ROOT / "run_sim.py"), tiny, "--engine", "fast", "-n", "1", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    told = (
        "--engine: numba is installed but cannot be used (Numba needs another NumPy); mend it, or take --engine simpy\n"
    )
    assert (done.returncode, done.stderr) == (2, told)


def test_without_numba_everything_else_works(tiny: str, tmp_path: Path) -> None:
    done = python(WITHOUT_NUMBA, tiny, "-n", "2", "--log", "--out", str(tmp_path / "results"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results" / "report.html").exists()


# --- what this engine lacks -------------------------------------------------------------------------------------------


def test_more_steps_with_patience_than_there_are_bits(tmp_path: Path) -> None:
    steps = [work(f"s{i}", "packer", 1, patience=5, gives_up_to="done") for i in range(63)]
    file = write(tmp_path, shop(*steps, roles={"packer": 1}))
    done = python(RUN, str(file), "--engine", "fast", "-n", "2", "--workers", "2", "--json")
    said = "--engine fast: 63 steps with patience or room are more than 62; use --engine simpy\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def coming_back(times: int) -> dict[str, Any]:
    """One case that comes to the first step so many times more, a hundred from each branch."""
    back = {"goes_to": "b0", "when": {"priority_is": "standard"}}
    steps = [branch(f"b{i}", at_most=min(100, times - i * 100), **back) for i in range(-(-times // 100))]
    return shop(route={"order": route(*steps, end("done"))})


def test_more_visits_than_can_be_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, coming_back(30_000))
    assert run_sim.main([str(file), "--engine", "fast", "-n", "1", "--json"]) == 2
    said = "--engine fast: a case comes to a step more than 30,000 times; use --engine simpy\n"
    assert capsys.readouterr() == ("", said)


def test_as_many_visits_as_can_be_counted(tmp_path: Path) -> None:
    log = sim.simulate(plan_of(tmp_path, coming_back(29_999)), engine="fast")
    assert log.visits.visit.max() == 30_000
