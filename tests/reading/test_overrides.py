"""What `--set` and the overrides of `sim.load` lay over a scenario, and which files it may read."""

import numpy as np
import pytest

import sim
from sim.faults import BadInput
from sim.reading.source import parse_override, read
from tests.reading.test_merging import BASE, said, shop, steps

__all__ = ["said", "shop"]  # fixtures


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("roles.packer.people=4", "roles.packer.people", 4),
        (" roles.packer.people = 4 ", "roles.packer.people", 4),
        ("runs_for=2 weeks", "runs_for", "2 weeks"),
        ('runs_for="2 weeks"', "runs_for", "2 weeks"),
        ("route.order.gift wrap.takes=40 s", "route.order.gift wrap.takes", "40 s"),
        ("arrivals.order.scatter={ day = 0.1 }", "arrivals.order.scatter", {"day": 0.1}),
        ("arrivals.order.by_weekday=[1, 2]", "arrivals.order.by_weekday", [1, 2]),
        ("title=a=b", "title", "a=b"),
        ("title=", "title", ""),
        ("title=one\ntwo = 2", "title", "one\ntwo = 2"),
        ("title=1\ntwo = 2", "title", "1\ntwo = 2"),
        ("roles.packer.people=" + "9" * 5000, "roles.packer.people", "9" * 5000),
        ("title=" + "[" * 5000, "title", "[" * 5000),
    ],
)
def test_an_override_is_a_path_and_a_value_of_toml_or_else_text(text, key, value):
    assert parse_override(text) == (key, value)


def test_an_override_may_be_a_date():
    key, value = parse_override("starts=2025-11-03")
    assert (key, value.isoformat()) == ("starts", "2025-11-03")


@pytest.mark.parametrize("text", ["", "people", "=3", "roles..people=3", ".people=3", "roles.=3", " =3", '"".x=3'])
def test_an_override_without_a_path_is_refused(text):
    with pytest.raises(BadInput, match="expected path=value, such as"):
        parse_override(text)


def test_overrides_reach_every_part(shop):
    scenario = shop(
        runs_for="2 weeks",
        roles__packer__teams__day__people=7,
        roles__picker__people=np.int64(5),
        route__order__pick__takes__gamma__mean="3 min",
        arrivals__order__events__sale__lift=4,
        arrivals__order__lines=2,
        hours__day={"Mon": ["09:00-12:00"]},
    )
    assert scenario.roles["packer"].crew[0].people == 7
    assert scenario.roles["picker"].people == 5
    assert steps(scenario)["pick"].takes.gamma.mean == 180_000
    assert scenario.arrivals["order"].events[0].lift == 4
    assert scenario.runs_for == 2 * 7 * 86_400_000


def test_quotes_around_a_word_of_an_overrides_path_are_no_part_of_it(shop):
    assert steps(shop(**{'route__order__"pick"__people': 2}))["pick"].people == 2


def test_shifts_are_replaced_as_a_whole_and_what_stands_beside_them_stays(tmp_path, shop):
    text = BASE.replace('["09:00-17:00"] }', '["09:00-17:00"], breaks = ["12:00-12:30"] }')
    (tmp_path / "base.toml").write_text(text, encoding="utf-8")
    (tmp_path / "variant.toml").write_text('based_on = "base.toml"\n', encoding="utf-8")
    shifts = read(tmp_path / "variant.toml", {"hours.day": {"Mon": ["10:00-12:00"]}}).scenario.hours["day"]
    assert (shifts.shifts, shifts.breaks) == (((600, 720),), ((720, 750),))
    closed = read(tmp_path / "variant.toml", {"hours.day.holidays": "CN"}).scenario.hours["day"]
    assert (len(closed.shifts), closed.holidays) == (5, "CN")


def test_timetables_are_replaced_as_a_whole(shop):
    assert steps(shop('[route.order.van]\ndeparts = { "Sat" = ["12:00"] }\n'))["van"].departs.minutes == (7920,)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("role.packer.people", 'the scenario has no "role"; did you mean "roles"?'),
        ("roles.paker.people", 'roles has no "paker"; did you mean "packer"?'),
        ("hours.night", 'hours has no "night"; known: day, late'),
        ("promises.quick.share", 'promises has no "quick"'),
        ("route.orders.pick.people", 'route has no "orders"; did you mean "order"?'),
        ("route.order.pikc.people", 'there is no step "pikc" to change; did you mean "pick"?'),
        ("roles.packer.teams.night.people", 'there is no "night" here to change; known: day, evening'),
        ("roles.picker.poeple", 'unknown key "poeple"; did you mean "people"?'),
        ("arrivals.order.by_hour.3", "expected a list"),
        ("based_on", 'the scenario has no "based_on"'),
    ],
)
def test_overrides_of_what_does_not_exist_are_refused(shop, key, says):
    with pytest.raises(BadInput) as caught:
        shop(**{key.replace(".", "__"): 3})
    fault = caught.value.faults[0]
    assert says in fault.message
    assert str(fault).startswith(f"--set {key}: ")


def test_all_wrong_overrides_come_at_once(said):
    assert len(said(role__packer__people=3, roles__paker__people=3, roles__picker__people=-1).split("\n")) == 3


def test_overrides_can_take_away_and_put_in_a_list_by_position(shop, tmp_path):
    assert "wrong" not in steps(shop(route__order__wrong__remove=True))
    assert shop(priorities__0="urgent").classes() == ["urgent", "standard"]


def test_files_named_in_an_override_lie_beside_the_scenario(tmp_path, shop):
    (tmp_path / "lines.csv").write_text("lines\n2\n", encoding="utf-8")
    shop()
    law = {"empirical": {"file": "lines.csv", "column": "lines"}}
    assert sim.load(tmp_path / "variant.toml", {"arrivals.order.lines": law}).streams[0].lines.values == (2.0,)


def test_files_of_an_allowed_folder_may_be_read(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")
    (inner / "variant.toml").write_text('based_on = "../base.toml"\n', encoding="utf-8")
    with pytest.raises(BadInput, match="lies outside the scenario's folder; allow its folder with --allow"):
        read(inner / "variant.toml")
    assert read(inner / "variant.toml", allow=[tmp_path]).scenario.title["en"] == "A shop"


def test_a_link_out_of_the_folder_is_seen_through(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")
    (inner / "base.toml").symlink_to(tmp_path / "base.toml")
    (inner / "variant.toml").write_text('based_on = "base.toml"\n', encoding="utf-8")
    with pytest.raises(BadInput, match="lies outside"):
        read(inner / "variant.toml")
