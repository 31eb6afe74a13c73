"""The cheapest headcount as an experiment: held against enumeration, and what is said where there is none."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import run_sim
import sim
from analysis.answers.finding import Finding
from analysis.measures.money import cost_of_one
from analysis.questions.headcount import Answer, Effort, Problem
from analysis.questions.headcount import question as experiment
from analysis.questions.headcount.question import headcount
from analysis.questions.teams import team_paths
from analysis.runs.observe import Setting, observe
from analysis.store import open_store
from sim.planning.staffing import staffed
from tests.helpers.shops import at, people, plan_of, shop, work, write
from tests.helpers.staffing_shop import TEAMS, scenario

FAST = Setting(engine="fast", workers=1)
PAY = {"picker": 20, "packer": 18, "service": 25}
MOST = 4
BOUNDS = dict.fromkeys(TEAMS, (1, MOST))
ASKED = 0.9


def three_teams(**roles: Any) -> dict[str, Any]:
    """A week of orders and chats, with pay."""
    paid = {team: people(2, "day", pay={"per_hour": PAY[team]}) for team in TEAMS}
    return {**scenario(), "roles": {**paid, **roles}}


def one_packer(**parts: Any) -> dict[str, Any]:
    """Four orders come at once, ten minutes of work each, on each of two days; two people keep half an hour."""
    arrivals = {"order": {"timetable": {day: ["10:00", "10:01", "10:02", "10:03"] for day in ("Mon", "Tue")}}}
    promises = {"packed": {"route": "order", "ends": "pack", "within": "25 min", "share": 0.95}}
    return shop(
        work("pack", "packer", 10),
        **{"roles": {"packer": 1}, "runs_for": "2 days", "arrivals": arrivals, "promises": promises, **parts},
    )


def test_the_optimum_of_the_enumeration_with_a_tenth_of_the_runs(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, three_teams())
    finding = headcount(plan, BOUNDS, probability=ASKED, setting=FAST)
    every = list(product(range(1, MOST + 1), repeat=3))
    observed = observe([staffed(plan, dict(enumerate(each))) for each in every], range(40), FAST)
    promises = [("promise", promise.name, "days_share") for promise in plan.promises]
    kept = [all(observed.each(n, key).mean() >= ASKED for key in promises) for n in range(len(every))]
    best = min(
        (each for each, good in zip(every, kept, strict=True) if good), key=lambda x: np.dot(x, cost_of_one(plan))
    )
    assert finding.possible
    assert tuple(finding.tables[0].frame["answer"]) == best
    confirmation = finding.tables[-1].frame["replications"].iloc[-1]
    assert confirmation >= Effort().confirm_least
    assert finding.provenance["replications"] <= 0.1 * confirmation * len(every)


def test_the_cost_is_that_of_the_plan(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, three_teams())
    finding = headcount(plan, {"service": (1, 4)}, ["answered"], 0.8, setting=FAST)
    answer = int(finding.tables[0].frame["answer"].iloc[0])
    wages = 56 * (2 * PAY["picker"] + 2 * PAY["packer"])
    told = f"It costs {wages + answer * 56 * PAY['service']:,} CNY/week without overtime"
    assert told in " ".join(finding.recommendation)
    assert list(finding.tables[0].frame["team"]) == ["service"]
    assert not {"picker", "packer"} & set(finding.tables[-1].frame)


def test_by_hand_two_people_are_needed(tmp_path: Path) -> None:
    finding = headcount(plan_of(tmp_path, one_packer()), probability=0.9, setting=FAST)
    assert finding.recommendation[0].startswith("+1 packer (2 instead of 1): every promise kept as often as asked")
    assert finding.recommendation[1] == "All in all 2 people; at present 1. No pay is given: people are counted."
    assert "cost of one, CNY/week" not in finding.tables[0].frame


def test_a_team_of_nobody_and_names_in_chinese(tmp_path: Path) -> None:
    title = {"en": "Packer in the hall behind the yard, by the hour", "zh": "打包员"}
    roles = {"packer": people(0, title=title, pay={"per_hour": 10}), "clerk": {"people": 1, "hours": "never"}}
    written = one_packer(roles=roles, hours={"never": {"Sun": ["09:00-10:00"]}}, runs_for="7 days")
    written["route"]["order"][0]["steps"][0]["by"] = ["packer", "clerk"]
    finding = headcount(plan_of(tmp_path, written), probability=0.9, setting=FAST)
    assert finding.recommendation[0].startswith(f"+2 {title['en']} (2 instead of 0): ")
    for each in finding.pictures:
        assert each.draw().axes


def test_pay_of_others_does_not_price_those_who_may_change(tmp_path: Path) -> None:
    """Only people are counted where nobody who may change has pay, whatever others earn."""
    boss = people(1, pay={"per_hour": 90})
    plan = plan_of(tmp_path, one_packer(roles={"packer": 1, "boss": boss}))
    assert "All in all 3 people; at present 2." in headcount(plan, probability=0.9, setting=FAST).recommendation[1]


def test_what_is_too_close_to_call_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, search = plan_of(tmp_path, one_packer()), experiment.cheapest

    def undecided(problem: Problem, *others: Any) -> Answer:
        answer = search(problem, *others)
        assert answer.staffing == (2,)
        return replace(answer, too_close=((1,),), cheaper_excluded=True)

    monkeypatch.setattr(experiment, "cheapest", undecided)
    told = headcount(plan, {"packer": (1, 3)}, setting=FAST).recommendation
    assert told[0].startswith("+1 packer (2 instead of 1): every promise kept")
    assert told[1] == "Too close to call, so that it may do or not: Nobody more and nobody fewer."


def test_nobody_within_the_bounds(tmp_path: Path) -> None:
    finding = headcount(plan_of(tmp_path, one_packer()), {"packer": (0, 1)}, probability=0.9, setting=FAST)
    assert not finding.possible
    assert finding.recommendation[0].startswith("Nobody within the bounds can do it")
    assert finding.tables[0].frame["answer"].tolist() == [None]
    seen = finding.tables[-1].frame
    (mean,) = seen[seen["packer"] == 1].tail(1).filter(like=": mean").iloc[0]
    assert f"on {100 * mean:.1f} % of the days (at most" in finding.recommendation[1]
    assert "best so far" not in finding.tables[0].frame
    assert "Confirmed" not in finding.tables[0].notes


def test_work_that_nobody_can_do_is_named(tmp_path: Path) -> None:
    finding = headcount(
        plan_of(tmp_path, three_teams()), dict.fromkeys(TEAMS, (1, 1)) | {"picker": (1, 2)}, setting=FAST
    )
    assert not finding.possible
    assert any(each.startswith("There is more work than the most people can do: ") for each in finding.recommendation)
    assert finding.recommendation[-2].startswith("0 runs led to this answer")
    left_out = (
        "Not asked for, as none of the teams that may change has a hand in it: “answered” (--promise asks for it)."
    )
    assert finding.recommendation[-1] == left_out


def test_a_run_too_short_for_anybody_to_be_late_is_refused(tmp_path: Path) -> None:
    """Nothing would be broken, and the fewest people would be confirmed."""
    promise = {"route": "order", "ends": "pack", "within": "2 days", "share": 0.95}
    plan = plan_of(tmp_path, one_packer(promises={"packed": promise}))
    with pytest.raises(sim.BadInput, match='before a case can be late for "packed"'):
        headcount(plan, {"packer": (1, 4)}, setting=FAST)


def test_what_is_not_settled_is_said(tmp_path: Path) -> None:
    finding = headcount(plan_of(tmp_path, one_packer()), probability=0.9, effort=Effort(total=40), setting=FAST)
    assert not finding.possible
    assert finding.recommendation[:3] == [
        "Not settled within 40 replications.",
        "It hangs on what is too close to call: “packed” is kept on 81.7 to 100.0 % of the days, 90 % are asked for.",
        "More runs (--most-runs) may settle it.",
    ]
    assert finding.tables[0].frame["answer"].tolist() == [None]
    assert finding.tables[0].frame["best so far"].tolist() == [4]


def told(finding: Finding) -> list[str]:
    return [*finding.recommendation, *(each.frame.to_csv() for each in finding.tables)]


def test_neither_workers_nor_a_store_change_anything(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, three_teams())
    expected = told(headcount(plan, BOUNDS, probability=0.8, setting=FAST))
    assert told(headcount(plan, BOUNDS, probability=0.8, setting=Setting(engine="fast", workers=2))) == expected
    with open_store(tmp_path / "store") as store:
        kept = Setting(engine="fast", workers=1, store=store, name="headcount")
        observe([staffed(plan, {0: 4, 1: 4, 2: 4})], range(7), kept)
        assert told(headcount(plan, BOUNDS, probability=0.8, setting=kept)) == expected


def test_search_and_front_stay_within_the_runs_that_are_allowed(tmp_path: Path) -> None:
    done = []
    setting = Setting(engine="fast", workers=1, progress=lambda n, of: done.append((n, of)))
    headcount(plan_of(tmp_path, three_teams()), BOUNDS, probability=ASKED, effort=Effort(total=900), setting=setting)
    assert max(n for n, _ in done) <= 900
    assert {of for _, of in done} == {900}


def test_names_of_teams(tmp_path: Path) -> None:
    packer = {"teams": [{"name": "early", "people": 1, "hours": "always"}, {"people": 1, "hours": "always"}]}
    plan = plan_of(tmp_path, shop(work("pack", "packer", 5), roles={"packer": packer, "clerk": 1}))
    assert team_paths(plan) == ["packer/early", "packer/always", "clerk"]


# --- the command ------------------------------------------------------------------------------------------------


@pytest.fixture
def shop_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return str(write(tmp_path, one_packer(roles={"packer": 1, "clerk": people(1, pay={"per_hour": 9})})))


def test_the_command(shop_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_sim.main(["headcount", shop_file, "--team", "packer=1..3", "--workers", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["tables"]["headcount"] == [{"team": "packer", "now": 1, "fewest": 1, "most": 3, "answer": 2}]
    assert run_sim.main(["headcount", shop_file, "--team", "packer=0..1", "--workers", "1"]) == 3
    assert "Nobody within the bounds can do it" in capsys.readouterr().out
    report = Path("results") / "headcount_shop" / "report.html"
    assert "Nobody within the bounds can do it" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--team", "paker=1..3"], '--team: there is no team "paker"; did you mean "packer"?'),
        (["--team", "packer=3"], '--team: expected TEAM=LEAST..MOST, such as packer=1..5; got "packer=3"'),
        (["--team", "packer=3..1"], "--team: packer=3..1 holds no number of people"),
        (["--team", "packer=1..10001"], "--team: packer: a team has at most 10,000 people; got 10001"),
        (["--team", "packer=1.." + "9" * 5000], "--team: expected TEAM=LEAST..MOST"),
        (["--team", "packer=2..2"], "--team: no team may change: name some with --team TEAM=LEAST..MOST"),
        (["--team", "packer=1..2", "--team", "packer=1..3"], '--team: "packer" is given twice'),
        (["--promise", "paked"], '--promise: there is no promise "paked"; did you mean "packed"?'),
        (["--probability", "0"], "--probability: must lie between 0 and 1; got 0"),
        (["--probability", "1"], "--probability: must lie between 0 and 1; got 1"),
        (["--probability", "nan"], "--probability: must lie between 0 and 1; got nan"),
        (["--most-runs", "0"], "--most-runs: must be at least 1; got 0"),
        (["--team", "packer=1..2", "--team", "clerk=1..2"], "headcount: no pay is given for packer: give it, or leave"),
    ],
)
def test_mistakes_end_in_a_sentence(
    arguments: list[str], sentence: str, shop_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_sim.main(["headcount", shop_file, *arguments, "--no-store"]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.strip().count("\n") == 0


def test_a_shop_that_promises_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1}, arrivals={"order": at(0)}))
    assert run_sim.main(["headcount", str(path), "--no-store", "--json"]) == 2
    assert "the scenario makes no promise" in capsys.readouterr().err
    with pytest.raises(sim.BadInput, match="makes no promise"):
        headcount(sim.load(path), setting=FAST)
