"""Does the program work with the lowest versions that pyproject.toml allows? In a fresh environment:

    python -m tests.smoke

installs exactly those, then plays a shop on both engines, asks a question, and looks at what came. Half a minute,
besides what the installation takes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from analysis.pictures import NAMES

ROOT = Path(__file__).parents[1]
SHOP = "scenarios/solo_founder.toml"
SHORT = ["--set", "runs_for=3 weeks", "-n", "3"]


def lowest() -> list[str]:
    """Every dependency at its lower bound: "numpy>=1.26,<3" → "numpy==1.26"."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return [re.sub(r">=([\d.]+).*", lambda bound: f"=={bound[1]}.*", each) for each in stated]


def main() -> None:
    """Make the environment and try. Raises CalledProcessError, AssertionError."""
    with tempfile.TemporaryDirectory() as folder:
        python = str(Path(folder) / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python")
        subprocess.run([sys.executable, "-m", "venv", str(Path(folder) / "venv")], check=True)
        install(python, *lowest())
        install(python, "--no-deps", "-e", str(ROOT))
        answers = [run(python, SHOP, *SHORT, "--engine", engine, "--json") for engine in ("simpy", "fast")]
        told = [{key: value for key, value in each.items() if key != "engine"} for each in answers]
        assert told[0] == told[1], "both engines give the same answer"
        run(python, SHOP, *SHORT, "--out", f"{folder}/run", "--quiet")
        assert len(list(Path(folder, "run", "plots").glob("*.png"))) == len(NAMES)
        found = run(python, "marginal", SHOP, *SHORT, "--no-store", "--json")
        assert found["experiment"] == "marginal"
    print(f"Works with {', '.join(lowest())}.")


def install(python: str, *what: str) -> None:
    """Install with pip into an environment."""
    subprocess.run([python, "-m", "pip", "install", "-q", *what], check=True)


def run(python: str, *words: str) -> dict[str, object]:
    """The JSON that a command prints, if it prints any."""
    done = subprocess.run([python, "run_sim.py", *words], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, object] = json.loads(done.stdout or "{}")
    return answer


if __name__ == "__main__":
    main()
