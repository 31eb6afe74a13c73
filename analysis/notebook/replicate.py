"""Replicate: a plan played again and again under fresh luck, with every measure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from analysis.notebook.call import call
from analysis.notebook.given import Changes, Given, plan_of
from analysis.notebook.how import How, complete
from analysis.notebook.reply import Reply

if TYPE_CHECKING:
    from analysis.runs.result import Result


def replicate(
    plan: Given,
    *,
    replications: int = 10,
    seed: int = 1,
    set: Changes = None,  # noqa: A002  (named as on the command line)
    plain: bool = False,
    **how: Unpack[How],
) -> Reply:
    """Play a plan, or a scenario file, `replications` times (1 … 1,000,000): where do cases wait, for whom, why?

    `set` maps dotted paths to values ({"roles.packer.people": 3}); `plain` leaves out what is known of the orders that
    came; `how`: see `How`. `frame` has every measure. Raises BadInput.
    """
    options = complete(how)
    played = plan_of(plan, set, options["allow"])
    told = call("replicate", [plan], replications=replications, seed=seed, set=set, plain=plain or None)
    return _reply(_played(played, options, replications=replications, seed=seed, plain=plain), told, options["workers"])


def _played(plan: Any, options: dict[str, Any], **kind: Any) -> Result:
    from analysis.output.watching import make_ready, progress
    from analysis.runs.compiling import will_be_compiled
    from analysis.runs.replications import check
    from analysis.runs.replications import replicate as play

    check(kind["replications"], kind["seed"], options["workers"], options["engine"])
    if will_be_compiled(options["engine"], plan, kind["replications"]):
        make_ready(options)
    with progress(options, "replications", kind["replications"]) as report:
        return play(plan, workers=options["workers"], engine=options["engine"], progress=report, **kind)


def _reply(result: Result, told: str, workers: int | None) -> Reply:
    from analysis.answers.first_lines import first_lines
    from analysis.output.run_finding import finding_of

    lines = first_lines(result)

    def page() -> str:
        from analysis.output.report import drawn, render

        return render(result, drawn(result, workers), told, lines)

    def fill(folder: Path) -> None:
        from analysis.output.result_files import write_results

        write_results(result, folder, told, workers, lines)

    return Reply(finding_of(result, lines), page, fill)
