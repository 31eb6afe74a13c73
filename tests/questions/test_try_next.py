"""What is read first, and what is tried to help, is what the runs say."""

from __future__ import annotations

from pathlib import Path

import pytest

import run_sim
import sim
from analysis.answers.first_lines import first_lines
from analysis.questions.compare import compare
from analysis.questions.try_next import likeliest, try_next
from analysis.questions.whom_first import named
from analysis.runs import replicate
from analysis.runs.observe import Setting
from sim.planning.staffing import staffed
from tests.helpers.shops import collect, end, plan_of, route, shop, work

ROOT = Path(__file__).parents[2]
ONE = Setting(engine="fast", workers=1)
DAY = {"day": {"Mon-Sun": ["09:00-17:00"]}}


def busy_shop(tmp_path: Path, packers: int = 1, per_hour: float = 11, hours: str = "always") -> sim.Plan:
    pack = {**work("pack", "packer", 5), "takes": {"exponential": {"mean": "5 min"}}}
    promise = {"route": "order", "ends": "pack", "within": "20 min", "share": 0.9}
    return plan_of(
        tmp_path,
        shop(
            pack,
            roles={"packer": {"people": packers, "hours": hours, "pay": {"per_hour": 30}}},
            hours=DAY,
            arrivals={"order": {"per_hour": per_hour}},
            runs_for="6 days",
            warm_up="1 day",
            promises={"packed": promise},
        ),
    )


def test_hands_are_tried_where_everybody_is_busy_and_hours_where_nobody_is_there(tmp_path: Path) -> None:
    busy = replicate(busy_shop(tmp_path), 4, workers=1)
    assert list(map(named, likeliest(busy))) == ["+1 packer"]
    assert (
        "100 % of it everybody busy with the same work; another pair of hands would help there." in first_lines(busy)[0]
    )
    by_day = replicate(busy_shop(tmp_path, packers=3, per_hour=3, hours="day"), 4, workers=1)
    assert list(map(named, likeliest(by_day)))[:1] == ["+1 h a day: packer"]
    assert (
        "nobody on shift before or after hours; longer hours would help there, rather than hands."
        in first_lines(by_day)[0]
    )


def test_one_fewer_is_tried_where_people_are_idle(tmp_path: Path) -> None:
    idle = replicate(busy_shop(tmp_path, packers=4, per_hour=6), 4, workers=1)
    assert "−1 packer" in list(map(named, likeliest(idle)))


def test_the_best_is_told_with_what_compare_says_of_it(tmp_path: Path) -> None:
    plan = busy_shop(tmp_path)
    told = try_next(replicate(plan, 12, workers=1), "shop.toml", ONE)
    assert told.startswith("Try +1 packer: kept: packed +")
    assert told.endswith("(Tried: +1 packer.) Look closer: compare shop.toml --with roles.packer.people=2")
    rows = compare([plan, staffed(plan, {0: 2})], 12, ONE, ["promises.packed.share"]).tables[0].frame
    assert rows["verdict"].iloc[0] == "better"
    assert f"kept: packed +{100 * rows['difference'].iloc[0]:.1f}" in told
    assert "staff cost +5,040 CNY a week" in told


def test_it_is_said_when_nothing_is_proven_to_help(tmp_path: Path) -> None:
    truck = shop(
        roles={"packer": 2},
        arrivals={"order": {"per_hour": 2}},
        runs_for="3 days",
        route={"order": route(work("pack", "packer", 1), collect("truck", every=600), end("gone"))},
    )
    result = replicate(plan_of(tmp_path, truck), 4, workers=1)
    assert "waiting for a departure; a further departure would help there." in first_lines(result)[0]
    told = try_next(result, "shop.toml", ONE)
    assert told.startswith(("Tried on the same luck: −1 packer; none is proven", "Try −1 packer"))
    assert try_next(replicate(result.plan, 1, workers=1), "shop.toml", ONE) == ""


def test_promises_come_in_the_order_of_their_danger(tmp_path: Path) -> None:
    broken, kept = busy_shop(tmp_path), busy_shop(tmp_path, packers=3)
    assert "“packed” is broken: kept for " in first_lines(replicate(broken, 8, workers=1))[1]
    assert first_lines(replicate(kept, 8, workers=1))[1] == "Every promise is kept: packed."
    close = replicate(busy_shop(tmp_path, packers=2, per_hour=14.5), 2, workers=1)
    assert "is too close to call with so few runs: kept for " in first_lines(close)[1]


def test_the_terminal_begins_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = str(ROOT / "scenarios" / "solo_founder.toml")
    short = ["--set", "runs_for=3 weeks", "-n", "3", "--workers", "1"]
    assert run_sim.main([scenario, *short, "--out", str(tmp_path / "a")]) == 0
    told = capsys.readouterr().out
    assert told.split("\n")[2] == "In short"
    assert "Try +1 Founder" in told
    assert "--set 'runs_for=3 weeks'" in " ".join(told.split())
    assert "Bottlenecks, by" not in told
    assert "Try +1 Founder" in (tmp_path / "a" / "report.html").read_text(encoding="utf-8")
    assert run_sim.main([scenario, *short, "--out", str(tmp_path / "b"), "--no-try", "--all"]) == 0
    told = capsys.readouterr().out
    assert "Try +1" not in told
    assert "Bottlenecks, by" in told
