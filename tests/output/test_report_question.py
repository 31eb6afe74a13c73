"""The report of an experiment: in the order of an answer, complete, self-contained, safe, the same every time."""

import re

import pandas as pd
import pytest

from analysis import pictures as drawn
from analysis.output import report_question
from analysis.output.report_question import Answer, pictures, render
from tests.helpers.frames import CHINESE, difference_frame, marginal_frame
from tests.output.test_report import Page

SCRIPT = "<script>alert(1)</script>"
NAN = float("nan")


@pytest.fixture(scope="module")
def answer():
    table = pd.DataFrame(
        {
            "measure": [f"cycle time {SCRIPT}", CHINESE],
            "mean": [8.123456, NAN],
            "n": [20, 21412],
            "day": pd.to_datetime(["2025-09-08", None]),
            f"verdict {SCRIPT}": ["better", "not proven"],
            "sure": [True, False],
        }
    )
    named = difference_frame(3)
    named.loc[0, "label"] = f"A & {SCRIPT}"
    return Answer(
        title=f"One more packer {SCRIPT}",
        question=f"Is a packer worth it {SCRIPT}?",
        recommendation=[f"Hire one: 8.1 ± 0.4 h {SCRIPT}.", "Not proven for two."],
        assumptions=[
            ("M", "measured <b>"),
            ("X", f"guessed {SCRIPT}"),
            ("not graded", "3 other lines"),
            ("C", "read somewhere"),
            ("X", "guessed too"),
            ("Q", "a grade of its own"),
        ],
        tables=[(f"Differences {SCRIPT}", table, f"Paired {SCRIPT}."), ("Empty one", table.iloc[:0], "")],
        figures=[
            (f"Left is less {SCRIPT}.", drawn.differences(named, title=f"{CHINESE} {SCRIPT}")),
            ("Bars.", drawn.marginal(marginal_frame(3), "cycle time", "h")),
            ("The same again.", drawn.marginal(marginal_frame(3), "cycle time", "h")),
        ],
        command=f"python run_sim.py compare 'a & b' --set \"x={SCRIPT}\"",
        provenance={"seed": 7, f"note {SCRIPT}": SCRIPT},
    )


@pytest.fixture(scope="module")
def html(answer):
    return render(answer)


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_it_reads_like_an_answer(page):
    order = [
        "One more packer", "Is a packer worth it", "Hire one: 8.1 ± 0.4 h", "Not proven for two.", "Pictures",
        "Left is less", "All figures", "Differences", "What was assumed", "guessed", "guessed too", "read somewhere",
        "measured <b>", "3 other lines", "a grade of its own", "How to run it again", "python run_sim.py compare",
        "seed",
    ]  # fmt: skip
    body = page.text[page.text.index("The answer", page.text.index("How to run it again")) :]
    rest = f"{page.text[: page.text.index('The answer')]} {body}"
    at = -1
    for words in order:
        at = rest.index(words, at + 1)


def test_assumptions_are_told_by_grade_with_their_number(page):
    assert "X assumption: 2" in page.text
    assert "C content site (weak): 1" in page.text
    assert "M measured in order data: 1" in page.text


def test_tables_tell_figures_as_people_read_them(page):
    heading, first, second = page.tables["1"]
    assert heading == ["measure", "mean", "n", "day", f"verdict {SCRIPT}", "sure"]
    assert first == [f"cycle time {SCRIPT}", "8.123", "20", "2025-09-08", "better", "yes"]
    assert second == [CHINESE, "–", "21,412", "–", "not proven", "no"]
    assert "2" not in page.tables
    assert "No rows: there was nothing to tell." in page.text


def test_verdicts_are_marked(html):
    assert '<span class="badge kept">better</span>' in html
    assert '<span class="badge open">not proven</span>' in html


def test_nothing_that_a_user_wrote_becomes_markup(html, page):
    assert "script" not in page.tags
    assert SCRIPT not in html
    assert "&lt;script&gt;" in html
    assert page.text.count(SCRIPT) >= 11


def test_it_asks_nothing_of_the_network(html, page):
    assert not {"link", "img", "iframe", "image"} & set(page.tags)
    assert "http" not in re.sub(r'http-equiv="Content-Security-Policy"', "", html)
    assert not re.search(r"@import|url\((?!#)", html)
    assert all(value.startswith("#") for name, value in page.attributes if name in ("href", "src"))
    assert "default-src 'none'" in html


@pytest.mark.usefixtures("chinese_font")
def test_pictures_share_no_names_and_are_told_in_words(page):
    names = [value for name, value in page.attributes if name == "id"]
    assert len(set(names)) == len(names)
    for name, value in page.attributes:
        if name in ("href", "clip-path"):
            assert value.removeprefix("url(").strip("#)") in names
    told = [value for name, value in page.attributes if name == "aria-label"]
    assert f"{CHINESE} {SCRIPT}. Left is less {SCRIPT}." in told
    assert CHINESE in page.text


def test_the_same_answer_gives_the_same_page_and_pictures(answer, html):
    drawn = pictures(answer)
    assert list(drawn) == ["figure_1", "figure_2", "figure_3"]
    assert all(picture.startswith(b"\x89PNG") for picture in drawn.values())
    assert render(answer) == html
    assert pictures(answer) == drawn


def test_an_answer_of_nothing_says_so():
    page = Page(render(Answer("A title", "A question?", [])))
    assert "Nothing can be recommended" in page.text
    assert "all of them are assumptions" in page.text
    assert "No command makes it again" in page.text
    assert "Pictures" not in page.text
    assert "All figures" not in page.text


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (pd.NaT, "–"), (0.0, "0"), (-0.5, "−0.5"), (1234567.8, "1,234,568"), ("a", "a"), ([1, 2], "[1, 2]"),
     (pd.Timestamp("2025-09-08 10:30"), "2025-09-08 10:30:00")],
)  # fmt: skip
def test_a_cell_is_told_as_people_read_it(value, said):
    assert report_question._cell(value) == said
