"""The shop that `new` writes: it can be played as it stands, at any size, and replaces nothing."""

from __future__ import annotations

import pytest

import run_sim
import sim
from analysis.answers.answer import answer
from analysis.runs import replicate


@pytest.mark.parametrize("orders", [1, 60, 250, 3000])
def test_a_new_shop_keeps_its_promises_at_any_size(orders, tmp_path, capsys):
    file = tmp_path / "shop.toml"
    assert run_sim.main(["new", str(file), "--orders", str(orders)]) == 0
    assert f"run_sim.py {file}" in capsys.readouterr().out
    told = answer(replicate(sim.load(file, {"runs_for": "4 weeks"}), 4, workers=1))
    assert not told.warnings
    assert [sentence.split()[-1] for sentence in told.promises] == ["kept.", "kept."]


def test_a_title_is_written_as_toml_wants_it(tmp_path):
    file = tmp_path / "shop.toml"
    assert run_sim.main(["new", str(file), "--title", 'Tea "and" C:\\pots 茶 $10']) == 0
    assert sim.load(file).title["en"] == 'Tea "and" C:\\pots 茶 $10'


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("old.toml", "exists already; it is not replaced"),
        ("shop.txt", 'a scenario is a .toml file, such as "shop.toml"'),
        ("nowhere/shop.toml", "cannot be written: No such file or directory"),
    ],
)
def test_mistakes_end_in_a_sentence(name, sentence, tmp_path, capsys):
    (tmp_path / "old.toml").write_text("mine")
    assert run_sim.main(["new", str(tmp_path / name)]) == 2
    assert sentence in capsys.readouterr().err
    assert (tmp_path / "old.toml").read_text() == "mine"
