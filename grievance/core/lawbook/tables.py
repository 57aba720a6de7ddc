"""Reads the tables of a TOML file: each getter gives a sound value or a harmless one and notes the fault."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from grievance.core.errors import Fault, Faulty
from grievance.core.limits import Limit
from grievance.core.lines import Path, line_of_error, lines_of

ABSENT = object()
SOON = Limit(1, "days")  # the harmless limit that stands in for one that cannot be read
NAME = re.compile(r"[a-z][a-z0-9_]*")


class Reading:
    """The faults of one file, at most one for each place, so that one slip is not told twice."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = lines_of(text)
        self.digest = hashlib.sha256(text.encode()).hexdigest()
        self._found: dict[Path, Fault] = {}
        try:
            self.data: Mapping[str, object] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Faulty([_fault(file, line_of_error(error, text), f"This is not TOML: {error}.")]) from None

    def refuse(self, path: Path, text: str) -> None:
        """Notes a fault at this place, or at the nearest place above it that the file has a line for."""
        line = next((self.lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in self.lines), 1)
        self._found.setdefault(path, _fault(self.file, line, text))

    def known(self, path: Path, what: str, name: str, names: Collection[str]) -> bool:
        """Whether `name` is one of `names`; if not, the fault suggests the nearest."""
        if name in names:
            return True
        near = get_close_matches(name, names, n=1)
        advice = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(names) or 'none'}."
        self.refuse(path, f'There is no {what} "{name}": {advice}')
        return False

    def finish(self) -> None:
        """Raises `Faulty` with everything that was noted."""
        if self._found:
            raise Faulty(self._found.values())


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file; `what` names it in the faults."""

    reading: Reading
    path: Path
    what: str
    data: Mapping[str, object] = field(repr=False)

    def only(self, keys: Collection[str]) -> None:
        """Refuses every key that nothing reads."""
        for key in self.data:
            if key not in keys:
                near = get_close_matches(key, keys, n=1)
                advice = f'did you mean "{near[0]}"?' if near else f"It has {', '.join(keys)}."
                self.refuse(key, f'Nothing reads "{key}" in {self.what}: {advice}')

    def refuse(self, key: str, text: str, *index: str | int) -> None:
        self.reading.refuse((*self.path, key, *index), text)

    def words(self, key: str, default: str | None = None) -> str:
        """One line of text; required when there is no default."""
        value = self._value(key, required=default is None)
        if value is ABSENT:
            return default or ""
        if isinstance(value, str) and value.strip():
            return value
        self.refuse(key, f'{key} is a text between quotes, such as {key} = "…".')
        return default or ""

    def one_of(self, key: str, what: str, names: Collection[str], default: str | None = None) -> str:
        """One name of a list."""
        name = self.words(key, default)
        if key in self.data and name:
            self.reading.known((*self.path, key), what, name, names)
        return name

    def names(self, key: str, *, required: bool = False, single: bool = False) -> tuple[str, ...]:
        """A list of texts; with `single`, one text may stand for a list of one."""
        value = self._value(key, required=required)
        if value is ABSENT:
            return ()
        if single and isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self.refuse(key, f'{key} is a list of names, such as {key} = ["…"].')
            return ()
        for index, item in enumerate(value):
            if item in value[:index]:
                self.refuse(key, f'"{item}" stands twice in {key}.', index)
        if required and not value:
            self.refuse(key, f"{key} of {self.what} is empty.")
        return tuple(value)

    def some_of(self, key: str, what: str, names: Collection[str], *, required: bool = False) -> tuple[str, ...]:
        """Several names of a list."""
        chosen = self.names(key, required=required)
        for index, name in enumerate(chosen):
            self.reading.known((*self.path, key, index), what, name, names)
        return chosen

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number from 1."""
        value = self._value(key, required=default is None)
        if value is ABSENT:
            return default or 1
        if type(value) is int and value >= (default if default is not None else 1):
            return value
        self.refuse(key, f"{key} is a whole number, such as {key} = 2.")
        return default or 1

    def day(self, key: str) -> date | None:
        """A date."""
        value = self._value(key, required=True)
        if type(value) is date:  # a date with a time of day is a kind of date, too
            return value
        if value is not ABSENT:
            self.refuse(key, f"{key} is a date without quotes, such as {key} = 2026-11-22.")
        return None

    def limit(self, key: str, *, required: bool = False, suffix: str = "") -> Limit | None:
        """A span of time such as "10 working days"."""
        value = self._value(key, required=required)
        if value is ABSENT:
            return SOON if required else None
        return self.read_limit(value, key, suffix=suffix)

    def read_limit(self, value: object, key: str, *index: str | int, suffix: str = "") -> Limit:
        """The limit that stands at one place of this table; `suffix` is what must follow it (" before")."""
        if not isinstance(value, str) or not value.endswith(suffix):
            self.refuse(key, f'Write it like "5 working days{suffix}", not {value!r}.', *index)
            return SOON
        try:
            return Limit.parse(value.removesuffix(suffix))
        except ValueError as error:
            self.refuse(key, str(error), *index)
            return SOON

    def table(self, key: str) -> Table | None:
        """A table inside this one."""
        value = self._value(key, required=False)
        if isinstance(value, dict):
            return Table(self.reading, (*self.path, key), f"{key} of {self.what}", value)
        if value is not ABSENT:
            self.refuse(key, f"{key} is a table.")
        return None

    def tables(self, key: str, what: str) -> Iterator[tuple[str, Table]]:
        """The named tables under `key`, such as every [stages.…]."""
        for name, value in self._mapping(key).items():
            if not NAME.fullmatch(name):
                self.refuse(key, f'"{name}" is no name: small letters, digits and _, beginning with a letter.', name)
            elif isinstance(value, dict):
                yield name, Table(self.reading, (*self.path, key, name), f"{what} {name}", value)
            else:
                self.refuse(key, f"{what} {name} is a table: [{key}.{name}].", name)

    def entries(self, key: str, what: str) -> Iterator[tuple[int, Table]]:
        """The tables of an array, such as every [[moves]]."""
        value = self._value(key, required=True)
        if value is ABSENT:
            return
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(key, f"Write each {what} under its own [[{key}]].")
            return
        for index, item in enumerate(value):
            yield index, Table(self.reading, (*self.path, key, index), f"{what} {item.get('name', index + 1)}", item)

    def limits(self, key: str, what: str, names: Collection[str]) -> Mapping[str, Limit]:
        """A table of limits by name."""
        found: dict[str, Limit] = {}
        for name, value in self._mapping(key).items():
            if self.reading.known((*self.path, key, name), what, name, names):
                found[name] = self.read_limit(value, key, name)
        return found

    def named(self, key: str, what: str, names: Collection[str]) -> Mapping[str, str]:
        """A table of texts by name."""
        found: dict[str, str] = {}
        for name, value in self._mapping(key).items():
            if not self.reading.known((*self.path, key, name), what, name, names):
                continue
            if isinstance(value, str) and value:
                found[name] = value
            else:
                self.refuse(key, f'{name} is a text between quotes, such as {name} = "…".', name)
        return found

    def flag(self, key: str) -> bool:
        """Yes or no; no if nothing is said."""
        value = self._value(key, required=False)
        if value is not ABSENT and not isinstance(value, bool):
            self.refuse(key, f"{key} is true or false, without quotes.")
        return value is True

    def _mapping(self, key: str) -> Mapping[str, object]:
        value = self._value(key, required=False)
        if isinstance(value, dict):
            return value
        if value is not ABSENT:
            self.refuse(key, f"{key} is a table.")
        return {}

    def _value(self, key: str, *, required: bool) -> object:
        if required and key not in self.data:
            self.refuse(key, f'{self.what} has no "{key}".')
        return self.data.get(key, ABSENT)


def whole_file(reading: Reading, what: str) -> Table:
    """The file's outermost table."""
    return Table(reading, (), what, reading.data)


def all_faults(errors: Iterable[Faulty]) -> None:
    """Raises one `Faulty` for the faults of several files."""
    faults = [fault for error in errors for fault in error.faults]
    if faults:
        raise Faulty(faults)


def _fault(file: str, line: int, text: str) -> Fault:
    # A refusal's text names its values in braces, so braces of the file itself may not reach it.
    return Fault(file, line, text.replace("{", "(").replace("}", ")"))
