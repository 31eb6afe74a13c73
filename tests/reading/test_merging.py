"""What a variant, or `--set`, lays over a scenario."""

from pathlib import Path

import pytest

import sim
from sim.faults import BadInput
from sim.reading.source import read
from sim.scenario.money import Contribution, Pay

BASE = """\
format = 1
title = { en = "A shop", zh = "店" }
starts = 2025-10-06
runs_for = "1 week"
priorities = ["express", "standard"]

[hours]
day = { "Mon-Fri" = ["09:00-17:00"] }
late = { "Mon-Fri" = ["17:00-22:00"] }

[roles.picker]
people = 2
hours = "day"

[roles.packer]
teams = [{ people = 2, hours = "day" }, { name = "evening", people = 1, hours = "late" }]

[roles.driver]
teams = [{ people = 1, hours = "day", speed = 0.8 }]

[arrivals.order]
per_day = 10
scatter = 0.2
lines = { empirical = { values = [1, 2], weights = [0.9, 0.1] } }
events = [{ name = "sale", starts = 2025-10-08, lasts = "1 day", lift = 2 }]

[[route.order]]
department = "inventory"
steps = [
  { name = "pick", do = "work", by = "picker", takes = { gamma = { mean = "2 min", cv = 0.5 } } },
  { name = "pack", do = "work", by = "packer", takes = "1 min" },
  { name = "wrong", do = "branch", chance = 0.1, goes_to = "pick", at_most = 2 },
]

[[route.order]]
department = "logistics"
steps = [
  { name = "van", do = "collect", departs = { "Mon-Fri" = ["17:00"] } },
  { name = "delivered", do = "end" },
]

[promises.fast]
route = "order"
ends = "pack"
within = "1 day"
share = 0.9
"""


@pytest.fixture
def shop(tmp_path):
    """A function that reads a variant of the base, and any overrides."""
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")

    def read_variant(text="", **overrides):
        (tmp_path / "variant.toml").write_text('based_on = "base.toml"\n' + text, encoding="utf-8")
        return read(
            tmp_path / "variant.toml", {key.replace("__", "."): value for key, value in overrides.items()}
        ).scenario

    return read_variant


@pytest.fixture
def said(shop):
    """What is said of a variant that is refused."""

    def faults(text="", **overrides):
        with pytest.raises(BadInput) as caught:
            shop(text, **overrides)
        return "\n".join(f"{fault.path}: {fault.message}" for fault in caught.value.faults)

    return faults


def steps(scenario, route="order"):
    return {step.name: step for block in scenario.route[route] for step in block.steps}


# --- tables -----------------------------------------------------------------------------------------------------


def test_a_variant_without_changes_is_its_base(shop, tmp_path):
    assert shop() == read(tmp_path / "base.toml").scenario


def test_a_value_is_replaced_and_the_rest_stays(shop):
    scenario = shop('title = "Another"\n[arrivals.order]\nper_day = 20\n')
    assert scenario.title == {"en": "Another"}
    assert (scenario.arrivals["order"].per_day, scenario.arrivals["order"].scatter.day) == (20, 0.2)


def test_a_new_role_and_a_new_stream_may_be_added(shop):
    scenario = shop(
        '[roles.cleaner]\npeople = 1\nhours = "day"\n[arrivals.phone_order]\nroute = "order"\nper_day = 3\n'
    )
    assert list(scenario.roles) == ["picker", "packer", "driver", "cleaner"]
    assert list(scenario.arrivals) == ["order", "phone_order"]


def test_anything_with_a_name_may_be_removed(shop):
    assert shop("[promises.fast]\nremove = true\n").promises == {}
    assert "driver" not in shop("[roles.driver]\nremove = true\n").roles


def test_faults_of_a_variant_stand_in_the_file_that_made_them(tmp_path, shop):
    with pytest.raises(BadInput) as caught:
        shop('[roles.picker]\nhours = "dya"\n[route.order.pick]\nby = "piker"\n')
    assert [(Path(f.place.file).name, f.place.line) for f in caught.value.faults] == [
        ("variant.toml", 3),
        ("variant.toml", 5),
    ]
    with pytest.raises(BadInput) as caught:
        shop("[hours.late]\nremove = true\n")
    assert [(Path(f.place.file).name, f.place.line) for f in caught.value.faults] == [("base.toml", 16)]


