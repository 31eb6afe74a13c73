"""Examples print what the documentation says they print; the Python in it runs."""

import doctest
import re

import pytest

from tests.record_examples import PAGES, ROOT, examples, output_of

EXAMPLES = examples()


@pytest.mark.parametrize(("page", "command", "lines", "recorded"), EXAMPLES, ids=[each[1] for each in EXAMPLES])
def test_recorded_output_is_what_the_command_prints(page, command, lines, recorded):
    assert output_of(command, lines) == recorded


def test_the_readme_has_its_two_commands_and_an_example():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "<!-- command: main -->" in readme
    assert "<!-- command: tests -->" in readme
    assert any(page.name == "README.md" for page, *_ in EXAMPLES)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_python_sessions_in_the_documentation_run(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    failed, _ = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8")
    assert failed == 0


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"
