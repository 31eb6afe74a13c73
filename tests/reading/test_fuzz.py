"""Whatever is done to a scenario, it is read or refused with a place: no other exception, no hang."""

import copy
import datetime as dt
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from tests.helpers.toml_text import written

ROOT = Path(__file__).parents[2] / "scenarios"
GROWING = (ROOT / "growing_store.toml").read_text(encoding="utf-8")
SMALL = (ROOT / "broken" / "data" / "shop.toml").read_text(encoding="utf-8")
TEXTS = [GROWING, SMALL]

LIMIT = dt.timedelta(seconds=20)
"""Far more than any reading takes, on a busy machine too."""

FUZZ = settings(max_examples=150, deadline=LIMIT, suppress_health_check=[HealthCheck.function_scoped_fixture])


def load(path: Path, **overrides: object) -> None:
    """Read a scenario; refusals must be whole."""
    try:
        sim.load(path, overrides)
        faults = None
    except sim.BadInput as error:
        faults = error.faults
    assert faults is None or len(faults) > 0
    for fault in faults or ():
        assert fault.place.line > 0 or fault.place.file.startswith("--set") or fault.place.file.endswith(".csv")
        assert fault.message
        assert "\n" not in str(fault)
        assert len(fault.message) < 2000


# --- texts ------------------------------------------------------------------------------------------------------


MARKS = [b'"', b"[", b"]", b"{", b"}", b"=", b"\n", b".", b'"""']


@st.composite
def torn_texts(draw: st.DrawFn) -> bytes:
    """A scenario's text, cut off, with pieces taken out, doubled, or strange bytes put in."""
    data = draw(st.sampled_from(TEXTS)).encode()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        to = min(len(data), at + draw(st.integers(0, 60)))
        how = draw(st.sampled_from(["cut", "take out", "double", "put in", "swap"]))
        strange = draw(
            st.binary(max_size=4) | st.sampled_from([b'"', b"[", b"]", b"{", b"}", b"=", b"\n", b".", b'"""'])
        )
        data = {
            "cut": data[:at],
            "take out": data[:at] + data[to:],
            "double": data[:to] + data[at:],
            "put in": data[:at] + strange + data[at:],
            "swap": data[:at] + strange + data[to:],
        }[how]
    return data


@given(torn_texts())
@FUZZ
def test_torn_texts(tmp_path, data):
    path = tmp_path / "torn.toml"
    path.write_bytes(data)
    load(path)


# --- values -----------------------------------------------------------------------------------------------------

DURATIONS = [
    "0 s",
    "1 ms",
    "1 s",
    "7 days",
    "520 weeks",
    "3660 days",
    "99999999999999999999 h",
    "-1 s",
    "2",
    "1e3 s",
    "٣ s",
]
WORDS = ["packer", "picker", "day", "shop", "order", "chat", "pick", "pack", "work", "wait", "collect", "branch"]
WORDS += ["start", "end", "finish", "pause", "standard", "live", "Mon", "Mon-Sun", "00:00-24:00", "09:00", "CN", "s"]
STRANGE = [
    "",
    " ",
    ".",
    "a.b",
    'quo"te',
    "back\\slash",
    "line\nbreak",
    "\x00",
    "\x7f",
    "\u202e",
    "名",
    "🙂" * 50,
    "x" * 300,
]
FILES = ["../../etc/passwd", "/etc/passwd", ".", "..", "nothing.csv", "a\x00b", "x" * 300, "shop.toml"]
KEYS = [
    "name",
    "do",
    "by",
    "takes",
    "goes_to",
    "chance",
    "at_most",
    "people",
    "hours",
    "teams",
    "remove",
    "work",
    "[key]",
]
DATES = [dt.date(1, 1, 1), dt.date(1969, 12, 31), dt.date(2150, 12, 31), dt.date(9999, 12, 31)]
MOMENTS = [dt.datetime(9999, 12, 31, 23, 59, 59), dt.datetime(2025, 10, 7, tzinfo=dt.UTC)]
NUMBERS = [
    0,
    1,
    -1,
    2,
    24,
    10_000,
    2**31,
    2**63,
    10**400,
    0.0,
    -0.0,
    0.5,
    1.0,
    1e-320,
    1e308,
    float("nan"),
    float("inf"),
]
LAWS = [
    {"lognormal": {"p50": "1 ms", "p75": "3650 days"}},
    {"gamma": {"mean": "1 min", "cv": 1e-9}},
    {"weibull": {"mean": "1 min", "cv": 0.0001}},
    {"normal": {"p10": "1 s", "p25": "9 min"}},
    {"empirical": {"file": "nothing.csv", "column": "x", "unit": "s"}},
    {"empirical": {"values": []}},
]

