"""Jobs in processes: results in order, killed workers made good, nothing left behind."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from analysis.runs.signals import heard, put_off
from analysis.runs.workers import TRIES, run_jobs
from sim.faults import BadInput


def square(job: int) -> int:
    return job * job


def die_once(job: tuple[int, Path]) -> int:
    """Kills its own process the first time it is asked for job 3."""
    number, marker = job
    if number == 3 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 10


def fail(job: int) -> int:
    if job == 2:
        raise ValueError("job 2 cannot be done")
    time.sleep(0.2)
    return job


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_jobs(workers):
    done = []
    assert run_jobs(square, list(range(20)), workers, done.append) == [n * n for n in range(20)]
    assert done == list(range(1, 21))


def test_a_killed_worker_is_made_good(tmp_path):
    jobs = [(number, tmp_path / "died") for number in range(8)]
    assert run_jobs(die_once, jobs, 2) == [number * 10 for number in range(8)]
    assert (tmp_path / "died").exists()


def test_a_failing_job_is_told_and_leaves_no_process():
    with pytest.raises(ValueError, match="job 2 cannot be done"):
        run_jobs(fail, list(range(50)), 2)
    deadline = time.monotonic() + 10
    while multiprocessing.active_children() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not multiprocessing.active_children()


def die(job: int) -> int:
    """Kills its own process whenever it is asked for job 3, and notes that it was asked."""
    if job == 3:
        with Path(os.environ["ASKED"]).open("a") as asked:
            asked.write("once\n")
        os.kill(os.getpid(), signal.SIGKILL)
    return job


def test_a_job_that_always_kills_is_named_and_the_others_are_done(tmp_path, monkeypatch):
    monkeypatch.setenv("ASKED", str(tmp_path / "asked"))
    found = []
    with pytest.raises(BadInput, match=f"a process died each of the {TRIES} times that it began 3; most likely"):
        run_jobs(die, list(range(8)), 2, arrived=found.append)
    assert len((tmp_path / "asked").read_text().splitlines()) == TRIES
    assert {0, 1, 2} <= set(found)
    assert not multiprocessing.active_children()


def unsendable(job: int) -> object:
    return lambda: job


def test_a_result_that_cannot_be_sent_is_told():
    with pytest.raises(RuntimeError, match="the result of a job cannot be sent"):
        run_jobs(unsendable, [1, 2, 3], 2)


def test_more_processes_than_can_be_had_are_refused(monkeypatch):
    def start(self):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(multiprocessing.Process, "start", start)
    with pytest.raises(BadInput, match="--workers: only 0 processes can be had"):
        run_jobs(square, [1, 2, 3], 2)


@pytest.fixture(autouse=True)
def _signals_as_before():
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


def stopped_while(what):
    """What the function does while it is asked to stop."""
    with pytest.raises(KeyboardInterrupt), heard():
        what()


def test_a_request_to_stop_that_is_put_off_comes_afterwards():
    passed = []

    def work():
        with put_off():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.05)  # it would come here
            passed.append("through")
        passed.append("beyond")

    stopped_while(work)
    assert passed == ["through"]


def test_a_request_that_comes_by_way_of_another_thread_is_put_off_too():
    passed, over = [], threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()

    def work():
        with put_off():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.05)
            passed.append("through")
        passed.append("beyond")

    try:
        stopped_while(work)
    finally:
        over.set()
        other.join()
    assert passed == ["through"]


def test_a_second_request_does_not_disturb_what_cleans_up():
    cleaned = []

    def work():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
            cleaned.append(True)

    stopped_while(work)
    assert cleaned == [True]


def test_a_request_where_no_exception_comes_through_is_made_again(capsys):
    class Tidied:
        def __del__(self):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)

    beyond, hook = [], sys.unraisablehook

    def work():
        Tidied()
        time.sleep(5)
        beyond.append(True)

    stopped_while(work)
    assert not beyond
    assert sys.unraisablehook is hook
    assert "ignored" not in capsys.readouterr().err


def test_what_a_library_makes_of_an_interrupt_is_still_one():
    def work():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        except KeyboardInterrupt as error:
            raise RuntimeError("Error calling __set_name__") from error

    stopped_while(work)


def test_jobs_can_be_run_outside_the_main_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(run_jobs(square, list(range(6)), 2)))
    thread.start()
    thread.join(60)
    assert found == [[n * n for n in range(6)]]
