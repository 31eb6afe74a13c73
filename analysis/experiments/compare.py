"""Compare scenarios: B, C … held against A under the same luck, with verdicts that hold together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Literal

from analysis.experiments.finding import Drawn, Finding, Told, name_of, provenance, title_of
from analysis.experiments.runs import Observed, Setting, observe
from analysis.measures import Key
from analysis.paths import direction, key_of, path_of
from analysis.result import unit
from analysis.statistics import estimate
from analysis.statistics.comparisons import PairedComparison, compare_family
from analysis.words import change, how_many, measure_title
from sim.faults import bad_input
from sim.plan import Plan

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Good = Literal["lower", "higher"]

USUAL = {
    "route": ("cycle_h",),
    "promise": ("share", "days_share"),
    "money": ("staff_cost_per_week", "contribution_per_week", "surplus_per_week"),
}
"""What is compared if nothing is named: by kind of place."""


@dataclass(frozen=True)
class Compared:
    """One measure of one alternative beside that of the base."""

    alternative: str
    key: Key
    base: float
    mean: float
    pair: PairedComparison

    @property
    def verdict(self) -> str:
        """What may be said."""
        if direction(self.key[2]) is None and self.pair.verdict in ("better", "worse"):
            return "more" if self.pair.difference.mean > 0 else "less"
        return self.pair.verdict


def compare(
    plans: Sequence[Plan], replications: int = 20, setting: Setting | None = None, measures: Sequence[str] = ()
) -> Finding:
    """Hold every plan against the first. `measures` are paths such as "routes.order.cycle_h" (default: cycle times,
    promises, money). Raises BadInput for fewer than two plans, an unknown measure, or several currencies.
    """
    if len(plans) < 2:
        raise bad_input("compare", "name at least two scenarios")
    if len(currencies := {plan.currency: None for plan in plans}) > 1:
        raise bad_input("compare", f"money in {' and '.join(currencies)} cannot be compared: give one currency")
    setting = setting or Setting()
    observed = observe(plans, range(replications), setting)
    keys = chosen(observed, measures)
    names = distinct([name_of(plan) for plan in plans])
    found = compared(observed, keys, names)
    frame = table(found, plans[0].currency)
    few = (*(("alternative",) if len(plans) == 2 else ()), "low", "high", "variance_ratio", "n", "path")
    last = [name for name in few if name not in ("low", "high")]
    frame = frame[[*(name for name in frame.columns if name not in last), *last]]
    return Finding(
        experiment="compare",
        title=" against ".join(reversed(names)) if len(names) == 2 else f"{len(names) - 1} alternatives to {names[0]}",
        question=f"What changes if “{title_of(plans[0])}” becomes {_listed([title_of(plan) for plan in plans[1:]])}?",
        recommendation=[
            *sentences(found, names[1:], replications, plans[0].currency),
            *([] if measures else _left_out(observed)),
        ],
        tables=[Told("compare", "Differences under the same luck", frame, NOTES, few)],
        pictures=[
            Drawn(
                f"differences_{name}" if len(names) > 2 else "differences",
                f"{name} against {names[0]}: each row a measure, its change and 95 % interval (all at once).",
                _forest(found, name, plans[0].currency),
            )
            for name in names[1:]
        ],
        provenance=provenance(observed, setting),
    )


NOTES = (
    "Intervals hold all at once with 95 % (Bonferroni). Verdicts by Holm's procedure, which proves a little more: with "
    "95 % none of the whole table is wrong, and a “better” may stand although its interval holds 0. “needed”: "
    "replications that would settle it. “variance ratio”: how many times more replications it would have taken without "
    "common random numbers."
)


def chosen(observed: Observed, measures: Sequence[str]) -> list[Key]:
    """The measures to compare."""
    known = observed.keys()
    if measures:
        return list(dict.fromkeys(key_of(path, known, "--measure") for path in measures))
    usual = [key for key in known if key[2] in USUAL.get(key[0], ()) and not _is_silent(observed, key)]
    if not usual:
        told = "no cycle time, promise or money that is measured in all of the scenarios; name something with --measure"
        raise bad_input("compare", told)
    return usual


def _left_out(observed: Observed) -> list[str]:
    """Which of the usual measures some of the scenarios have and others have not."""
    every = dict.fromkeys(key for number in range(len(observed.plans)) for key in observed.keys_of(number))
    partly = [key for key in every if key[2] in USUAL.get(key[0], ()) and not observed.has(key)]
    told = "; ".join(measure_title(key) for key in partly)
    return [f"Not compared, for not all of them have it: {told}."] if partly else []


def _is_silent(observed: Observed, key: Key) -> bool:
    """Whether nothing was ever measured."""
    import numpy as np

    return all(bool(np.isnan(observed.each(n, key)).all()) for n in range(len(observed.plans)))


def compared(observed: Observed, keys: Sequence[Key], names: Sequence[str]) -> list[Compared]:
    """Every alternative against the first, measure by measure, judged as one family."""
    places = [(n, key) for n in range(1, len(observed.plans)) for key in keys]
    pairs = [(observed.each(n, key), observed.each(0, key)) for n, key in places]
    goods: list[Good] = ["higher" if direction(key[2]) == "higher" else "lower" for _, key in places]
    return [
        Compared(names[n], key, estimate(base).mean, estimate(other).mean, pair)
        for (n, key), (other, base), pair in zip(places, pairs, compare_family(pairs, goods), strict=True)
    ]


def table(found: Sequence[Compared], currency: str) -> pd.DataFrame:
    """Columns: measure, path, alternative, unit, base, mean, difference, low, high, verdict, needed, variance_ratio,
    n.
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
        }
        for each in found
    ]
    return pd.DataFrame(rows).astype({"needed": "Int64"})


