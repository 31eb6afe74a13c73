"""Where the machine code of the compiled engine is kept. Needs no numba: it tells whether to ask for it.

The folder is named after a hash of the engine's sources. Numba itself looks only at the file of the function that is
called, and would go on using code made from an older version of the others.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from importlib.metadata import version
from pathlib import Path

_SIM = Path(__file__).parents[1]
_SHARED = ("rules.py", "plan.py", "log.py", "units.py")


def sources() -> list[Path]:
    """The files whose change makes compiled code stale."""
    return [*sorted(Path(__file__).parent.glob("*.py")), *(_SIM / name for name in _SHARED)]


def cache_folder() -> Path:
    """Where the machine code of this version is kept.

    Below $SHOPFLOOR_CACHE, the user's cache folder or the folder for temporary files: the first that can be written.
    """
    key = hashlib.sha256(version("numba").encode())
    for source in sources():
        key.update(source.read_bytes())
    homes = (os.environ.get("SHOPFLOOR_CACHE"), os.environ.get("XDG_CACHE_HOME"), _home(), tempfile.gettempdir())
    for home in homes:
        if home and _writable(folder := Path(home) / "shopfloor-sim" / key.hexdigest()[:16]):
            return folder
    raise OSError("no folder can be written to keep compiled code in; name one in SHOPFLOOR_CACHE")


def is_warm() -> bool:
    """Whether the machine code of this version lies ready."""
    return any(cache_folder().rglob("kernel.play-*.nbc"))


def _home() -> str | None:
    try:
        return str(Path.home() / ".cache")
    except RuntimeError:  # nobody knows where home is
        return None


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
