"""Compare: plans held against the first one under the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from analysis.notebook.ask import ask
from analysis.notebook.call import call
from analysis.notebook.given import Changes, Given, listed, plan_of
from analysis.notebook.how import How, complete
from analysis.notebook.reply import Reply


def compare(
    *plans: Given | Mapping[str, Given],
    replications: int = 20,
    seed: int = 1,
    measure: str | Sequence[str] = (),
    set: Changes = None,  # noqa: A002  (named as on the command line)
    plain: bool = False,
    **how: Unpack[How],
) -> Reply:
    """Hold plans, or scenario files, against the first one under the same luck: better, worse, or not proven?

    Plans may come with names: compare({"now": plan, "one more packer": other}). `measure`: paths such as
    "routes.order.cycle_h" (default: cycle times, promises, money); `set` changes every scenario file; `plain` leaves
    out what is known of the orders that came; `how`: see `How`. Raises BadInput.
    """
    from analysis.questions import compare as question

    names, given = named(plans)
    wanted, allow = tuple(listed(measure)), complete(how)["allow"]
    read = [plan_of(each, set, allow) for each in given]
    told = call("compare", given, replications=replications, seed=seed, measure=wanted, set=set, plain=plain or None)
    return ask(
        "compare",
        given,
        lambda setting: question.compare(read, replications, setting, wanted, names, plain),
        told,
        how,
        replications=replications,
        seed=seed,
        set=set,
    )


def named(plans: Sequence[Any]) -> tuple[list[str], list[Given]]:
    """The names of plans, none where they are to be called as their files, and the plans."""
    if len(plans) == 1 and isinstance(plans[0], Mapping):
        return list(plans[0]), list(plans[0].values())
    return [], list(plans)
