"""The scenarios that ship: each can be played, is fully graded, and its story is true."""

import csv
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

import analysis
import sim
from analysis.answers.answer import growing
from sim.draws import Draws
from sim.engine.play import run
from sim.log import GAVE_UP, SERVED
from sim.plan import END, WORK
from sim.units import DAY, HOUR, MINUTE
from sim.verify import verify

FOLDER = Path(__file__).parents[2] / "scenarios"
FILES = sorted(FOLDER.glob("*.toml"))
SHORT = {"runs_for": "10 days", "warm_up": "3 days"}

NINE_ROLES = {
    "director", "store_operator", "digital_operations_manager", "logistics_manager", "inventory_manager",
    "marketing_manager", "customer_service", "finance", "business_analyst",
}  # fmt: skip


def load(name, **overrides):
    return sim.load(FOLDER / f"{name}.toml", {key.replace("__", "."): value for key, value in overrides.items()})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario_is_played_and_its_log_verifies(path):
    plan = sim.load(path, SHORT)
    draws = Draws(plan, 1, 0)
    log = run(plan, draws)
    verify(log, draws)
    ended = {plan.steps[step].name for step in log.visits.step if plan.steps[step].verb == END}
    assert "delivered" in ended
    worked = {n for n, step in enumerate(plan.steps) if step.verb == WORK}
    assert np.isin(log.visits.step, list(worked)).sum() > 100


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario_is_valid_as_it_stands_and_speaks_two_languages(path):
    plan = sim.load(path)
    assert set(plan.title) == {"en", "zh"}
    assert all(set(role.title) == {"en", "zh"} for role in plan.roles)
    assert tomllib.loads(path.read_text(encoding="utf-8"))["story"].strip()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario_names_its_schema_and_is_short_enough_to_be_read(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    kind = "variant.schema" if any(line.startswith("based_on") for line in lines) else "schema"
    assert lines[0] == f"#:schema ../sim/scenario/{kind}.json"
    assert len(lines) <= 150


NUMBER = re.compile(
    r"\b(takes|chance|after|patience|departs|value_over|per_day|by_hour|timetable|scatter|lift|lines|units|value|also_does"
    r"|share) = (?!\"[a-z_])"
)
GRADE = re.compile(r"# .*?\b[MABCX]\b")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_has_its_grade(path):
    """M, A, B, C or X stands in a comment on the line or on the line above."""
    text = re.sub(r'"""(.|\n)*?"""', '""', path.read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.splitlines()]
    for above, line in zip(["", *lines], lines, strict=False):
        if NUMBER.search(line) and not line.startswith("columns"):
            assert GRADE.search(line) or GRADE.match(above), line


def test_variants_hold_only_what_differs():
    variants = [path for path in FILES if "based_on" in tomllib.loads(path.read_text(encoding="utf-8"))]
    assert len(variants) == 4
    for path in variants:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 30


def test_every_role_of_the_company_works_in_the_growing_store():
    plan = load("growing_store")
    names = [role.name for role in plan.roles]
    assert set(names) >= NINE_ROLES | {"picker", "packer"}
    assert {role.department for role in plan.roles} == {
        "operations", "inventory", "logistics", "customer service", "finance", "marketing", "management"
    }  # fmt: skip
    served = {names[role] for line in plan.lines for role, _ in line.servers}
    assert served == set(names)


@pytest.fixture(scope="module")
def two_stores():
    """Four weeks of the growing store without its promotion, and with one more packer: the same orders."""
    names = ("growing_store", "growing_store_one_more_packer")
    plans = [load(name, runs_for="4 weeks") for name in names]
    return [analysis.runs.replicate(plan, replications=3, seed=1, workers=1) for plan in plans]


def test_the_growing_store_is_as_full_as_its_story_says(two_stores):
    now, _ = two_stores
    assert 0.85 < now.get("role", "packer", "utilisation").mean < 0.95
    assert 0.85 < now.get("role", "picker", "utilisation").mean < 0.95
    assert 0.6 < now.get("role", "customer_service", "utilisation").mean < 0.7


def test_one_more_packer_relieves_packing_on_the_same_orders(two_stores):
    now, more = (result.each("step", "order/pack", "wait_min") for result in two_stores)
    assert (more < now / 2).all()
    now, more = (result.each("promise", "shipped in 48 h", "share") for result in two_stores)
    assert (more > 0.95).all()
    assert (more >= now).all()


def evening_chat(log):
    """Mean wait (s) of customers who write from 21 to 23 h, and the share who wait over a minute or leave."""
    plan, v = log.plan, log.visits
    chat = next(n for n in range(len(plan.steps)) if plan.step_key(n) == "chat/chat")
    mine = (v.step == chat) & (v.joined >= plan.warm_up) & np.isin(v.joined // HOUR % 24, (21, 22))
    mine &= np.isin(v.outcome, (SERVED, GAVE_UP))
    wait = np.where(v.outcome == GAVE_UP, v.left, v.began)[mine] - v.joined[mine]
    return wait.mean() / 1000, ((wait > MINUTE) | (v.outcome[mine] == GAVE_UP)).mean()


def test_two_people_on_the_late_shift_cut_the_evening_wait_for_chat():
    plans = [
        load(name, runs_for="9 days", warm_up="2 days") for name in ("apparel_returns", "apparel_returns_late_chat")
    ]
    assert len(plans[0].people) == len(plans[1].people)
    for replication in range(4):
        (wait, missed), (later_wait, later_missed) = (
            evening_chat(sim.simulate(plan, seed=1, replication=replication)) for plan in plans
        )
        assert later_wait < wait / 2, replication
        assert later_missed < missed / 2, replication


def test_returns_that_are_still_filling_the_shop_in_the_warm_up_are_not_taken_for_a_growing_queue():
    plan = load("apparel_returns", runs_for="4 weeks", arrivals__question__per_day=1, arrivals__after_sale__per_day=1)
    assert growing(analysis.runs.replicate(plan, replications=3, seed=1, workers=1)) == []


def test_a_founder_alone_is_late_for_chats_and_service_answers_more_of_them_than_a_packer():
    names = ("solo_founder", "solo_founder_hires_packer", "solo_founder_hires_service")
    results = [analysis.runs.replicate(load(name), replications=5, seed=1, workers=1) for name in names]
    founder, packer, service = (result.each("promise", "chat answered in 60 s", "share") for result in results)
    assert (founder < packer).all()
    assert (packer < service).all()
    for result in results:
        assert result.get("promise", "shipped in 48 h", "share").mean > 0.99
    assert 0.75 < results[0].get("role", "founder", "utilisation").mean < 0.85


def test_at_fifty_orders_a_day_a_packer_keeps_the_founder_on_time():
    names = ("solo_founder", "solo_founder_hires_packer")
    alone, helped = (
        analysis.runs.replicate(load(name, arrivals__order__per_day=50), replications=3, seed=1, workers=1)
        .get("promise", "shipped in 48 h", "share")
        .mean
        for name in names
    )
    assert alone < 0.9
    assert helped > 0.99


def test_the_gift_shop_gets_its_real_orders():
    plan = load("gift_shop")
    path = FOLDER / "data" / "gift_shop_orders.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (orders,) = plan.streams
    assert len(orders.times) == len(rows) == 3678
    assert orders.given["lines"] == tuple(float(row["lines"]) for row in rows)
    days = {time // DAY % 7 for time in orders.times}
    assert days == {0, 1, 2, 3, 4, 6}  # no orders on Saturdays
    assert path.stat().st_size <= 300_000


def test_the_real_orders_are_attributed():
    readme = (FOLDER / "data" / "README.md").read_text(encoding="utf-8")
    for words in ("gift_shop_orders.csv", "Chen", "Online Retail II", "CC BY 4.0"):
        assert words in readme


def test_mondays_hurt_in_the_gift_shop_and_six_pickers_are_too_few():
    log = sim.simulate(load("gift_shop"), seed=1)
    v = log.visits
    first = (v.step == 0) & (v.visit == 1) & (v.joined >= log.plan.warm_up) & (v.began >= 0)
    weekday, hour = v.joined[first] // DAY % 7, v.joined[first] // HOUR % 24
    wait = (v.began - v.joined)[first] / HOUR
    morning = (hour >= 8) & (hour < 12)
    assert wait[morning & (weekday == 0)].mean() > 2 * wait[morning & (weekday == 3)].mean()
    shares = [
        analysis.runs.replicate(load("gift_shop", roles__picker__people=people), replications=2, seed=1, workers=1)
        .get("promise", "dispatched in 3 days", "share")
        .mean
        for people in (6, 7)
    ]
    assert shares[0] < 0.92
    assert shares[1] > 0.97
