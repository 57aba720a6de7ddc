"""Where each key of a TOML text stands: tomllib gives the values, this gives the line to name beside a fault."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]+")
_PLACE = re.compile(r"\(at line (\d+), column \d+\)$")
# Longest quotes first: a multi-line string may end in up to two quotes of its own before the closing three.
_STRINGS = (
    re.compile(r'"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}'),
    re.compile(r"'''(?:[^']|'{1,2}(?!'))*'{3,5}"),
    re.compile(r'"(?:[^"\\\n]|\\[^\n])*"'),
    re.compile(r"'[^'\n]*'"),
)


class _Lost(Exception):
    """The text is no TOML from here on; tomllib says so better."""


def lines_of(text: str) -> Mapping[Path, int]:
    """The 1-based line of every key, table header, array element and element of a `[[...]]` array (from 0).

    `("stages", "triage", "within")`, `("moves", 3, "name")`, `("moves", 3)`, `("holidays", "2026")`. A table that has
    no header of its own stands where it is first named. For a text that is not TOML, what stands before the fault.
    """
    return _Lines(text)


class _Lines(Mapping[Path, int]):
    """Reads the text when somebody first asks: a file without a fault is never asked, and the house opens sooner."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _found(self) -> Mapping[Path, int]:
        scan = _Scan(self._text)
        with suppress(_Lost):
            scan.document()
        return scan.found

    def __getitem__(self, path: Path) -> int:
        return self._found[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def line_of_error(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line that tomllib names in its message; the last line for a fault at the end of the text."""
    place = _PLACE.search(str(error))
    return int(place[1]) if place else text.rstrip("\n").count("\n") + 1


class _Scan:
    """One walk over one text; `at` is the offset of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self._last: dict[Path, int] = {}  # the path of each [[array]] -> the index of its newest element
        self._breaks = [at for at, char in enumerate(text) if char == "\n"]

    def document(self) -> None:
        table: Path = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            start = self.at
            if self._take("[["):
                table = self._element(start)
                self._need("]]")
            elif self._take("["):
                table = self._resolve(self._key())
                self._note_header(table, start)
                self._need("]")
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _element(self, start: int) -> Path:
        """The path of the element that a `[[header]]` opens."""
        *outer, name = self._key()
        array = (*self._resolve(tuple(outer)), name)
        self._note(array, start)
        self._last[array] = self._last.get(array, -1) + 1
        element = (*array, self._last[array])
        self._note(element, start)
        return element

    def _pair(self, table: Path) -> None:
        start = self.at
        path = (*table, *self._key())
        self._note(path, start)
        self._need("=")
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._take("["):
            index = 0
            while not self._closes("]"):
                self._note((*path, index), self.at)
                self._value((*path, index))
                index += 1
        elif self._take("{"):
            while not self._closes("}"):
                self._pair(path)
        elif self._string() is None:
            self._match(_SCALAR)

    def _closes(self, bracket: str) -> bool:
        """Whether the list ends here; a comma before the next item is swallowed."""
        self._skip(_BLANK)
        if self._take(","):
            self._skip(_BLANK)
        return self._take(bracket)

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            quoted = self._string()
            parts.append(self._match(_BARE) if quoted is None else _unquoted(quoted))
            self._skip(_SPACE)
            if not self._take("."):
                return tuple(parts)

    def _string(self) -> str | None:
        for pattern in _STRINGS:
            if found := pattern.match(self.text, self.at):
                self.at = found.end()
                return found[0]
        return None

    def _resolve(self, names: tuple[str, ...]) -> Path:
        """A header's path: a name of a [[array]] on the way means its newest element."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self._last:
                path = (*path, self._last[path])
        return path

    def _note(self, path: Path, at: int) -> None:
        line = bisect_left(self._breaks, at) + 1
        for size in range(1, len(path) + 1):
            self.found.setdefault(path[:size], line)

    def _note_header(self, path: Path, at: int) -> None:
        """A table's own header wins over the place where a table inside it named it first."""
        self._note(path, at)
        self.found[path] = bisect_left(self._breaks, at) + 1

    def _take(self, token: str) -> bool:
        if self.text.startswith(token, self.at):
            self.at += len(token)
            return True
        return False

    def _need(self, token: str) -> None:
        if not self._take(token):
            raise _Lost

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise _Lost
        self.at = found.end()
        return found[0]

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._match(pattern)


def _unquoted(quoted: str) -> str:
    try:
        return str(tomllib.loads(f"key = {quoted}")["key"])
    except tomllib.TOMLDecodeError:
        raise _Lost from None
