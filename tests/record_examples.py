"""Examples in the documentation with their recorded output.

A recorded example is a fenced block below a comment `<!-- output of: COMMAND -->`, or `<!-- first 20 lines of: COMMAND
-->`; COMMAND is a line for a shell in the project's folder that begins with "python". `python -m tests.record_examples`
writes all outputs anew.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_BLOCK = re.compile(
    r"(?P<head><!-- (?:output|first (?P<lines>\d+) lines) of: (?P<command>[^\n]+?) -->\n```[a-z]*\n)"
    r"(?P<output>(?:(?!```)[^\n]*\n)*)(?P<foot>```)"
)


def examples() -> list[tuple[Path, str, int | None, str]]:
    """(page, command, how many lines of its output or None for all, recorded output) of every example."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found += [(page, m["command"], _lines(m), m["output"].rstrip("\n")) for m in _BLOCK.finditer(text)]
    return found


def _lines(match: re.Match[str]) -> int | None:
    return int(match["lines"]) if match["lines"] else None


def output_of(command: str, lines: int | None = None) -> str:
    """What a command prints, or its first lines, without blanks at line ends; result folders go to a place of their
    own.
    """
    words = shlex.split(command)
    assert words[0] == "python", command
    env = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "scenarios").symlink_to(ROOT / "scenarios")
        (Path(folder) / "run_sim.py").symlink_to(ROOT / "run_sim.py")
        arguments = [sys.executable, *words[1:]]
        done = subprocess.run(
            arguments, cwd=folder, env=env, capture_output=True, text=True, check=False, encoding="utf-8"
        )
    assert done.returncode == 0, done.stderr
    return "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines()[:lines])


def record() -> None:
    """Write the output of every example into its page."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        new = _BLOCK.sub(lambda m: m["head"] + output_of(m["command"], _lines(m)) + "\n" + m["foot"], text)
        if new != text:
            page.write_text(new, encoding="utf-8")
            print(f"recorded anew: {page.relative_to(ROOT)}")


if __name__ == "__main__":
    record()