def test_a_chain_of_variants_is_laid_from_the_bottom_up(tmp_path, shop):
    shop('title = "First"\n[roles.picker]\npeople = 3\n')
    (tmp_path / "second.toml").write_text('based_on = "variant.toml"\n[roles.picker]\npeople = 4\n', encoding="utf-8")
    scenario = read(tmp_path / "second.toml").scenario
    assert (scenario.title, scenario.roles["picker"].people) == ({"en": "First"}, 4)


def test_a_base_in_another_folder_names_its_data_beside_itself(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "lines.csv").write_text("lines\n1\n3\n", encoding="utf-8")
    lines = 'lines = { empirical = { file = "lines.csv", column = "lines" } }'
    text = BASE.replace("lines = { empirical = { values = [1, 2], weights = [0.9, 0.1] } }", lines)
    (folder / "base.toml").write_text(text, encoding="utf-8")
    (tmp_path / "variant.toml").write_text('based_on = "data/base.toml"\n', encoding="utf-8")
    assert sim.load(tmp_path / "variant.toml").streams[0].lines.values == (1.0, 3.0)


# --- steps ------------------------------------------------------------------------------------------------------


def test_a_step_is_changed_by_name(shop):
    scenario = shop('[route.order.pick]\npeople = 2\n[route.order.pack]\ntakes = "2 min"\n')
    assert list(steps(scenario)) == ["pick", "pack", "wrong", "van", "delivered"]
    assert (steps(scenario)["pick"].people, steps(scenario)["pick"].by) == (2, ["picker"])
    assert steps(scenario)["pack"].takes.law().scale == 120_000


def test_steps_are_put_in_before_and_after_others_in_their_block(shop):
    scenario = shop(
        '[route.order.wrap]\nafter_step = "pack"\ndo = "work"\nby = "packer"\ntakes = "40 s"\n'
        '[route.order.label]\nbefore_step = "van"\ndo = "work"\nby = "driver"\ntakes = "5 s"\n'
        '[route.order.ribbon]\nafter_step = "wrap"\ndo = "work"\nby = "packer"\ntakes = "5 s"\n'
    )
    assert [[step.name for step in block.steps] for block in scenario.route["order"]] == [
        ["pick", "pack", "wrap", "ribbon", "wrong"],
        ["label", "van", "delivered"],
    ]


def test_a_removed_step_is_gone_and_so_is_a_block_without_steps(shop):
    assert "wrong" not in steps(shop("[route.order.wrong]\nremove = true\n"))
    gone = "[route.order.van]\nremove = true\n[route.order.wrong]\nremove = true\n[promises.fast]\nremove = true\n"
    scenario = shop(
        gone + "[route.order.delivered]\nremove = true\n" + '[route.order.done]\nafter_step = "pack"\ndo = "end"\n'
    )
    assert [block.department for block in scenario.route["order"]] == ["inventory"]


def test_a_step_with_another_verb_is_stated_anew(shop):
    van = steps(shop('[route.order.van]\ndo = "wait"\ntakes = "2 days"\n'))["van"]
    assert (van.do, van.takes.law().scale) == ("wait", 2 * 86_400_000)


def test_a_whole_route_may_be_replaced(shop):
    pack = '{ name = "pack", do = "work", by = "packer", takes = "1 min" }'
    scenario = shop(f'[[route.order]]\nsteps = [{pack}, {{ name = "end", do = "end" }}]\n')
    assert list(steps(scenario)) == ["pack", "end"]


def test_a_block_that_was_wrong_in_the_base_is_not_lost(tmp_path):
    (tmp_path / "base.toml").write_text(BASE + "\n[[route.order]]\nstep = []\n", encoding="utf-8")
    (tmp_path / "variant.toml").write_text('based_on = "base.toml"\n[route.order.pick]\npeople = 1\n', encoding="utf-8")
    with pytest.raises(BadInput, match='unknown key "step"'):
        read(tmp_path / "variant.toml")


# --- things that exclude each other -----------------------------------------------------------------------------


def test_parameters_of_the_same_family_merge_and_another_family_replaces(shop):
    same = steps(shop('[route.order.pick.takes.gamma]\nmean = "4 min"\n'))["pick"].takes
    assert (same.gamma.mean, same.gamma.cv) == (240_000, 0.5)
    other = steps(shop('[route.order.pick]\ntakes = { exponential = { mean = "4 min" } }\n'))["pick"].takes
    assert (other.gamma, other.exponential.mean) == (None, 240_000)
    assert shop("[arrivals.order]\nlines = 3\n").arrivals["order"].lines.law().scale == 3


