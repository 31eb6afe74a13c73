"""Does everything still come out the same? Every shipped scenario and every question, now and at an earlier commit.

    python -m tests.same_results                          # against HEAD: what is not committed yet changes no byte
    python -m tests.same_results --since HEAD~5           # against an earlier commit
    python -m tests.same_results --only growing --only marginal

Both trees are asked through their command line, so that nothing inside has to stay where it was; every file of every
folder of results (logs, tables, pictures, pages) and every line that is printed is compared byte by byte. Exit code 1
if anything differs. To be run before and after each step of a change that must not change a result.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]

GROWING = "scenarios/growing_store.toml"
SOLO = "scenarios/solo_founder_hires_packer.toml"
QUESTIONS = {
    "compare": f"compare {GROWING} scenarios/growing_store_one_more_packer.toml -n 3",
    "marginal": f"marginal {GROWING} -n 3 --hours",
    "headcount": f'headcount {SOLO} -n 4 --most-runs 200 --promise "shipped in 48 h" --probability 0.5',
    "hire-by": f"hire-by {GROWING} --team packer=2 --peak 2025-11-11..2025-11-14 -n 4",
    "sweep": "sweep scenarios/designs/packers_and_orders.toml -n 3",
    "sensitivity": "sweep scenarios/designs/which_guesses_matter.toml -n 2",
    "warm-up": f"warm-up {SOLO} -n 4",
    "long-run": "long-run scenarios/textbook/one_clerk.toml",
    "precision": "run scenarios/textbook/one_clerk.toml --precision roles.clerk.utilisation=2% --log",
    "journey": f"run {GROWING} --journey",
    "diff": f"run --diff {GROWING} scenarios/growing_store_one_more_packer.toml",
}
"""Name → arguments; each is played with its own folder and without a store."""

WITHOUT_FOLDER = ("journey", "diff")


def jobs() -> dict[str, str]:
    """Name → arguments of everything that is asked."""
    shops = sorted([*(ROOT / "scenarios").glob("*.toml"), *(ROOT / "scenarios" / "textbook").glob("*.toml")])
    runs = {path.stem: f"run {path.relative_to(ROOT).as_posix()} -n 2 --log" for path in shops}
    return {**runs, **QUESTIONS}


def ask(tree: Path, folder: Path, name: str, arguments: str, engine: str) -> dict[str, bytes]:
    """What a tree answers: file → content; what it prints is under "stdout" and "stderr"."""
    words = [*shlex.split(arguments), "--engine", engine]
    if name not in WITHOUT_FOLDER:
        words += ["--out", "answer"]
    if words[0] not in ("run", "long-run"):
        words += ["--no-store"]
    folder.mkdir(parents=True)
    (folder / "scenarios").symlink_to(tree / "scenarios")
    env = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONPATH": str(tree), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(tree / "run_sim.py"), *words, "--workers", "1"]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
    found = {"stdout": done.stdout, "stderr": done.stderr, "exit code": str(done.returncode).encode()}
    answer = folder / "answer"
    found |= {p.relative_to(answer).as_posix(): p.read_bytes() for p in sorted(answer.rglob("*")) if p.is_file()}
    return {file: content.replace(str(tree).encode(), b"TREE") for file, content in found.items()}


def differences(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """What is not the same: a sentence a file."""
    said = []
    for file in sorted(before.keys() | after.keys()):
        if file not in before or file not in after:
            said.append(f"{file} is {'new' if file in after else 'gone'}")
        elif before[file] != after[file]:
            said.append(f"{file} differs{_where(before[file], after[file])}")
    return said


def _where(before: bytes, after: bytes) -> str:
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    for number, (old, new) in enumerate(pairs, 1):
        if old != new:
            told = " -> ".join(line[:100].decode(errors="replace") for line in (old, new))
            return f" in line {number}: {told}"
    return f": {len(before)} -> {len(after)} bytes"


@contextmanager
def tree_of(commit: str) -> Iterator[Path]:
    """A commit as it was, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "before"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", str(tree), commit], cwd=ROOT, check=True)
        try:
            yield tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)


@click.command(help=__doc__.partition("\n")[0] if __doc__ else None)
@click.option("--since", default="HEAD", show_default=True, help="The commit to compare with.")
@click.option("--only", multiple=True, help="Only what has this in its name.")
@click.option("--engine", default="fast", show_default=True, help="The engine that plays on both sides.")
def main(since: str, only: tuple[str, ...], engine: str) -> None:
    """Ask both trees everything and compare the answers."""
    wanted = {name: words for name, words in jobs().items() if not only or any(part in name for part in only)}
    changed = 0
    with tree_of(since) as before, tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        for tree in (before, ROOT):  # compile once, before two would at a time
            subprocess.run([sys.executable, "run_sim.py", "compile"], cwd=tree, check=False, stdout=subprocess.DEVNULL)

        def both(name: str) -> list[str]:
            sides = ((before, Path(folder) / "before" / name), (ROOT, Path(folder) / "after" / name))
            return differences(*(ask(tree, place, name, wanted[name], engine) for tree, place in sides))

        for name, said in zip(wanted, pool.map(both, wanted), strict=True):
            print(f"{name}: {'the same' if not said else '; '.join(said)}", flush=True)
            changed += bool(said)
    print(f"\n{len(wanted) - changed} of {len(wanted)} answers are the same to the byte.")
    sys.exit(1 if changed else 0)


if __name__ == "__main__":
    main()
