"""Sweep numbers of a scenario over a design: what each does to the measures, and what to expect between the points."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.answers.finding import Finding
from analysis.answers.mind import mind
from analysis.questions.sweep.analysing import analyse
from analysis.questions.sweep.pictures import pictures
from analysis.questions.sweep.playing import Swept, played
from analysis.questions.sweep.reading import DesignFile, read_design
from analysis.questions.sweep.tables import points_table, replications_table, tables
from analysis.questions.sweep.telling import sentences, span
from analysis.runs.observe import Setting
from sim.language import say
from sim.log import versions
from sim.scenario.fields import in_language

__all__ = ["DesignFile", "Swept", "analyse", "played", "points_table", "read_design", "replications_table", "sweep"]


def sweep(
    design: str | Path | DesignFile,
    replications: int = 10,
    setting: Setting | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Finding:
    """Play a design (a file, or what `read_design` made of one) and say what it tells.

    Every point is played in the same `replications` under the same luck; `overrides` change the scenario at every
    point, as `--set` does. Raises BadInput.
    """
    setting = setting or Setting()
    file = design if isinstance(design, DesignFile) else read_design(design)
    swept = played(file, replications, setting, overrides)
    told = [analyse(swept, response) for response in swept.responses]
    factors = "; ".join(f"{axis.label} {span(axis)}" for axis in swept.axes)
    return Finding(
        experiment="sweep",
        title=in_language(file.design.title),
        question=say(
            "What changes in “{in_language}” with {factors}? ({frame:,} points, {replications} replications each)",
            in_language=in_language(swept.base.title),
            factors=factors,
            frame=len(swept.frame),
            replications=replications,
        ),
        recommendation=[sentence for each in told for sentence in sentences(swept, each)],
        tables=tables(swept, told),
        pictures=list(pictures(swept, told)),
        warnings=mind([swept.base]),
        provenance=_provenance(swept, setting),
    )


def _provenance(swept: Swept, setting: Setting) -> dict[str, Any]:
    return {
        "design": swept.file.path,
        "points": len(swept.frame),
        "plans": len(set(swept.digests)),
        "sources": [swept.base.source],
        "seed": setting.seed,
        "replications": swept.replications,
        "versions": versions(),
    }
