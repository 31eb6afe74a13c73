"""Order exports as they come: dates, offsets, separators, decimals and encodings are read and told, or refused."""

import datetime as dt
import gzip

import pytest

from sim.faults import BadInput
from sim.reading import csv_files, text_files
from sim.reading.csv_files import read_table
from sim.reading.moments import Written

DAY = dt.date(2024, 12, 31)


@pytest.fixture
def table(tmp_path):
    """A function that writes a CSV file and reads columns of it."""

    def write_and_read(data, *columns, name="o.csv"):
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_table(tmp_path / name, list(columns))

    return write_and_read


@pytest.fixture
def said(table):
    """The faults of a column that is read: (line, message)."""

    def faults(data, read, **written):
        found = table(data, "t")
        read(found)
        with pytest.raises(BadInput) as caught:
            found.finish()
        return [(fault.place.line, fault.message) for fault in caught.value.faults]

    return faults


def at(hour, minute=0, day=DAY):
    return dt.datetime.combine(day, dt.time(hour, minute))


# --- dates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["2024-12-31 09:00", "2024-12-31T14:30:00.000"], None),
        (["2024/12/31 9:00", "2024/12/31 14:30"], None),
        (["31/12/2024 09:00", "31/12/2024 14:30"], "day first"),
        (["31.12.2024 09:00:00", "31.12.2024, 14:30"], "day first"),
        (["31-12-2024 9:00 AM", "31-12-2024 2:30 p.m."], "day first"),
        (["12/31/2024 09:00", "12/31/2024 2:30 PM"], "month first"),
    ],
)
def test_dates_are_read_as_their_column_tells(table, cells, told):
    found = table("t\n" + "".join(f'"{cell}"\n' for cell in cells), "t")
    assert found.instants("t") == [at(9), at(14, 30)]
    assert found.notices == ([f"o.csv: dates have the {told}, as in {cells[0]}"] if told else [])
    found.finish()


def test_noon_and_midnight_of_twelve_hours(table):
    found = table("t\n13/12/2024 12:10 AM\n13/12/2024 12:20 PM\n", "t")
    assert [time.time() for time in found.instants("t")] == [dt.time(0, 10), dt.time(12, 20)]


def test_one_date_settles_those_that_may_be_either(table):
    found = table("t\n01/02/2025 09:00\n13/02/2025 09:00\n", "t")
    assert found.instants("t") == [dt.datetime(2025, 2, 1, 9), dt.datetime(2025, 2, 13, 9)]


def test_dates_that_nothing_settles_are_one_fault_whatever_their_number(said, table):
    rows = "".join(f"0{i % 9 + 1}/02/2025 09:00\n" for i in range(5000))
    ((line, message),) = said("t\n" + rows, lambda found: found.instants("t"))
    assert line == 2
    assert message == (
        '"01/02/2025 09:00" may have the day or the month first; say beside the file date_order = "day first" or '
        '"month first" … and 4,999 more rows with the same fault, up to line 5001'
    )


@pytest.mark.parametrize(("order", "month"), [("day first", 2), ("month first", 1)])
def test_the_scenario_may_settle_it(table, order, month):
    (time,) = table("t\n01/02/2025 09:00\n", "t").instants("t", Written(date_order=order))
    assert time.month == month


def test_what_contradicts_the_scenario_is_refused(said):
    (fault,) = said("t\n31/12/2024 9:00\n", lambda found: found.instants("t", Written(date_order="month first")))
    assert fault == (2, 'expected a time such as 2025-10-06 14:30:00; got "31/12/2024 9:00"')


def test_dates_that_contradict_each_other_are_refused(said):
    (fault,) = said("t\n12/31/2024 9:00\n31/12/2024 9:00\n", lambda found: found.instants("t"))
    assert "may have the day or the month first" in fault[1]


# --- times of day -----------------------------------------------------------------------------------------------


def test_dates_alone_need_a_time_of_day(said, table):
    rows = "t\n2025-10-06\n2025-10-06\n2025-10-07\n"
    ((line, message),) = said(rows, lambda found: found.instants("t"))
    assert line == 2
    assert message.startswith("no order has a time of day; export it too, or say beside the file")
    found = table(rows, "t").instants("t", Written(time_of_day=dt.time(12)))
    assert found == [at(12, day=dt.date(2025, 10, day)) for day in (6, 6, 7)]


