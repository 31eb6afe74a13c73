"""The lines of a text file, plain or compressed, read in pieces: how its characters are coded is found out first."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.faults import bad_input
from sim.language import say

MOST_BYTES = 2**30
"""Bytes of a file, once it is uncompressed, that are read."""

MOST_IN_A_LINE = 1_000_000
"""Characters of a line; without a limit a file without line ends would be one line in memory."""

PIECE = 2**20

_NOT_WESTERN = re.compile(rb"[\x80-\xff]{3}|(?<![A-Za-z\x80-\xff])[\x80-\xff]{2}(?![A-Za-z\x80-\xff])")
"""Bytes above ASCII that follow each other as no accents do: GBK has two for each Chinese character."""


class _Bytes(io.RawIOBase):
    """The bytes of a file, uncompressed. Raises BadInput for what cannot be read or never ends."""

    def __init__(self, path: Path) -> None:
        self.path, self.size = path, 0
        with self._told():
            if path.exists() and not path.is_file():
                raise bad_input(str(path), say("is a folder, a pipe or a device; name a file"))
            self.file: Any = gzip.open(path) if path.suffix == ".gz" else path.open("rb")  # noqa: SIM115

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with self._told():
            count = int(self.file.readinto(buffer))
        self.size += count
        if self.size > MOST_BYTES:
            message = say(
                "holds more than {MOST_BYTES:,.0f} MiB of text; leave out rows and columns",
                MOST_BYTES=MOST_BYTES / 2**20,
            )
            raise bad_input(str(self.path), message)
        return count

    def close(self) -> None:
        if not self.closed and hasattr(self, "file"):
            self.file.close()
        super().close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise bad_input(str(self.path), say("there is no such file")) from None
        except (OSError, EOFError, zlib.error) as error:
            raise bad_input(str(self.path), say("cannot be read: {error}", error=error)) from None


@contextmanager
def opened(path: Path) -> Iterator[tuple[Iterator[str], list[str]]]:
    """The lines of a file with their ends, and what was noticed: UTF-8, UTF-16, Windows-1252 or GBK, plain or .gz.

    Raises BadInput for a file that cannot be read; lines raise it too, and csv.Error where one has no end.
    """
    encoding, called = _encoding(path)
    with io.TextIOWrapper(io.BufferedReader(_Bytes(path), PIECE), encoding, newline="") as text:
        yield _lines(text), [say("{name} was read as {called} text", name=path.name, called=called)] if called else []


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(MOST_IN_A_LINE):
        if len(line) == MOST_IN_A_LINE:
            raise csv.Error(say("a line is longer than {MOST_IN_A_LINE:,} characters", MOST_IN_A_LINE=MOST_IN_A_LINE))
        yield line


def _encoding(path: Path) -> tuple[str, str]:
    """The encoding of a file for Python, and what it is called where it is not UTF-8."""
    with _Bytes(path) as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) and _decodes(path, "utf-16"):
            return "utf-16", "UTF-16"
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig", ""
    if _is_western(path) and _decodes(path, "cp1252"):
        return "cp1252", "Windows-1252"
    if _decodes(path, "gb18030"):
        return "gb18030", "GBK"
    raise bad_input(str(path), say("is neither UTF-8 nor GBK text"))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with _Bytes(path) as file:
        try:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _is_western(path: Path) -> bool:
    """Whether all bytes above ASCII can be the accents of western words: alone, or two within a word (Größe)."""
    before = b""
    with _Bytes(path) as file:
        while piece := file.read(PIECE):
            if _NOT_WESTERN.search(before + piece):
                return False
            before = piece[-3:]
    return True