def sentences(found: Sequence[Compared], names: Sequence[str], replications: int, currency: str) -> list[str]:
    """What is better with each alternative, what is worse, what differs, and what is not proven."""
    told = []
    for name in names:
        mine = [each for each in found if each.alternative == name]
        for verdicts, words in VERDICTS.items():
            proven = [_told(each, currency) for each in mine if each.verdict in verdicts]
            told += [f"{name} {words}: {'; '.join(proven)}."] if proven else []
        open_ = [each for each in mine if each.verdict == "not proven"]
        told += [_not_proven(name, open_, replications)] if open_ else []
        if all(each.verdict == "the same" for each in mine):
            told.append(f"{name} changes none of what was measured.")
    return told


VERDICTS = {("better",): "is better", ("worse",): "is worse", ("more", "less"): "differs, for better or worse"}
"""How it is said what is proven."""


def _told(each: Compared, currency: str) -> str:
    scale, of = _read_as(each, currency)
    mean, low, high = _scaled(each, scale)
    told = change(mean, nan, nan) if low <= 0 <= high else change(mean, low, high)
    by_how_much = " (how much is open)" if low <= 0 <= high else ""
    return f"{measure_title(each.key)} {told} {of.replace('%', 'percentage points')}".rstrip() + by_how_much


def _read_as(each: Compared, currency: str) -> tuple[float, str]:
    """Factor and unit in which people read a measure: shares in per cent."""
    of = unit(*each.key, currency)
    return (100.0, "%") if of == "share" else (1.0, of)


def _scaled(each: Compared, scale: float) -> tuple[float, float, float]:
    difference = each.pair.difference
    return difference.mean * scale, difference.low * scale, difference.high * scale


def _not_proven(name: str, open_: Sequence[Compared], replications: int) -> str:
    needed = [each.pair.needed for each in open_ if each.pair.needed is not None]
    listed = "; ".join(measure_title(each.key) for each in open_)
    which = "it" if len(open_) == 1 else "one of them"
    more = f"; about {how_many(min(needed), 'replication')} would settle {which}" if needed else ""
    return f"{name}, not proven with {how_many(replications, 'replication')}: {listed}{more}."


def _forest(found: Sequence[Compared], name: str, currency: str) -> Callable[[], Figure]:
    def draw() -> Figure:
        import pandas as pd

        from analysis.plots.experiments import differences

        rows = [_row_of_forest(each, currency) for each in found if each.alternative == name]
        return differences(pd.DataFrame(rows), f"What {name} changes")

    return draw


def _row_of_forest(each: Compared, currency: str) -> dict[str, object]:
    scale, of = _read_as(each, currency)
    mean, low, high = _scaled(each, scale)
    better = {"lower": "less", "higher": "more", None: ""}[direction(each.key[2])]
    row = {"label": measure_title(each.key), "unit": of, "base": each.base * scale, "better": better}
    return {**row, "mean": mean, "low": low, "high": high, "proven": each.verdict not in ("not proven", "the same")}


def distinct(names: list[str]) -> list[str]:
    """Names, with a number behind those that come twice."""
    return [f"{name} {names[: i + 1].count(name)}" if names.count(name) > 1 else name for i, name in enumerate(names)]


def _listed(titles: list[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)
