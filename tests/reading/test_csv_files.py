"""Reading columns of CSV files: encodings, compression, rows that are wrong."""

import datetime as dt
import gzip
from pathlib import Path

import pytest

import sim
from sim.faults import BadInput
from sim.reading.csv_files import read_table

SMALL = (Path(__file__).parents[2] / "scenarios" / "broken" / "data" / "shop.toml").read_text(encoding="utf-8")
ORDERS = "时间,lines,value,class\n2025-10-06 09:00,1,20,standard\n2025-10-06 10:30:15.250,2,35.5,express\n"


@pytest.fixture
def table(tmp_path):
    """A function that writes a CSV file and reads columns of it."""

    def write_and_read(data, *columns, name="orders.csv"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_table(path, list(columns))

    return write_and_read


@pytest.fixture
def said(table):
    """What is said of a file that is refused."""

    def faults(data, read, *columns):
        def whole():
            found = table(data, *columns)
            read(found)
            found.finish()

        with pytest.raises(BadInput) as caught:
            whole()
        return [(fault.place.line, fault.message) for fault in caught.value.faults]

    return faults


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_files_are_utf_8_or_gbk(table, encoding):
    found = table(ORDERS.encode(encoding), "时间", "lines")
    assert found.numbers("lines", 1, 9) == [1, 2]
    assert found.instants("时间") == [dt.datetime(2025, 10, 6, 9), dt.datetime(2025, 10, 6, 10, 30, 15, 250_000)]
    assert found.notices == (["orders.csv was read as GBK text"] if encoding.startswith("gb") else [])


def test_files_may_be_compressed(table):
    assert table(gzip.compress(ORDERS.encode()), "value", name="orders.csv.gz").numbers("value", 0, 99) == [20, 35.5]


def test_a_compressed_file_that_is_cut_off_is_refused(table):
    whole = gzip.compress(ORDERS.encode())
    for data in (whole[:-12], whole[:30], whole[:15] + b"\xff\xff" + whole[17:], b""):
        with pytest.raises(BadInput, match=r"cannot be read|is empty"):
            table(data, "value", name="orders.csv.gz")


def test_quotes_blanks_empty_lines_and_windows_line_ends(table):
    found = table('"lines" , text\r\n 1 ,"a ""b"", c"\r\n\r\n2,"two\r\nlines"\r\n', "lines", "text")
    assert found.numbers("lines", 1, 9) == [1, 2]
    assert found.columns["text"] == ['a "b", c', "two\r\nlines"]
    assert found.lines == [2, 5]


def test_columns_that_nobody_asked_for_may_hold_anything(table):
    assert table("a,b,b\n1,x,\n2,,\n", "a").numbers("a", 0, 9) == [1, 2]


@pytest.mark.parametrize("text", ["", "one", "nan", "inf", "-1", "11", "1;5", "1,5"])
def test_what_is_no_number_in_its_bounds_is_refused(said, text):
    (line, message), *more = said(f'a\n5\n"{text}"\n', lambda found: found.numbers("a", 0, 10), "a")
    assert (line, more) == (3, [])
    assert message == f'expected a number (0 … 10); got "{text}"'


@pytest.mark.parametrize("text", ["", "yesterday", "31/31/2025x", "2025-13-01", "2025-10-06 25:00", "20:00"])
def test_what_is_no_time_is_refused(said, text):
    assert said(f'a\n"{text}"\n', lambda found: found.instants("a"), "a") == [
        (2, f'expected a time such as 2025-10-06 14:30:00; got "{text}"')
    ]


def test_a_time_with_a_zone_is_refused_rather_than_read_as_local(said):
    assert "leave the time zone out" in said("a\n2025-10-06T09:00:00Z\n", lambda found: found.instants("a"), "a")[0][1]


def test_times_may_be_equal_but_must_not_fall(said, table):
    assert len(table("a\n2025-10-06\n2025-10-06 00:00\n", "a").instants("a")) == 2
    assert said("a\n2025-10-07\n2025-10-06\n2025-10-08\n", lambda found: found.instants("a"), "a") == [
        (3, '"2025-10-06" comes after a later time; sort the file by time')
    ]


def test_words_must_be_known(said, table):
    assert table("a\nx\ny \n", "a").choices("a", ["y", "x"]) == [1, 0]
    assert said("a\nstandart\n", lambda found: found.choices("a", ["standard"]), "a") == [
        (2, 'there is no priority class "standart"; did you mean "standard"?')
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty; the first line must name the columns"),
        (b"\n\n", "is empty; the first line must name the columns"),
        (b",,\n1,2,3\n", "is empty; the first line must name the columns"),
        (b"a\n", "has a header but no rows"),
        (b"a\n\n\n", "has a header but no rows"),
        (b"b\n1\n", 'there is no column "a"; known: b'),
        (b"a,a\n1,2\n", 'two columns are called "a"'),
        (b"a\n\xff\xff\xff\n", "is neither UTF-8 nor GBK text"),
        (b"a\n" + b"x" * 200_000 + b"\n", "cannot be read"),
        (b"x" * 200_000, "is not a CSV file"),
    ],
)
def test_files_without_sense_are_refused(table, data, says):
    with pytest.raises(BadInput, match="^[^\n]*" + says.replace("?", r"\?")):
        table(data, "a").finish()


