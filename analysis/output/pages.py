"""HTML pages: a template filled in, self-contained and with everything escaped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.language import say


def fill(template: str, content: dict[str, Any]) -> str:
    """The page that a template of `analysis/output/templates/` gives with this content."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).parent / "templates"
    loader = FileSystemLoader(folder, encoding="utf-8")
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page.filters["tight"] = _tight
    page.globals["say"] = say
    return page.get_template(template).render(content)


def _tight(text: str) -> str:
    """The text with its figures kept on one line."""
    return text.replace(" ± ", "\u00a0±\u00a0").replace(" %", "\u00a0%")
