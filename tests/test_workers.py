"""Jobs in processes: results in order, killed workers made good, nothing left behind."""

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from analysis.workers import _interrupts_put_off, run_jobs


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


def test_an_interrupt_comes_through_only_where_nothing_is_locked():
    before = signal.getsignal(signal.SIGINT)
    with _interrupts_put_off() as raise_if_interrupted:
        raise_if_interrupted()
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)  # it would come here
        with pytest.raises(KeyboardInterrupt):
            raise_if_interrupted()
    assert signal.getsignal(signal.SIGINT) == before


def test_jobs_can_be_run_outside_the_main_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(run_jobs(square, list(range(6)), 2)))
    thread.start()
    thread.join(60)
    assert found == [[n * n for n in range(6)]]
