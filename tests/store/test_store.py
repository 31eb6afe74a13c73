"""Results on disk: what was added is there, in one table that does not depend on how it was added."""

import random

import numpy as np
import pytest

from analysis.runs.replications import Job, measure
from analysis.store import JobId, Progress, measure_set, open_store
from sim.faults import BadInput
from tests.helpers.shops import plan_of, shop, work
from tests.helpers.stores import KEYS, csv_of, jobs_of, results_of, same


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    """The same shop with one, two and three packers."""
    folder = tmp_path_factory.mktemp("plans")
    return [plan_of(folder, shop(work("pack", "packer", 5), roles={"packer": n})) for n in (1, 2, 3)]


@pytest.fixture
def plan(plans):
    return plans[0]


@pytest.fixture
def store(tmp_path, plans):
    with open_store(tmp_path / "kept" / "store") as store:
        for plan in plans:
            store.add_plan(plan)
        yield store


def refused(call, *arguments):
    with pytest.raises(BadInput) as caught:
        call(*arguments)
    (fault,) = caught.value.faults
    return fault.message


# --- results ------------------------------------------------------------------------------------------------------


def test_what_was_added_is_known_and_nothing_else(store, plan):
    jobs = jobs_of(plan, 4000)
    results = results_of(jobs[:3000])
    store.add(results, KEYS)
    assert same(store.known(jobs), results)
    assert store.known(jobs[3000:]) == {}
    other_seed, other_engine = jobs[0]._replace(seed=2), jobs[0]._replace(engine="fast")
    other_measures = jobs[0]._replace(measures="brief-1")
    assert store.known([other_seed, other_engine, other_measures]) == {}


def test_it_is_there_when_the_store_is_opened_again(store, plan):
    results = results_of(jobs_of(plan, 7, seed=2**63 - 1))
    store.add(results, KEYS)
    store.close()
    with open_store(store.folder) as again:
        assert same(again.known(results), results)
        assert again.keys(plan.digest(), "all-1") == KEYS
        assert again.keys(plan.digest(), "brief-1") == ()


def test_numbers_come_back_bit_for_bit_and_there_is_one_nan(store, plan):
    (job,) = jobs_of(plan, 1)
    odd = np.array([-0.0, np.inf, 5e-324])
    store.add({job: odd}, KEYS)
    assert store.known([job])[job].tobytes() == odd.tobytes()
    (other,) = jobs_of(plan, 1, first=1)
    store.add({other: np.array([np.nan, 1, 2])}, KEYS)
    store.add({other: np.array([-np.nan, 1, 2])}, KEYS)  # another NaN to the processor, the same to everybody else
    assert np.isnan(store.known([other])[other][0])


def test_the_same_again_is_fine_another_result_is_refused_with_all_that_came_with_it(store, plan):
    results = results_of(jobs_of(plan, 5))
    store.add(results, KEYS)
    store.add(results, KEYS)
    before = csv_of(store)
    job = list(results)[3]
    wrong = {**results_of(jobs_of(plan, 5, first=5)), job: results[job] + 1e-15}
    assert refused(store.add, wrong, KEYS) == (
        f"replication 3 of plan {plan.digest()} under seed 1 (simpy, all-1) has another result already; the same job "
        "must give the same bytes, so the program has changed"
    )
    assert csv_of(store) == before


def test_results_need_their_plan_their_keys_and_their_shape(store, plan, tmp_path):
    results = results_of(jobs_of(plan, 2))
    with open_store(tmp_path / "empty") as empty:
        assert refused(empty.add, results, KEYS) == f"has no plan {plan.digest()}; a plan is added before its results"
    assert refused(store.add, results, KEYS[:2]).endswith("has a result of shape (3,); 2 keys were given")
    store.add(results, KEYS)
    more = results_of(jobs_of(plan, 2, first=2))
    told = f'has other keys for plan {plan.digest()} and the measures "all-1" than are given now'
    assert refused(store.add, more, KEYS[::-1]) == told
    assert store.known(more) == {}


def test_a_result_of_the_simulation_can_be_computed_again(store, plan):
    measured = measure(Job(plan, 3, 2, "simpy")).values
    job = JobId(plan.digest(), 3, 2, "simpy", measure_set("all"))
    store.add({job: np.array(list(measured.values()))}, tuple(measured))
    told = store.provenance(job)
    again = measure(Job(store.plan(told["plan"]), told["seed"], told["replication"], told["engine"])).values
    assert store.keys(told["plan"], told["measures"]) == tuple(again)
    assert store.known([job])[job].tobytes() == np.array(list(again.values())).tobytes()
    assert {"python", "numpy", "simpy"} <= told["versions"].keys()
    assert refused(store.provenance, job._replace(seed=4)).startswith("has no result of replication 2 of plan")