def test_one_order_at_midnight_among_others_is_one(table):
    found = table("t\n2025-10-06\n2025-10-06 08:00\n", "t")
    assert (found.instants("t")[0], found.notices) == (at(0, day=dt.date(2025, 10, 6)), [])
    found.finish()


def test_a_column_of_midnights_is_told(table):
    found = table("t\n2025-10-06 00:00:00\n2025-10-07 00:00:00\n", "t")
    found.instants("t")
    assert found.notices == ["o.csv: every order stands at 00:00; was the time of day lost on the way?"]


# --- order and clocks -------------------------------------------------------------------------------------------


def test_newest_first_is_turned_round_with_all_its_columns_and_told(table):
    found = table("t,n\n2025-10-08 09:00,3\n2025-10-07 09:00,2\n2025-10-06 09:00,1\n", "t", "n")
    assert [time.day for time in found.instants("t")] == [6, 7, 8]
    assert found.numbers("n", 0, 9) == [1, 2, 3]
    assert found.lines == [4, 3, 2]
    assert found.notices == ["o.csv: the newest order comes first; it was read from its end"]


BERLIN = Written(zone="Europe/Berlin")
AUTUMN = "t\n2025-10-26 02:50:00+0200\n2025-10-26 02:10:00 +01:00\n2025-10-26T02:30:00Z\n"


def test_offsets_are_brought_to_the_clocks_of_the_shop(table):
    found = table("t\n2025-07-01 10:00:00Z\n2025-07-01 14:00:00+02:00\n2025-12-01 10:00:00 UTC\n", "t")
    assert [time.hour for time in found.instants("t", BERLIN)] == [12, 14, 11]
    assert found.notices == ["o.csv: times with an offset were brought to the clocks of Europe/Berlin"]


def test_in_the_hour_that_comes_twice_orders_keep_their_order(table):
    found = table(AUTUMN, "t")
    assert [time.time() for time in found.instants("t", BERLIN)] == [dt.time(2, 50), dt.time(2, 50), dt.time(3, 30)]
    assert "1 order of the hour that comes twice when clocks are put back moved to its end" in found.notices[1]
    found.finish()


def test_newest_first_with_offsets_on_that_night(table):
    found = table("t\n" + "\n".join(reversed(AUTUMN.split("\n")[1:-1])) + "\n", "t")
    assert [time.time() for time in found.instants("t", BERLIN)] == [dt.time(2, 50), dt.time(2, 50), dt.time(3, 30)]


def test_offsets_without_a_zone_are_one_fault_that_names_the_cure(said):
    rows = "t\n" + "2025-10-06T09:00:00+02:00\n" * 5000
    ((line, message),) = said(rows, lambda found: found.instants("t"))
    assert line == 2
    assert "say the shop's time_zone at the top of the scenario" in message
    assert "4,999 more rows" in message


@pytest.mark.parametrize("written", [Written(), BERLIN])
def test_without_offsets_the_change_of_clocks_is_named(said, written):
    rows = "t\n2025-10-25 09:00\n2025-10-26 02:50:00\n2025-10-26 02:10:00\n2025-10-26 12:00\n"
    ((line, message),) = said(rows, lambda found: found.instants("t", written))
    assert line == 4
    assert "in an hour that comes twice when clocks are put back" in message


def test_on_another_night_the_file_is_out_of_order(said):
    rows = "t\n2025-11-01 09:00\n2025-11-02 02:50:00\n2025-11-02 02:10:00\n2025-11-02 12:00\n"
    ((_, message),) = said(rows, lambda found: found.instants("t", BERLIN))
    assert "sort the file by time" in message


# --- separators and numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ('t,"v;w"\nx,1.5\n', []),
        ("t;v\nx;1.5\n", ["o.csv: columns are separated by semicolons"]),
        ("t\tv\nx\t1.5\n", ["o.csv: columns are separated by tabs"]),
        ("sep=;\r\nt;v\r\nx;1.5\r\n", ["o.csv: columns are separated by semicolons"]),
    ],
)
def test_separators_are_recognised_and_told(table, data, told):
    found = table(data, "t")
    assert (found.columns["t"], found.notices) == (["x"], told)


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["12,5", "1.530,50", "1.530"], [12.5, 1530.5, 1530]),
        (["1,530.50", "2,000"], [1530.5, 2000]),
        (["1.530.000", "12,00"], [1_530_000, 12]),
        (["12.5", "3"], [12.5, 3]),
        (["0,125"], [0.125]),
    ],
)
def test_where_semicolons_separate_the_column_tells_its_decimals(table, cells, numbers):
    found = table("t;v\n" + "".join(f"x;{cell}\n" for cell in cells), "v")
    assert found.numbers("v", 0, 1e9) == numbers
    found.finish()


