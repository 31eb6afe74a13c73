"""What one scenario says otherwise than another."""

import datetime as dt

import pytest

from sim.faults import BadInput
from sim.reading.diff import differences
from tests.reading.test_merging import BASE


@pytest.fixture
def diff(tmp_path):
    """A function that compares the base with a variant of it, or with another text."""
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")

    def compare(variant="", other=None, **overrides):
        text = other if other is not None else f'based_on = "base.toml"\n{variant}'
        (tmp_path / "other.toml").write_text(text, encoding="utf-8")
        return differences(tmp_path / "base.toml", tmp_path / "other.toml", **overrides)

    return compare


def test_a_scenario_says_the_same_as_itself(diff):
    assert diff() == []


def test_changed_added_and_removed_values(diff):
    assert diff(
        'title = { en = "Another" }\nstarts = 2025-09-29\ncurrency = "EUR"\n'
        '[arrivals.order]\nscatter = 0.3\n[route.order.pick.takes.gamma]\nmean = "3 min"\n'
    ) == [
        ("title.en", "A shop", "Another"),
        ("starts", dt.date(2025, 10, 6), dt.date(2025, 9, 29)),
        ("arrivals.order.scatter", 0.2, 0.3),
        ("route.order.pick.takes.gamma.mean", "2 min", "3 min"),
        ("currency", None, "EUR"),
    ]


def test_what_only_one_side_has_is_told_as_a_whole(diff):
    assert diff('[promises.fast]\nremove = true\n[roles.cleaner]\npeople = 1\nhours = "day"\n') == [
        ("roles.cleaner", None, {"people": 1, "hours": "day"}),
        ("promises.fast", {"route": "order", "ends": "pack", "within": "1 day", "share": 0.9}, None),
    ]


def test_steps_put_in_and_taken_out(diff):
    wrap = '[route.order.wrap]\nafter_step = "pick"\ndo = "wait"\ntakes = "1 h"\n'
    found = diff(f"[route.order.wrong]\nremove = true\n{wrap}")
    assert found == [
        (
            "route.order.wrong",
            {"name": "wrong", "do": "branch", "chance": 0.1, "goes_to": "pick", "at_most": 2},
            None,
        ),
        ("route.order.wrap", None, {"name": "wrap", "do": "wait", "takes": "1 h"}),
    ]


def lines_swapped(text, first, second):
    lines = text.split("\n")
    i, j = (next(n for n, line in enumerate(lines) if f'name = "{name}"' in line) for name in (first, second))
    lines[i], lines[j] = lines[j], lines[i]
    return "\n".join(lines)


def test_a_moved_step_is_told_and_what_only_made_room_is_not(diff):
    other = lines_swapped(BASE, "pick", "pack").replace('goes_to = "pick"', 'goes_to = "pack"')
    assert diff(other=other) == [
        ("route.order.wrong.goes_to", "pick", "pack"),
        ("route.order.pack.after_step", "pick", "(first)"),
    ]


def test_a_step_in_another_department(diff):
    van = '  { name = "van", do = "collect", departs = { "Mon-Fri" = ["17:00"] } },\n'
    other = BASE.replace(van, "").replace("at_most = 2 },\n", f"at_most = 2 }},\n{van}")
    assert diff(other=other) == [("route.order.van.department", "logistics", "inventory")]


def test_another_distribution_is_one_difference(diff):
    assert diff('[route.order.pick]\ntakes = { exponential = { mean = "2 min" } }\n') == [
        (
            "route.order.pick.takes",
            {"gamma": {"mean": "2 min", "cv": 0.5}},
            {"exponential": {"mean": "2 min"}},
        )
    ]


def test_teams_and_events_go_by_name(diff):
    assert diff(
        "[roles.packer.teams.evening]\npeople = 2\n[roles.driver]\npeople = 3\n"
        "[arrivals.order.events.sale]\nlift = 5\n[roles.packer.teams.day]\nremove = true\n"
    ) == [
        ("roles.packer.teams.day", {"people": 2, "hours": "day"}, None),
        ("roles.packer.teams.evening.people", 1, 2),
        ("roles.driver.teams.day.people", 1, 3),
        ("arrivals.order.events.sale.lift", 2, 5),
    ]


def test_pay_and_contribution(diff):
    assert diff("[roles.picker]\npay = { per_hour = 30 }\n[contribution.order]\nper_case = 4\n") == [
        ("roles.picker.pay", None, {"per_hour": 30}),
        ("contribution", None, {"order": {"per_case": 4}}),
    ]
    assert diff(
        "[roles.picker.pay]\nper_month = 6000\n",
        overrides_a={"roles.picker.pay.per_hour": 30, "roles.picker.pay.on_costs": 0.3},
        overrides_b={"roles.picker.pay.on_costs": 0.4},
    ) == [
        ("roles.picker.pay.per_hour", 30, None),
        ("roles.picker.pay.on_costs", 0.3, 0.4),
        ("roles.picker.pay.per_month", None, 6000),
    ]


def test_two_ways_of_writing_the_same_are_no_difference(diff):
    assert diff('[roles.picker]\nteams = [{ people = 2, hours = "day" }]\n[route.order.pick]\nby = ["picker"]\n') == []
    assert diff('title = "A shop"\n') == [("title.zh", "店", None)]
    assert diff('[roles.picker.teams.late]\npeople = 1\nhours = "late"\n') == [
        ("roles.picker.teams.late", None, {"name": "late", "people": 1, "hours": "late"})
    ]


def test_overrides_count_on_their_side(diff):
    assert diff(overrides_a={"roles.picker.people": 4}) == [("roles.picker.people", 4, 2)]
    assert diff(overrides_b={"roles.picker.people": 4}) == [("roles.picker.people", 2, 4)]
    same = {"roles.picker.people": 4}
    assert diff(overrides_a=same, overrides_b=same) == []


def test_lists_of_numbers_are_compared_as_a_whole(diff):
    assert diff("[arrivals.order.lines.empirical]\nweights = [0.8, 0.2]\n") == [
        ("arrivals.order.lines.empirical.weights", [0.9, 0.1], [0.8, 0.2])
    ]


def test_a_scenario_that_is_refused_is_not_compared(diff):
    with pytest.raises(BadInput, match='there is no step "pikc"'):
        diff("[route.order.pikc]\npeople = 2\n")
