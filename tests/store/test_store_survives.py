"""What a store does when it is killed, damaged, full, read-only or shared: nothing is lost, halved or wrong."""

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import time

import pytest

from analysis.store import file, open_store
from sim.faults import BadInput
from tests.helpers.shops import plan_of, shop, work
from tests.helpers.stores import KEYS, csv_of, jobs_of, results_of, same

BATCH = 5
process = multiprocessing.get_context("fork").Process


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return plan_of(tmp_path_factory.mktemp("plan"), shop(work("pack", "packer", 5), roles={"packer": 1}))


@pytest.fixture(scope="module")
def whole(tmp_path_factory, plan):
    """The folder of a store with 200 results; not to be changed."""
    folder = tmp_path_factory.mktemp("whole")
    fill(folder, plan, 200)
    return folder


def fill(folder, plan, number):
    """Store the first so many replications, and begin an experiment that wants twice as many."""
    with open_store(folder) as store:
        store.add_plan(plan)
        store.begin("a sweep", jobs_of(plan, 2 * number))
        store.add(results_of(jobs_of(plan, number)), KEYS)
        return csv_of(store)


def refusal(folder, read_only=False):
    """What is said about a store that cannot be opened."""
    with pytest.raises(BadInput) as caught:
        open_store(folder, read_only).close()
    (fault,) = caught.value.faults
    return fault.message


# --- killed -------------------------------------------------------------------------------------------------------


def write_for_ever(folder, plan):
    """Open the store and add what is missing, five at a time, until somebody ends it."""
    with open_store(folder) as store:
        store.add_plan(plan)
        first = len(store.table())
        while True:
            store.add(results_of(jobs_of(plan, BATCH, first)), KEYS)
            first += BATCH


def test_killed_at_any_instant_a_transaction_is_whole_or_absent(plan, tmp_path):
    clock, folder, before = random.Random(), tmp_path / "store", 0
    for _ in range(40):
        writer = process(target=write_for_ever, args=(folder, plan))
        writer.start()
        time.sleep(clock.uniform(0, 0.12))
        writer.kill()
        writer.join()
        assert writer.exitcode == -signal.SIGKILL
        with open_store(folder) as store:
            stored = len(store.table())
            assert stored % BATCH == 0
            assert stored >= before
            jobs = jobs_of(plan, stored)
            assert same(store.known(jobs), results_of(jobs))
        before = stored
    assert before > 0
    with open_store(folder) as store:
        store.add_plan(plan)
        jobs = jobs_of(plan, before + 20)
        known = store.known(jobs)
        store.add(results_of(job for job in jobs if job not in known), KEYS)
        resumed = csv_of(store)
    assert resumed == fill(tmp_path / "undisturbed", plan, before + 20)


def die_while_writing(folder):
    """Change much of the file, in sight of everybody, and die before it is committed."""
    store = open_store(folder)
    store.database.execute("PRAGMA cache_size = 1")
    store.database.execute("BEGIN IMMEDIATE")
    store.database.execute("UPDATE results SET content = zeroblob(2000)")
    store.database.execute("DELETE FROM jobs WHERE replication % 2")
    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_in_the_middle_of_a_write_it_is_as_before(plan, tmp_path):
    before = fill(tmp_path, plan, 500)
    content = (tmp_path / file.FILE).read_bytes()
    writer = process(target=die_while_writing, args=(tmp_path,))
    writer.start()
    writer.join()
    assert (tmp_path / file.FILE).read_bytes() != content, "nothing had been written yet"
    said = "was being written when a process was killed; open it once for writing, that mends it"
    assert refusal(tmp_path, read_only=True) == said
    with open_store(tmp_path) as store:
        assert csv_of(store) == before
    assert (tmp_path / file.FILE).read_bytes() == content


# --- full ---------------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_what_was_stored_is_kept(plan, tmp_path):
    before = fill(tmp_path, plan, 100)
    with open_store(tmp_path) as store:
        (pages,) = store.database.execute("PRAGMA page_count").fetchone()
        store.database.execute(f"PRAGMA max_page_count = {pages + 2}")
        more = results_of(jobs_of(plan, 1000))
        with pytest.raises(BadInput, match="the disk is full; what was stored before is kept, so make room and run"):
            store.add(more, KEYS)
        assert csv_of(store) == before
        store.database.execute("PRAGMA max_page_count = 1000000")
        store.add(more, KEYS)
        assert csv_of(store) == fill(tmp_path / "undisturbed", plan, 1000)


# --- not a store, or a damaged one --------------------------------------------------------------------------------


def test_a_folder_is_made_with_those_above_it(tmp_path):
    with open_store(tmp_path / "not" / "yet" / "there") as store:
        assert store.status() == []
    assert [path.name for path in store.folder.iterdir()] == [file.FILE]


@pytest.mark.parametrize("content", [b"", b"PK", b"a,b\n1,2\n" * 500, bytes(4096)])
def test_a_file_that_is_none_is_not_taken_for_a_store(content, tmp_path):
    (tmp_path / file.FILE).write_bytes(content)
    assert refusal(tmp_path) == refusal(tmp_path, read_only=True) == "is not a store of results"
    assert (tmp_path / file.FILE).read_bytes() == content


def test_another_database_is_not_taken_for_a_store(tmp_path):
    other = sqlite3.connect(tmp_path / file.FILE)
    other.execute("CREATE TABLE results (a)")
    other.close()
    assert refusal(tmp_path) == "is not a store of results"


def test_a_file_where_a_folder_should_be_and_a_folder_where_the_file_should_be(tmp_path):
    (tmp_path / "file").write_text("")
    assert refusal(tmp_path / "file").startswith("cannot hold a store of results: ")
    assert refusal(tmp_path / "file" / "below").startswith("cannot hold a store of results: ")
    (tmp_path / file.FILE).mkdir()
    assert refusal(tmp_path) == "cannot be opened: the file cannot be read, or its folder is read-only"


