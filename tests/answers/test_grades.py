"""The grades in a scenario's comments: found where they stand, the weakest first, without what was replaced."""

from pathlib import Path

import pytest

from analysis.answers.grades import GRADES, NOT_GRADED, assumptions, grade_of, told
from sim.reading.places import comments
from sim.reading.source import read

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(SCENARIOS.glob("*.toml"))

BASE = """\
# Grades of the numbers: M measured, X assumption.
format = 1
title = { en = "5 shops # X", zh = "店" }
starts = 2025-10-06
runs_for = "1 week" # not a grade
warm_up = "1 day"

[hours] # B, a study: of shops like this
day = { "Mon-Fri" = ["09:00-17:00"] }
late = { "Mon-Fri" = ["17:00-22:00"] }

[roles.packer] # A
people = 2
hours = "day"

[arrivals.order]
per_day = 10 # X: as last year; C: or more
scatter = 0.2 # M
lines = { empirical = { values = [
  1,
  2, # C: seldom
], weights = [0.9, 0.1] } } # X: guessed

[[route.order]]
department = "inventory"
steps = [
  # X: with tape
  { name = "pack", do = "work", by = "packer", takes = "4 min" },
  { name = "ready", do = "end" },
]
"""

VARIANT = """\
based_on = "base.toml"

[arrivals.order]
per_day = 20 # M, the shop's own

[route.order.pack]
takes = "3 min"
"""


@pytest.fixture
def base(tmp_path):
    (tmp_path / "variant.toml").write_text(VARIANT, encoding="utf-8")
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")
    return tmp_path / "base.toml"


def lines_of(source):
    return [(each.grade, each.path, each.comment) for each in assumptions(source)[0]]


def test_each_graded_line_is_told_with_its_path_the_weakest_first(base):
    assert lines_of(read(base)) == [
        ("X", "arrivals.order.per_day", "X: as last year; C: or more"),
        ("X", "arrivals.order.lines", "guessed"),
        ("X", "route.order → inventory → pack", "with tape"),
        ("C", "arrivals.order.lines.empirical.values.1", "seldom"),
        ("B", "hours", "a study: of shops like this"),
        ("A", "roles.packer", ""),
        ("M", "arrivals.order.scatter", ""),
    ]


def test_lines_with_numbers_and_without_a_grade_are_counted(base):
    assert assumptions(read(base))[1] == 2  # runs_for and warm_up; all others stand under a grade
    assert told(read(base))[-1] == (NOT_GRADED, "2 other lines with numbers, such as headcounts")
    base.write_text(BASE.replace('"1 week" #', '"1 week" # X:').replace('"1 day"', '"1 day" # M'), encoding="utf-8")
    assert NOT_GRADED not in dict(told(read(base)))


def test_values_and_places_are_told(base):
    found = {each.path: each for each in assumptions(read(base))[0]}
    assert found["arrivals.order.scatter"].text == "arrivals.order.scatter: 0.2"
    assert found["route.order → inventory → pack"].text == 'route.order → inventory → pack: takes = "4 min" (with tape)'
    assert found["roles.packer"].place.line == BASE.split("\n").index("[roles.packer] # A") + 1


def test_a_variant_speaks_for_what_it_replaces(base):
    lines = lines_of(read(base.with_name("variant.toml")))
    assert ("M", "arrivals.order.per_day", "the shop's own") in lines
    assert [path for _, path, _ in lines].count("arrivals.order.per_day") == 1
    assert ("X", "route.order → inventory → pack", "with tape; changed by variant.toml") in lines
    assert ("A", "roles.packer", "") in lines


def test_an_override_takes_the_grade_of_what_it_replaces_away(base):
    lines = lines_of(read(base, {"arrivals.order.per_day": 30, "roles.packer.people": 3}))
    assert "arrivals.order.per_day" not in [path for _, path, _ in lines]
    assert ("A", "roles.packer", "changed by --set roles.packer.people") in lines


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("X", ("X", "")),
        ("X: 1.3 on average", ("X", "1.3 on average")),
        ("M, a Tmall store, 2020", ("M", "a Tmall store, 2020")),
        ("M for hours, the same store; X for days", ("X", "M for hours, the same store; X for days")),
        ("B, Gorgias: 6.7 in 100; X", ("X", "B, Gorgias: 6.7 in 100; X")),
        ("X: three at once (C); patience X", ("X", "three at once (C); patience X")),
        ("A: official; B: a study; M", ("B", "A: official; B: a study; M")),
        ("A monthly list", None),
        ("Many", None),
        ("was 4; X", None),
        ("", None),
        ("---- What comes in (M). ----", None),
    ],
)
def test_a_grade_stands_alone_or_before_its_words(comment, said):
    assert grade_of(comment) == said


def test_what_looks_like_a_comment_inside_a_text_is_none():
    text = 'a = "x # X" # M\nb = """\n# X\n""" # B\nc = \'#\' #C: "q\n# \'X\nd = "\\"#" # last'
    assert comments(text) == {1: "M", 4: "B", 5: 'C: "q', 6: "'X", 7: "last"}


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_every_grade_of_a_shipped_scenario_is_told_once(path):
    graded, others = assumptions(read(path))
    order = list(GRADES)
    assert [each.grade for each in graded] == sorted((each.grade for each in graded), key=order.index)
    assert len({each.place for each in graded}) == len(graded)
    assert all(each.path and each.value for each in graded)
    assert others > 0
    if b"based_on" not in path.read_bytes():
        written = [line for line in path.read_text("utf-8").split("\n") if grade_of(line.rpartition("# ")[2])]
        assert len(graded) == len(written) > 10


def test_what_is_weak_in_a_shipped_scenario_is_known_by_name():
    graded = {each.path: each for each in assumptions(read(SCENARIOS / "growing_store_one_more_packer.toml"))[0]}
    assert graded["arrivals.order.per_day"].grade == "X"
    assert graded["route.order → inventory → pack"].grade == "B"
    assert graded["route.order → inventory → wrong item"].text.endswith("at_most = 2 (1-3 %)")
    assert graded["route.chat → customer service → chat"].grade == "X"  # its comment stands on a line of its own
    assert graded["arrivals.order.by_hour"].comment == "a Tmall store, 2020"