# --- plans --------------------------------------------------------------------------------------------------------


def test_a_plan_is_kept_as_it_was_first_added(store, plans):
    assert [store.plan(plan.digest()) for plan in plans] == plans
    store.add_plan(plans[0].model_copy(update={"story": "the same shop, told anew"}))
    assert store.plan(plans[0].digest()) == plans[0]
    assert refused(store.plan, "0123456789abcdef") == "has no plan 0123456789abcdef"


def test_a_plan_that_is_not_what_its_digest_says_is_refused(store, plans):
    one, two = (plan.digest() for plan in plans[:2])
    store.database.execute(
        "UPDATE plans SET json = (SELECT json FROM plans WHERE digest = ?) WHERE digest = ?", (two, one)
    )
    assert (
        refused(store.plan, one) == f"holds plan {one} in a form that this version of the program does not understand"
    )
    store.database.execute("UPDATE plans SET json = x'00'")
    assert "does not understand" in refused(store.plan, two)


# --- the table ----------------------------------------------------------------------------------------------------


def test_the_table_has_a_row_a_job_and_a_column_a_measure(store, plan):
    results = results_of(jobs_of(plan, 6))
    store.add(results, KEYS)
    table = store.table()
    ids = ["plan", "seed", "replication", "engine", "measures"]
    assert list(table) == [*ids, "step/order/pack/wait_min", "role/packer/utilisation", "route/order/cycle_h"]
    assert list(table[ids].itertuples(index=False, name=None)) == [tuple(job) for job in results]
    assert np.array_equal(table[list(table)[5:]].to_numpy(), np.array(list(results.values())), equal_nan=True)


def test_the_table_is_the_same_in_whatever_order_results_were_added(plans, tmp_path):
    wide, narrow = jobs_of(plans[0], 30) + jobs_of(plans[1], 20, seed=2), jobs_of(plans[2], 10, measures="brief-1")
    found = set()
    for attempt in range(5):
        shuffle = random.Random(attempt).shuffle
        batches = [(KEYS, wide[i::7]) for i in range(7)] + [(KEYS[:0:-1], narrow[i::3]) for i in range(3)]
        shuffle(batches)
        with open_store(tmp_path / str(attempt)) as store:
            for plan in plans if attempt % 2 else reversed(plans):
                store.add_plan(plan)
            for keys, jobs in batches:
                shuffle(jobs)
                store.add(results_of(jobs, keys), keys)
            found.add(csv_of(store))
            assert len(store.table()) == 60
    assert len(found) == 1


def test_what_a_result_does_not_have_is_missing_in_its_row(store, plans):
    first, second = sorted(plans[:2], key=lambda plan: plan.digest())
    store.add({jobs_of(second, 1)[0]: np.array([1.0, 2.0])}, (KEYS[2], ("step", "order/check", "visits")))
    store.add({jobs_of(first, 1)[0]: np.array([3.0, 4.0, 5.0])}, KEYS)
    table = store.table().drop(columns=["plan", "seed", "replication", "engine", "measures"])
    assert [name.split("/")[-1] for name in table] == ["wait_min", "utilisation", "cycle_h", "visits"]
    expected = [[3, 4, 5, np.nan], [np.nan, np.nan, 1, 2]]
    assert np.array_equal(table.to_numpy(), expected, equal_nan=True)


def test_a_table_of_some_jobs_has_those_that_are_there_once_each(store, plan):
    jobs = jobs_of(plan, 6)
    store.add(results_of(jobs[:4]), KEYS)
    assert store.table([jobs[5], jobs[2], jobs[0], jobs[2]])["replication"].tolist() == [0, 2]
    assert len(store.table([])) == 0


def test_an_empty_store_has_an_empty_table(store):
    assert csv_of(store) == b"plan,seed,replication,engine,measures\n"


# --- experiments --------------------------------------------------------------------------------------------------


def test_the_status_says_how_far_each_experiment_is(store, plans):
    jobs = jobs_of(plans[0], 62)
    store.begin("marginal of growing_store", jobs)
    store.begin("a sweep", jobs[30:] + jobs_of(plans[1], 10))
    store.add(results_of(jobs[:34]), KEYS)
    assert store.status() == [Progress("a sweep", 4, 42), Progress("marginal of growing_store", 34, 62)]
    assert str(store.status()[1]) == "marginal of growing_store: 34 of 62 jobs"


def test_an_experiment_that_is_begun_again_wants_what_it_wants_now(store, plan):
    jobs = jobs_of(plan, 12)
    for number in (10, 12, 11):
        store.begin("a sweep", random.Random(1).sample(jobs[:number], number))
    assert store.jobs("a sweep") == jobs[:11]
    assert store.status() == [Progress("a sweep", 0, 11)]
    assert refused(store.jobs, "b sweep") == 'has no experiment "b sweep"'
