"""docs/measures.md says of every table of measures whom it counts."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))


def test_every_section_with_measures_says_whom_they_count():
    tables = {name: text for name, text in SECTIONS.items() if re.search(r"^\| (measure|column|cause) \|", text, re.M)}
    assert len(tables) >= 8
    assert [name for name, text in tables.items() if "ounts: " not in text] == []
