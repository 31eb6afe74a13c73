"""How far a question is, in a notebook that has no widgets."""

import sys
from types import SimpleNamespace

import pytest

import analysis
from analysis.output import notebook_bar
from tests.notebook.test_reply import FOUNDER, SHORT


class Handle:
    def __init__(self, shown):
        self.shown = shown

    def update(self, what):
        self.shown.append(what._repr_html_())


@pytest.fixture
def shown(monkeypatch):
    """What a notebook shows, one after another."""
    found = []

    def display(what, display_id):
        assert display_id is True
        found.append(what._repr_html_())
        return Handle(found)

    page = SimpleNamespace(display=display)
    ipython = SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=1), display=page)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", page)
    return found


def test_a_notebook_sees_how_far_it_is_and_then_nothing_more(shown, monkeypatch):
    monkeypatch.setattr(notebook_bar, "EVERY_S", 0)
    analysis.replicate(FOUNDER, replications=3, set=SHORT, workers=1, engine="simpy")
    assert [text.partition("</progress> ")[2].partition(",")[0] for text in shown] == [
        "0 of 3 replications", "1 of 3 replications", "2 of 3 replications", "3 of 3 replications", "",
    ]  # fmt: skip
    assert 'value="2" max="3"' in shown[2]
    assert shown[-1] == ""


def test_a_quiet_question_shows_nothing(shown):
    analysis.replicate(FOUNDER, replications=1, set=SHORT, workers=1, engine="simpy", quiet=True)
    assert shown == []


def test_the_bar_goes_when_a_question_fails(shown):
    def interrupted():
        with notebook_bar.NotebookBar("runs", 2):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert shown[-1] == ""


def test_outside_a_notebook_there_is_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert not notebook_bar.in_notebook()
