"""Compare scenarios: B, C … held against A under the same luck, with verdicts that hold together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.answers.finding import Drawn, Finding, Told, name_of, title_of
from analysis.answers.known_luck import in_words, mean_ratio
from analysis.answers.mind import is_certain, mind, unpriced_hours
from analysis.answers.words import change, level, measure_title
from analysis.measures import Key
from analysis.measures.paths import direction, key_of, path_of
from analysis.questions.compare_known import controls_of_row, replication_tables
from analysis.questions.compare_words import scaled, sentences, unit_to_read
from analysis.runs.known import Known
from analysis.runs.observe import Observed, Setting, observe, provenance
from analysis.runs.result import unit
from analysis.statistics import estimate
from analysis.statistics.comparisons import PairedComparison, compare_family
from analysis.statistics.controls import Controls, adjusted
from sim.faults import bad_input
from sim.language import later, say
from sim.plan import Plan

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Good = Literal["lower", "higher"]

USUAL = {
    "route": ("cycle_h", "in_progress"),
    "promise": ("share", "days_share"),
    "money": ("staff_cost_per_week", "contribution_per_week", "surplus_per_week"),
}
"""What is compared if nothing is named: by kind of place. Cycle times are of cases that ended; those that never do
are seen in how many are in the shop."""


COST, BROUGHT, LEFT = MONEY = tuple(
    ("money", "shop", f"{what}_per_week") for what in ("staff_cost", "contribution", "surplus")
)
"""What a scenario may leave out: pay that is not stated is taken as none, as the contribution is."""


@dataclass(frozen=True)
class Compared:
    """One measure of one alternative beside that of the base."""

    alternative: str
    key: Key
    base: float
    mean: float
    pair: PairedComparison
    by: tuple[Key, ...] = ()
    """What is known of the orders that came and adjusts it."""

    @property
    def verdict(self) -> str:
        """What may be said."""
        if direction(self.key[2]) is None and self.pair.verdict in ("better", "worse"):
            return "more" if self.pair.difference.mean > 0 else "less"
        return self.pair.verdict


def compare(
    plans: Sequence[Plan],
    replications: int = 20,
    setting: Setting | None = None,
    measures: Sequence[str] = (),
    names: Sequence[str] = (),
    plain: bool = False,
) -> Finding:
    """Hold every plan against the first. `measures` are paths such as "routes.order.cycle_h" (default: cycle times,
    promises, money), `names` what the plans are called (default: as their files); `plain` leaves out what is
    known of the orders that came. Raises BadInput for fewer than two
    plans, an unknown measure, or money in several currencies.
    """
    if len(plans) < 2:
        raise bad_input("compare", say("name at least two scenarios, or say --with what is changed"))
    setting = setting or Setting()
    observed = observe(plans, range(replications), setting)
    keys = chosen(observed, measures)
    names = distinct(list(names) or [name_of(plan) for plan in plans])
    known = None if plain else Known(plans[0], lambda key: observed.each(0, key))
    found, currency = compared(observed, keys, names, known), _currency(plans, keys)
    read = to_read(found, names[1:], currency)
    return Finding(
        experiment="compare",
        title=say(" against ").join(reversed(names))
        if len(names) == 2
        else say("{names} alternatives to {names_2}", names=len(names) - 1, names_2=names[0]),
        question=say(
            "What changes if “{title_of}” becomes {listed}?",
            title_of=title_of(plans[0]),
            listed=_listed(_titles(plans, names)[1:]),
        ),
        recommendation=[
            *sentences(found, names[1:], replications, currency),
            *other_customers(plans, names),
            *([] if measures else _left_out(observed, names)),
        ],
        tables=[
            Told("compare", say("Differences under the same luck"), table(found, currency), notes(found), shown=read),
            *_replications(observed, found, names, known),
        ],
        pictures=[
            Drawn(
                f"differences_{name}" if len(names) > 2 else "differences",
                say(
                    "{name} against {names}: each row a measure, its change and 95 % interval (all at once).",
                    name=name,
                    names=names[0],
                ),
                _forest(found, name, currency),
            )
            for name in names[1:]
        ],
        warnings=[*mind(plans, names), *unpriced_hours(plans[0], plans[1:])],
        provenance=provenance(observed, setting),
    )


def _titles(plans: Sequence[Plan], names: Sequence[str]) -> list[str]:
    """What the scenarios are about; the names of those that say the same of themselves as the first."""
    return [
        name if title_of(plan) == title_of(plans[0]) else title_of(plan)
        for plan, name in zip(plans, names, strict=True)
    ]


def _currency(plans: Sequence[Plan], keys: Sequence[Key]) -> str:
    """The currency of all. Raises BadInput where money of different ones is compared."""
    currencies = list(dict.fromkeys(plan.currency for plan in plans))
    if len(currencies) > 1 and any(key[0] == "money" for key in keys):
        raise bad_input(
            "compare",
            say("money in {listed} cannot be compared; name measures with -m", listed=" and ".join(currencies)),
        )
    return currencies[0]


NOTES = later(
    "Difference: other less base, with its interval; all intervals hold at once with 95 % (Bonferroni). Differences of "
    "per cent are percentage points. Verdicts by Holm's procedure, which proves a little more: with 95 % none of the "
    "whole table is wrong, and a “better” may stand although its interval holds 0. Needed: replications that would "
    "settle it."
)


def notes(found: Sequence[Compared]) -> str:
    """How the table is to be read."""
    widths = ((each.pair.difference.half_width, each.pair.plain_half_width) for each in found if each.by)
    return f"{say(NOTES)} {in_words(mean_ratio(widths), 'Intervals')}".rstrip()


def _replications(
    observed: Observed, found: Sequence[Compared], names: Sequence[str], known: Known | None
) -> list[Told]:
    keys = list(dict.fromkeys(each.key for each in found))
    rows = [(name, key, values(observed, n, key)) for n, name in enumerate(names) for key in keys]
    return replication_tables(rows, names[0], known, list(dict.fromkeys(key for each in found for key in each.by)))


def chosen(observed: Observed, measures: Sequence[str]) -> list[Key]:
    """The measures to compare."""
    known = observed.keys()
    if measures:
        return list(dict.fromkeys(key_of(path, known, "--measure") for path in measures))
    every = dict.fromkeys(key for number in range(len(observed.plans)) for key in observed.keys_of(number))
    money = [key for key in MONEY if key in every and key not in known]
    usual = [key for key in known if key[2] in USUAL.get(key[0], ()) and not _is_silent(observed, key)] + money
    if not usual:
        told = say(
            "no cycle time, promise or money that is measured in all of the scenarios; name something with --measure"
        )
        raise bad_input("compare", told)
    return usual


def _left_out(observed: Observed, names: Sequence[str]) -> list[str]:
    """Which of the usual measures some of the scenarios have and others have not."""
    every = dict.fromkeys(key for number in range(len(observed.plans)) for key in observed.keys_of(number))
    partly = [key for key in every if key[2] in USUAL.get(key[0], ()) and not observed.has(key)]
    missing = "; ".join(measure_title(key) for key in partly if key not in MONEY)
    told = [say("Not compared, for not all of them have it: {missing}.", missing=missing)] if missing else []
    return told + [_taken_as_none(observed, key, names) for key in (COST, BROUGHT) if key in partly]


def _taken_as_none(observed: Observed, key: Key, names: Sequence[str]) -> str:
    without = [name for number, name in enumerate(names) if key not in observed.keys_of(number)]
    return say(
        "{listed} says nothing of {measure_title}: it is taken as 0.",
        listed=" and ".join(without),
        measure_title=measure_title(key),
    )


def _is_silent(observed: Observed, key: Key) -> bool:
    """Whether nothing was ever measured."""
    return all(bool(np.isnan(observed.each(n, key)).all()) for n in range(len(observed.plans)))


def compared(
    observed: Observed, keys: Sequence[Key], names: Sequence[str], known: Known | None = None
) -> list[Compared]:
    """Every alternative against the first, measure by measure, judged as one family; what is `known` is that of the
    first: of the luck that all of them share.
    """
    places = [(n, key) for n in range(1, len(observed.plans)) for key in keys]
    pairs = [(values(observed, n, key), values(observed, 0, key)) for n, key in places]
    goods: list[Good] = ["higher" if direction(key[2]) == "higher" else "lower" for _, key in places]
    controls = [controls_of_row(known, key, pair) for (_, key), pair in zip(places, pairs, strict=True)]
    judged = compare_family(pairs, goods, controls=controls)
    if all(map(is_certain, observed.plans)):
        judged = [surely(pair, good) for pair, good in zip(judged, goods, strict=True)]
    return [
        _compared(names[n], key, pair, judgement, each, known)
        for (n, key), pair, judgement, each in zip(places, pairs, judged, controls, strict=True)
    ]


def _compared(
    name: str, key: Key, pair: tuple[Floats, Floats], judged: PairedComparison, by: Controls | None, known: Known | None
) -> Compared:
    """A row: both means are adjusted as their difference is, so that it is theirs."""
    other, base = pair
    plain = estimate(other - base).mean
    if by is None or known is None or judged.difference.mean == plain:
        return Compared(name, key, estimate(base).mean, estimate(other).mean, judged)
    used = known.used(key[0], key[1])
    return Compared(name, key, adjusted(base, by).mean, adjusted(other, by).mean, judged, used)


def values(observed: Observed, number: int, key: Key) -> Floats:
    """A measure of a plan in every replication; money of which its scenario says nothing is 0."""
    if key not in MONEY or key in observed.keys_of(number):
        return observed.each(number, key)
    if key == LEFT:
        return values(observed, number, BROUGHT) - values(observed, number, COST)
    return np.zeros(len(observed.replications))


def surely(pair: PairedComparison, good: Good) -> PairedComparison:
    """A difference between shops without luck: it needs no proof."""
    if pair.verdict != "not proven" or isnan(pair.difference.mean):
        return pair
    better = (pair.difference.mean > 0) == (good == "higher")
    return replace(pair, verdict="better" if better else "worse", needed=pair.difference.n)


def table(found: Sequence[Compared], currency: str) -> pd.DataFrame:
    """Columns: measure, path, alternative, unit, base, mean, difference, low, high, verdict, needed, variance_ratio,
    n, plain_half_width (what it would be without controls), controls.
    """
    import pandas as pd

    rows = [
        {
            "measure": measure_title(each.key),
            "path": path_of(each.key),
            "alternative": each.alternative,
            "unit": unit(*each.key, currency),
            "base": each.base,
            "mean": each.mean,
            "difference": each.pair.difference.mean,
            "low": each.pair.difference.low,
            "high": each.pair.difference.high,
            "verdict": each.verdict,
            "needed": each.pair.needed,
            "variance_ratio": each.pair.variance_ratio,
            "n": each.pair.difference.n,
            "plain_half_width": each.pair.plain_half_width,
            "controls": " ".join(map(path_of, each.by)),
        }
        for each in found
    ]
    return pd.DataFrame(rows).astype({"needed": "Int64"})


def to_read(found: Sequence[Compared], names: Sequence[str], currency: str) -> pd.DataFrame:
    """The table as people read it, all in words. Columns: measure, unit, base, other, difference (with its interval),
    verdict, needed. Several alternatives stand one below the other, each under a row with its name.
    """
    import pandas as pd

    rows: list[dict[str, str]] = []
    for name in names:
        rows += [{"measure": f"{name}:"}] if len(names) > 1 else []
        rows += [_row_to_read(each, currency) for each in found if each.alternative == name]
    return pd.DataFrame(rows).fillna("")


def _row_to_read(each: Compared, currency: str) -> dict[str, str]:
    scale, of = unit_to_read(each, currency)
    mean, low, high = scaled(each, scale)
    half = (high - low) / 2 / scale
    return {
        "measure": measure_title(each.key),
        "unit": of,
        "base": level(each.base, half, scale),
        "other": level(each.mean, half, scale),
        "difference": change(mean, low, high),
        "verdict": each.verdict,
        "needed": f"{each.pair.needed:,}" if each.verdict == "not proven" and each.pair.needed else "–",
    }


def other_customers(plans: Sequence[Plan], names: Sequence[str]) -> list[str]:
    """A warning where an alternative does not have the base's arrivals."""
    others = [name for name, plan in zip(names[1:], plans[1:], strict=True) if plan.streams != plans[0].streams]
    if not others:
        return []
    return [
        say(
            "Mind: what arrives is not the same in {listed}; that is in the differences, too.", listed=", ".join(others)
        )
    ]


"""How it is said what is proven."""


def _forest(found: Sequence[Compared], name: str, currency: str) -> Callable[[], Figure]:
    def draw() -> Figure:
        import pandas as pd

        from analysis.pictures import differences

        rows = [_row_of_forest(each, currency) for each in found if each.alternative == name]
        return differences(pd.DataFrame(rows), say("What {name} changes", name=name))

    return draw


def _row_of_forest(each: Compared, currency: str) -> dict[str, object]:
    scale, of = unit_to_read(each, currency)
    mean, low, high = scaled(each, scale)
    better = {"lower": "less", "higher": "more", None: ""}[direction(each.key[2])]
    row = {"label": measure_title(each.key), "unit": of, "base": each.base * scale, "better": better}
    return {**row, "mean": mean, "low": low, "high": high, "proven": each.verdict not in ("not proven", "the same")}


def distinct(names: list[str]) -> list[str]:
    """Names, with a number behind those that come twice."""
    return [f"{name} {names[: i + 1].count(name)}" if names.count(name) > 1 else name for i, name in enumerate(names)]


def _listed(titles: list[str]) -> str:
    return say(" or ").join(f"“{title}”" for title in titles)
