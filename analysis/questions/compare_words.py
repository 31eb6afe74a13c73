"""What `compare` says: better, worse, different, not proven."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import TYPE_CHECKING

from analysis.answers.words import change, measure_title, of_differences, read_as
from analysis.runs.result import unit
from sim.language import counted, later, say

if TYPE_CHECKING:
    from analysis.questions.compare import Compared


def sentences(found: Sequence[Compared], names: Sequence[str], replications: int, currency: str) -> list[str]:
    """What is better with each alternative, what is worse, what differs, and what is not proven."""
    told = []
    for name in names:
        mine = [each for each in found if each.alternative == name]
        for verdicts, words in VERDICTS.items():
            proven = [_told(each, currency) for each in mine if each.verdict in verdicts]
            told += [f"{say(words).format(name)}: {'; '.join(proven)}."] if proven else []
        open_ = [each for each in mine if each.verdict == "not proven"]
        told += [_not_proven(name, open_, replications)] if open_ else []
        if all(each.verdict == "the same" for each in mine):
            told.append(say("{name} changes none of what was measured.", name=name))
    return told


VERDICTS = {
    ("better",): later("Better with {}"),
    ("worse",): later("Worse with {}"),
    ("more", "less"): later("Different with {}, for better or worse"),
}


def _told(each: Compared, currency: str) -> str:
    scale, of = unit_to_read(each, currency)
    mean, low, high = scaled(each, scale)
    told = change(mean, nan, nan) if low <= 0 <= high else change(mean, low, high)
    by_how_much = say(" (how much is open)") if low <= 0 <= high else ""
    return f"{measure_title(each.key)} {told} {of_differences(of)}".rstrip() + by_how_much


def _not_proven(name: str, open_: Sequence[Compared], replications: int) -> str:
    needed = [(each.pair.needed, measure_title(each.key)) for each in open_ if each.pair.needed is not None]
    listed = "; ".join(measure_title(each.key) for each in open_)
    told = say(
        "Not proven for {name} with {number}: {listed}.",
        name=name,
        number=counted(replications, "replication"),
        listed=listed,
    )
    if not needed:
        return told
    least, title = min(needed)
    which = "it" if len(open_) == 1 else say("the first of them ({title})", title=title)
    return say(
        "{told} About {number} would settle {which}.", told=told, number=counted(least, "replication"), which=which
    )


def unit_to_read(each: Compared, currency: str) -> tuple[float, str]:
    """The factor and the unit in which people read a difference."""
    return read_as(unit(*each.key, currency))


def scaled(each: Compared, scale: float) -> tuple[float, float, float]:
    """A difference with the ends of its interval, times `scale`."""
    difference = each.pair.difference
    return difference.mean * scale, difference.low * scale, difference.high * scale
