"""A figure as SVG that stands inside a page: it takes the page's colours and fonts and shares no names with others."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from analysis.pictures.style import HEADLINE, INK, LINE, PAGE, RULE, SOFT, WARN, settle

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REFERENCE = re.compile(r"url\(#([^)]+)\)")
THEME = {
    INK: "currentColor",
    RULE: "var(--rule)",
    LINE: "var(--line)",
    SOFT: "var(--soft)",
    WARN: "var(--bad)",
    PAGE: "var(--page)",
}


def inline(figure: Figure, name: str, words: str) -> str:
    """The figure without its title (the page has one) as an <svg> element; `words` are read aloud in its place."""
    root = ET.fromstring(_without_title(figure))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.endswith(("}metadata", "}style")):
                parent.remove(child)
    for element in root.iter():
        _adapt(element, name)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    root.set("preserveAspectRatio", "xMinYMin meet")
    root.set("role", "img")
    root.set("aria-label", words)
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    return ET.tostring(root, encoding="unicode")


def _without_title(figure: Figure) -> str:
    """The figure as a file, its title cut off."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.transforms import Bbox

    settle(figure)
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]  # it has no types
    file, (width, height) = io.StringIO(), figure.get_size_inches()
    titles = figure.findobj(lambda part: part.get_gid() == HEADLINE)
    for title in titles:
        height = title.get_window_extent(renderer).y0 / figure.dpi
        title.set_visible(False)
    wanted: dict[str, Any] = {"bbox_inches": Bbox([[0, 0], [width, height]]), "transparent": True}
    figure.savefig(file, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")), **wanted)
    for title in titles:
        title.set_visible(True)
    return file.getvalue()


def _adapt(element: ET.Element, name: str) -> None:
    """Drop namespaces (a page has none), make names unique, take the page's colours and fonts."""
    element.tag = element.tag.rpartition("}")[2]
    for key in list(element.attrib):
        value = element.attrib.pop(key)
        if key == "id":
            if element.tag == "g":
                continue
            value = f"{name}-{value}"
        elif key.endswith("href"):
            key, value = "href", value.replace("#", f"#{name}-", 1)
        else:
            value = REFERENCE.sub(rf"url(#{name}-\1)", value)
        if key == "style":
            value = _themed(value)
        element.set(key, value)


def _themed(style: str) -> str:
    for colour, variable in THEME.items():
        style = style.replace(colour, variable)
    return re.sub(r"'DejaVu Sans'[^;]*", "var(--sans)", style)
