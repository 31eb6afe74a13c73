"""An answer as a notebook shows it: sentences, table and picture in one cell."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from analysis.answers.finding import Finding
from analysis.output.pages import fill
from analysis.output.report_question import cells

MOST_SAID = 5
"""Sentences that stand open; the others are folded."""

MOST_ROWS = 25


def cell(finding: Finding) -> str:
    """The HTML of a finding, without a page around it. Pictures are PNG: notebooks on the web show no foreign SVG."""
    told = finding.tables[0]
    read = told.read
    frame = read[[name for name in read.columns if name not in told.hidden]]
    return fill(
        "notebook.html.j2",
        {
            "finding": finding,
            "said": finding.recommendation[:MOST_SAID],
            "more": finding.recommendation[MOST_SAID:],
            "table": cells(told.caption, frame.iloc[:MOST_ROWS], told.notes),
            "left_out": max(0, len(frame) - MOST_ROWS),
            "picture": _picture(finding),
        },
    )


def _picture(finding: Finding) -> dict[str, Any] | None:
    """The first picture, if there is one."""
    from analysis.pictures import as_png

    if not finding.pictures:
        return None
    drawn = finding.pictures[0]
    png = as_png(drawn.draw(), drawn.name)
    return {"caption": drawn.caption, "png": b64encode(png).decode("ascii")}
