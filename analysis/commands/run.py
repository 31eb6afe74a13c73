"""The command that plays a scenario, and what it can do instead: check it, print its journey, compare two files."""

from __future__ import annotations

import re
import shlex
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from analysis.commands.shared import check, command_line, load, once, print_json, say_where, tell
from analysis.output.watching import make_ready, progress
from sim.language import say

EPILOG = """\b
Examples:
  python run_sim.py scenarios/growing_store.toml
  python run_sim.py scenarios/growing_store.toml --set roles.store_operator.people=2
  python run_sim.py scenarios/growing_store.toml --journey
  python run_sim.py --diff scenarios/growing_store.toml scenarios/growing_store_one_more_packer.toml
  python run_sim.py scenarios/solo_founder.toml --replications 40 --json > answer.json
  python run_sim.py scenarios/solo_founder.toml --precision routes.order.cycle_h=5% --most 400
"""


@click.command("run", epilog=EPILOG)
@click.argument("scenarios", nargs=-1, metavar="SCENARIO")
@click.option(
    "--replications", "-n", default=10, show_default=True, help="How often the run is repeated under fresh luck."
)
@click.option(
    "--precision",
    multiple=True,
    metavar="PATH=PERCENT",
    help="Instead of -n: repeat it until this is known so precisely, such as routes.order.cycle_h=5%.",
)
@click.option("--most", type=int, default=1000, show_default=True, help="With --precision: at most so often.")
@click.option("--seed", default=1, show_default=True, help="The luck: the same seed gives the same bytes.")
@click.option("--workers", type=int, help="Processes at work at the same time [default: all cores].")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results [default: results/SCENARIO].")
@click.option("--force", is_flag=True, help="Replace that folder if it holds results.")
@click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Change a value: roles.packer.people=4.")
@click.option("--allow", multiple=True, metavar="DIR", help="A further folder from which data files may be read.")
@click.option("--engine", default="auto", show_default=True, help="The engine that plays: auto, simpy or fast.")
@click.option("--log", "keep_log", is_flag=True, help="Also write the whole log of every replication.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON (and write no folder unless --out).")
@click.option("--all", "tables", is_flag=True, help="Also print the long tables, which stand in the report.")
@click.option("--plain", is_flag=True, help="Leave out what is known of the orders that came: wider intervals.")
@click.option("--no-try", is_flag=True, help="Do not try what might help.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
@click.option("--journey", is_flag=True, help="Print what happens to a case, step by step, and stop.")
@click.option("--check", is_flag=True, help="Only check the scenario, and stop.")
@click.option("--diff", is_flag=True, help="Print how two scenarios differ, and stop.")
def command(scenarios: tuple[str, ...], **options: Any) -> None:
    """Play weeks of a shop in seconds: where do orders wait, for whom, why - and how sure is that?"""
    wanted = 2 if options["diff"] else 1
    if len(scenarios) != wanted:
        raise click.UsageError(
            say(
                "name {which}; got {scenarios}",
                which="two scenario files" if wanted == 2 else "one scenario file",
                scenarios=len(scenarios),
            )
        )
    from analysis.runs.memory import refuse_too_much

    check(options)
    if options["diff"]:
        print_differences(scenarios[0], scenarios[1], options)
    elif options["check"]:
        plan = load(scenarios[0], options)
        refuse_too_much(plan, 1)
        once("--precision", list(map(target, options["precision"])))
        if options["out"]:
            from analysis.output.folder import refuse_out

            refuse_out(options["out"], options["force"])
        tell(
            options,
            "\n".join(
                [
                    say("{scenario} is a valid scenario.", scenario=scenarios[0]),
                    *(say("Mind: {notice}.", notice=each) for each in plan.notices),
                ]
            ),
        )
    elif options["journey"]:
        print_journey(load(scenarios[0], options))
    else:
        play(scenarios[0], options)


def play(path: str, options: dict[str, Any]) -> None:
    """Run the replications, say the answer, write the folder. Exit code 3 if it is not as precise as was asked for."""
    from analysis.output.folder import drafting, free_name
    from analysis.runs.compiling import will_be_compiled
    from analysis.runs.precision import asked
    from analysis.runs.signals import heard

    plan = load(path, options)
    target = options["out"] or (None if options["as_json"] else free_name(Path("results") / Path(path).stem))
    with heard(), drafting(target, options["force"]) if target else nullcontext() as draft:
        runs = options["most"] if options["precision"] else options["replications"]
        if will_be_compiled(options["engine"], plan, runs):
            make_ready(options)
        log_folder = None
        if options["keep_log"] and draft is not None:
            log_folder = draft.path / "log"
            log_folder.mkdir()
        result = replicated(plan, options, log_folder)
        publish(result, [] if options["as_json"] else first(path, result, options), draft, options)
    if draft is not None:
        say_where(options, draft.target)
    if not all(each.reached for each in asked(result)):
        raise click.exceptions.Exit(3)


def replicated(plan: Any, options: dict[str, Any], log_folder: Path | None) -> Any:
    """As many replications as were asked for, or as the precision takes that was."""
    from analysis.runs import replicate, replicate_until

    how = {name: options[name] for name in ("seed", "workers", "engine", "plain")}
    targets = once("--precision", list(map(target, options["precision"])))
    with progress(options, "replications", 0 if targets else options["replications"]) as report:
        if targets:
            return replicate_until(plan, targets, options["most"], **how, progress=report, log_folder=log_folder)
        return replicate(plan, options["replications"], **how, progress=report, log_folder=log_folder)


def first(path: str, result: Any, options: dict[str, Any]) -> list[str]:
    """What is read first: what holds cases, which promise is in danger, and what was tried to help."""
    from analysis.answers.first_lines import first_lines
    from analysis.questions.try_next import try_next
    from analysis.runs.observe import Setting

    lines = first_lines(result)
    if not options["no_try"]:
        sets = [word for change in options["overrides"] for word in ("--set", change)]
        with progress(options, "tried") as report:
            how = {name: options[name] for name in ("seed", "workers", "engine")}
            lines.append(try_next(result, shlex.join([path, *sets]), Setting(**how, progress=report)))
    return [line for line in lines if line]


def target(text: str) -> tuple[str, float]:
    """What was written behind --precision."""
    from sim.faults import bad_input

    found = re.fullmatch(r"(.+)=\s*(\d+(?:\.\d+)?)\s*%", text)
    if not found:
        raise bad_input(
            "--precision", say('expected PATH=PERCENT, such as routes.order.cycle_h=5%; got "{value}"', value=text)
        )
    return found[1], float(found[2]) / 100


def publish(result: Any, lines: list[str], draft: Any, options: dict[str, Any]) -> None:
    """Say the answer and put the folder in its place, even if nobody listens any more (as with `| head`)."""
    try:
        _say(result, lines, options)
    finally:
        if draft is not None:
            from analysis.output.result_files import write_results

            draft.write(lambda folder: write_results(result, folder, command_line(), options["workers"], lines))


def _say(result: Any, lines: list[str], options: dict[str, Any]) -> None:
    """Print the answer."""
    if options["as_json"]:
        from analysis.output.json_shape import as_json

        print_json(as_json(result))
    elif not options["quiet"]:
        from rich.console import Console

        from analysis.output.terminal import show

        show(result, lines, Console(highlight=False), options["tables"])


def print_journey(plan: Any) -> None:
    """Print every route as a table."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from sim.printing import journey

    console, rows = Console(highlight=False), journey(plan)
    for route in plan.routes:
        table = Table(title=say("The journey of: {name}", name=escape(route.name)), title_justify="left")
        for name in ("department", "step", "who", "time", "goes to"):
            table.add_column(name)
        department = ""
        for row in (row for row in rows if row.route == route.name):
            shown = "" if row.department == department else row.department
            department = row.department
            table.add_row(*(escape(cell) for cell in (shown, row.step, row.who, row.time, row.goes_to)))
        console.print(table)


def print_differences(first: str, second: str, options: dict[str, Any]) -> None:
    """Print what the second scenario says otherwise than the first."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from sim.faults import shown
    from sim.reading.diff import differences

    found = differences(first, second, allow=options["allow"])
    if not found:
        tell(options, say("The two scenarios say the same."))
        return
    table = Table()
    for name in ("path", first, second):
        table.add_column(escape(name), overflow="fold")
    for path, old, new in found:
        table.add_row(escape(path), *(escape("–" if value is None else shown(value)) for value in (old, new)))
    Console(highlight=False).print(table)