plain = st.one_of(
    st.sampled_from(DURATIONS + WORDS + STRANGE + FILES),
    st.sampled_from(NUMBERS),
    st.booleans(),
    st.sampled_from(DATES + MOMENTS + [dt.time(8, 30)]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.integers(-100, 100_000),
    st.floats(),
)
names = st.sampled_from(KEYS + WORDS + STRANGE)
values = (
    plain
    | st.sampled_from(LAWS)
    | st.recursive(
        plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=6
    )
)


def places_in(data: object, path: tuple = ()) -> list[tuple]:
    """Every path of a parsed scenario."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [p for key, item in inner for p in [(*path, key), *places_in(item, (*path, key))]]


@st.composite
def spoilt(draw: st.DrawFn, data: dict) -> dict:
    """The scenario with a few of its values replaced, deleted, doubled, renamed or added."""
    data = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, 3))):
        every = places_in(data)
        if not every:
            break
        *head, key = draw(st.sampled_from(every))
        table = data
        for word in head:
            table = table[word]
        how = draw(st.sampled_from(["replace", "replace", "delete", "double", "rename", "add"]))
        new = copy.deepcopy(table[key] if how == "double" else draw(values))
        if how == "replace":
            table[key] = new
        elif how == "delete":
            del table[key]
        elif isinstance(table, list):
            table.insert(key, new)
        elif how == "rename":
            table[draw(names)] = table.pop(key)
        else:
            table[draw(names)] = new
    return data


@given(st.sampled_from(TEXTS).map(tomllib.loads).flatmap(spoilt))
@FUZZ
def test_spoilt_values(tmp_path, data):
    path = tmp_path / "spoilt.toml"
    path.write_text(written(data), encoding="utf-8")
    load(path)


CHANGES = {
    "title": "A variant",
    "hours": {"day": {"Mon": ["09:00-10:00"]}},
    "roles": {"packer": {"people": 2, "teams": {"day": {"people": 3, "remove": True}}}},
    "arrivals": {"order": {"per_hour": 3, "events": {"Double 11": {"lift": 2}}}},
    "route": {"order": {"pack": {"takes": "1 min"}, "wrap": {"after_step": "pack", "do": "end"}}},
    "promises": {"fast": {"route": "order", "ends": "pack", "within": "1 day", "share": 1}},
}


@given(st.sampled_from(TEXTS), spoilt(CHANGES))
@FUZZ
def test_spoilt_variants(tmp_path, base, change):
    (tmp_path / "base.toml").write_text(base, encoding="utf-8")
    path = tmp_path / "variant.toml"
    path.write_text(written({"based_on": "base.toml", **change}), encoding="utf-8")
    load(path)


SOME_PATHS = [".".join(map(str, path)) for path in places_in(tomllib.loads(GROWING)) if len(path) < 5]


@given(st.dictionaries(st.sampled_from(SOME_PATHS) | st.text(max_size=20), values, max_size=3))
@FUZZ
def test_any_overrides(overrides):
    load(ROOT / "growing_store.toml", **overrides)


DAY, ALWAYS = '"Mon-Fri" = ["09:00-17:00"]', '"Mon-Sun" = ["00:00-24:00"]'
TEN_YEARS = SMALL.replace('"1 week"', '"3660 days"')
TEAMS = ", ".join(f'{{ name = "{i}", people = 10, hours = "day" }}' for i in range(1000))
STEPS = "".join(f'  {{ name = "{i}", do = "work", by = "packer", takes = "1 s" }},\n' for i in range(2000))


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("people = 1", "people = 10000"),
        TEN_YEARS.replace(DAY, ALWAYS),
        TEN_YEARS.replace(DAY, f'{ALWAYS}, holidays = "CN"'),
        TEN_YEARS.replace("2025-10-06", "2150-12-31"),
        TEN_YEARS.replace('people = 1\nhours = "day"', f"teams = [{TEAMS}]"),
        SMALL.replace("steps = [\n", f"steps = [\n{STEPS}"),
    ],
    ids=["people", "round the clock", "holidays", "far future", "teams", "steps"],
)
def test_the_largest_shops_are_read_in_time(tmp_path, text):
    path = tmp_path / "large.toml"
    path.write_text(text, encoding="utf-8")
    begun = time.monotonic()
    sim.load(path)
    assert time.monotonic() - begun < LIMIT.total_seconds()
