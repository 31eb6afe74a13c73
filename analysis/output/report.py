"""The report: one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from analysis.answers import captions
from analysis.answers.answer import answer, grave, verdict
from analysis.answers.bottlenecks import Bottleneck, bottlenecks
from analysis.answers.words import hours, per_cent, role_title, step_title, with_interval
from analysis.measures.ledger import HOLDING, TOLD
from analysis.output import report_tables
from analysis.output.event_days import event_day_table
from analysis.output.pages import fill
from analysis.pictures import NAMES, Drawn, draw
from analysis.pictures.style import COLOURS
from analysis.runs.result import Result
from analysis.runs.workers import run_jobs
from sim.language import say
from sim.plan import Promise
from sim.scenario.fields import in_language

MOST_BOTTLENECKS = 12


def render(result: Result, pictures: Mapping[str, Drawn], command: str, first: Sequence[str] = ()) -> str:
    """The whole report as HTML; `command` is the one that makes it again, `first` what is read first. The same result
    gives the same text.
    """
    content = {**_content(result), "pictures": _pictures(pictures), "command": command, "first": first}
    return fill("report.html.j2", content)


def drawn(result: Result, workers: int | None = None) -> dict[str, Drawn]:
    """Every picture of a run by name, drawn in so many processes (default: all cores)."""
    return dict(zip(NAMES, run_jobs(partial(_draw, result), list(NAMES), workers), strict=True))


def _draw(result: Result, name: str) -> Drawn:
    heading, caption = map(say, captions.PICTURES[name])
    return draw(name, result, f"{heading}. {caption}")


def _content(result: Result) -> dict[str, Any]:
    """What the template shows."""
    from analysis.runs.result import provenance

    plan, found, told = result.plan, bottlenecks(result), answer(result)
    title = in_language(plan.title)
    return {
        "title": title,
        "other_titles": {language: text for language, text in plan.title.items() if text != title},
        "story": [" ".join(part.split()) for part in plan.story.split("\n\n") if part.strip()],
        "facts": captions.facts(result),
        "replications": result.replications,
        "answer": told,
        "grave": grave(told.warnings),
        "promises": [_promise(result, promise) for promise in plan.promises],
        "event_days": event_day_table(result),
        "bottlenecks": [_bottleneck(result, each) for each in found[:MOST_BOTTLENECKS]],
        "more_bottlenecks": len(found[MOST_BOTTLENECKS:]),
        "causes": {cause: (TOLD[cause], COLOURS[cause]) for cause in HOLDING},
        "tables": _tables(result),
        "arrivals": report_tables.arrival_table(result),
        "assumptions": captions.assumptions(result),
        "notices": plan.notices,
        "glossary": {say(word): say(meaning) for word, meaning in captions.GLOSSARY.items()},
        "provenance": provenance(result, ""),
    }


def _tables(result: Result) -> list[report_tables.Table]:
    makers = (
        report_tables.role_table,
        report_tables.team_table,
        report_tables.department_table,
        report_tables.route_table,
        report_tables.outcome_table,
        report_tables.step_table,
        report_tables.turn_table,
        report_tables.money_table,
        report_tables.ledger_table,
        report_tables.step_ledger_table,
    )
    return [table for table in (make(result) for make in makers) if table.rows]


def _pictures(pictures: Mapping[str, Drawn]) -> dict[str, dict[str, Any]]:
    from markupsafe import Markup

    shown = {}
    for name, picture in pictures.items():
        heading, caption = map(say, captions.PICTURES[name])
        image = Markup(picture.svg)  # serialised XML, not text
        shown[name] = {"name": name, "heading": heading, "caption": caption, "svg": image}
    return shown


def _promise(result: Result, promise: Promise) -> dict[str, Any]:
    share = result.get("promise", promise.name, "share")
    place = ("promise", promise.name)
    counts = [result.each(*place, name) for name in ("kept", "broken", "undecided")]
    return {
        "name": promise.name,
        "says": captions.in_words(result, promise),
        "target": f"{promise.share * 100:.4g} %",
        "share": per_cent(share),
        "verdict": say("nothing to judge") if np.isnan(share.mean) else verdict(share, promise.share),
        "counts": [report_tables.told(result, place, count, "plain") for count in counts],
    }


def _bottleneck(result: Result, found: Bottleneck) -> dict[str, Any]:
    plan, total = result.plan, found.lost_h_per_week.mean
    names = [role.name for role in plan.roles]
    causes = [(cause, each.mean / total) for cause, each in found.causes.items() if total > 0 and each.mean > 0]
    return {
        "rank": found.rank,
        "step": step_title(plan, found.number),
        "route": found.route,
        "hold": hours(found.hold_h),
        "share": per_cent(found.share),
        "lost": with_interval(found.lost_h_per_week),
        "causes": sorted(causes, key=lambda cause: -cause[1]),
        "busy": [(role_title(plan, names.index(role)), per_cent(u)) for role, u in found.utilisation.items()],
        "proven": found.proven,
    }
