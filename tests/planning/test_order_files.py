"""Orders of a file as a scenario uses them: rows that are items, and what is told of what was understood."""

from pathlib import Path

import pytest

import sim

SMALL = (Path(__file__).parents[2] / "scenarios" / "broken" / "data" / "shop.toml").read_text(encoding="utf-8")
TEN, HOUR = 10 * 3_600_000, 3_600_000


@pytest.fixture
def plan(tmp_path):
    """A function that makes a plan of a shop whose orders come from a file."""

    def load(rows, *keys, top=""):
        (tmp_path / "orders.csv").write_text(rows, encoding="utf-8")
        stream = "\n".join(('file = "orders.csv"\ntime_column = "Created at"', *keys))
        text = SMALL.replace("per_day = 10", stream).replace("runs_for", f"{top}\nruns_for")
        (tmp_path / "shop.toml").write_text(text, encoding="utf-8")
        return sim.load(tmp_path / "shop.toml")

    return load


ITEMS = """\
Name,Created at,Qty,Price,Total,Class
#1001,2025-10-06 10:00:00,2,20,50,standard
#1001,2025-10-06 10:00:00,1,10,,
#1002,2025-10-06 11:00:00,5,3,15,standard
#1003,2025-10-06 11:00:00,1,3,7,standard
#1003,,4,1,,
"""


def test_rows_with_one_number_are_one_order_and_its_lines_are_counted(plan):
    found = plan(ITEMS, 'columns = { order = "Name", units = "Qty", value = "Total", priority = "Class" }')
    (stream,) = found.streams
    assert stream.times == (TEN, TEN + HOUR, TEN + HOUR)
    assert stream.given == {"lines": (2, 1, 2), "units": (3, 5, 5), "value": (50, 15, 7), "priority": (0, 0, 0)}
    assert "orders.csv: 5 rows tell of 3 orders" in found.notices


def test_a_value_of_each_item_is_added_up(plan):
    found = plan(ITEMS, 'columns = { order = "Name", value = "Price" }')
    assert found.streams[0].given["value"] == (30, 3, 4)
    assert "orders.csv: Price is added up over the rows of an order" in found.notices


def test_a_total_that_every_row_repeats_is_taken_once_and_told(plan):
    rows = "Name,Created at,Total\n#1,2025-10-06 10:00,50\n#1,2025-10-06 10:00,50\n#2,2025-10-06 11:00,7\n"
    found = plan(rows, 'columns = { order = "Name", value = "Total" }')
    assert found.streams[0].given["value"] == (50, 7)
    assert "orders.csv: Total is taken once: all rows of an order repeat it" in found.notices


def test_items_of_a_file_that_is_newest_first(plan):
    header, *rows = ITEMS.splitlines()
    rows[3], rows[4] = rows[4].replace("#1003,,", "#1003,2025-10-06 11:00:00,"), rows[3]
    found = plan("\n".join([header, *reversed(rows)]), 'columns = { order = "Name", units = "Qty" }')
    assert found.streams[0].times == (TEN, TEN + HOUR, TEN + HOUR)
    assert found.streams[0].given["units"] == (3, 5, 5)


def test_without_the_key_repeated_numbers_are_told(plan):
    found = plan(ITEMS.replace("#1003,,", "#1003,2025-10-06 11:00:00,"), 'columns = { units = "Qty" }')
    assert len(found.streams[0].times) == 5
    (told,) = found.notices
    assert told == (
        "orders.csv: each row is read as an order, but 2 rows repeat the Name and the time of another; if rows are "
        'items, say columns = { order = "Name" }'
    )


def test_without_the_key_a_blank_total_names_the_cure(plan):
    with pytest.raises(sim.BadInput) as caught:
        plan(ITEMS.replace("#1003,,", "#1003,2025-10-06 11:00:00,"), 'columns = { value = "Total" }')
    assert 'if rows are items, say columns = { order = "Name" }' in str(caught.value)


