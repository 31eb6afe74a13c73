"""The long statistical suite, run before a release.

Every check prints figures, bounds and verdicts; the exit code is 1 if any fails.

python verification.py --list                       which checks there are
python verification.py --quick                      all of them, with fewer repetitions (a few minutes)
python verification.py                              all of them (well under an hour on two cores)
python verification.py theory --seeds 40            one of them, with other numbers (see --help)
python verification.py --out docs/validation.md     also keep the figures, with the date; other checks' figures stay

The checks live in tests/long/; they need what the tests need: pip install -e ".[test]". A check that fails by bad luck
fails about once in a thousand runs of the suite; run it again with other seeds before believing it, and find out why
before touching a bound.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import click

from sim.log import versions
from tests.long import Report, table, tell


class Check(NamedTuple):
    """A check: what it asks, the option that says how much of it, how much usually and in a hurry."""

    asks: str
    option: str
    usual: int
    quick: int


CHECKS = {
    "theory": Check("Do textbook scenarios give what theory says, under many seeds?", "seeds", 20, 2),
    "coverage": Check("How often does a 95 % interval hold the truth?", "experiments", 1000, 200),
    "comparisons": Check("Are equals left alone, and what does pairing win?", "families", 2000, 200),
    "steady_state": Check("Is the start-up cut off, and what is one long run worth?", "series", 1000, 100),
    "selection": Check("Is the best chosen as often as guaranteed?", "selections", 2000, 200),
    "shops": Check("Do random shops keep the rules at every instant, and their books?", "examples", 1000, 100),
    "twins": Check("Do both engines leave the same logs of random shops?", "examples", 20_000, 500),
    "indices": Check("Does compiled code stay within its tables on random shops?", "examples", 500, 100),
    "headcount": Check("Does a confirmed headcount keep its promises, and is it the cheapest?", "answers", 200, 20),
    "controls": Check("Do intervals that know the orders hold as often as plain ones?", "runs", 1000, 200),
    "determinism": Check("Does the same seed give the same bytes, come what may?", "replications", 6, 3),
}

HEAD = """# Validation

What `python verification.py --out docs/validation.md` found: the program held against theory, against itself and
against its own rules. How each figure is obtained stands at the head of the files in `tests/long/`.
"""


@click.command(help=__doc__.partition("\n")[0] if __doc__ else None, context_settings={"max_content_width": 100})
@click.argument("checks", nargs=-1, type=click.Choice(list(CHECKS)), metavar="[CHECK]...")
@click.option("--list", "only_list", is_flag=True, help="Print which checks there are, and stop.")
@click.option("--quick", is_flag=True, help="Fewer repetitions.")
@click.option("--seeds", type=click.IntRange(2), help="theory: seeds per scenario [default: 20].")
@click.option("--experiments", type=click.IntRange(100), help="coverage: intervals of each kind [default: 1000].")
@click.option("--families", type=click.IntRange(100), help="comparisons: of each kind [default: 2000].")
@click.option("--series", type=click.IntRange(100), help="steady_state: of each kind [default: 1000].")
@click.option("--selections", type=click.IntRange(100), help="selection: of each kind [default: 2000].")
@click.option("--examples", type=click.IntRange(1), help="shops, twins, indices: how many [default: 1000, 20000, 500].")
@click.option("--answers", type=click.IntRange(5), help="headcount: of each problem [default: 200].")
@click.option("--runs", type=click.IntRange(100), help="controls: of each shop [default: 1000].")
@click.option("--replications", type=click.IntRange(2), help="determinism: of each run [default: 6].")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Keep the figures on this page.")
def main(checks: tuple[str, ...], only_list: bool, quick: bool, out: Path | None, **sizes: int | None) -> None:
    """Run the checks that were named, or all."""
    if only_list:
        for name, check in CHECKS.items():
            print(f"{name:12} {check.asks} (--{check.option} {check.usual}; --quick: {check.quick})")
        return
    failed = 0
    for name in checks or CHECKS:
        check = CHECKS[name]
        size = sizes[check.option] or (check.quick if quick else check.usual)
        began = time.monotonic()
        run: Callable[[int], Report] = import_module(f"tests.long.{name}").run
        report = run(size)
        tell("")
        minutes = (time.monotonic() - began) / 60
        show(name, report, minutes)
        failed += sum(not finding.holds for finding in report.findings)
        if out is not None:
            keep(out, name, report, size, minutes)
    print(f"\n{failed} failed." if failed else "\nAll hold.")
    sys.exit(1 if failed else 0)


def show(name: str, report: Report, minutes: float) -> None:
    """Print what a check found."""
    print(f"\n{name}: {CHECKS[name].asks} ({minutes:.1f} min)")
    for what, figure, bound, holds in report.findings:
        print(f"  {'holds ' if holds else 'FAILS '} {what}: {figure}; bound: {bound}")
    if report.details:
        print(report.details)
    sys.stdout.flush()


def keep(page: Path, name: str, report: Report, size: int, minutes: float) -> None:
    """Put what a check found in its place on the page."""
    section = f"<!-- check: {name} -->\n{_section(name, report, size, minutes)}\n<!-- end: {name} -->\n"
    text = page.read_text(encoding="utf-8") if page.exists() else HEAD
    place = re.compile(rf"<!-- check: {name} -->\n.*?<!-- end: {name} -->\n", re.S)
    text = place.sub(lambda _: section, text) if place.search(text) else f"{text.rstrip()}\n\n{section}"
    page.write_text(text, encoding="utf-8")


def _section(name: str, report: Report, size: int, minutes: float) -> str:
    used = ", ".join(f"{package} {version}" for package, version in versions().items())
    rows = [[f.what, f.figure, f.bound, "holds" if f.holds else "**fails**"] for f in report.findings]
    command = f"python verification.py {name} --{CHECKS[name].option} {size}"
    machine = f"{minutes:.0f} min on {os.cpu_count()} cores, {platform.system()}"
    told = f"`{command}`, {dt.date.today().isoformat()}; {machine}; {used}."
    parts = [f"## {CHECKS[name].asks}", told, table(["what", "figure", "bound", "verdict"], rows), report.details]
    return "\n\n".join(part for part in parts if part)


if __name__ == "__main__":
    main()
