"""The one place through which a sentence goes before a user reads it: English as it stands in the code, or what a
catalogue says instead (GNU gettext: `sim/locale/LANGUAGE/LC_MESSAGES/shopfloor.mo`).
"""

from __future__ import annotations

import gettext
import string
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, NamedTuple

CATALOGUES = Path(__file__).parent / "locale"
DOMAIN = "shopfloor"


class Tongue(NamedTuple):
    """A language: its catalogue, and what writes values into a sentence."""

    name: str
    catalogue: gettext.NullTranslations
    writer: string.Formatter


class _LocalNumbers(string.Formatter):
    """Writes numbers with the marks of a language; English needs none of it."""

    def __init__(self, language: str) -> None:
        from babel import Locale

        symbols = Locale.parse(language).number_symbols["latn"]
        self._marks = str.maketrans({",": symbols["group"], ".": symbols["decimal"]})

    def format_field(self, value: Any, format_spec: str) -> str:
        told: str = super().format_field(value, format_spec)
        return told.translate(self._marks) if isinstance(value, (int, float)) and format_spec else told


ENGLISH = Tongue("en", gettext.NullTranslations(), string.Formatter())
_spoken: ContextVar[Tongue] = ContextVar("spoken", default=ENGLISH)


def say(text: str, **values: object) -> str:
    """A sentence in the language that is spoken, its {names} filled with the values.

    Without values the text stands as it is, braces and all.

    >>> say("{orders:,} orders wait at {step}", orders=1200, step="pack")
    '1,200 orders wait at pack'
    """
    spoken = _spoken.get()
    told = spoken.catalogue.gettext(text) if text else ""
    return _filled(spoken, told, values)


def say_many(one: str, many: str, number: int, **values: object) -> str:
    """A sentence that depends on a number, which it may name as {number}.

    >>> say_many("{number:,} row", "{number:,} rows", 1), say_many("{number:,} row", "{number:,} rows", 2000)
    ('1 row', '2,000 rows')
    """
    spoken = _spoken.get()
    return _filled(spoken, spoken.catalogue.ngettext(one, many, number), {"number": number, **values})


def counted(number: int, noun: str) -> str:
    """A number and its noun.

    >>> counted(1, "row"), counted(2000, "replication")
    ('1 row', '2,000 replications')
    """
    return say_many(f"{{number:,}} {noun}", f"{{number:,}} {noun}s", number)


def later(text: str) -> str:
    """Marks a sentence of a table that is put together before anybody speaks; who shows it calls `say`."""
    return text


def _filled(spoken: Tongue, told: str, values: dict[str, object]) -> str:
    return spoken.writer.vformat(told, (), values) if values else told


def tongue(language: str) -> Tongue:
    """What a language needs to be spoken.

    Raises:
        FileNotFoundError: there is no catalogue of it.
    """
    if language == ENGLISH.name:
        return ENGLISH
    return Tongue(language, gettext.translation(DOMAIN, CATALOGUES, [language]), _LocalNumbers(language))


@contextmanager
def speaking(spoken: Tongue) -> Iterator[None]:
    """Sentences are said in this language until the block ends."""
    before = _spoken.set(spoken)
    try:
        yield
    finally:
        _spoken.reset(before)
