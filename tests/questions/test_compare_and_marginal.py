"""Comparing scenarios, one more and one fewer: what is claimed is what the runs say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import run_sim
import sim
from analysis.answers.words import change
from analysis.questions.compare import compare, compared
from analysis.questions.marginal import alternatives, marginal
from analysis.questions.whom_first import WAITING
from analysis.runs import replicate
from analysis.runs.observe import Setting, is_brief, observe
from analysis.statistics import estimate
from analysis.store import open_store
from sim.faults import BadInput
from sim.planning.staffing import staffed
from tests.helpers.shops import plan_of, shop, work

ROOT = Path(__file__).parents[2]
FAST = Setting(engine="fast", workers=1)


@pytest.fixture
def busy(tmp_path: Path) -> sim.Plan:
    """A packer who is busy nearly all the time, and nine clerks of whom the last is never needed."""
    pay = {"per_hour": 30}
    roles = {
        "packer": {"people": 1, "hours": "always", "pay": pay},
        "clerk": {"people": 9, "hours": "always", "pay": pay},
    }
    pack = {**work("pack", "packer", 5), "takes": {"exponential": {"mean": "5 min"}}}
    check = {**work("check", "clerk", 1), "takes": "1 min"}
    written = shop(
        pack,
        check,
        roles=roles,
        runs_for="4 days",
        arrivals={"order": {"per_hour": 11, "value": {"exponential": {"mean": 40}}}},
        contribution={"order": {"share_of_value": 0.5}},
        promises={"packed": {"route": "order", "ends": "pack", "within": "30 min", "share": 0.9}},
    )
    return plan_of(tmp_path, written)


def test_replications_are_those_of_a_plain_run(busy: sim.Plan) -> None:
    observed, plain = observe([busy], range(4), FAST), replicate(busy, 4, engine="simpy", workers=1)
    for key in plain.keys:
        if is_brief(key):
            np.testing.assert_array_equal(observed.each(0, key), plain.each(*key))


@pytest.mark.parametrize("setting", [Setting(engine="simpy", workers=1), Setting(engine="fast", workers=3)])
def test_neither_engine_nor_workers_change_a_table(busy: sim.Plan, setting: Setting) -> None:
    expected = marginal(busy, 4, FAST)
    found = marginal(busy, 4, setting)
    assert [each.frame.to_csv() for each in found.tables] == [each.frame.to_csv() for each in expected.tables]
    assert found.recommendation == expected.recommendation


def test_whatever_was_stored_the_table_is_the_same(busy: sim.Plan, tmp_path: Path) -> None:
    expected = marginal(busy, 6, FAST).tables[1].frame.to_csv()
    with open_store(tmp_path / "store") as store:
        kept = Setting(engine="fast", workers=1, store=store, name="a part")
        observe([busy, alternatives(busy)[1].plan], range(3), kept)
        before = len(store.table())
        assert marginal(busy, 6, kept).tables[1].frame.to_csv() == expected
        assert before == 6
        assert len(store.table()) == 6 * 5


def test_differences_are_those_of_the_pairs(busy: sim.Plan) -> None:
    other = staffed(busy, {0: 2})
    observed = observe([busy, other], range(5), FAST)
    key = ("route", "order", "cycle_h")
    (found,) = compared(observed, [key], ["base", "other"])
    expected = estimate(observed.each(1, key) - observed.each(0, key))
    assert found.pair.difference == expected
    assert found.verdict == "better"


def test_compare_says_better_worse_and_the_same(busy: sim.Plan) -> None:
    finding = compare([busy, staffed(busy, {0: 2}), busy], 12, FAST)
    frame = finding.tables[0].frame
    verdicts = {(row.alternative, row.path): row.verdict for row in frame.itertuples()}
    two, same = frame["alternative"].unique()
    assert verdicts[two, "routes.order.cycle_h"] == "better"
    assert verdicts[two, "promises.packed.share"] == "better"
    assert verdicts[two, "money.shop.staff_cost_per_week"] == "worse"
    assert set(frame[frame["alternative"] == same]["verdict"]) == {"the same"}
    assert finding.recommendation[-1] == f"{same} changes none of what was measured."
    read = finding.tables[0].read
    assert list(read["measure"][read["verdict"] == ""]) == [f"{two}:", f"{same}:"]
    (kept,) = read[(read["measure"] == "kept: packed") & (read["verdict"] == "better")].itertuples()
    row = frame[(frame["alternative"] == two) & (frame["path"] == "promises.packed.share")].iloc[0]
    assert kept.unit == "%"
    assert float(kept.base) == pytest.approx(100 * row["base"], abs=0.5)
    assert kept.difference == change(*(100 * row[name] for name in ("difference", "low", "high")))


def test_other_customers_and_other_money_are_told(busy: sim.Plan) -> None:
    twice = busy.model_copy(update={"streams": (*busy.streams, *busy.streams)})
    assert "what arrives is not the same" in compare([busy, twice], 2, FAST).recommendation[-1]
    assert "what arrives" not in " ".join(compare([busy, staffed(busy, {0: 2})], 2, FAST).recommendation)
    pounds = busy.model_copy(update={"currency": "GBP"})
    with pytest.raises(BadInput, match="money in CNY and GBP cannot be compared"):
        compare([busy, pounds], 2, FAST)
    assert compare([busy, pounds], 2, FAST, ["routes.order.cycle_h"]).tables


def test_money_that_is_not_stated_is_none_and_said_to_be(busy: sim.Plan) -> None:
    """Own people against somebody who is paid by what comes: the question of own or outsourced."""
    unpaid = busy.model_copy(update={"teams": tuple(team.model_copy(update={"pay": None}) for team in busy.teams)})
    finding = compare([busy, unpaid], 4, FAST)
    rows = finding.tables[0].frame.set_index("path")
    assert rows.loc["money.shop.staff_cost_per_week", "mean"] == 0
    brought = rows.loc["money.shop.contribution_per_week", "mean"]
    assert rows.loc["money.shop.surplus_per_week", "mean"] == pytest.approx(brought)
    cost = rows.loc["money.shop.staff_cost_per_week", "base"]
    assert rows.loc["money.shop.surplus_per_week", "base"] == pytest.approx(brought - cost)
    assert any(told.endswith("says nothing of staff cost: it is taken as 0.") for told in finding.recommendation)
    nothing = busy.model_copy(update={"contributions": ()})
    told = compare([busy, nothing], 2, FAST)
    assert any(each.endswith("says nothing of contribution: it is taken as 0.") for each in told.recommendation)


def test_what_only_some_have_is_said(busy: sim.Plan) -> None:
    unpromised = busy.model_copy(update={"promises": ()})
    for plans in ([busy, unpromised], [unpromised, busy]):
        told = compare(plans, 2, FAST).recommendation[-1]
        assert told == "Not compared, for not all of them have it: kept: packed; days on which it is kept: packed."
    assert "Not compared" not in " ".join(compare([busy, busy], 2, FAST).recommendation)


def test_nothing_to_compare_is_told(busy: sim.Plan) -> None:
    nothing = {"promises": (), "teams": tuple(team.model_copy(update={"pay": None}) for team in busy.teams)}
    plan = busy.model_copy(update={**nothing, "contributions": ()})
    (route,) = plan.routes
    other = plan.model_copy(update={"routes": (route.model_copy(update={"name": "parcel"}),)})
    with pytest.raises(sim.BadInput, match="no cycle time, promise or money that is measured in all"):
        compare([plan, other], 2, FAST)


def test_a_shop_without_anybody_has_nobody_more_or_fewer() -> None:
    with pytest.raises(sim.BadInput, match="nobody works in this scenario"):
        marginal(sim.load(ROOT / "scenarios" / "textbook" / "on_the_road.toml"), 2, FAST)


def test_whom_first(busy: sim.Plan) -> None:
    finding = marginal(busy, 10, FAST)
    assert finding.recommendation[0].startswith("First: +1 packer. It saves customers")
    left = next(e for e in finding.tables[1].frame.itertuples() if e.measure == "contribution less staff cost")
    assert left.verdict == "worse"
    assert f"That does not pay for itself: {-left.difference:,.0f} (" in finding.recommendation[0]
    assert "−1 clerk" in finding.recommendation[-1]
    effects = finding.tables[1].frame
    clerk = effects[(effects["team"] == "clerk") & (effects["change"] == -1) & (effects["measure"] == WAITING)]
    assert list(clerk["verdict"]) == ["the same"]
    cost = effects[(effects["measure"] == "staff cost") & (effects["change"] == 1)]
    np.testing.assert_allclose(cost["difference"], 30 * 168, rtol=0.01)


def pair(path: Path, checks: float, clerks: object) -> sim.Plan:
    """A packer of five minutes and a clerk of `checks` minutes, eleven orders an hour; packers cost 30 an hour."""
    roles = {
        "packer": {"people": 1, "hours": "always", "pay": {"per_hour": 30}},
        "clerk": {"people": 1, "hours": "always", **({"pay": {"per_hour": clerks}} if clerks else {})},
    }
    mean = {"pack": "5 min", "check": f"{checks} min"}
    steps = [
        {**work(name, role, 1), "takes": {"exponential": {"mean": mean[name]}}}
        for name, role in (("pack", "packer"), ("check", "clerk"))
    ]
    written = shop(
        *steps,
        roles=roles,
        runs_for="4 days",
        arrivals={"order": {"per_hour": 11, "value": 40}},
        contribution={"order": {"share_of_value": 0.5}},
    )
    return plan_of(path, written)


def test_who_comes_first_is_said_to_be_proven_only_if_it_is(tmp_path: Path) -> None:
    close = marginal(pair(tmp_path, 4.9, 30), 10, FAST).recommendation
    assert close[0].endswith("Next: +1 clerk.")
    assert close[1] == "That it comes before +1 clerk is not proven."
    clear = marginal(pair(tmp_path, 3, 30), 10, FAST).recommendation
    assert clear[0].endswith("Next: +1 clerk.")
    assert "comes before" not in " ".join(clear)


def test_who_may_save_more_for_the_money_is_named_beside_who_is_proven_to_save(tmp_path: Path) -> None:
    """With three replications the packer, who is busy nine tenths of the time, proves nothing; an idle clerk does."""
    finding = marginal(pair(tmp_path, 2, 30), 3, FAST)
    effects = finding.tables[1].frame.query("measure == @WAITING and change == 1").set_index("team")
    assert effects["verdict"].to_dict() == {"packer": "not proven", "clerk": "better"}
    assert finding.recommendation[0].startswith("First: +1 clerk. ")
    more = f"about {effects.loc['packer', 'needed']} replications would settle it"
    assert finding.recommendation[1] == (
        f"More for the money on average, but not proven to save any time: +1 packer; {more}."
    )


def test_what_is_saved_for_sure_is_not_told_with_an_interval_that_holds_nothing(tmp_path: Path) -> None:
    """Holm's procedure proves a saving whose interval (Bonferroni) holds 0."""
    finding = marginal(pair(tmp_path, 2, 30), 4, FAST)
    packer = finding.tables[1].frame.query("measure == @WAITING and change == 1 and team == 'packer'").iloc[0]
    assert packer["verdict"] == "better"
    assert packer["high"] > 0
    assert f"saves customers {-packer['difference']:,.0f} h a week (how much is open)" in finding.recommendation[0]


