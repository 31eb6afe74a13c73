"""Where each key of a TOML text was written.

`tomllib` gives the values and forgets the lines. This scanner walks the same text and keeps, for every path of
keys and list positions, the line and column at which it stands. It is only run on texts that tomllib accepted,
so it need not judge them.
"""

from __future__ import annotations

import re
from bisect import bisect_right

KeyPath = tuple[str | int, ...]
"""Keys and list positions that lead to a value."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.S),
    re.compile(r"'''.*?'{3,5}", re.S),
    re.compile(r'"(?:\\.|[^"\\])*"'),
    re.compile(r"'[^']*'"),
)
_STRING_OR_COMMENT = re.compile("|".join([*(pattern.pattern for pattern in _STRINGS), r"#(?P<comment>[^\n]*)"]), re.S)


def places(text: str) -> dict[KeyPath, tuple[int, int]]:
    r"""Map every path of a valid TOML text to its (line, column), both from 1.

    >>> places('[roles.packer]\npeople = 2')[("roles", "packer", "people")]
    (2, 1)
    """
    return _Scanner(text).scan()


def comments(text: str) -> dict[int, str]:
    r"""Map each line of a valid TOML text that has a comment to its words, lines from 1.

    >>> comments('people = 2 # too few\ntitle = "no # comment"')
    {1: 'too few'}
    """
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    found = (match for match in _STRING_OR_COMMENT.finditer(text) if match["comment"] is not None)
    return {bisect_right(lines, match.start()): match["comment"].strip() for match in found}


def without_strings(text: str) -> str:
    """The text with strings and comments made blank, all else at its place: a quoted key becomes one of underscores."""
    return _STRING_OR_COMMENT.sub(_blanked, text)


def _blanked(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " " if match["comment"] is not None else "_", match[0])


class _Scanner:
    """A cursor over the text and what it has seen so far."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[KeyPath, tuple[int, int]] = {}
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]  # where each begins
        self.list_sizes: dict[KeyPath, int] = {}  # of the arrays of tables, [[like.this]]

    def scan(self) -> dict[KeyPath, tuple[int, int]]:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)
        return self.found

    def _header(self) -> KeyPath:
        start, is_list = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if is_list else 1
        keys = self._keys()
        self.at += 2 if is_list else 1
        path: KeyPath = ()
        for key in keys[:-1]:
            path = self._current((*path, key), start)
        path = (*path, keys[-1])
        self._mark(path, start)
        if is_list:
            self.list_sizes[path] = self.list_sizes.get(path, 0) + 1
        path = self._current(path, start)
        self._mark(path, start)
        return path

    def _current(self, path: KeyPath, start: int) -> KeyPath:
        """The path itself or, for an array of tables, its newest member."""
        self._mark(path, start)
        size = self.list_sizes.get(path)
        return path if size is None else (*path, size - 1)

    def _pair(self, table: KeyPath) -> None:
        start, path = self.at, table
        for key in self._keys():
            path = (*path, key)
            self._mark(path, start)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(_SPACE)
            if self.text[self.at] in "\"'":
                keys.append(_unquote(self._string()))
            else:
                keys.append(self._skip(_BARE))
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _value(self, path: KeyPath) -> None:
        opening = self.text[self.at]
        if opening == "{":
            self._inline_table(path)
        elif opening == "[":
            self._array(path)
        elif opening in "\"'":
            self._string()
        else:
            self._skip(_SCALAR)

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        self._skip(_BLANK)
        while not self.text.startswith("}", self.at):
            self._pair(path)
            self._separator()
        self.at += 1

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        self._skip(_BLANK)
        index = 0
        while not self.text.startswith("]", self.at):
            self._mark((*path, index), self.at)
            self._value((*path, index))
            self._separator()
            index += 1
        self.at += 1

    def _separator(self) -> None:
        self._skip(_BLANK)
        if self.text.startswith(",", self.at):
            self.at += 1
            self._skip(_BLANK)

    def _string(self) -> str:
        match = next(m for m in (pattern.match(self.text, self.at) for pattern in _STRINGS) if m)
        self.at = match.end()
        return match[0]

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def _mark(self, path: KeyPath, offset: int) -> None:
        if path not in self.found:
            line = bisect_right(self.lines, offset)
            self.found[path] = (line, offset - self.lines[line - 1] + 1)


def _unquote(quoted: str) -> str:
    """The key behind a quoted key; escapes are rare in keys, so the parser of values is borrowed for them."""
    import tomllib

    return str(tomllib.loads(f"key = {quoted}")["key"])
