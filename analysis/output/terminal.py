"""The answer on a terminal: sentences first, then two tables."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import pandas as pd
from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analysis.answers import known_luck
from analysis.answers.answer import answer, grave
from analysis.answers.bottlenecks import bottlenecks
from analysis.answers.censored import mark
from analysis.answers.finding import Finding
from analysis.answers.words import figure, hours, per_cent, with_interval
from analysis.runs.result import Result
from analysis.statistics import Estimate
from sim.language import say
from sim.scenario.fields import in_language

MOST_ROWS = 8
MOST_FINDINGS = 40


def show(result: Result, first: Sequence[str], console: Console, tables: bool = False) -> None:
    """Print the short answer: what is read `first`, the sentences, and the long tables if they are wanted. What makes
    all figures depend on the length of the run comes before them.
    """
    told = answer(result)
    console.print(Text(in_language(result.plan.title), style="bold"))
    if grave(told.warnings):
        _bullets(console, "Mind", told.warnings)
    _bullets(console, say("In short"), list(first))
    _bullets(console, say("What was promised"), told.promises)
    _bullets(console, say("What dated events did"), told.events)
    _bullets(console, say("What it costs and brings"), told.money)
    _bullets(console, say("Where it is held"), told.holds)
    _bullets(console, say("How long it takes"), told.flow)
    _bullets(console, say("How precise it is"), told.precision)
    if not grave(told.warnings):
        _bullets(console, "Mind", told.warnings)
    console.print()
    if tables:
        console.print(Group(_bottleneck_table(result), Text(), _role_table(result)))
    about = say(
        "± is the half-width of a 95 % interval over {replications} replications.", replications=result.replications
    )
    more = "" if tables else say("--all also prints the long tables.")
    console.print(Text(" ".join(filter(None, (about, known_luck.told(result), more))), style="dim"))


def show_finding(finding: Finding, console: Console) -> None:
    """Print what an experiment found: question, answer, its first table."""
    console.print(Text(finding.title, style="bold"))
    console.print(Text(finding.question, style="dim"))
    _bullets(console, "Answer", list(finding.recommendation))
    _bullets(console, "Mind", list(finding.warnings))
    told = finding.tables[0]
    table = Table(title=f"\n{told.caption}", title_justify="left")
    read = told.read
    frame = read[[name for name in read.columns if name not in told.hidden]].iloc[:MOST_FINDINGS]
    for name, kind in zip(frame.columns, frame.dtypes, strict=True):
        table.add_column(escape(str(name)), justify="left" if kind.kind == "O" else "right", overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(escape(cell(value)) for value in row))
    console.print(table)
    if len(told.frame) > MOST_FINDINGS:
        console.print(
            Text(say("… and {frame} further rows in the tables.", frame=len(told.frame) - MOST_FINDINGS), style="dim")
        )
    if told.notes:
        console.print(Text(told.notes, style="dim"))


def cell(value: Any) -> str:
    """A value of a table as it is read: four significant digits, – for what does not exist."""
    if value is None or value is pd.NA:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return figure(value)
    return f"{value:,}".replace("-", "−") if isinstance(value, Integral) else str(value)


def _bullets(console: Console, heading: str, sentences: list[str]) -> None:
    if sentences:
        console.print(Text(f"\n{heading}", style="bold"))
        for sentence in sentences:
            console.print(Padding(Text(f"• {sentence}"), (0, 0, 0, 2)))


def _bottleneck_table(result: Result) -> Table:
    table = Table(title=say("Bottlenecks, by the hours that all cases lose there"), title_justify="left")
    for name, justify in (
        ("", "right"), ("route", "left"), ("step", "left"), (say("a case is held"), "right"),
        (say("of its time"), "right"), (say("all cases lose"), "right"),
    ):  # fmt: skip
        table.add_column(name, justify=justify)  # type: ignore[arg-type]  # a literal, which mypy widens to str
    for found in bottlenecks(result)[:MOST_ROWS]:
        lost = with_interval(found.lost_h_per_week, "h/week")
        rank = str(found.rank)
        table.add_row(rank, escape(found.route), escape(found.step), hours(found.hold_h), per_cent(found.share), lost)
    return table


def _role_table(result: Result) -> Table:
    table = Table(title="People", title_justify="left")
    table.add_column("role")
    for name in ("people", "utilisation", "overtime", say("wait for them"), say("nine in ten within")):
        table.add_column(name, justify="right")
    for role in result.plan.roles:
        get = {name: result.get("role", role.name, name) for name in ("people", "utilisation", "overtime_h")}
        waits = [
            mark(result, "role", role.name, name) + hours(_in_hours(result, role.name, name))
            for name in ("wait_min", "wait_p90_min")
        ]
        overtime = with_interval(get["overtime_h"], "h/week")
        table.add_row(
            escape(in_language(role.title)), f"{get['people'].mean:.0f}", per_cent(get["utilisation"]), overtime, *waits
        )
    return table


def _in_hours(result: Result, role: str, measure: str) -> Estimate:
    return result.estimate(result.each("role", role, measure) / 60, "role", role)
