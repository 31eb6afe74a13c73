"""The command line: finds the command and tells mistakes. What each command does is in `analysis/commands/`.

Exit codes: 0 done, 1 our own fault, 2 bad input (told on stderr), 3 no answer within the bounds, 130 interrupted.
"""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from pathlib import Path

import click

COMMANDS = {
    "run": "Play a scenario (may be left out: a scenario file is enough).",
    "compare": "Better, worse, or not proven? Scenarios under the same luck.",
    "marginal": "Whom first? One person more and one fewer in every team.",
    "headcount": "Who is needed at least? The cheapest that keeps every promise.",
    "hire-by": "By when? The latest start of extra people before a peak.",
    "status": "How far experiments are whose runs are kept.",
    "compile": "Make the compiled engine ready, once.",
}
"""Name → what it does. The command is `command` in `analysis/commands/NAME.py`, imported when it is used."""

EPILOG = """\b
Examples:
  python run_sim.py scenarios/growing_store.toml
  python run_sim.py scenarios/growing_store.toml --set roles.packer.people=3 --journey
  python run_sim.py run --help
"""


class Commands(click.Group):
    """The commands by name. Without a name, a scenario is played."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `run` before arguments that begin with no command."""
        if args and args[0] not in (*COMMANDS, "--help", "-h"):
            _refuse_unknown_command(args[0])
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        if name not in COMMANDS:
            return None
        found: click.Command = import_module(f"analysis.commands.{name.replace('-', '_')}").command
        found.short_help = COMMANDS[name]
        return found


def _refuse_unknown_command(word: str) -> None:
    """Raises UsageError for a first word that looks like a command, not like a file or an option."""
    from sim.faults import nearest

    if word.replace("-", "").isalpha() and not word.startswith("-") and not Path(word).exists():
        raise click.UsageError(f'there is no command "{word}"{nearest(word, COMMANDS)}')


@click.group(
    cls=Commands,
    epilog=EPILOG,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def cli() -> None:
    """Play weeks of a shop in seconds: where do orders wait, for whom, why - and how sure is that?"""


def speak_any_language() -> None:
    """Print what a terminal cannot show as question marks, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    from sim.faults import BadInput

    speak_any_language()
    try:
        code = cli.main(arguments, prog_name="run_sim.py", standalone_mode=False)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        print("\nInterrupted; nothing was written.", file=sys.stderr)
        return 130
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # the reader of our output has gone, as with `| head`
            return 0
        print(f"the output cannot be written: {error.strerror or error}", file=sys.stderr)
        return 2
    return code or 0  # what a command was left with (click hands it back), or nothing


if __name__ == "__main__":
    sys.exit(main())