def test_a_store_of_a_newer_version_is_refused(whole, tmp_path):
    shutil.copy(whole / file.FILE, tmp_path)
    newer = sqlite3.connect(tmp_path / file.FILE)
    newer.execute(f"PRAGMA user_version = {file.FORMAT + 1}")
    newer.close()
    assert refusal(tmp_path) == "was written by a newer version of the program (format 2; this one reads 1)"


def test_a_file_cut_short_anywhere_is_refused(whole, tmp_path):
    content = (whole / file.FILE).read_bytes()
    lengths = [0, 1, 16, 17, 50, 99, 100, 511, 512, 4095, *range(4096, len(content), 1999), len(content) - 1]
    damaged = "is damaged; take another copy of it, or begin another store"
    for length in lengths:
        (tmp_path / file.FILE).write_bytes(content[:length])
        assert refusal(tmp_path) in {"is not a store of results", damaged}, length
        assert (tmp_path / file.FILE).stat().st_size == length


def read_all(folder, plan):
    """Everything that can be read of the store `whole`; None if it says that it is damaged."""
    try:
        with open_store(folder, read_only=True) as store:
            table, keys = store.table(), store.keys(plan.digest(), "all-1")
            return set(table["replication"]), store.known(jobs_of(plan, 200)), keys, store.plan(plan.digest())
    except BadInput:
        return None


def test_no_damage_makes_a_wrong_number(whole, plan, tmp_path):
    """Bytes that flip on the disk are told of, or are where no result is."""
    content, chance, told = (whole / file.FILE).read_bytes(), random.Random(1), 0
    expected = results_of(jobs_of(plan, 200))
    for _ in range(300):
        damaged, place = bytearray(content), chance.randrange(len(content))
        damaged[place] ^= 1 << chance.randrange(8)
        (tmp_path / file.FILE).write_bytes(damaged)
        if (found := read_all(tmp_path, plan)) is None:
            told += 1
            continue
        rows, known, keys, kept = found
        assert rows <= {job.replication for job in expected}
        assert same(known, {job: expected[job] for job in known})
        assert (keys, kept) == (KEYS, plan)
    assert told > 30


# --- read-only ----------------------------------------------------------------------------------------------------


def test_a_store_that_is_only_read_is_not_changed(whole, plan):
    content = (whole / file.FILE).read_bytes()
    with open_store(whole, read_only=True) as store:
        assert len(store.table()) == len(store.known(jobs_of(plan, 300))) == 200
        assert [str(each) for each in store.status()] == ["a sweep: 200 of 400 jobs"]
        for write in (
            lambda: store.add(results_of(jobs_of(plan, 1)), KEYS),
            lambda: store.add_plan(plan),
            lambda: store.begin("b", []),
        ):
            with pytest.raises(BadInput, match="cannot be written: the file or its folder is read-only"):
                write()
    assert (whole / file.FILE).read_bytes() == content
    assert [path.name for path in whole.iterdir()] == [file.FILE]


def test_reading_makes_nothing(tmp_path):
    assert refusal(tmp_path / "none", read_only=True) == "is not a store of results: there is no store.sqlite in it"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told_when_it_is_opened(whole, tmp_path):
    shutil.copy(whole / file.FILE, tmp_path)
    tmp_path.chmod(0o555)
    try:
        assert refusal(tmp_path) == "cannot be written: the file or its folder is read-only"
        assert refusal(tmp_path / "below").startswith("cannot hold a store of results: ")
        with open_store(tmp_path, read_only=True) as store:
            assert len(store.table()) == 200
        (tmp_path / file.FILE).chmod(0o444)
        assert refusal(tmp_path) == "cannot be written: the file or its folder is read-only"
    finally:
        tmp_path.chmod(0o755)


# --- shared -------------------------------------------------------------------------------------------------------


def write_shuffled(folder, plan, number, order):
    """Add so many results in an order of one's own."""
    jobs = jobs_of(plan, number)
    random.Random(order).shuffle(jobs)
    with open_store(folder) as store:
        store.add_plan(plan)
        store.begin("a sweep", jobs_of(plan, 2 * number))
        for first in range(0, number, 7):
            store.add(results_of(jobs[first : first + 7]), KEYS)


def test_processes_may_add_the_same_jobs_at_once(plan, tmp_path):
    writers = [process(target=write_shuffled, args=(tmp_path / "shared", plan, 150, order)) for order in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    with open_store(tmp_path / "shared") as store:
        assert csv_of(store) == fill(tmp_path / "alone", plan, 150)
        assert [str(each) for each in store.status()] == ["a sweep: 150 of 300 jobs"]


def test_a_store_that_another_one_holds_for_long_is_told(plan, tmp_path, monkeypatch):
    monkeypatch.setattr(file, "PATIENCE", 0.05)
    fill(tmp_path, plan, 10)
    with open_store(tmp_path) as store, open_store(tmp_path) as other:
        other.database.execute("BEGIN IMMEDIATE")
        assert len(store.table()) == 10
        with pytest.raises(BadInput, match="is in use: another process has been writing for 0 s"):
            store.add(results_of(jobs_of(plan, 20)), KEYS)
        other.database.execute("ROLLBACK")
        store.add(results_of(jobs_of(plan, 20)), KEYS)
        assert len(other.table()) == 20


def test_a_store_is_of_no_use_to_a_fork(plan, tmp_path):
    with open_store(tmp_path) as store:
        child = process(target=store.add_plan, args=(plan,))
        child.start()
        child.join()
        assert child.exitcode == 1
        with pytest.raises(BadInput, match="has no plan"):
            store.plan(plan.digest())