def test_quantiles_take_the_place_of_mean_and_cv(shop):
    gamma = steps(shop('[route.order.pick.takes.gamma]\np50 = "2 min"\np90 = "4 min"\n'))["pick"].takes.gamma
    assert (gamma.mean, gamma.cv, gamma.p90) == (None, None, 240_000)


def test_a_condition_takes_the_place_of_a_chance(shop):
    wrong = steps(shop("[route.order.wrong]\nwhen = { lines_over = 1 }\n"))["wrong"]
    assert (wrong.chance, wrong.when.lines_over, wrong.at_most) == (None, 1, 2)


def test_one_condition_takes_the_place_of_another(shop, tmp_path):
    shop("[route.order.wrong]\nwhen = { lines_over = 1 }\n")
    (tmp_path / "second.toml").write_text(
        'based_on = "variant.toml"\n[route.order.wrong]\nwhen = { units_over = 2 }\n', encoding="utf-8"
    )
    when = steps(read(tmp_path / "second.toml").scenario)["wrong"].when
    assert when.model_fields_set == {"units_over"}


def test_another_way_of_arriving_takes_the_place_of_a_rate_and_its_shapes(shop):
    assert shop("[arrivals.order]\nper_hour = 3\n").arrivals["order"].per_day is None
    order = shop('[arrivals.order]\ntimetable = { "Mon" = ["09:00"] }\n').arrivals["order"]
    assert (order.per_day, order.events, order.scatter.day, order.lines is not None) == (None, [], 0, True)


def test_the_days_of_a_timetable_are_stated_anew_and_its_holidays_stay(shop):
    van = steps(shop('[route.order.van.departs]\nholidays = "DE"\n'))["van"].departs
    assert (len(van.minutes), van.holidays) == (5, "DE")
    van = steps(shop('[route.order.van.departs]\nSat = ["12:00"]\nclosed = [2025-10-11]\n'))["van"].departs
    assert (len(van.minutes), len(van.closed)) == (1, 1)


def test_every_takes_the_place_of_a_timetable(shop):
    assert steps(shop('[route.order.van]\nevery = "2 h"\n'))["van"].departs is None


def test_a_promise_may_be_about_another_point(shop):
    fast = shop('[promises.fast]\nbegins = "pick"\n').promises["fast"]
    assert (fast.begins, fast.ends) == ("pick", None)


def test_pay_by_the_month_takes_the_place_of_pay_by_the_hour(tmp_path):
    own = BASE.replace("speed = 0.8 }", "speed = 0.8, pay = { per_month = 5000, overtime = 2 } }")
    text = own.replace("[roles.packer]\n", "[roles.packer]\npay = { per_hour = 30, on_costs = 0.3 }\n")
    (tmp_path / "paid.toml").write_text(text, encoding="utf-8")
    (tmp_path / "variant.toml").write_text('based_on = "paid.toml"\nroles.packer.pay.per_month = 6000\n')
    overrides = {"roles.driver.teams.day.pay.per_hour": 28, "roles.picker.pay.per_hour": 20}
    roles = read(tmp_path / "variant.toml", overrides).scenario.roles
    assert roles["packer"].pay == Pay(per_month=6000, on_costs=0.3)
    assert roles["driver"].crew[0].pay == Pay(per_hour=28, overtime=2)
    assert roles["picker"].pay == Pay(per_hour=20)


def test_contributions_merge_and_may_be_removed(tmp_path):
    money = "[contribution.order]\nshare_of_value = 0.2\nper_case = -3\n"
    text = BASE.replace("per_day = 10\n", "per_day = 10\nvalue = 80\n") + money
    (tmp_path / "paid.toml").write_text(text, encoding="utf-8")
    variant = tmp_path / "variant.toml"
    variant.write_text('based_on = "paid.toml"\n[contribution.order]\nper_case = -4\n')
    assert read(variant).scenario.contribution["order"] == Contribution(share_of_value=0.2, per_case=-4)
    assert read(variant, {"contribution.order.per_case": 1}).scenario.contribution["order"].per_case == 1
    with pytest.raises(BadInput, match='contribution has no "ordr"; did you mean "order"'):
        read(variant, {"contribution.ordr.per_case": 1})
    variant.write_text('based_on = "paid.toml"\n[contribution.order]\nremove = true\n')
    assert read(variant).scenario.contribution == {}


