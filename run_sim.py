"""The command line: finds the command and tells mistakes. What each command does is in `analysis/commands/`.

Exit codes: 0 done, 1 our own fault, 2 bad input (told on stderr), 3 no answer within the bounds, 130 interrupted.
"""

from __future__ import annotations

import os
import signal
import sys

from sim.language import later, say


def end_at_once(*_: object) -> None:
    """What Ctrl-C does while there is nothing to clean up: in the middle of an import an exception may go astray, and
    another import may wait for ever.
    """
    os.write(2, interrupted().encode(errors="replace"))
    os._exit(130)


def interrupted() -> str:
    """What is said after Ctrl-C."""
    words = " ".join(word if _is_plain(word) else "'" + word.replace("'", "'\"'\"'") + "'" for word in sys.argv[1:])
    return say("\nInterrupted; nothing was written. Again: python run_sim.py {words}\n", words=words)


def lacking(error: ModuleNotFoundError) -> str:
    """What is said where this Python lacks a package that the program needs."""
    return say(
        'The Python that was started ({executable}) lacks the package "{name}": take the one into which '
        "the program was installed, such as .venv/bin/python, or install it with: python -m pip install "
        "-e .",
        executable=sys.executable,
        name=error.name,
    )


def _is_plain(word: str) -> bool:
    """Whether a shell takes a word as it is (`shlex` must not be imported here)."""
    return bool(word) and all(c.isalnum() or c in "@%+=:,./-_" for c in word)


def listen() -> None:
    """Hear Ctrl-C, `kill` and the closing of a terminal, but for what this program was told to ignore (nohup)."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, end_at_once)


if __name__ == "__main__" or "run-sim" in sys.argv[0]:
    listen()  # before anything is imported that takes its time

import io  # noqa: E402
import logging  # noqa: E402
from contextlib import suppress  # noqa: E402
from importlib import import_module  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

try:
    import click
except ModuleNotFoundError as error:
    print(lacking(error), file=sys.stderr)
    sys.exit(2)

COMMANDS = {
    "new": later("Write a small shop to begin with."),
    "run": later("Play a scenario (may be left out: a scenario file is enough)."),
    "compare": later("Better, worse, or not proven? Scenarios under the same luck."),
    "marginal": later("Whom first? One person more and one fewer in every team."),
    "headcount": later("Who is needed at least? The cheapest that keeps every promise."),
    "hire-by": later("By when? The latest start of extra people before a peak."),
    "sweep": later("Numbers of a scenario varied over a design: what does each do?"),
    "warm-up": later("Is the warm-up enough? How much of the beginning must be cut off."),
    "long-run": later("What one long run is worth, by batch means."),
    "status": later("How far experiments are whose runs are kept."),
    "compile": later("Make the compiled engine ready, once."),
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
        found.short_help = say(COMMANDS[name])
        return found


def _refuse_unknown_command(word: str) -> None:
    """Raises UsageError for a first word that looks like a command, not like a file or an option."""
    from sim.faults import nearest

    if word.replace("-", "").isalpha() and not word.startswith("-") and not Path(word).exists():
        raise click.UsageError(say('there is no command "{word}"{nearest}', word=word, nearest=nearest(word, COMMANDS)))


@click.group(
    cls=Commands,
    epilog=EPILOG,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def cli() -> None:
    """Play weeks of a shop in seconds: where do orders wait, for whom, why - and how sure is that?"""


class Unheard(io.FileIO):
    """A stream that goes on when its reader has gone, as with `| head`: what is written then is lost, and that is no
    fault of ours. (Left to itself it fails anywhere, even when Python ends, and rich and click make code 1 of it.)
    """

    def write(self, data: Any) -> int | None:
        """Write, or do as if."""
        try:
            return super().write(data)
        except BrokenPipeError:
            return len(data)


def outlive_readers() -> None:
    """Let both streams of this program go on when nobody reads them any more."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper) and type(getattr(stream.buffer, "raw", stream.buffer)) is io.FileIO:
            how = {each: getattr(stream, each) for each in ("encoding", "errors", "line_buffering", "write_through")}
            unheard = Unheard(stream.fileno(), "wb", closefd=False)
            setattr(sys, name, io.TextIOWrapper(io.BufferedWriter(unheard), **how))


def speak_any_language() -> None:
    """Print what a terminal cannot show as question marks, rather than fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def fit_any_terminal() -> None:
    """Take a terminal that says it has no columns, as some without a window do, for one of the usual width."""
    if os.environ.get("COLUMNS", "").strip() == "0":
        del os.environ["COLUMNS"]


def _refuse_what_is_no_text(arguments: list[str]) -> None:
    """Raises BadInput for words that cannot be written into a report: names in another encoding than the system's."""
    from sim.faults import bad_input

    for word in arguments:
        if any("\ud800" <= c <= "\udfff" for c in word):
            told = say(
                "is no text in {getfilesystemencoding}, the encoding of this system; rename what it names",
                getfilesystemencoding=sys.getfilesystemencoding(),
            )
            raise bad_input(ascii(word), told)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    from sim.faults import BadInput

    speak_any_language()
    fit_any_terminal()
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # where it keeps its fonts is of no interest to a planner
    os.environ["MPLBACKEND"] = "agg"  # pictures go to files; a window system that is set here may not even exist
    try:
        _refuse_what_is_no_text(sys.argv[1:] if arguments is None else arguments)
        code = cli.main(arguments, prog_name="run_sim.py", standalone_mode=False)
        sys.stdout.flush()  # or what cannot be written would be told by Python, when it ends
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("sim", "analysis"):
            raise
        print(lacking(error), file=sys.stderr)
        return 2
    except (KeyboardInterrupt, click.Abort):
        print(interrupted(), end="", file=sys.stderr)
        return 130
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(say("the output cannot be written: {value}", value=error.strerror or error), file=sys.stderr)
        return 2
    return code if isinstance(code, int) else 0  # click gives the code of its `Exit`


def program() -> int:
    """Run the command line as a program of its own. After a mistake or an interrupt it ends at once, without waiting
    for what libraries would still like to do.
    """
    outlive_readers()
    code = main()
    if code:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(program())