def test_rows_of_another_length_are_told_beside_wrong_values(said):
    assert said("a,b\n1\nx,2\n1,2,3\n4,5\n", lambda found: found.numbers("a", 0, 9), "a") == [
        (2, "has 1 fields, the header has 2"),
        (3, 'expected a number (0 … 9); got "x"'),
        (4, "has 3 fields, the header has 2"),
    ]


def test_several_missing_columns_come_at_once(said):
    assert len(said("a\n1\n", lambda found: None, "b", "c")) == 2


def test_a_folder_or_nothing_cannot_be_read(tmp_path):
    for path in (tmp_path, tmp_path / "nothing.csv"):
        with pytest.raises(BadInput, match=r"is a folder|there is no such file"):
            read_table(path, ["a"])


# --- as a scenario uses them ------------------------------------------------------------------------------------


def arriving(tmp_path, data, columns="", encoding="utf-8"):
    (tmp_path / "orders.csv").write_text(data, encoding=encoding)
    text = SMALL.replace("per_day = 10", f'file = "orders.csv"\ntime_column = "时间"\n{columns}')
    text = text.replace("runs_for", 'priorities = ["express", "standard"]\nruns_for')
    (tmp_path / "shop.toml").write_text(text, encoding="utf-8")
    return sim.load(tmp_path / "shop.toml")


def test_orders_of_a_file_arrive_with_what_it_says_of_them(tmp_path):
    columns = 'columns = { lines = "lines", value = "value", priority = "class" }'
    (stream,) = arriving(tmp_path, ORDERS, columns).streams
    assert stream.times == (9 * 3_600_000, 10 * 3_600_000 + 30 * 60_000 + 15_250)
    assert stream.given == {"lines": (1, 2), "value": (20, 35.5), "priority": (1, 0)}


def test_reading_gbk_is_noticed(tmp_path):
    assert arriving(tmp_path, ORDERS, encoding="gbk").notices == ("orders.csv was read as GBK text",)


def test_orders_outside_the_run_are_left_out_and_counted(tmp_path):
    plan = arriving(tmp_path, "时间\n2025-10-05 23:59:59.999\n2025-10-06\n2025-10-12 23:59:59\n2025-10-13\n")
    assert plan.streams[0].times == (0, 7 * 86_400_000 - 1000)
    assert plan.notices == ("orders.csv: 2 of 4 orders lie within the run; the others are left out",)


def test_observed_times_are_read_in_their_unit(tmp_path):
    (tmp_path / "packing.csv").write_text("minutes\n3\n1.5\n", encoding="utf-8")
    takes = '{ empirical = { file = "packing.csv", column = "minutes", unit = "min" } }'
    (tmp_path / "shop.toml").write_text(SMALL.replace('"2 min"', takes), encoding="utf-8")
    assert sim.load(tmp_path / "shop.toml").steps[0].takes.values == (90_000, 180_000)


def test_an_observed_time_of_a_century_is_refused(tmp_path):
    (tmp_path / "packing.csv").write_text("weeks\n1\n5200\n", encoding="utf-8")
    takes = '{ empirical = { file = "packing.csv", column = "weeks", unit = "week" } }'
    (tmp_path / "shop.toml").write_text(SMALL.replace('"2 min"', takes), encoding="utf-8")
    with pytest.raises(BadInput, match=r"packing\.csv:3:1: column weeks: expected a number \(0 … 522\.857\); got"):
        sim.load(tmp_path / "shop.toml")
