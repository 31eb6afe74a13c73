"""Warm-up, long runs and precision: what is said of a shop whose course is known."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

import run_sim
import sim
from analysis.answers.answer import answer
from analysis.output.json_shape import as_json
from analysis.questions.long_run import long_run, settled
from analysis.questions.warm_up import warm_up
from analysis.runs import replicate, replicate_until
from analysis.runs.observe import Setting
from analysis.runs.precision import asked, next_look
from analysis.runs.series import series
from analysis.statistics import estimate
from analysis.statistics.steady_state import batch_means, enough
from sim.faults import BadInput
from sim.planning.typical import cycle_of, typical
from sim.units import DAY, HOUR, WEEK
from tests.helpers.shops import MONDAY, at, collect, people, plan_of, shop, wait, work, write

ONE = Setting(engine="simpy", workers=1)
OPEN = {"day": {"Mon-Sat": ["09:00-17:00"]}}


def weekly(**parts: object) -> dict[str, object]:
    """A shop that rests on Sundays; an order is under way for twelve days and more."""
    steps = (work("pack", "packer", 10), collect("van", departs={"Mon-Sat": ["17:00"]}), wait("road", 12 * 1440))
    whole = {
        "runs_for": "4 weeks",
        "warm_up": "1 week",
        "hours": OPEN,
        "roles": {"packer": people(1, hours="day")},
        "arrivals": {"order": {"per_day": 12, "by_weekday": [2, 1, 1, 1, 1, 1, 1]}},
    }
    return shop(*steps, **{**whole, **parts})


def steady(**parts: object) -> dict[str, object]:
    """A shop that is the same at every hour: 70 % busy."""
    pack = {**work("pack", "packer", 1), "takes": {"exponential": {"mean": "7 min"}}}
    return shop(
        pack, **{"roles": {"packer": 1}, "arrivals": {"order": {"per_hour": 6}}, "runs_for": "10 days", **parts}
    )


# --- the typical week -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrivals", "hours", "cycle"),
    [
        ({"per_hour": 3}, ["00:00-24:00"], HOUR),
        ({"every": "7 min"}, ["00:00-24:00"], HOUR),
        ({"per_hour": 3}, ["09:00-17:00"], DAY),
        ({"per_day": 3, "by_hour": [1, 2] * 12}, ["00:00-24:00"], DAY),
        ({"per_day": 3, "by_weekday": [1, 1, 1, 1, 1, 2, 2]}, ["00:00-24:00"], WEEK),
        (at(0, 60), ["00:00-24:00"], WEEK),
    ],
)
def test_the_cycle_is_that_of_the_calendar(tmp_path: Path, arrivals: object, hours: list[str], cycle: int) -> None:
    roles = {"packer": people(1, hours="own")}
    written = shop(
        work("pack", "packer", 5),
        roles=roles,
        hours={"own": {"Mon-Sun": hours}},
        arrivals={"order": arrivals},
        runs_for="3 weeks",
    )
    assert cycle_of(plan_of(tmp_path, written)) == cycle


def test_holidays_events_and_helpers_are_gone_and_the_rest_is_as_it_was(tmp_path: Path) -> None:
    plain = plan_of(tmp_path, weekly())
    event = {"name": "sale", "starts": MONDAY + dt.timedelta(days=9), "lasts": "2 days", "lift": 5}
    orders = {"per_day": 12, "by_weekday": [2, 1, 1, 1, 1, 1, 1], "events": [event]}
    closed = {"day": {**OPEN["day"], "closed": [MONDAY + dt.timedelta(days=15)]}}
    special = plan_of(tmp_path, weekly(arrivals={"order": orders}, hours=closed))
    assert special.streams != plain.streams
    assert special.teams != plain.teams
    found = typical(special, plain.runs_for)
    assert (found.streams, found.teams, found.warm_up) == (plain.streams, typical(plain, plain.runs_for).teams, 0)
    in_run = [shift for shift in plain.teams[0].shifts if shift[0] < plain.runs_for]
    assert list(found.teams[0].shifts[: len(in_run)]) == in_run


def test_a_longer_run_is_what_the_file_would_say(tmp_path: Path) -> None:
    short, long_ = (plan_of(tmp_path, weekly(runs_for=f"{n} weeks")) for n in (4, 9))
    found = typical(short, 9 * WEEK)
    assert found.streams == long_.streams
    assert found.runs_for == long_.runs_for
    for mine, other in zip(found.steps, long_.steps, strict=True):
        assert [t for t in mine.departures if t < 9 * WEEK] == [t for t in other.departures if t < 9 * WEEK]


def test_orders_from_a_file_come_as_they_came(tmp_path: Path) -> None:
    rows = [MONDAY + dt.timedelta(days=d) for d in range(21)]
    times = [f"{day.isoformat()} 10:{(7 * n) % 60:02d}:{(13 * n) % 60:02d}" for n, day in enumerate(rows)]
    (tmp_path / "orders.csv").write_text("when\n" + "\n".join(times) + "\n", encoding="utf-8")
    plan = plan_of(tmp_path, weekly(arrivals={"order": {"file": "orders.csv", "time_column": "when"}}))
    found = typical(plan, 30 * WEEK)
    assert (found.streams, found.runs_for) == (plan.streams, plan.runs_for)


# --- series -----------------------------------------------------------------------------------------------------


def test_series_are_those_of_the_log(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, shop(work("pack", "packer", 30), roles={"packer": 1}, arrivals={"order": at(0, 10, 1430)}))
    paths = ["steps.order/pack.wait_min", "steps.order/pack.queue", "routes.order.in_progress"]
    waits, queue, inside = series(plan, paths, 2, ONE)
    assert waits.values.tolist() == [[0, 20, 0]] * 2
    assert waits.at.tolist() == [0, 10 / 60, 1430 / 60]
    assert queue.values[0].tolist() == pytest.approx([20 / 60, *[0] * 23])
    assert inside.values[0].tolist() == pytest.approx([80 / 60, *[0] * 22, 10 / 60])


def test_waits_end_with_the_first_that_is_not_over(tmp_path: Path) -> None:
    steps = shop(work("pack", "packer", 600), roles={"packer": 1}, arrivals={"order": at(0, 1, 2, 3)})
    (waits,) = series(plan_of(tmp_path, steps), ["steps.order/pack.wait_min"], 1, ONE)
    assert waits.values.tolist() == [[0, 599, 1198]]


def test_an_unknown_series_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r'there is no "wait_minn".*did you mean "wait_min"'):
        series(plan_of(tmp_path, steady()), ["steps.order/pack.wait_minn"], 1, ONE)


# --- warm-up ----------------------------------------------------------------------------------------------------


def verdict(plan: sim.Plan, n: int = 12) -> tuple[str, str]:
    found = warm_up(plan, n, ONE)
    (row,) = found.tables[0].frame.to_dict("records")
    return row["verdict"], row["start_up"]


def test_a_shop_that_still_fills_needs_more_and_two_weeks_are_enough(tmp_path: Path) -> None:
    assert verdict(plan_of(tmp_path, weekly())) == ("too short", "2 weeks")
    assert verdict(plan_of(tmp_path, weekly(warm_up="2 weeks"))) == ("enough", "2 weeks")
    told = warm_up(plan_of(tmp_path, weekly()), 12, ONE).recommendation
    assert told[0] == 'The warm-up of 1 week is too short: write warm_up = "2 weeks" into the scenario.'


def test_neither_sundays_nor_a_sale_are_a_start_up(tmp_path: Path) -> None:
    event = {"name": "sale", "starts": MONDAY + dt.timedelta(days=18), "lasts": "2 days", "lift": 8}
    orders = {"per_day": 12, "by_weekday": [2, 1, 1, 1, 1, 1, 1], "events": [event]}
    written = weekly(warm_up="2 weeks", arrivals={"order": orders})
    assert verdict(plan_of(tmp_path, written)) == ("enough", "2 weeks")


def test_a_shop_that_falls_behind_does_not_settle(tmp_path: Path) -> None:
    found = warm_up(plan_of(tmp_path, steady(arrivals={"order": {"per_hour": 12}})), 6, ONE)
    assert found.tables[0].frame["verdict"].tolist() == ["does not settle"]
    assert "the run is too short" in found.recommendation[0]
    assert not found.possible


def test_where_luck_hides_the_end_no_length_is_named(tmp_path: Path) -> None:
    found = warm_up(plan_of(tmp_path, weekly()), 6, ONE)
    (row,) = found.tables[0].frame.to_dict("records")
    assert (row["verdict"], row["start_up"]) == ("too short", "–")
    assert found.recommendation[0].startswith("The warm-up of 1 week is too short; how long it must be takes more")


def test_no_replications_and_an_unknown_engine_are_refused(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, steady())
    with pytest.raises(BadInput, match="--replications"):
        warm_up(plan, 0, ONE)
    with pytest.raises(BadInput, match='no engine "slow"'):
        long_run(plan, setting=Setting(engine="slow"))


def test_one_replication_proves_nothing(tmp_path: Path) -> None:
    assert verdict(plan_of(tmp_path, weekly()), 1)[0] == "not proven"


def test_neither_workers_nor_the_engine_change_a_byte(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, weekly())
    first, *others = (
        warm_up(plan, 5, setting)
        for setting in (ONE, Setting(engine="simpy", workers=3), Setting(engine="fast", workers=2))
    )
    for other in others:
        assert other.tables[0].frame.to_csv() == first.tables[0].frame.to_csv()
        assert other.recommendation == first.recommendation


# --- one long run -----------------------------------------------------------------------------------------------


def test_means_are_those_of_the_batches_after_the_warm_up(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, steady(warm_up="1 day"))
    (row,) = long_run(plan, batches=25, setting=ONE).tables[0].frame.to_dict("records")
    (course,) = series(plan.model_copy(update={"warm_up": 0}), ["routes.order.in_progress"], 1, ONE)
    expected = batch_means(course.values[0, 24:], 25)
    assert (row["mean"], row["low"]) == (expected.estimate.mean, expected.estimate.low)
    assert row["independent"] == ("yes" if expected.independent else "no")


def test_no_batch_cuts_a_week(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, weekly())
    (row,) = long_run(plan, setting=ONE).tables[0].frame.to_dict("records")
    assert row["batch"] == "4 weeks"
    (course,) = series(typical(plan, 10 * WEEK), ["routes.order.in_progress"], 1, ONE)
    assert settled(course, 3 * DAY).tolist() == pytest.approx(
        course.values[0].reshape(10, 168).mean(axis=1)[1:].tolist()
    )


def test_a_run_too_short_for_its_batches_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="20 batches need 80"):
        long_run(plan_of(tmp_path, weekly()), runs_for=20 * WEEK, setting=ONE)


def test_nothing_is_played_for_longer_than_ten_years(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, weekly())
    for batches in (200, 10**30):
        with pytest.raises(BadInput, match="batches take longer than ten years"):
            long_run(plan, batches=batches, setting=ONE)


def test_what_has_no_typical_week_is_not_played_for_another_length(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, weekly(runs_for="10 days", warm_up="1 day"))
    with pytest.raises(BadInput, match="--length: 10 days is what can be played: a scenario shorter than two weeks"):
        long_run(plan, runs_for=200 * WEEK, setting=ONE)
    with pytest.raises(BadInput, match="the run has 0: a scenario shorter than two weeks has no typical one"):
        long_run(plan, setting=ONE)


# --- precision --------------------------------------------------------------------------------------------------

CYCLE = "routes.order.cycle_h"


def test_it_stops_as_soon_as_it_looks_and_finds_enough(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, steady(runs_for="3 days"))
    result = replicate_until(plan, {CYCLE: 0.1}, 300, engine="simpy", workers=1, plain=True)
    values = result.each("route", "order", "cycle_h")
    assert 10 < values.size < 300
    assert enough(values, 0.1)
    plain = replicate(plan, values.size, engine="simpy", workers=2)
    np.testing.assert_array_equal(plain.values, result.values)
    (found,) = asked(result)
    assert (found.reached, found.estimate) == (True, estimate(values))
    assert found.relative <= 0.1


def test_any_number_of_workers_plays_the_same(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, steady(runs_for="2 days"))
    one, three = (replicate_until(plan, {CYCLE: 0.15}, 100, engine="simpy", workers=n) for n in (1, 3))
    assert as_json(one) == as_json(three)


def test_the_limit_is_told_with_what_would_do(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, steady(runs_for="2 days"))
    result = replicate_until(plan, {CYCLE: 0.001, "roles.packer.people": 0.05}, 12, engine="simpy", workers=1)
    assert result.replications == next_look(result, 12) == 12
    assert [each.reached for each in asked(result)] == [False, True]
    first, second = answer(result).precision
    assert "NOT precise to 0.1 % with 12 replications, the limit; about" in first
    assert second.endswith("precise to 5 % with 12 replications.")


def test_a_block_follows_from_the_results(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, steady(runs_for="2 days"))
    result = replicate_until(plan, {CYCLE: 0.001}, 10, engine="simpy", workers=1)
    assert next_look(result, 1000) == 20
    assert next_look(result, 13) == 13


@pytest.mark.parametrize(
    ("targets", "most", "said"),
    [
        ({"routes.order.cycle_hh": 0.1}, 20, 'did you mean "cycle_h"'),
        ({CYCLE: 1.5}, 20, "between 0 and 100 %; got 150 %"),
        ({CYCLE: 0.1}, 5, "--most: must be 10"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, targets: dict[str, float], most: int, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        replicate_until(plan_of(tmp_path, steady(runs_for="1 day")), targets, most, engine="simpy", workers=1)


# --- commands ---------------------------------------------------------------------------------------------------


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run_sim.main([*map(str, arguments), "--workers", "1", "--engine", "simpy"])
    return code, *capsys.readouterr()


def test_warm_up_answers_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, weekly())
    code, out, _ = told(capsys, "warm-up", path, "-n", 12, "--out", tmp_path / "out")
    assert code == 0
    assert 'write warm_up = "2 weeks"' in out
    assert (tmp_path / "out" / "plots" / "course_routes_order_in_progress.png").exists()
    assert "store" not in {each.name for each in tmp_path.iterdir()}


def test_warm_up_without_an_answer_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, steady(arrivals={"order": {"per_hour": 12}}))
    code, out, _ = told(capsys, "warm-up", path, "-n", 6, "--json")
    assert code == 3
    shape = json.loads(out)
    assert (shape["experiment"], shape["possible"]) == ("warm-up", False)
    assert shape["tables"]["warm_up"][0]["verdict"] == "does not settle"


def test_long_run_has_no_replications(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, steady())
    code, out, _ = told(capsys, "long-run", path, "--batches", 30, "--json")
    assert code == 0
    assert json.loads(out)["tables"]["long_run"][0]["batches"] == 30
    assert told(capsys, "long-run", path, "-n", 3)[0] == 2
    code, _, error = told(capsys, "long-run", path, "--length", "3 moons", "--json")
    assert (code, "--length" in error) == (2, True)


@pytest.mark.parametrize(("percent", "code"), [("50%", 0), ("0.1 %", 3), ("5", 2)])
def test_a_run_ends_with_3_if_it_is_not_precise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], percent: str, code: int
) -> None:
    path = write(tmp_path, steady(runs_for="2 days"))
    found, out, error = told(capsys, path, "--precision", f"{CYCLE}={percent}", "--most", 12, "--json")
    assert found == code
    if code == 2:
        assert "expected PATH=PERCENT" in error
    else:
        assert json.loads(out)["precision"][CYCLE]["reached"] == (code == 0)


def test_a_precision_that_is_asked_for_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, steady(runs_for="2 days"))
    code, _, error = told(capsys, path, "--precision", f"{CYCLE}=5%", "--precision", f"{CYCLE}=50%")
    assert (code, error) == (2, f'--precision: "{CYCLE}" is given twice\n')


def test_warm_up_of_what_hardly_happens_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, steady(arrivals={"order": {"per_day": 0}}))
    code, _, error = told(capsys, "warm-up", path, "-n", 2, "--series", "steps.order/pack.wait_min")
    assert (code, error) == (
        2,
        "warm-up: steps.order/pack.wait_min: the shortest run has 0 values, too few to look at\n",
    )
