"""What all pictures share: one colour per cause, fonts that can draw the words, sizes."""

from __future__ import annotations

import logging
import textwrap
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.measures.ledger import CAUSES
from analysis.runs.result import Result
from sim.language import say
from sim.scenario.fields import in_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OKABE_ITO = ("#009E73", "#F0E442", "#D55E00", "#E69F00", "#0072B2", "#CC79A7", "#56B4E9", "#999999")
"""A palette that can be told apart with every kind of colour blindness (Okabe and Ito, 2008)."""

COLOURS = dict(
    zip(
        CAUSES,
        (*OKABE_ITO[:4], "#0A3A5C", OKABE_ITO[4], "#9DC3DE", "#7F3C8D", *OKABE_ITO[5:7], "#1B1C6B", OKABE_ITO[7]),
        strict=True,
    )
)
"""The colour of each cause, the same in every picture; where nobody is on shift, shades of one."""

INK, RULE, LINE = "#1b1c1d", "#c6c7c8", "#0a6fb3"
"""Colours of words, of thin lines and of curves; a page replaces them by its own (see `inline`)."""

SOFT, WARN, PAGE = "#5b6168", "#a33c00", "#fefefe"
"""Colours of what is in doubt, of what is worse and of the paper; a page replaces them too."""

CHINESE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB",
    "Heiti SC", "SimHei", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Noto Sans CJK JP", "Noto Sans CJK TC",
    "Droid Sans Fallback", "Arial Unicode MS", "Noto Serif CJK SC", "Noto Serif CJK JP",
)  # fmt: skip
"""Fonts with Chinese characters, the best first; the first that is installed is used."""

FILLER = "\0"
"""Follows each character that is two columns wide while columns are counted."""

WIDTH = 9.0
"""Of every picture, in inches."""

HEADLINE = "headline"
"""Marks the title, which a page leaves out: it has its own."""

UNITS = (("days", 24.0), ("hours", 1.0), ("minutes", 1 / 60), ("seconds", 1 / 3600))
"""Units of time, with their length in hours."""


@contextmanager
def drawing(name: str) -> Iterator[None]:
    """Draw and write the picture of this name here: the same whatever settings Matplotlib has on this machine."""
    from matplotlib import rc_context, rcParams
    from matplotlib.style import use

    with rc_context(), _without_words_on_fonts():
        use("default")
        rcParams.update(_settings(name))
        yield


@contextmanager
def _without_words_on_fonts() -> Iterator[None]:
    """Keep Matplotlib from telling that the font with Chinese characters has no bold: nobody can mend that."""
    logger = logging.getLogger("matplotlib.font_manager")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _settings(name: str) -> Any:
    return {
        "font.family": families(),
        "font.size": 9,
        "axes.titlesize": 9.5,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": False,
        "axes.axisbelow": True,
        "grid.color": RULE,
        "grid.linewidth": 0.6,
        "hatch.linewidth": 0.5,
        "legend.frameon": False,
        "figure.titlesize": 12,
        "figure.titleweight": "bold",
        "figure.constrained_layout.use": True,
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
        **dict.fromkeys(("axes.edgecolor",), RULE),
    }


def new_figure(title: str, height: float, width: float = WIDTH) -> Figure:
    """An empty picture, so many inches high and wide."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    figure.suptitle(say(title), x=0.01, ha="left").set_gid(HEADLINE)
    return figure


def settle(figure: Figure) -> None:
    """Lay the figure out, once: however often and in whatever form it is written then, everything lies where it lay."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.execute(figure)
        figure.set_layout_engine("none")


def empty_figure(title: str, words: str) -> Figure:
    """Words in place of a picture for which there is nothing to draw."""
    figure = new_figure(title, 0.9)
    note(figure.subplots(), words)
    return figure


def note(axes: Axes, words: str) -> None:
    """Words in place of axes that would be empty."""
    axes.set_axis_off()
    axes.text(0.0, 0.5, words, transform=axes.transAxes, va="center", ha="left", style="italic")


@cache
def families() -> list[str]:
    """The fonts to draw with: one that always exists and, if there is one, one with Chinese characters."""
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    return ["DejaVu Sans", *[name for name in CHINESE if name in installed][:1]]


@cache
def drawable(character: str) -> bool:
    """Whether one of the fonts has this character."""
    from matplotlib.font_manager import findfont, get_font

    return any(get_font(findfont(name)).get_char_index(ord(character)) for name in families())


def legible(title: dict[str, str], name: str) -> str:
    """The English title, else one in another language, else the name: the first that the fonts can draw."""
    for text in (in_language(title), *title.values(), name) if title else (name,):
        tidy = " ".join(text.split())
        if tidy and all(character == " " or drawable(character) for character in tidy):
            return tidy
    return "".join(c if c == " " or drawable(c) else "?" for c in " ".join(name.split()))


def wrap(text: str, width: int = 30, lines: int = 2) -> str:
    """The text in lines of so many columns (a Chinese character fills two); one too long is cut in its middle."""
    padded = "".join(f"{c}{FILLER}" if unicodedata.east_asian_width(c) in "WF" else c for c in text)
    room, wrapped = len(padded), textwrap.wrap(padded, width)
    while len(wrapped) > lines:
        room -= 2
        wrapped = textwrap.wrap(f"{padded[: room - 10].rstrip()} … {padded[-8:].lstrip()}", width)
    return "\n".join(wrapped).replace(FILLER, "")


def unit_for(longest_h: float, units: tuple[tuple[str, float], ...] = UNITS) -> tuple[str, float]:
    """The unit for an axis that ends at so many hours, and its length in hours: the largest of which it shows three."""
    return next((unit for unit in units if longest_h >= 3 * unit[1]), units[-1])


def role_label(result: Result, role: int) -> str:
    """What a picture calls a role."""
    each = result.plan.roles[role]
    return legible(each.title, each.name)


def step_label(result: Result, step: int, with_route: bool = False) -> str:
    """What a picture calls a step."""
    each = result.plan.steps[step]
    label = legible(each.title, each.name)
    return f"{label} ({legible({}, result.plan.routes[each.route].name)})" if with_route else label


def busiest_routes(result: Result, at_most: int) -> list[int]:
    """The routes with most cases in the shop, those first."""
    inside = [result.get("route", route.name, "in_progress").mean for route in result.plan.routes]
    order = np.argsort(-np.nan_to_num(np.array(inside)), kind="stable")
    return [int(number) for number in order[:at_most]]