def test_what_a_team_without_pay_costs_is_not_known(tmp_path: Path) -> None:
    """It is not free, and comes last for the money, though it saves as much."""
    finding = marginal(pair(tmp_path, 4.9, None), 10, FAST)
    ranked = finding.tables[0].frame.set_index("change")
    assert list(ranked.index[:2]) == ["+1 packer", "+1 clerk"]
    assert (ranked.loc[["+1 clerk", "−1 clerk"]].iloc[:, 1:] == "–").all(axis=None)
    assert ranked.loc["+1 packer", "staff cost, CNY/week"] == "+5,040"
    assert finding.recommendation[1] == "That it comes before +1 clerk is not proven."


def test_every_team_is_tried(busy: sim.Plan, tmp_path: Path) -> None:
    round_the_clock = [(each.team, each.change, each.what) for each in alternatives(busy, hours=True)]
    assert round_the_clock == [(team, by, "person") for team in ("packer", "clerk") for by in (1, -1)]
    roles = {"packer": {"people": 1, "hours": "day"}}
    by_day = plan_of(
        tmp_path, shop(work("pack", "packer", 5), roles=roles, hours={"day": {"Mon-Sun": ["09:00-17:00"]}})
    )
    tried = [(each.change, each.what) for each in alternatives(by_day, hours=True)]
    assert tried == [(by, what) for what in ("person", "hour a day") for by in (1, -1)]
    nobody = staffed(busy, {0: 0})
    assert nobody.headcount() == (0, 9)
    assert [each.change for each in alternatives(nobody) if each.team == "packer"] == [1]


