"""Writes docs/reference.md from the models of a scenario file: every table, key, verb, condition and distribution; and,
into docs/rules.md, the specification that stands at the head of sim/rules.py.

    python -m docs.make_reference

The words are the attribute docstrings of the models; here is only what puts them in order.
"""

from __future__ import annotations

import datetime as dt
import inspect
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import click
from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

import run_sim
from sim import rules
from sim.scenario.demand import AlreadyThere, Arrivals, Columns, Event, PriorityClass, Promise, Scatter
from sim.scenario.distributions import Amounts, Distribution, Times
from sim.scenario.fields import Chance, Duration, Name, Table, Title
from sim.scenario.hours import Hours, Week, WeeklyTimes
from sim.scenario.model import Block, KnownAnswer, Scenario
from sim.scenario.money import Contribution, Pay
from sim.scenario.people import Role, Team
from sim.scenario.places import Place
from sim.scenario.shaped import QUANTILES
from sim.scenario.steps import VERBS, Condition, Step
from sim.units import MS

PAGE = Path(__file__).with_name("reference.md")
RULES = PAGE.with_name("rules.md")
SPECIFICATION = """## The specification

What engines are written against, word for word from the head of `sim/rules.py`; where the page above says it otherwise,
this holds."""

KINDS: dict[Any, str] = {
    Duration: "[duration](#kinds-of-value)",
    Chance: "probability, 0 … 1",
    Name: "[name](#kinds-of-value)",
    Title: "[title](#kinds-of-value)",
    Times: "duration or [distribution](#distributions) of durations",
    Amounts: "number or [distribution](#distributions) of numbers",
    Hours: "[working calendar](#hours)",
    Week: "[timetable](#timetables)",
    WeeklyTimes: "[timetable](#timetables)",
    Step: "[step](#steps)",
    dt.date: "date",
    dt.datetime: "date and time",
    bool: "`true` or `false`",
    int: "whole number",
    float: "number",
    str: "text",
}
"""How the kinds of value are called."""

SECTIONS: dict[type[Table], str] = {
    Role: "[role](#rolesname)",
    PriorityClass: "[class](#priorities)",
    Team: "[team](#teams)",
    Place: "[place](#placesname)",
    Pay: "[pay](#pay)",
    Arrivals: "[stream](#arrivalsname)",
    AlreadyThere: "[backlog](#already_therename)",
    Event: "[event](#events)",
    Scatter: "[scatter](#scatter)",
    Columns: "[columns](#columns)",
    Block: "[block of steps](#routename)",
    Condition: "[condition](#conditions)",
    Promise: "[promise](#promisesname)",
    Contribution: "[contribution](#contributionroute)",
    KnownAnswer: "[known answer](#known_answers)",
}
"""Where each table stands on the page."""

OWN_WORDS = {
    (Arrivals, "scatter"): "number 0 … 3, or [scatter](#scatter)",
    (Arrivals, "priority"): "name of a priority class, or table: class → probability",
    (AlreadyThere, "priority"): "name of a priority class, or table: class → probability",
    (Scenario, "priorities"): "list of names or [classes](#priorities)",
    (Scenario, "route"): "table: name → list of [blocks](#routename)",
    (Scenario, "currency"): "three capital letters",
    (Scenario, "contribution"): "table: route → [contribution](#contributionroute)",
    (Contribution, "outcomes"): "list of names of outcomes",
    (Role, "also_does"): "table: role → number, 0.05 … 1",
    (VERBS["work"], "by"): "name of a role, or a list of them",
    (VERBS["work"], "priority"): "name of a priority class",
}
"""Keys that are better called by other words than those of their type."""

REFERS = {
    **dict.fromkeys(("hours", "in_hours"), "name of [hours](#hours)"),
    "place": "name of a [place](#placesname)",
    "route": "name of a route",
    **dict.fromkeys(("goes_to", "gives_up_to", "begins", "ends", "since", "gave_up_at"), "name of a step"),
    "priority_is": "name of a priority class",
    "nobody_on": "name of a role",
    **dict.fromkeys(("time_column", "column"), "name of a column"),
    "file": "name of a file",
}
"""Keys whose text must be the name of something."""

EXPERIMENTS = 3
"""An option that so many commands have alike is one of all experiments."""

PLURALS = {"[name]": "[names]", "[event]": "[events]", "[team]": "[teams]", "[step]": "[steps]", "number": "numbers",
           "[known answer]": "[known answers]"}  # fmt: skip


