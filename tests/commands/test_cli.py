"""The command line: what it prints, writes and returns, and what it does when interrupted."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import run_sim
from analysis.output.folder import Draft

ROOT = Path(__file__).parents[2]

SHOP = """
format = 1
title = "A <small> [shop]"
starts = 2025-10-06
runs_for = "3 days"
warm_up = "1 day"
[hours]
day = { "Mon-Sun" = ["09:00-17:00"] }
[roles.clerk]
people = 1
hours = "day"
[arrivals.order]
per_day = 40
[[route.order]]
steps = [
  { name = "pack", do = "work", by = "clerk", takes = { exponential = { mean = "8 min" } } },
  { name = "pick-up", do = "collect", departs = { "Mon-Sun" = ["17:00"] } },
  { name = "sent", do = "end" },
]
[promises."out in a day"]
route = "order"
ends = "pick-up"
within = "24 h"
share = 0.9
"""


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "shop.toml"
    path.write_text(SHOP, encoding="utf-8")
    return path


def run(*arguments, **kwargs):
    command = [sys.executable, str(ROOT / "run_sim.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)


def test_the_answer_comes_first_and_the_folder_is_whole(shop, tmp_path):
    out = tmp_path / "out"
    done = run(shop, "-n", 3, "--workers", 1, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("A <small> [shop]")
    assert "Pack holds an order" in done.stdout or "Pick-up holds an order" in done.stdout
    assert "report.html" in done.stdout.replace("\n", "")
    assert done.stderr == ""
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    wanted = {"report.html", "result.json", "plan.json", "provenance.json", "tables/estimates.csv"}
    assert wanted | {"tables/replications.csv", "tables/over_time.csv", "tables/bottlenecks.csv"} <= names
    assert any(name.startswith("plots/") and name.endswith(".png") for name in names)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_json_has_its_documented_shape(shop, tmp_path):
    done = run(shop, "-n", 2, "--workers", 1, "--engine", "simpy", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shape = json.loads(done.stdout)
    assert (shape["replications"], shape["seed"], shape["engine"]) == (2, 1, "simpy")
    estimate = {"mean", "half_width", "n"}
    for measure in ("utilisation", "wait_min", "overtime_h"):
        assert set(shape["roles"]["clerk"][measure]) - {"at_least"} == estimate
    for measure in ("visits", "served", "gave_up", "open", "wait_min", "service_min", "queue"):
        assert set(shape["steps"]["order/pack"][measure]) - {"at_least"} == estimate
    for measure in ("arrived", "ended", "open", "cycle_h"):
        assert set(shape["routes"]["order"][measure]) == estimate
    assert set(shape["routes"]["order"]["outcomes"]["sent"]) == estimate
    of_promises = {"target", "verdict", "kept", "broken", "undecided", "not_meant", "days", "days_kept", "days_share"}
    assert set(shape["promises"]["out in a day"]) == estimate | of_promises
    assert set(shape["ledger"]["order"]["night"]) == estimate
    assert shape["bottlenecks"][0]["rank"] == 1
    assert not (tmp_path / "results").exists()


def test_the_same_seed_gives_the_same_bytes_for_any_number_of_workers(shop):
    def bytes_of(workers, hash_seed):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        return run(shop, "-n", 4, "--json", "--workers", workers, env=env).stdout

    first = bytes_of(1, "0")
    assert first == bytes_of(2, "1") == bytes_of(3, "random")
    assert first != run(shop, "-n", 4, "--json", "--seed", 2).stdout


def test_result_folders_are_the_same_bytes(shop, tmp_path):
    def folder(name, workers):
        done = run("shop.toml", "-n", 3, "--quiet", "--workers", workers, "--out", "out", cwd=shop.parent)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        (shop.parent / "out").rename(tmp_path / name)
        return {
            path.relative_to(tmp_path / name).as_posix(): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }

    one, two = folder("one", 1), folder("two", 1)
    assert one == two


def test_nothing_is_overwritten_without_force(shop, tmp_path):
    out = tmp_path / "out"
    assert run(shop, "-n", 1, "-q", "--out", out).returncode == 0
    before = (out / "result.json").read_bytes()
    refused = run(shop, "-n", 1, "-q", "--seed", 5, "--out", out)
    assert refused.returncode == 2
    assert "exists already" in refused.stderr
    assert (out / "result.json").read_bytes() == before
    assert run(shop, "-n", 1, "-q", "--seed", 5, "--out", out, "--force").returncode == 0
    assert (out / "result.json").read_bytes() != before


def test_force_does_not_remove_a_folder_that_holds_no_results(shop, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("keep me")
    refused = run(shop, "-n", 1, "-q", "--out", tmp_path / "letters", "--force")
    assert refused.returncode == 2
    assert "not a folder of results" in refused.stderr
    assert (tmp_path / "letters" / "dear.txt").read_text() == "keep me"


def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(shop, tmp_path):
    (tmp_path / "file").write_text("")
    done = run(shop, "--out", tmp_path / "file" / "out")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_appears_meanwhile_is_not_replaced(tmp_path):
    draft = Draft(tmp_path / "out", force=False)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter").write_text("keep me")
    draft.publish()
    assert (tmp_path / "out" / "letter").read_text() == "keep me"
    assert draft.target == tmp_path / "out-2"
    assert draft.target.is_dir()


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_terminal_that_cannot_show_everything_gets_what_it_can(shop, tmp_path, encoding):
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, str(ROOT / "run_sim.py"), str(shop), "-n", "1"]
    done = subprocess.run([*command, "--out", tmp_path / "out"], capture_output=True, check=False, env=env)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "out" / "report.html").exists()
    done = subprocess.run([*command, "--json"], capture_output=True, check=True, env=env)
    assert json.loads(done.stdout.decode("utf-8"))["replications"] == 1


def test_a_home_that_cannot_be_written_is_no_matter(shop, tmp_path):
    (tmp_path / "home").write_text("a file")
    env = {**os.environ, "HOME": str(tmp_path / "home"), "SHOPFLOOR_CACHE": str(tmp_path / "cache")}
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"):
        env.pop(name, None)
    done = run(shop, "-n", 1, "--engine", "simpy", "--out", tmp_path / "out", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "report.html").exists()


def test_a_terminal_without_columns_is_answered_too(shop, tmp_path):
    done = run(shop, "-n", 1, "--out", tmp_path / "out", env={**os.environ, "COLUMNS": "0"})
    assert done.stdout.startswith("A <small> [shop]")


@pytest.mark.skipif(os.name != "posix", reason="names are bytes there")
def test_a_name_in_another_encoding_is_told_before_anything_runs(shop, tmp_path):
    name = os.fsdecode(b"caf\xe9.toml")
    shop.rename(tmp_path / name)
    for command in ([name, "-n", 1], ["marginal", name, "-n", 1, "--no-store"]):
        done = run(*command, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            "'caf\\udce9.toml': is no text in utf-8, the encoding of this system; rename what it names\n"
        )
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_name_that_is_too_long_is_told_before_anything_runs(shop, tmp_path):
    done = run(shop, "--out", tmp_path / ("n" * 300))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
@pytest.mark.parametrize("option", ["--journey", "--check"])
def test_output_that_cannot_be_written_is_told(shop, option):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, str(ROOT / "run_sim.py"), str(shop), option]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "the output cannot be written: No space left on device\n")


def test_default_folders_do_not_overwrite_each_other(shop, tmp_path):
    for _ in range(2):
        assert run(shop, "-n", 1, "-q", cwd=tmp_path).returncode == 0
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == ["shop", "shop-2"]


def test_the_log_is_written_when_asked_for(shop, tmp_path):
    assert run(shop, "-n", 2, "-q", "--log", "--out", tmp_path / "out").returncode == 0
    stems = {path.stem for path in (tmp_path / "out" / "log").iterdir()}
    tables = ("visits", "cases", "helpers", "timeline")
    assert stems == {f"replication_{n:04d}_{table}" for n in range(2) for table in tables}


def test_a_known_answer_that_leads_nowhere_is_refused_by_check_and_run(shop):
    answer = '\n[[known_answers]]\nmeasure = "steps.order/pakc.wait_min"\nexact = 1.0\nsource = "by hand"\n'
    shop.write_text(shop.read_text(encoding="utf-8") + answer, encoding="utf-8")
    for options in (("--check",), ("-n", "2")):
        found = run(shop, *options)
        assert found.returncode == 2
        assert 'known_answers → steps.order/pakc.wait_min: there is no "order/pakc"' in found.stderr


def test_check_journey_and_overrides(shop):
    assert "is a valid scenario" in run(shop, "--check").stdout
    assert "Mind:" not in run(shop, "--check").stdout
    told = run(shop, "--check", "--set", "hours.day.closed=[2025-10-01]").stdout
    assert 'Mind: hours "day": closed days outside the run do nothing (2025-10-01).' in told
    table = run(shop, "--journey", "--set", "roles.clerk.people=3", env={**os.environ, "COLUMNS": "120"}).stdout
    assert "clerk (3)" in table
    assert "8 min (exponential)" in table
    assert "7 departures a week" in table


def test_diff(shop, tmp_path):
    variant = tmp_path / "variant.toml"
    variant.write_text('based_on = "shop.toml"\n[roles.clerk]\npeople = 2\n', encoding="utf-8")
    done = run("--diff", shop, variant, env={**os.environ, "COLUMNS": "160"})
    assert done.returncode == 0, done.stderr
    assert "roles.clerk" in done.stdout
    assert "The two scenarios say the same." in run("--diff", shop, shop).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.toml"], "there is no such file"),
        (["run"], "name one scenario file"),
        (["--diff", "a.toml"], "name two scenario files"),
        (["SHOP", "--set", "roles.clark.people=2"], 'did you mean "clerk"?'),
        (["SHOP", "--set", "roles.clerk.people"], "expected path=value"),
        (["SHOP", "--set", "roles.clerk.people=-1"], "must be at least 0"),
        (["SHOP", "--replications", "0"], "must be 1"),
        (["SHOP", "--replications", "many"], "not a valid integer"),
        (["SHOP", "--seed", "-1"], "must be 0"),
        (["SHOP", "--workers", "0"], "must be 1"),
        (["SHOP", "--engine", "simpi"], 'did you mean "simpy"?'),
        (["SHOP", "--replicatons", "3"], "--replications"),
    ],
)
def test_bad_usage_ends_in_a_sentence_and_exit_code_2(shop, arguments, said):
    done = run(*[shop if argument == "SHOP" else argument for argument in arguments])
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_all_mistakes_of_a_file_come_at_once(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(SHOP.replace('by = "clerk"', 'by = "clark"').replace('"17:00"', '"25:00"').replace("0.9", "9"))
    done = run(path)
    assert done.returncode == 2
    assert "share" in done.stderr
    assert "25:00" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("workers", "begun"), [("2", 1), ("64", 1), ("64", 9)])
def test_ctrl_c_stops_promptly_and_leaves_nothing(shop, tmp_path, workers, begun):
    """Even while most of the workers are still to be started."""
    options = ["-n", "100000", "--workers", workers, "--out", "out", "--engine", "simpy"]
    command = [sys.executable, str(ROOT / "run_sim.py"), str(shop), *options]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while len(children(process.pid)) < begun:
        time.sleep(0.005)
        assert process.poll() is None
    workers = children(process.pid)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Interrupted" in said
    assert "Traceback" not in said
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    assert [path.name for path in tmp_path.iterdir()] == ["shop.toml"]


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in path.read_text().split()] if path.exists() else []


def test_main_returns_its_exit_code(shop, capsys):
    assert run_sim.main([str(shop), "--check"]) == 0
    assert "valid" in capsys.readouterr().out
    assert run_sim.main(["--help"]) == 0


def test_start_is_quick_because_heavy_modules_stay_out(shop):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import run_sim; run_sim.main(sys.argv[2:]); "
        "print([m for m in ('pandas', 'matplotlib', 'scipy', 'simpy', 'jinja2') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(ROOT), str(shop), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_package_that_is_not_installed_is_named(shop, monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "rich.console", None)  # as if it could not be imported
    assert run_sim.main(["run", str(shop), "-n", "1", "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert 'lacks the package "rich' in told
    assert "Traceback" not in told


def test_without_any_package_a_sentence_is_said():
    bare = [sys.executable, "-S", "run_sim.py", "--help"]
    done = subprocess.run(bare, cwd=ROOT, capture_output=True, text=True, check=False, env={})
    assert (done.returncode, done.stdout) == (2, "")
    assert 'lacks the package "click"' in done.stderr
    assert "Traceback" not in done.stderr


FOLDER = ["--out", "found", "-n", "2", "--engine", "simpy", "--workers", "1"]


@pytest.mark.parametrize(
    "words",
    [
        ["shop.toml", *FOLDER],
        ["compare", "shop.toml", "shop.toml", *FOLDER],
        ["marginal", "shop.toml", *FOLDER, "--no-store"],
        ["shop.toml", *FOLDER, "--json"],
        ["shop.toml", "--journey"],
        ["shop.toml", "--check"],
        ["--diff", "shop.toml", "shop.toml"],
        ["--help"],
        ["run", "--help"],
    ],
    ids=lambda words: " ".join(word for word in words if word not in FOLDER),
)
def test_nothing_is_lost_and_no_fault_if_nobody_reads_the_answer(tmp_path: Path, words: list[str]) -> None:
    """As with `| head -1`."""
    (tmp_path / "shop.toml").write_text(SHOP, encoding="utf-8")
    command = [sys.executable, str(ROOT / "run_sim.py"), *words]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
    assert (tmp_path / "found" / "report.html").exists() == ("--out" in words)


def test_a_mistake_is_one_even_if_nobody_reads_it(tmp_path):
    command = [sys.executable, str(ROOT / "run_sim.py"), "nowhere.toml"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        process.stdout.close()
    assert process.returncode == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--replications", "0"], "--replications"),
        (["--seed", "-1"], "--seed"),
        (["--engine", "fsat"], '"fsat"; did you mean "fast"?'),
        (["--precision", "5%"], "expected PATH=PERCENT"),
        (["--out", "."], "exists already"),
        (["--out", ".", "--force"], "is not a folder of results"),
        (["--out", "run_sim.py/results"], "cannot be written"),
        (["--set", "roles.packer.peple=2"], 'unknown key "peple"; did you mean "people"?'),
    ],
)
def test_a_check_looks_at_everything_that_a_run_would(options, told, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run_sim.py").write_text("")
    scenario = str(ROOT / "scenarios" / "growing_store.toml")
    assert run_sim.main([scenario, "--check", *options]) == 2
    assert told in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["run_sim.py"]