def test_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = str(ROOT / "scenarios" / "solo_founder.toml")
    short = ["--set", "runs_for=3 weeks", "--set", "warm_up=1 week", "-n", "2", "--workers", "1"]
    assert run_sim.main(["marginal", scenario, *short]) == 0
    assert "Whom first?" in capsys.readouterr().out
    folder = tmp_path / "results" / "marginal_solo_founder"
    assert (folder / "report.html").is_file()
    assert {each.name for each in (folder / "plots").iterdir()} == {"waiting.png", "money.png"}
    assert run_sim.main(["status"]) == 0
    assert "marginal_solo_founder: " in capsys.readouterr().out
    other = ["--set", "roles.founder.people=2"]
    assert run_sim.main(["compare", scenario, scenario, *short, *other, "--json", "--no-store"]) == 0
    answer = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)  # no NaN, no Infinity
    assert answer["experiment"] == "compare"
    assert {row["verdict"] for row in answer["tables"]["compare"]} == {"the same"}


def test_what_is_changed_needs_no_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    scenario, two = str(ROOT / "scenarios" / "solo_founder.toml"), tmp_path / "two.toml"
    two.write_text(f'based_on = "{scenario}"\n[roles.founder]\npeople = 2\n', encoding="utf-8")
    short = ["--set", "runs_for=3 weeks", "-n", "3", "--json", "--no-store"]
    written, told = [
        json.loads((run_sim.main([*command, *short]), capsys.readouterr().out)[1])
        for command in (
            ["compare", scenario, str(two), "--allow", str(ROOT)],
            ["compare", scenario, "--with", "roles.founder.people=2; warm_up=1 week"],
        )
    ]
    assert {row["alternative"] for row in told["tables"]["compare"]} == {"roles.founder.people=2 and warm_up=1 week"}
    assert "roles.founder.people=2 and warm_up=1 week" in told["question"]
    figures = [
        [(row["path"], row["base"], row["mean"]) for row in each["tables"]["compare"]] for each in (written, told)
    ]
    assert figures[0] == figures[1]