def main() -> None:
    """Write both pages."""
    PAGE.write_text(page(), encoding="utf-8")
    RULES.write_text(rules_page(), encoding="utf-8")


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()).rstrip() + "\n"


def rules_page() -> str:
    """The page of the rules as it is, with the specification at its end as it stands in the program."""
    told = inspect.cleandoc(rules.__doc__ or "").partition("\n")[2].strip()
    return RULES.read_text(encoding="utf-8").partition(SPECIFICATION)[0] + f"{SPECIFICATION}\n\n{told}\n"


def _lines() -> Iterator[str]:
    yield from (*HEAD.splitlines(), "")
    for title, model in _TABLES.items():
        yield from _table_section(f"## `{title}`" if title != "The file" else "## The file", model)
        if model is Block:
            yield from (*ROUTE.splitlines(), "")
    yield from _steps()
    yield from _table_section("## Conditions", Condition)
    yield from _distributions()
    yield from (*VARIANTS.splitlines(), "")
    yield from _command_line()


_TABLES: dict[str, type[Table]] = {
    "The file": Scenario,
    "places.NAME": Place,
    "roles.NAME": Role,
    "teams": Team,
    "pay": Pay,
    "arrivals.NAME": Arrivals,
    "already_there.NAME": AlreadyThere,
    "events": Event,
    "priorities": PriorityClass,
    "scatter": Scatter,
    "columns": Columns,
    "promises.NAME": Promise,
    "contribution.ROUTE": Contribution,
    "known_answers": KnownAnswer,
    "route.NAME": Block,
}


def _table_section(heading: str, model: type[Table]) -> Iterator[str]:
    yield from (heading, "", _prose(model.__doc__), "")
    yield from _keys(model, list(model.model_fields))
    yield ""


def _steps() -> Iterator[str]:
    shared = [name for name in VERBS["end"].model_fields if name not in ("do", "outcome")]
    yield from ("## Steps", "", "Every step has these keys, and those of its verb.", "")
    yield from _keys(VERBS["end"], shared, also=[("do", " or ".join(f'`"{v}"`' for v in VERBS), "What it does.")])
    yield ""
    for verb, model in VERBS.items():
        yield from (f"### `{verb}`", "", *_paragraphs(model.__doc__))
        yield from _keys(model, [name for name in model.model_fields if name not in (*shared, "do")])
        yield ""


def _distributions() -> Iterator[str]:
    quantiles = ", ".join(f"`{name}`" for name in QUANTILES)
    yield from (*DISTRIBUTIONS.format(quantiles=quantiles).splitlines(), "")
    yield from ("| family | keys | meaning |", "|---|---|---|")
    for name, model in _families().items():
        keys = [key for key in model.model_fields if key not in QUANTILES]
        or_two = ", or two quantiles" if "p50" in model.model_fields else ""
        yield f"| `{name}` | {', '.join(f'`{key}`' for key in keys)}{or_two} | {_cell(model.__doc__)} |"
    yield from ("", "| key | of | meaning |", "|---|---|---|")
    for (key, meaning), families in _parameters().items():
        yield f"| `{key}` | {', '.join(families)} | {meaning} |"
    yield ""


