"""Every scenario that ships goes through the whole command line, report and pictures included; so do the smallest
runs that there are.
"""

from pathlib import Path

import pytest

import run_sim
from analysis import pictures
from analysis.pictures import NAMES
from tests.helpers.shops import at, end, route, shop, wait, work, write

FOLDER = Path(__file__).parents[2] / "scenarios"
FILES = [*sorted(FOLDER.glob("*.toml")), *sorted((FOLDER / "textbook").glob("*.toml"))]

SERVED = work("serve", "clerk", 5)
SMALLEST = {
    "one hour": shop(work("serve", "clerk", 12), roles={"clerk": 1}, arrivals={"order": at(0, 1, 2)}, runs_for="1 h"),
    "under an hour": shop(SERVED, roles={"clerk": 1}, arrivals={"order": at(0, 1, 2)}, runs_for="30 min"),
    "no arrivals": shop(SERVED, roles={"clerk": 1}, arrivals={"order": at(600)}, runs_for="9 h"),
    "all still open": shop(work("serve", "clerk", 9000), roles={"clerk": 1}, arrivals={"order": at(0, 1)}),
    "no people": shop(wait("rest", 5)),
    "an end and nothing else": shop(),
    "two routes, one of them idle": shop(
        roles={"clerk": 1},
        arrivals={"order": at(0), "call": at(1430)},
        route={"order": route(SERVED, end("done")), "call": route(wait("ring", 60), end("over"))},
    ),
    "warm-up to the last hour": shop(
        SERVED, roles={"clerk": 1}, arrivals={"order": at(0, 1)}, runs_for="5 h", warm_up="4 h"
    ),
}


@pytest.fixture(autouse=True)
def coarse_pictures(monkeypatch):
    """What is looked for is not in the dots."""
    monkeypatch.setattr(pictures, "DPI", 30)


def through(path, out):
    """Play a scenario once from the command line, in this process, and look at the folder."""
    assert run_sim.main(["run", str(path), "-n", "1", "--workers", "1", "--out", str(out), "--quiet"]) == 0
    assert len(list((out / "plots").glob("*.png"))) == len(NAMES)
    assert "</html>" in (out / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario_goes_through_the_whole_command_line(path, tmp_path):
    through(path, tmp_path / "out")


@pytest.mark.parametrize("name", SMALLEST)
def test_the_smallest_runs_go_through_it_too(name, tmp_path):
    through(write(tmp_path, SMALLEST[name]), tmp_path / "out")


@pytest.mark.parametrize("name", SMALLEST)
@pytest.mark.parametrize("question", ["compare", "marginal", "warm-up", "long-run"])
def test_a_question_about_the_smallest_runs_is_answered_or_refused_in_a_sentence(question, name, tmp_path, capsys):
    paths = [str(write(tmp_path, SMALLEST[name]))] * (2 if question == "compare" else 1)
    kept = [] if question in ("warm-up", "long-run") else ["--no-store", "-n", "1"]
    code = run_sim.main([question, *paths, *kept, "--workers", "1", "--quiet", "--out", str(tmp_path / "out")])
    said = capsys.readouterr().err
    assert code == 0 or (code in (2, 3) and "Traceback" not in said)
    assert (tmp_path / "out" / "report.html").is_file() or said.count("\n") == 1
