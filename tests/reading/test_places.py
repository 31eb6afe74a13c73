"""Every value of a TOML text is found again at the line and column at which it was written."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.faults import Place
from sim.reading.places import places
from sim.reading.tree import grow, locate, read_tree
from tests.helpers.toml_text import inline, quoted

ROOT = Path(__file__).parents[2]

TEXT = '''\
# a comment with [brackets] and "quotes"
title = "x = [1]"
"quoted key" = 1
'literal.key' = 2
dotted . "key" = 3
numbers = [ 1, 2, # inside
  3,
]
nested = [[1, 2], [{ a = 1 }, { b = [4] }]]
text = """
[not.a.table]
key = 1"""
raw = \'\'\'
[nor.this]\'\'\'
when = 2025-10-06 08:30:00
empty = {}

[table]
key = { inner = "}", other = [] }
[table."with space"]
deep.er = 1

[[list]]
a = 1
[list.sub]
b = 2
[[list]]
a = 3
[[list.inner]]
c = 4
[[list.inner]]
c = 5
'''


@pytest.fixture(scope="module")
def found():
    return places(TEXT)


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("title",), 2, 1),
        (("quoted key",), 3, 1),
        (("literal.key",), 4, 1),
        (("dotted", "key"), 5, 1),
        (("numbers", 0), 6, 13),
        (("numbers", 2), 7, 3),
        (("nested", 0, 1), 9, 15),
        (("nested", 1, 0, "a"), 9, 22),
        (("nested", 1, 1, "b", 0), 9, 38),
        (("text",), 10, 1),
        (("raw",), 13, 1),
        (("when",), 15, 1),
        (("empty",), 16, 1),
        (("table",), 18, 1),
        (("table", "key", "inner"), 19, 9),
        (("table", "key", "other"), 19, 22),
        (("table", "with space"), 20, 1),
        (("table", "with space", "deep", "er"), 21, 1),
        (("list",), 23, 1),
        (("list", 0), 23, 1),
        (("list", 0, "sub", "b"), 26, 1),
        (("list", 1, "a"), 28, 1),
        (("list", 1, "inner", 0, "c"), 30, 1),
        (("list", 1, "inner", 1, "c"), 32, 1),
    ],
)
def test_the_place_of_every_kind_of_key(found, path, line, column):
    assert found[path] == (line, column)


def paths(value, path=()):
    """Every path of a parsed TOML text."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from paths(item, (*path, key))


@pytest.mark.parametrize(
    "text", [TEXT, *(p.read_text(encoding="utf-8") for p in sorted(ROOT.glob("scenarios/*.toml")))]
)
def test_every_path_has_a_place_and_no_other(text):
    assert set(places(text)) == set(paths(tomllib.loads(text)))


# --- any TOML text ----------------------------------------------------------------------------------------------

keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
scalars = st.one_of(
    st.integers(-9, 10**6),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.dates(dt.date(1, 1, 1)),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=8
)

blanks = st.sampled_from(["", " ", "\n  ", " # ]}\n"])


@given(
    st.dictionaries(keys, values, max_size=4),
    st.dictionaries(keys, values, max_size=3),
    st.sampled_from(["", " ", "\n  ", " # ]}\n"]),
)
@settings(max_examples=300, deadline=None)
def test_any_text_that_tomllib_reads_is_scanned_to_its_end(top, table, blank):
    lines = [f"{quoted(key)} = {inline(value, blank)}" for key, value in top.items()]
    name = "table" if "table" not in top else "no such key"
    lines += [f'[["{name}"]]', *(f"{quoted(key)} = {inline(value, blank)}" for key, value in table.items())]
    text = "\n".join(lines) + "\n"
    data = tomllib.loads(text)
    found = places(text)
    assert set(found) == set(paths(data))
    for path, (line, column) in found.items():
        rest = text.split("\n")[line - 1][column - 1 :]
        if isinstance(path[-1], str):
            assert rest.startswith(("[[", quoted(path[-1]))), path


# --- names of places --------------------------------------------------------------------------------------------


def tree(text: str):
    return grow(tomllib.loads(text), places(text), Place("shop.toml", 1, 1))


ROUTE = """\
[[route.order]]
department = "inventory"
steps = [
  { name = "pack", takes = { gamma = { mean = "2 min" } } },
  { takes = "1 min" },
]
[[route.order]]
steps = []
[roles.packer]
teams = [{ people = 1, hours = "day" }, { name = "evening", hours = "day" }]
"""


@pytest.mark.parametrize(
    ("loc", "line", "path"),
    [
        (
            ("route", "order", 0, "steps", 0, "takes", "gamma", "mean"),
            4,
            "route.order → inventory → pack.takes.gamma.mean",
        ),
        (("route", "order", 0, "steps", 1, "takes"), 5, "route.order → inventory → step 2.takes"),
        (("route", "order", 0, "steps", 0, "by"), 4, "route.order → inventory → pack.by"),
        (("route", "order", 1, "steps"), 8, "route.order → block 2"),
        (("roles", "packer", "teams", 0, "people"), 10, "roles.packer.teams.day.people"),
        (("roles", "packer", "teams", 1, "people"), 10, "roles.packer.teams.evening.people"),
        (("hours",), 1, "hours"),
    ],
)
def test_places_have_names_for_people(loc, line, path):
    place, name = locate(tree(ROUTE), loc)
    assert (place.line, name) == (line, path)


def test_a_byte_order_mark_and_windows_line_ends_move_no_place(tmp_path):
    path = tmp_path / "shop.toml"
    path.write_bytes(b"\xef\xbb\xbf" + ROUTE.replace("\n", "\r\n").encode())
    node = read_tree(path).get("roles")
    assert node is not None
    assert (node.place.line, node.place.column) == (9, 1)