def test_numbers_that_come_at_several_times_are_no_orders(plan):
    rows = "Order by,Created at\nAnn,2025-10-06 10:00\nAnn,2025-10-06 10:00\nAnn,2025-10-06 11:00\n"
    assert plan(rows).notices == ()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("#1001,2025-10-06 10:00:00,1,10,,express\n", '"express" is not what another row of its order says'),
        ("#1001,2025-10-06 10:00:00,,10,,\n#1001,2025-10-06 10:00:00,3,10,,\n", 'column Qty: expected a number'),
        ("#1001,2025-10-06 10:00:00,999999,10,,\n", "the rows of its order add up to 1000001"),
        ("#1001,2025-10-06 10:30:00,1,10,,\n", "stands at another time than an earlier row of its order"),
    ],
)  # fmt: skip
def test_rows_of_an_order_that_do_not_fit_are_refused(plan, row, says):
    head = "\n".join(ITEMS.splitlines()[:2]) + "\n"
    columns = 'columns = { order = "Name", units = "Qty", priority = "Class" }'
    with pytest.raises(sim.BadInput) as caught:
        plan(head + row, columns, top='priorities = ["express", "standard"]')
    assert len(caught.value.faults) == 1
    assert says in str(caught.value)


def test_what_the_scenario_says_of_its_file_reaches_it(plan):
    rows = "Created at;Total\n06/10/2025;1,530\n07/10/2025;2,000\n"
    keys = ('columns = { value = "Total" }', 'date_order = "day first"', 'time_of_day = "10:00"', 'decimal = ","')
    (stream,) = plan(rows, *keys).streams
    assert stream.times == (TEN, TEN + 24 * HOUR)
    assert stream.given == {"value": (1.53, 2.0)}


def test_the_shop_says_where_its_clocks_are(plan):
    found = plan("Created at\n2025-10-06T08:00:00Z\n", top='time_zone = "Europe/Berlin"')
    assert found.streams[0].times == (TEN,)


OUTSIDE = """
[hours]
day = { "Mon-Fri" = ["09:00-17:00"], closed = [DATE] }

[roles.packer]
teams = [{ people = 1, hours = "day" }, { name = "helpers", people = 4, hours = "day", TEAM = DATE }]

[arrivals.order]
per_day = 40
events = [{ name = "double 11", starts = DATE, lasts = "2 days", lift = 5 }]
"""


@pytest.mark.parametrize(
    ("date", "team", "where"),
    [("2026-11-11", "from", "comes after the run"), ("2025-06-01", "until", "is gone before the run")],
)
def test_what_lies_outside_the_run_is_told_on_either_side(tmp_path, date, team, where):
    begin, end = SMALL.index("[hours]"), SMALL.index("[[route")
    text = SMALL[:begin] + OUTSIDE.replace("DATE", date).replace("TEAM", team) + SMALL[end:]
    (tmp_path / "shop.toml").write_text(text.replace("2025-10-06", "2025-11-03"), encoding="utf-8")
    assert sim.load(tmp_path / "shop.toml").notices == (
        f'the event "double 11" ({date}) lies outside the run and does nothing',
        f'team "helpers" of packer {where} ({date}) and does nothing',
        f'hours "day": closed days outside the run do nothing ({date})',
    )


def test_on_a_holiday_nothing_departs_and_nothing_comes(tmp_path):
    text = SMALL.replace("2025-10-06", "2025-04-28").replace(
        "per_day = 10", 'timetable = { "Mon-Fri" = ["12:00"], holidays = "DE", closed = [2025-04-29] }'
    )
    truck = '{ name = "truck", do = "collect", departs = { "Mon-Fri" = ["17:00"], holidays = "DE" } },\n  '
    (tmp_path / "shop.toml").write_text(text.replace('{ name = "shipped"', truck + '{ name = "shipped"'))
    found = sim.load(tmp_path / "shop.toml")
    (step,) = (step for step in found.steps if step.name == "truck")
    assert [at // (24 * HOUR) for at in step.departures[:4]] == [0, 1, 2, 4]  # not on Thursday, 1 May
    assert [at // (24 * HOUR) for at in found.streams[0].times] == [0, 2, 4]
