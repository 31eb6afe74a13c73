"""The benchmark compares like with like (both models of its shop give the same waits) and prints what it promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from statistics import fmean, stdev

import numpy as np
import pytest

import sim
from benchmarks import fulfilment, idiomatic, store
from sim.log import GAVE_UP, Log
from sim.plan import COLLECT, WORK

ORDERS, RUNS = 4000, 10
MINUTE = 60_000


def plain_figures(results: idiomatic.Results) -> dict[str, float]:
    waits: dict[str, list[float]] = {}
    for _, step, minutes in results.waits:
        waits.setdefault(step, []).append(minutes)
    gave_up = results.gave_up / len(waits["answer"])
    return {**{step: fmean(values) for step, values in waits.items()}, "cycle": fmean(results.cycles), "lost": gave_up}


def engine_figures(log: Log) -> dict[str, float]:
    visits, steps, found = log.visits, log.plan.steps, {}
    queue_left = np.where(visits.outcome == GAVE_UP, visits.left, visits.began)
    for number, step in enumerate(steps):
        rows = (visits.step == number) & (queue_left >= 0)
        if step.verb in (WORK, COLLECT):
            found[step.name] = float((queue_left - visits.joined)[rows].mean() / MINUTE)
        if step.name == "delivered":
            found["cycle"] = float((visits.left[rows] - log.cases.arrived[visits.case[rows]]).mean() / MINUTE)
        if step.name == "answer":
            found["lost"] = float((visits.outcome[rows] == GAVE_UP).mean())
    return found


def z_scores(plain: Callable[[int], idiomatic.Results], ours: Callable[[int], Log]) -> dict[str, float]:
    """By figure: the difference of the means over independent runs, in its standard errors."""
    a = [plain_figures(plain(seed)) for seed in range(RUNS)]
    b = [engine_figures(ours(seed)) for seed in range(RUNS)]
    assert a[0].keys() == b[0].keys()
    scores = {}
    for figure in a[0]:
        x, y = [run[figure] for run in a], [run[figure] for run in b]
        scores[figure] = (fmean(x) - fmean(y)) / ((stdev(x) ** 2 + stdev(y) ** 2) / RUNS) ** 0.5
    return scores


@pytest.fixture(scope="module")
def ours() -> Callable[[int], Log]:
    plan = sim.load(fulfilment.SCENARIO, {"runs_for": f"{ORDERS} min"})
    return cache(lambda seed: sim.simulate(plan, seed))


def test_both_models_are_the_same_shop(ours: Callable[[int], Log]) -> None:
    scores = z_scores(lambda seed: idiomatic.run(ORDERS, seed), ours)
    assert len(scores) == 10
    assert {figure: z for figure, z in scores.items() if abs(z) > 4} == {}


def test_one_picker_more_would_be_seen(ours: Callable[[int], Log]) -> None:
    people = {**idiomatic.PEOPLE, "picker": idiomatic.PEOPLE["picker"] + 1}
    assert z_scores(lambda seed: idiomatic.run(ORDERS, seed, people), ours)["pick"] < -4


def test_json_says_what_it_promises(capsys: pytest.CaptureFixture[str]) -> None:
    fulfilment.main(["--orders", "300", "--rounds", "1", "--engines", "idiomatic,simpy", "--json"])
    result = json.loads(capsys.readouterr().out)
    assert (result["orders"], result["rounds"]) == (300, 1)
    assert result["ratio_to_idiomatic"].keys() == {"simpy"}
    for figure in ("orders_per_cpu_s", "peak_mb", "bytes_per_order_beyond_log", "log_bytes_per_order"):
        assert result[figure].keys() == {"idiomatic", "simpy"}
    assert all(speed > 0 for speed in result["orders_per_cpu_s"].values())
    assert all(size > 0 for size in result["log_bytes_per_order"].values())


def test_without_json_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    fulfilment.main(["--orders", "200", "--rounds", "1", "--engines", "simpy"])
    said = capsys.readouterr().out
    assert "200 orders" in said
    assert "simpy" in said


def test_linear_measures_every_size() -> None:
    result = fulfilment.linear(["simpy"], sizes=(100, 200))
    assert result["cpu_us_per_order"]["simpy"].keys() == {"100", "200"}


def test_an_unknown_engine_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        fulfilment.main(["--engines", "simpyy"])
    assert "there is no engine simpyy" in capsys.readouterr().err


def test_the_store_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    store.main(["--results", "25", "--measures", "3", "--batch", "10", "--json"])
    result = json.loads(capsys.readouterr().out)
    assert (result["results"], result["measures"]) == (25, 3)
    assert {"add_s", "ms_per_batch", "open_as_table_s", "known_s", "mb"} <= result.keys()
