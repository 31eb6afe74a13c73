"""What comes back shows itself, hands out its figures, and knows measures by one path."""

import json

import numpy as np
import pytest

import analysis
import sim
from analysis.runs.replications import replicate
from sim.faults import BadInput
from tests.record_examples import ROOT

FOUNDER, HIRED = (str(ROOT / "scenarios" / f"solo_founder{end}.toml") for end in ("", "_hires_service"))
SHORT = {"runs_for": "2 weeks"}
CHATS = "promises.chat answered in 60 s.share"
HOW = {"workers": 1, "engine": "simpy", "quiet": True}


@pytest.fixture(scope="module")
def run():
    return analysis.replicate(FOUNDER, replications=3, set=SHORT, **HOW)


@pytest.fixture(scope="module")
def compared():
    return analysis.compare(FOUNDER, HIRED, replications=3, set=SHORT, **HOW)


def test_a_run_gives_the_figures_of_its_replications(run):
    result = replicate(sim.load(FOUNDER, SHORT), 3, workers=1, engine="simpy")
    row = run[CHATS].iloc[0]
    told = result.get("promise", "chat answered in 60 s", "share")
    assert (row["mean"], row["low"], row["high"], row["unit"]) == (told.mean, told.low, told.high, "share")
    each = run.each(CHATS)
    assert list(each.columns) == ["solo_founder"]
    assert each["solo_founder"].tolist() == result.each("promise", "chat answered in 60 s", "share").tolist()


def test_every_figure_has_a_path_a_unit_and_an_interval(run, compared):
    for frame in (run.frame, compared.frame):
        assert {"path", "unit", "low", "high", "n"} <= set(frame.columns)
        known = frame.dropna(subset=["low", "high"])
        assert len(known)
        assert (known["low"] <= known["high"]).all()
    assert run.frame["path"].is_unique


def test_a_comparison_holds_what_the_replications_differ_by(compared):
    each = compared.each(CHATS)
    assert list(each.columns) == ["solo_founder", "solo_founder_hires_service"]
    difference = (each["solo_founder_hires_service"] - each["solo_founder"]).mean()
    assert np.isclose(compared[CHATS]["difference"].iloc[0], difference)


@pytest.mark.parametrize("ask", [lambda reply, path: reply[path], lambda reply, path: reply.each(path)])
def test_a_wrong_measure_is_told_with_the_nearest(run, compared, ask):
    for reply in (run, compared):
        with pytest.raises(BadInput, match='did you mean "chat answered in 60 s"'):
            ask(reply, "promises.chat anwered in 60 s.share")


def test_printing_is_short_and_says_the_answer(run, compared):
    for reply in (run, compared):
        assert str(reply).startswith(reply.finding.title)
        assert reply.sentences[0] in repr(reply)
        assert len(repr(reply)) < 4000
    assert f"… and {len(run.sentences) - 8} more" in repr(run)


def test_a_notebook_shows_sentences_table_and_picture(run, compared):
    for reply in (run, compared):
        html = reply._repr_html_()
        assert html.count("<table>") == 1
        assert html.count('src="data:image/png;base64,') == 1
        assert "kept: chat answered in 60 s" in html
        assert reply.sentences[-1].split("±")[0].strip() in html
    assert "<details><summary>12 more</summary>" in run._repr_html_()


def test_words_of_a_scenario_are_no_markup(tmp_path):
    title = {"title": "<script>alert(1)</script>"}
    reply = analysis.replicate(FOUNDER, replications=1, set={**SHORT, **title}, **HOW)
    assert "<script>" not in reply._repr_html_()


def test_figures_are_handed_out_by_name_and_show_themselves(run, compared):
    assert run.figures == ["flow", "delays", "delays_by_step", "queues", "utilisation", "cycle_times"]
    assert run.figure("queues").get_suptitle() != run.figure().get_suptitle()
    assert compared.figure()._repr_png_()[1:4] == b"PNG"
    with pytest.raises(BadInput, match='did you mean "utilisation"'):
        run.figure("utilization")


def test_the_report_is_that_of_the_command_line_and_says_the_call(run, compared, tmp_path):
    text = run.report(tmp_path / "deep" / "run.html").read_text(encoding="utf-8")
    assert "analysis.replicate(" in text
    assert "replications=3" in text
    assert text.count("<svg") == 7
    text = compared.report(tmp_path / "compare.html").read_text(encoding="utf-8")
    assert "What was assumed" in text
    assert "arrivals.order.per_day: 30" in text
    assert text.count("<svg") == 1


def test_a_folder_is_saved_and_not_replaced_unasked(compared, run, tmp_path):
    folder = compared.save(tmp_path / "answer")
    assert json.loads((folder / "provenance.json").read_text())["experiment"] == "compare"
    assert (folder / "tables" / "compare.csv").is_file()
    assert (folder / "plots" / "differences.png").is_file()
    with pytest.raises(BadInput, match="exists already"):
        run.save(folder)
    assert (run.save(folder, force=True) / "plan.json").is_file()


def test_what_is_handed_out_can_be_changed_without_changing_the_answer(compared):
    frame = compared.frame
    frame["low"] = 0.0
    assert not (compared.frame["low"] == 0).all()
