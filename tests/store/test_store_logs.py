"""Whole logs in a store: there or not there, never half."""

import os

import pandas as pd
import pytest

import sim
from analysis.store import find_log, keep_log, log_files, logs
from analysis.store.log_files import frames
from sim.faults import BadInput
from tests.helpers.shops import plan_of, shop, work


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    scenario = shop(work("pack", "packer", 5), roles={"packer": 1}, arrivals={"order": {"per_day": 300}})
    return sim.simulate(plan_of(tmp_path_factory.mktemp("shop"), scenario), seed=7, replication=3)


def find(folder, log):
    return find_log(folder, log.plan.digest(), log.seed, log.replication, log.engine)


def names_below(folder):
    return sorted(path.name for path in folder.rglob("*"))


def test_a_log_is_found_where_it_was_kept(log, tmp_path):
    assert find(tmp_path, log) is None
    place = keep_log(tmp_path, log)
    assert place == find(tmp_path, log)
    assert place.name == f"{log.plan.digest()}-simpy-seed_7-replication_0003"
    visits = pd.read_parquet(place / "replication_0003_visits.parquet")
    pd.testing.assert_frame_equal(visits, frames(log)["visits"])
    assert find_log(tmp_path, log.plan.digest(), 7, 4, "simpy") is None


def test_a_log_that_is_there_is_not_written_again(log, tmp_path, monkeypatch):
    place = keep_log(tmp_path, log)
    monkeypatch.setattr(log_files, "write_log", None)
    assert keep_log(tmp_path, log) == place


@pytest.mark.parametrize("table", ["visits", "cases", "helpers", "timeline"])
def test_a_log_cut_short_or_robbed_is_made_again(table, log, tmp_path):
    place = keep_log(tmp_path, log)
    path = place / f"replication_0003_{table}.parquet"
    content = path.read_bytes()
    os.truncate(path, len(content) // 2)
    assert find(tmp_path, log) is None
    keep_log(tmp_path, log)
    assert path.read_bytes() == content
    path.unlink()
    assert find(tmp_path, log) is None
    assert keep_log(tmp_path, log) == find(tmp_path, log)
    assert [each.name for each in (tmp_path / "logs").iterdir()] == [place.name]


@pytest.mark.parametrize("content", ["", '{"replication_0003_visits.parq', "{}"])
def test_a_list_of_sizes_cut_short_is_no_log(content, log, tmp_path):
    place = keep_log(tmp_path, log)
    (place / logs.SIZES).write_text(content)
    assert find(tmp_path, log) is None
    assert find(tmp_path, log) is None or keep_log(tmp_path, log)


def test_a_process_killed_while_it_writes_leaves_no_log(log, tmp_path, monkeypatch):
    def write_a_little_and_die(log, folder):
        (folder / "replication_0003_visits.parquet").write_bytes(b"PAR1")
        os._exit(9)

    child = os.fork()
    if not child:
        monkeypatch.setattr(log_files, "write_log", write_a_little_and_die)
        keep_log(tmp_path, log)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert find(tmp_path, log) is None
    (part,) = (tmp_path / "logs").iterdir()
    keep_log(tmp_path, log)
    assert find(tmp_path, log)
    assert part.exists(), "another process might still have been writing it"
    os.utime(part, (0, 0))
    keep_log(tmp_path, log)
    assert not part.exists()


def test_of_a_log_that_cannot_be_written_nothing_remains(log, tmp_path, monkeypatch):
    def run_out_of_space(log, folder):
        (folder / "replication_0003_visits.parquet").write_bytes(b"PAR1")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log_files, "write_log", run_out_of_space)
    with pytest.raises(BadInput, match="cannot be written: No space left on device"):
        keep_log(tmp_path, log)
    assert names_below(tmp_path) == ["logs"]
