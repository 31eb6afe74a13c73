"""Tables for spreadsheets: names that one would execute are shown."""

import csv

import pandas as pd

import run_sim
from analysis.store import log_files
from analysis.store.csv_files import write_csv
from tests.helpers.shops import at, end, route, shop, work, write


def cells(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def test_text_that_would_be_executed_stands_behind_an_apostrophe_and_numbers_stay(tmp_path):
    frame = pd.DataFrame({"@who": ["=1+1", "-packer", "＝packer"], "more": [-1.5, 2.0, float("nan")], "n": [-1, 0, 1]})
    write_csv(frame, tmp_path / "t.csv")
    told = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    assert told == "'@who,more,n\n'=1+1,-1.5,-1\n'-packer,2.0,0\n＝packer,,1\n"


def test_every_table_of_a_run_of_its_log_and_of_a_question(tmp_path, monkeypatch):
    monkeypatch.setattr(log_files, "find_spec", lambda _: None)  # as if pyarrow were not installed
    steps = route(work("+serve", "@clerk", 5), end("-done"))
    scenario = shop(roles={"@clerk": 1}, arrivals={"=order": {"route": "=order", **at(0, 1)}}, route={"=order": steps})
    path, out = str(write(tmp_path, scenario)), tmp_path / "out"
    assert run_sim.main(["run", path, "-n", "2", "--workers", "1", "-q", "--log", "--out", str(out)]) == 0
    asked = ["marginal", path, "-n", "2", "--workers", "1", "-q", "--no-store", "--out", str(tmp_path / "asked")]
    assert run_sim.main(asked) == 0
    files = [*tmp_path.rglob("*.csv")]
    assert {file.parent.name for file in files} == {"tables", "log"}
    assert any("'@clerk" in cells(file) for file in files)
    for cell in (cell for file in files for cell in cells(file)):
        assert cell[:1] not in ("=", "+", "-", "@") or cell.lstrip("+-").replace(".", "").replace("e-", "").isdigit()
