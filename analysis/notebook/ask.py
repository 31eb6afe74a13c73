"""What all questions share: plans are read, played with a progress bar, and answered with a `Reply`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from analysis.answers.finding import Finding
from analysis.notebook.given import Changes, Given, assumed
from analysis.notebook.how import How, complete, playing
from analysis.notebook.reply import Reply
from analysis.output import finding_files
from analysis.runs.observe import Setting


def ask(
    name: str,
    given: Sequence[Given],
    make: Callable[[Setting], Finding],
    told: str,
    how: How,
    *,
    replications: int = 1,
    seed: int = 1,
    set: Changes = None,  # noqa: A002  (named as on the command line)
) -> Reply:
    """Make a finding and wrap it. `name` is what a store calls the question, `told` the call that makes it again."""
    with playing(name, replications, seed, how) as setting:
        finding = make(setting)
    assumptions = partial(assumed, given, set, complete(how)["allow"])
    return Reply(
        finding,
        lambda: finding_files.page(finding, told, assumptions()),
        lambda folder: finding_files.write_finding(finding, folder, told, assumptions()),
    )
