"""Files that nobody writes by hand end in a sentence, at once and without much memory."""

import tracemalloc

import pytest

import sim
from sim.reading.source import parse_override


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a" + ".a" * 20_000 + " = 1\n", "a key has more than 40 words with dots between them"),
        ('"a"' + ' . "b"' * 20_000 + " = 1\n", "a key has more than 40 words with dots between them"),
        ("[" + "a." * 20_000 + "a]\n", "a key has more than 40 words with dots between them"),
        ("x = { " + "a." * 20_000 + "a = 1 }\n", "a key has more than 40 words with dots between them"),
        ("x = " + "[" * 20_000 + "]" * 20_000, "its lists and tables are nested too deep"),
        ("x = [" + "'bad', " * 1_000_000 + "]", "has more than 2,000,000 bytes"),
    ],
    ids=["dots", "quoted", "header", "inline", "lists", "cells"],
)
def test_it_is_refused_before_it_is_parsed(tmp_path, text, says):
    (tmp_path / "shop.toml").write_text(text, encoding="utf-8")
    tracemalloc.start()
    with pytest.raises(sim.BadInput) as caught:
        sim.load(tmp_path / "shop.toml")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert says in str(caught.value)
    assert len(caught.value.faults) == 1
    assert most < 50_000_000


def test_dots_in_words_are_no_keys(tmp_path):
    dots = "a" + ".b" * 100
    text = f"# {dots}\ntitle = \"{dots}\"\nstory = '''\n{dots}\n'''\n"
    (tmp_path / "shop.toml").write_text(text, encoding="utf-8")
    with pytest.raises(sim.BadInput) as caught:
        sim.load(tmp_path / "shop.toml")
    assert "words with dots" not in str(caught.value)


@pytest.mark.parametrize("text", ["a" + ".a" * 20_000 + "=1", "roles={" + "a." * 20_000 + "a=1}"])
def test_so_is_an_override(text):
    with pytest.raises(sim.BadInput, match="--set: a key has more than 40 words"):
        parse_override(text)