def test_names_that_look_like_keys_are_left_in_peace(tmp_path):
    text = BASE.replace("[roles.driver]", "[roles.value]").replace("[promises.fast]", "[promises.begins]")
    (tmp_path / "base.toml").write_text(text, encoding="utf-8")
    (tmp_path / "variant.toml").write_text(
        'based_on = "base.toml"\n[roles.value]\ntitle = "V"\n[promises.ends]\nroute = "order"\nends = "pick"\n'
        'within = "1 h"\nshare = 1\n',
        encoding="utf-8",
    )
    scenario = read(tmp_path / "variant.toml").scenario
    assert scenario.roles["value"].teams is not None
    assert list(scenario.promises) == ["begins", "ends"]


# --- teams ------------------------------------------------------------------------------------------------------


def test_a_team_is_changed_added_and_removed_by_name(shop):
    scenario = shop(
        "[roles.packer.teams.day]\npeople = 5\n[roles.packer.teams.evening]\nremove = true\n"
        '[roles.packer.teams.night]\npeople = 1\nhours = "late"\n'
    )
    teams = scenario.roles["packer"].crew
    assert [(team.label, team.people) for team in teams] == [("day", 5), ("night", 1)]


def test_people_of_a_role_addresses_its_only_team(shop):
    driver = shop("[roles.driver]\npeople = 3\n").roles["driver"].crew
    assert [(team.people, team.hours, team.speed) for team in driver] == [(3, "day", [0.8])]


def test_people_of_a_role_and_its_team_by_name_may_both_be_said(shop):
    driver = shop('[roles.driver]\npeople = 3\n[roles.driver.teams.late]\npeople = 1\nhours = "late"\n').roles["driver"]
    assert [(team.label, team.people) for team in driver.crew] == [("day", 3), ("late", 1)]


def test_a_second_team_is_added_to_a_role_in_short_form(shop):
    scenario = shop('[roles.picker.teams.late]\npeople = 1\nhours = "late"\n[roles.picker.teams.day]\npeople = 4\n')
    assert [(team.label, team.people) for team in scenario.roles["picker"].crew] == [("day", 4), ("late", 1)]


def test_a_list_of_teams_takes_the_place_of_people_and_hours(shop):
    scenario = shop('[roles.picker]\nteams = [{ people = 1, hours = "late" }]\n')
    assert [(team.label, team.people) for team in scenario.roles["picker"].crew] == [("late", 1)]


def test_people_of_a_role_with_several_teams_is_ambiguous(said):
    assert said("[roles.packer]\npeople = 3\n") == (
        "roles.packer: this role has several teams (day, evening); say which, such as teams.day.people"
    )
    assert "say which" in said(roles__packer__people=3)


def test_events_are_changed_and_added_by_name(shop):
    scenario = shop(
        "[arrivals.order.events.sale]\nlift = 5\n"
        '[arrivals.order.events."the day after"]\nstarts = 2025-10-09\nlasts = "1 day"\nlift = 0.5\n'
    )
    assert [(e.name, e.lift) for e in scenario.arrivals["order"].events] == [("sale", 5), ("the day after", 0.5)]


# --- what cannot be laid over -----------------------------------------------------------------------------------


def test_all_mistakes_of_a_variant_come_at_once_with_those_of_its_values(said):
    text = said(
        "[route.order.pikc]\npeople = 2\n"
        '[route.order.wrap]\nafter_step = "pakc"\ndo = "end"\n'
        "[roles.packer.teams.night]\npeople = 1\n"
        "[arrivals.order.events.party]\nremove = true\n"
        "[roles.picker]\npeople = -1\n"
    ).split("\n")
    hours = "(a new one states its hours)"
    new = "(a new one says after_step or before_step)"
    assert text == [
        f'route.order.pikc: there is no step "pikc" to change; did you mean "pick"? {new}',
        'route.order.wrap.after_step: there is no step "pakc"; did you mean "pack"?',
        f'roles.packer.teams.night: there is no "night" here to change; known: day, evening {hours}',
        'arrivals.order.events.party: there is no "party" here to change; known: sale (a new one states its starts)',
        "roles.picker.people: must be at least 0; got -1",
    ]


def test_after_step_and_before_step_together_are_refused(said):
    text = said(
        '[route.order.wrap]\nafter_step = "pack"\nbefore_step = "van"\ndo = "work"\nby = "packer"\ntakes = "1 s"\n'
    )
    assert 'unknown key "before_step"' in text


def test_a_removal_that_is_not_true_is_no_removal(said):
    assert 'unknown key "remove"' in said('[route.order.wrong]\nremove = "yes"\n')
    assert 'unknown key "remove"' in said("[route.order.wrong]\nremove = false\n")