def _parameters() -> dict[tuple[str, str], list[str]]:
    """(key, meaning) → the families that have it."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, model in _families().items():
        for key, field in model.model_fields.items():
            found.setdefault((key, _cell(field.description)), []).append(f"`{name}`")
    return found


def _families() -> dict[str, Any]:
    hints = get_type_hints(Distribution, include_extras=True)
    return {name: _without_none(hints[name])[0] for name in Distribution.model_fields}


def _command_line() -> Iterator[str]:
    yield from (*COMMAND_LINE.splitlines(), "")
    top = click.Context(run_sim.cli, info_name="python run_sim.py")
    found = [(name, run_sim.cli.get_command(top, name)) for name in run_sim.cli.list_commands(top)]
    commands = {name: command for name, command in found if command is not None}
    rows = {name: [_option(each) for each in _options(command)] for name, command in commands.items()}
    shared = [row for row in rows["compare"] if sum(row in others for others in rows.values()) >= EXPERIMENTS]
    for name, command in commands.items():
        is_experiment = set(shared) <= set(rows[name])
        usage = " ".join(command.collect_usage_pieces(click.Context(command)))
        yield from (f"### `{name}`", "", f"    python run_sim.py {name} {usage}", "", *_paragraphs(command.help))
        yield from _option_table([row for row in rows[name] if not (is_experiment and row in shared)])
        if is_experiment:
            yield from ("And the [options of all experiments](#options-of-all-experiments).", "")
    yield from ("### Options of all experiments", "", *_option_table(shared))


def _option_table(rows: list[str]) -> Iterator[str]:
    if rows:
        yield from ("| option | default | meaning |", "|---|---|---|", *rows, "")


def _options(command: click.Command) -> list[click.Option]:
    return [each for each in command.params if isinstance(each, click.Option)]


def _option(option: click.Option) -> str:
    """The row of an option."""
    takes = "" if option.is_flag else f" {option.metavar or option.type.name.upper()}"
    default = "required" if option.required else f"`{option.default}`" if option.show_default else ""
    return f"| `{', '.join(option.opts)}{takes}` | {default} | {_cell(option.help)} |"


# --- keys of a table ------------------------------------------------------------------------------------------


def _keys(model: type[Table], names: list[str], also: list[tuple[str, str, str]] | None = None) -> Iterator[str]:
    hints = get_type_hints(model, include_extras=True)
    yield from ("| key | what it is | default | meaning |", "|---|---|---|---|")
    for name in names:
        field = model.model_fields[name]
        kind = OWN_WORDS.get((model, name)) or kind_of(hints[name])
        kind = REFERS.get(name, kind) if kind == KINDS[str] else kind
        yield f"| `{field.alias or name}` | {kind} | {_default(field)} | {_cell(field.description)} |"
    for name, kind, meaning in also or []:
        yield f"| `{name}` | {kind} | required | {meaning} |"


def kind_of(hint: Any) -> str:
    """What a key takes, in words, with its bounds."""
    for known, words in KINDS.items():
        if hint is known:
            return words
    if isinstance(hint, type) and issubclass(hint, Table):
        return SECTIONS[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(kind_of(each) for each in _without_none(hint)))
    if origin is Literal:
        return " or ".join(f"`{_written(each)}`" for each in arguments)
    if origin is list:
        return f"list of {_many(kind_of(arguments[0]))}"
    if origin is dict:
        return f"table: name → {kind_of(arguments[1])}"
    if origin is Annotated:
        return _bounded(arguments[0], arguments[1:])
    return "value" if isinstance(hint, TypeVar) else str(hint)


def _bounded(inner: Any, metadata: tuple[Any, ...]) -> str:
    limits = [each for part in metadata for each in (part.metadata if isinstance(part, FieldInfo) else (part,))]
    words = kind_of(inner)
    if get_origin(inner) is list and any(type(part).__name__ == "BeforeValidator" for part in metadata):
        return f"{kind_of(get_args(inner)[0])}, or a list of them"
    size = {type(each): each for each in limits}
    if MinLen in size and MaxLen in size and size[MinLen].min_length == size[MaxLen].max_length:
        return words.replace("list of", f"list of {size[MinLen].min_length}")
    return words + _bounds(size)


def _bounds(size: dict[type, Any]) -> str:
    low = _limit(size[Ge].ge) if Ge in size else f"above {_limit(size[Gt].gt)}" if Gt in size else ""
    high = _limit(size[Le].le) if Le in size else f"below {_limit(size[Lt].lt)}" if Lt in size else ""
    if low and high:
        return f", {low} … {high}"
    return f", at least {low}" if low else f", at most {high}" if high else ""


def _limit(number: float) -> str:
    return "10¹²" if number == 1e12 else f"{number:,.12g}"


def _many(words: str) -> str:
    one = next((one for one in PLURALS if words.startswith(one)), "")
    return words.replace(one, PLURALS[one], 1) if one else words


def _without_none(hint: Any) -> list[Any]:
    return [each for each in get_args(hint) if each is not type(None)]


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required() or value is PydanticUndefined:
        return "required"
    if value is None or (isinstance(value, (list, dict)) and not value):
        return ""
    return "none" if isinstance(value, Table) else f"`{_written(value)}`"


def _written(value: Any) -> str:
    """A value as the file would write it."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return f"{value:g}"


def _paragraphs(text: str | None) -> Iterator[str]:
    for part in inspect.cleandoc(text or "").split("\n\n"):
        yield from (" ".join(part.split()).replace("Timing:", "**Timing:**"), "")


def _prose(text: str | None) -> str:
    return "\n\n".join(line for line in _paragraphs(text) if line)


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


# --- what no model says ------------------------------------------------------------------------------------------

