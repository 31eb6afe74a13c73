"""Every sentence that a user reads goes through `sim.language`, so that a catalogue can say it in another tongue."""

import ast
import gettext
import re
import string
from pathlib import Path

import pytest

import sim
from analysis.answers.answer import answer
from analysis.runs import replicate
from sim.language import ENGLISH, Tongue, _LocalNumbers, later, say, say_many, speaking

ROOT = Path(__file__).resolve().parents[2]
SAYING = {"say", "say_many", "later"}
FOR_DEVELOPERS = {
    "ValueError",
    "TypeError",
    "KeyError",
    "RuntimeError",
    "AssertionError",
    "NotImplementedError",
    "Inconsistent",
}
NOT_READ = {
    "compile",
    "fullmatch",
    "search",
    "match",
    "sub",
    "execute",
    "executemany",
    "executescript",
    "option",
    "argument",
}
ELSEWHERE = {
    "sim/verify": "what only a broken engine can cause",
    "sim/plan_check.py": "what only a broken plan file can cause",
    "sim/engine": "as sim/verify",
    "sim/scenario/schema.py": "JSON schema for editors",
    "analysis/questions/sweep/schema.py": "JSON schema for editors",
    "analysis/measures": "keys of measures",
    "analysis/pictures/style.py": "names of fonts",
    "analysis/statistics": "calls with wrong arguments, by who writes a program",
    "analysis/questions/headcount": "the trace of a search, a table for researchers",
    "sim/fast/folders.py": "told before anybody has chosen a language",
    "sim/fast/people_tables.py": "as sim/verify",
    "sim/log.py": "versions in provenance",
}
WORD = re.compile(r"(?<![\w.{/])[a-z]{2,}(?![\w/=])")


def _files():
    for file in [*ROOT.glob("sim/**/*.py"), *ROOT.glob("analysis/**/*.py")]:
        told = str(file.relative_to(ROOT))
        if not told.startswith(tuple(ELSEWHERE)) and told != "sim/language.py":
            yield file


def _plain(node):
    """The text of a literal, with "" where values stand."""
    if isinstance(node, ast.JoinedStr):
        return "".join(each.value for each in node.values if isinstance(each, ast.Constant))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


DATA = {  # words of a scenario, names of columns
    "start only what fits",
    "late in the peak",
    "after the warm-up",
    "plan, seed, replication, engine, measures",
}


def _is_sentence(text):
    return (
        text not in DATA
        and len(WORD.findall(text)) >= 4
        and not re.search(r"SELECT|FROM|INSERT|PRAGMA|CREATE|DELETE|\(\?|\.\*|stroke-|\x08", text)
    )


def _unsaid(node):
    """Sentences below a node that go through none of `SAYING`."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in SAYING | FOR_DEVELOPERS | NOT_READ:
            return
    if isinstance(node, ast.keyword) and node.arg == "description":
        return  # of a schema for editors
    if isinstance(node, ast.Dict) and any(getattr(key, "value", "") == "description" for key in node.keys):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if _is_sentence(_plain(node)):
        yield node.lineno, _plain(node)
        return
    for child in ast.iter_child_nodes(node):
        yield from _unsaid(child)


@pytest.mark.parametrize("file", sorted(_files()), ids=lambda file: str(file.relative_to(ROOT)))
def test_no_sentence_goes_past_the_catalogues(file):
    assert list(_unsaid(ast.parse(file.read_text(encoding="utf-8")))) == []


class Marked(gettext.NullTranslations):
    """A tongue of which every sentence can be told: it stands in brackets."""

    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, msgid1, msgid2, n):
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


MARKED = Tongue("marked", Marked(), string.Formatter())


def test_all_that_is_answered_is_said():
    plan = sim.load(ROOT / "scenarios/textbook/one_clerk.toml", {"runs_for": "2 weeks"})
    result = replicate(plan, replications=2, seed=1, workers=1)
    with speaking(MARKED):
        told = answer(result)
    lines = [*told.holds, *told.promises, *told.flow, *told.money, *told.precision, *told.warnings]
    assert lines
    assert [line for line in lines if "⟦" not in line] == []


def test_a_sentence_is_english_unless_another_tongue_is_spoken():
    assert say("{n} of {all:,} wait", n=3, all=1200) == "3 of 1,200 wait"
    with speaking(MARKED):
        assert say("{n} wait", n=3) == "⟦3 wait⟧"
        assert say_many("{number} row", "{number} rows", 2) == "⟦2 rows⟧"
        assert later("{n} wait") == "{n} wait"
    assert say("none {wait}") == "none {wait}"


def test_numbers_carry_the_marks_of_the_tongue():
    german = Tongue("de", ENGLISH.catalogue, _LocalNumbers("de"))
    with speaking(german):
        assert say("{n:,.1f} h, {name}", n=1234.5, name="1.5 t") == "1.234,5 h, 1.5 t"