def test_no_answer_within_the_bounds_is_exit_code_3(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = str(ROOT / "scenarios" / "solo_founder.toml")
    short = ["--set", "runs_for=3 weeks", "-n", "2", "--workers", "1", "--no-store", "--json"]
    alone = ["--team", "founder=0..1", "--promise", "chat answered in 60 s"]
    assert run_sim.main(["headcount", scenario, *alone, *short]) == 3
    assert json.loads(capsys.readouterr().out)["possible"] is False


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["margnal", "SHOP"], 'did you mean "marginal"'),
        (["compare", "SHOP"], "name at least two scenarios"),
        (["compare", "SHOP", "--with", "roles.foundr.people=2"], 'did you mean "founder"'),
        (["compare", "SHOP", "--with", "roles.founder.people=2;"], "expected path=value"),
        (["compare", "SHOP", "SHOP", "-m", "routes.oder.cycle_h"], 'did you mean "order"'),
        (["compare", "SHOP", "SHOP", "-m", "route.order.cycle_h"], 'did you mean "routes"'),
        (["marginal", "SHOP", "-n", "0"], "must be 1"),
        (["marginal", "SHOP", "--workers", "0"], "must be 1"),
        (["marginal", "SHOP", "--engine", "fats"], 'did you mean "fast"'),
        (["status", "--store", "nowhere"], "there is no store"),
    ],
)
def test_mistakes_end_in_a_sentence(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    scenario = str(ROOT / "scenarios" / "solo_founder.toml")
    given = [scenario if each == "SHOP" else each for each in arguments]
    few = [] if arguments[0] == "status" else ["--set", "runs_for=2 weeks", "--set", "warm_up=1 week", "--no-store"]
    assert run_sim.main([*given, *few, *(["-n", "2"] if "-n" not in given and few else [])]) == 2
    assert sentence in capsys.readouterr().err


def test_who_has_hardly_any_work_here_is_not_said_to_be_dispensable(tmp_path: Path) -> None:
    """The first bar of money said: dismiss the director."""
    paid = {"hours": "always", "people": 1, "pay": {"per_hour": 30}}
    pack, approve = work("pack", "packer", 4), work("approve", "director", 1)
    look = {"name": "large", "do": "branch", "chance": 0.98, "goes_to": "done"}
    written = shop(
        pack,
        look,
        approve,
        roles={"packer": paid, "director": {**paid, "pay": {"per_hour": 200}}},
        runs_for="4 days",
        arrivals={"order": {"per_hour": 6, "value": {"exponential": {"mean": 40}}}},
        contribution={"order": {"share_of_value": 0.5}},
    )
    finding = marginal(plan_of(tmp_path, written), 10, FAST)
    told = " ".join(finding.recommendation)
    assert "which cannot say what else they are needed for: director (busy 0." in told
    assert "−1 director" not in told
    assert finding.tables[0].frame["change"].iloc[-1] == "−1 director (hardly any work here)"