HEAD = f"""# Reference of the scenario file

*Made by `python -m docs.make_reference` from the models in `sim/`; not to be edited by hand. How to write a file is
told in [scenario-files.md](scenario-files.md).*

An unknown key, an unknown name and a value out of its bounds are refused, with file, line, path and the nearest known
word. "Required" keys have no default; an empty default means that the key may be left out.

## Kinds of value

| kind | written | bounds |
|---|---|---|
| duration | text with its unit, one of {", ".join(f"`{unit}`" for unit in MS)}: `"45 s"`, `"1.7 min"` | 0 … ten years |
| name | text without dots, slashes, quotes or line breaks, no blanks at its ends | 1 … 80 characters |
| title | text, or one per language: `{{ en = "Packer", zh = "打包员" }}` | not empty |
| number | `3`, `0.25` (times are never plain numbers) | 0 … 10¹² unless told |
| date | `2025-10-06`, without quotes | the run begins 1970 … 2150 |
| date and time | `2025-11-11T20:00:00`, local to the shop, without quotes | |

### Hours

A working calendar is a table. Its keys are days of the week (`"Mon"`, `"Mon-Fri"`, `"Mon, Wed, Sat"`) with a list of
shifts; a shift is `"09:00-18:00"`, may run over midnight (`"22:00-06:00"` belongs to the day on which it begins) and
may end at `"24:00"`. Beside them:

| key | what it is | meaning |
|---|---|---|
| `breaks` | list of spans such as `"12:00-13:00"` | cut out of every shift that they meet, every day |
| `closed` | list of dates | no shift begins on these days |
| `holidays` | country or state: `"CN"`, `"DE-BY"` | no shift begins on its holidays; make-up workdays are worked |

A make-up workday at a weekend is worked like a Monday if the day has no shifts of its own.

A rota repeats over several weeks, or over a cycle of days; the keys above stand beside it, and these:

| key | what it is | meaning |
|---|---|---|
| `weeks` | list: `[{{ "Mon-Fri" = ["06:00-14:00"] }}, {{ "Mon-Sat" = ["14:00-22:00"] }}]` | the weeks in turn |
| `cycle` | `{{ days = 6, on = 4, shift = "07:00-19:00" }}` | the first so many of so many days; no make-up workdays |
| `starts` | date | a day of the first week, or the first day of the cycle (default: the first day of the run) |

Where in it each person of a team begins, its `rota_from` says: with `rota_from = [1, 2]` the first person has the first
week when the second has the second. Where a calendar is not one of people (`in_hours`), it is that of who begins first.

### Timetables

A table of days of the week, as above, with lists of times of day: `{{ "Mon-Sat" = ["17:00", "21:00"] }}`. Beside them
`closed` and `holidays`, as above; `"24:00"` is 00:00 of the next day.
"""

ROUTE = """A route is a list of blocks, `[[route.order]]`; its steps are those of all blocks, end to end. Every step
must be reachable, and every way must come to an `end`.
"""

DISTRIBUTIONS = """## Distributions

Exactly one family with its keys, such as `{{ gamma = {{ mean = "45 s", cv = 0.6 }} }}`; a plain value is a constant.
Values are durations for times and numbers for amounts. `cv` is the coefficient of variation (standard deviation /
mean, 0 … 10). Quantiles, two of them in place of `mean` and `cv`: {quantiles}.
"""

VARIANTS = """## Variants

A file that says `based_on = "other.toml"` holds only what differs; tables merge key by key. Lists whose members have
names (steps of a route, teams of a role, events of a stream) are changed as tables by name. Further keys:

| key | where | meaning |
|---|---|---|
| `based_on` | top of the file | the file that this one changes (which may itself be based on another) |
| `after_step`, `before_step` | a new step in `route.NAME."new step"` | where it is put in |
| `remove = true` | hours, place, role, team, stream, event, route, step, promise, contribution, by its name | it goes |

Replaced as a whole are: the days of hours and the times of a timetable (`breaks`, `closed` and `holidays` stay), a
distribution of another family, a condition, a step whose `do` changes, and any other list. Where keys exclude each
other (`chance` or `when`, `mean` and `cv` or quantiles, `per_day` or `timetable`, `per_hour` or `per_month` …), what
the variant says takes the place of what the base says. `people` and `hours` of a role that has one team are that
team's.
"""

COMMAND_LINE = """## Command line

    python run_sim.py COMMAND …

Without a command, `run` is meant: `python run_sim.py SCENARIO`.

Exit codes: 0 done, 1 a fault of the program, 2 bad input (told on stderr), 3 no answer within the bounds that were
given, 130 interrupted.
"""

if __name__ == "__main__":
    main()
