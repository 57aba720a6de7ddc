"""Reads a calendar file whole, or refuses it with every fault and its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from grievance.core.calendar import WEEKDAYS, Calendar
from grievance.core.lawbook.tables import Reading

_YEARS = range(1900, 2201)
_KEYS = ("name", "version", "zone", "rest", "source", "checked", "first_year", "last_year", "holidays")


def parse_calendar(text: str, file: str) -> Calendar:
    """The calendar of one TOML text; `Faulty` with every fault and its line. `file` is only named in the faults."""
    reading = Reading(text, file)
    calendar = _Calendar(reading).calendar()
    reading.finish()
    return calendar


class _Calendar:
    """One walk over the values of a calendar file."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def calendar(self) -> Calendar:
        for key in self.reading.data.keys() - set(_KEYS):
            self.reading.refuse((key,), f'Nothing reads "{key}". A calendar has {", ".join(_KEYS)}.')
        self._words("source", "Say where the list of holidays comes from")
        if type(self.reading.data.get("checked")) is not date:  # a date with a time of day is a kind of date, too
            self.reading.refuse(
                ("checked",), "Say on which day the list was checked, for example checked = 2026-11-22."
            )
        return Calendar(
            name=self._words("name", "Give the calendar a name"),
            version=self._words("version", "Give the calendar a version"),
            zone=self._zone(),
            rest=frozenset(self._rest()),
            holidays=MappingProxyType(dict(self._years())),
        )

    def _words(self, key: str, advice: str) -> str:
        value = self.reading.data.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.reading.refuse((key,), f'{advice}: {key} = "…".')
        return ""

    def _zone(self) -> str:
        zone = self._words("zone", "Name the time zone, for example Asia/Phnom_Penh")
        try:
            if zone:
                ZoneInfo(zone)
        except (KeyError, ValueError, OSError):  # unknown; not a plain name; a folder of zones
            self.reading.refuse(("zone",), f'"{zone}" is not a known time zone; write one like Asia/Phnom_Penh.')
        return zone

    def _rest(self) -> Iterable[int]:
        rest = self.reading.data.get("rest")
        if not isinstance(rest, list):
            self.reading.refuse(("rest",), 'Name the weekly rest, for example rest = ["sunday"].')
            return
        if set(WEEKDAYS) <= {name for name in rest if isinstance(name, str)}:
            self.reading.refuse(("rest",), "All seven days are rest, so nothing would ever be due.")
        for index, name in enumerate(rest):
            if name in WEEKDAYS:
                yield WEEKDAYS.index(name)
            else:
                self.reading.refuse(("rest", index), f'"{name}" is not a weekday; write one of {", ".join(WEEKDAYS)}.')

    def _years(self) -> Iterable[tuple[int, Mapping[date, str]]]:
        tables = self.reading.data.get("holidays")
        tables = tables if isinstance(tables, dict) else {}
        first, last = self._year("first_year"), self._year("last_year")
        if not (first and last):
            return
        if last < first:
            self.reading.refuse(("last_year",), "The last year lies before the first.")
            return
        stated = {str(year): year for year in range(first, last + 1)}
        for key in tables.keys() - stated.keys():
            self.reading.refuse(
                ("holidays", key), f'"{key}" is not a year from first_year {first} to last_year {last}.'
            )
        for key, year in stated.items():
            table = tables.get(key)
            if isinstance(table, dict) and table:
                yield year, MappingProxyType(dict(self._days(year, table)))
            else:
                self.reading.refuse(("holidays", key), f"The year {year} is promised, but it has no public holidays.")

    def _year(self, key: str) -> int | None:
        value = self.reading.data.get(key)
        if type(value) is int and value in _YEARS:
            return value
        self.reading.refuse((key,), f"Write {key} as a year, for example {key} = 2026.")
        return None

    def _days(self, year: int, table: Mapping[str, object]) -> Iterable[tuple[date, str]]:
        for key, name in table.items():
            path = ("holidays", str(year), key)
            if not isinstance(name, str) or not name.strip():
                self.reading.refuse(path, f"Name the holiday of {key} in English.")
                continue
            try:
                day = date.fromisoformat(key)
            except ValueError:
                day = None
            if (
                day is None or day.isoformat() != key
            ):  # 20260131 and 2026-W05-6 are ISO dates, too; one spelling will do
                self.reading.refuse(path, f'"{key}" is not a date; write it like {year}-01-31.')
            elif day.year != year:
                self.reading.refuse(path, f"{key} stands among the holidays of {year}.")
            else:
                yield day, name