@pytest.mark.parametrize("cells", [["1,530", "2,000"], ["1.530"], ["12,5", "12.5"]])
def test_thousands_or_fractions_are_not_guessed(said, table, cells):
    rows = "t;v\n" + "".join(f"{cell};x\n" for cell in cells)
    ((line, message),) = said(rows, lambda found: found.numbers("t", 0, 1e9))
    assert line == 2
    assert 'may be thousands or a fraction; say beside the file whether decimal = "," or "."' in message


def test_the_scenario_may_say_the_decimals(table):
    assert table("t;v\n1,530;x\n", "t").numbers("t", 0, 1e9, decimal=",") == [1.53]
    assert table("t;v\n1,530;x\n", "t").numbers("t", 0, 1e9, decimal=".") == [1530]
    assert table('t,v\n"1.530,5",x\n', "t").numbers("t", 0, 1e9, decimal=",") == [1530.5]


@pytest.mark.parametrize("text", ["1.530", "2.5", "1.000", "1e3x", "1_000"])
def test_whole_numbers_take_no_fraction_and_no_mark_for_thousands(said, text):
    ((line, message),) = said(f"t\n{text}\n", lambda found: found.numbers("t", 1, 1e6, whole=True))
    assert line == 2
    assert message.startswith("expected a")


def test_whole_numbers_as_programs_write_them(table):
    assert table("t\n2\n2.0\n 3 \n", "t").numbers("t", 1, 1e6, whole=True) == [2, 2, 3]


# --- encodings and limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "called"),
    [("utf-16", "UTF-16"), ("latin-1", "Windows-1252"), ("cp1252", "Windows-1252"), ("utf-8-sig", None)],
)
def test_encodings_of_spreadsheets_are_read_and_told(table, encoding, called):
    found = table("Größe,t\nfür Müller,1\n".encode(encoding), "Größe")
    assert found.columns["Größe"] == ["für Müller"]
    assert found.notices == ([f"o.csv was read as {called} text"] if called else [])


@pytest.mark.parametrize("name", ["o.csv", "o.csv.gz"])
def test_a_file_that_grows_without_end_is_refused(table, monkeypatch, name):
    monkeypatch.setattr(text_files, "MOST_BYTES", 3 * 2**20)
    data = b"t\n" + b"1\n" * 2_000_000
    with pytest.raises(BadInput, match="holds more than 3 MiB of text; leave out rows and columns"):
        table(gzip.compress(data) if name.endswith("gz") else data, "t", name=name)


def test_a_line_without_end_is_refused(table):
    with pytest.raises(BadInput, match="a line is longer than 1,000,000 characters"):
        table(gzip.compress(b"0" * 50_000_000), "t", name="o.csv.gz")


def test_rows_are_limited(table, monkeypatch):
    monkeypatch.setattr(csv_files, "MOST_ROWS", 3)
    with pytest.raises(BadInput, match="has more than 3 rows"):
        table("t\n1\n2\n3\n4\n", "t")


def test_a_million_bad_cells_are_one_fault_and_few_bytes(table):
    found = table("t\n" + "".join(f"bad {i}\n" for i in range(1_000_000)), "t")
    found.numbers("t", 0, 9)
    with pytest.raises(BadInput) as caught:
        found.finish()
    assert len(caught.value.faults) == 1
    assert sum(len(kind.told) for kind in found.faults.kinds.values()) < 10


def test_there_are_time_zones_on_this_machine_or_it_is_said(monkeypatch):
    import zoneinfo

    from sim.scenario.countries import read_zone

    assert read_zone("Asia/Shanghai") == "Asia/Shanghai"
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    with pytest.raises(ValueError, match="install the Python package tzdata"):
        read_zone("Asia/Shanghai")
