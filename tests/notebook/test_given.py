"""What a question is given: files or plans, with names or without, and keywords that are known."""

import pytest

import analysis
import sim
from analysis.notebook.given import assumed
from analysis.store import open_store
from sim.faults import BadInput
from tests.notebook.test_reply import CHATS, FOUNDER, HIRED, HOW, SHORT


def compare(*plans, **more):
    return analysis.compare(*plans, replications=2, measure=CHATS, **HOW, **more)


def test_files_and_plans_give_the_same_answer():
    plans = [sim.load(path, SHORT) for path in (FOUNDER, HIRED)]
    files = compare(FOUNDER, HIRED, set=SHORT)
    assert compare(*plans).frame.equals(files.frame)
    named = compare({"now": plans[0], "more": plans[1]})
    assert named.frame["alternative"].tolist() == ["more"]
    assert list(named.each(CHATS)) == ["now", "more"]


def test_a_plan_is_not_changed_by_set():
    with pytest.raises(BadInput, match="a plan is made already"):
        analysis.replicate(sim.load(FOUNDER), set=SHORT)


def test_an_unknown_keyword_is_told_with_the_nearest():
    with pytest.raises(TypeError, match='no keyword "wokers"; did you mean "workers"'):
        analysis.replicate(FOUNDER, wokers=1)


def test_a_wrong_measure_is_told_with_the_nearest():
    with pytest.raises(BadInput, match='did you mean "order"'):
        analysis.compare(FOUNDER, HIRED, measure="routes.oder.cycle_h", replications=1, set=SHORT, **HOW)


def test_runs_are_kept_in_a_store(tmp_path):
    answers = [compare(FOUNDER, HIRED, set=SHORT, store=tmp_path / "store") for _ in range(2)]
    assert answers[0].frame.equals(answers[1].frame)
    with open_store(tmp_path / "store") as store:
        assert [str(each) for each in store.status()] == ["compare: 4 of 4 jobs"]


def test_what_was_assumed_is_that_of_the_files():
    of_files = assumed([FOUNDER], {}, ())
    assert ("X", "arrivals.order.per_day: 30") in of_files
    assert assumed([sim.load(FOUNDER)], {}, ()) == of_files
    ((grade, text),) = assumed([sim.load(FOUNDER, SHORT)], {}, ())
    assert text.startswith("solo_founder.toml as it was changed")
    assert grade == "not graded"
