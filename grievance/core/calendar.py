"""Working days and deadlines: a calendar is dated data that never guesses, and one limit from one start has one end."""

from __future__ import annotations

import hashlib
import tomllib
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from grievance.core.errors import Fault, Faulty, GrievanceError, say
from grievance.core.limits import Limit
from grievance.core.lines import line_of_error, lines_of

__all__ = [
    "WEEKDAYS", "Calendar", "Limit", "NoHolidays",
    "after", "before", "due", "due_day", "parse_calendar",
]  # fmt: skip

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)
_YEARS = range(1900, 2201)
_KEYS = ("name", "version", "zone", "rest", "source", "checked", "first_year", "last_year", "holidays")


class NoHolidays(GrievanceError):
    """A working day was asked for in a year whose public holidays nobody has entered; guessing would cost a right."""

    def __init__(self, calendar: str, year: int) -> None:
        super().__init__(
            say(
                "The calendar {calendar} holds no public holidays for {year}. "
                "Complete workflows/calendars/{calendar}.toml from the official list and give it a new version.",
                calendar=calendar,
                year=year,
            )
        )


@dataclass(frozen=True)
class Calendar:
    """One version of a calendar: `zone` is an IANA name, `rest` holds weekdays (Monday = 0), holidays go by year."""

    name: str
    version: str
    zone: str
    rest: frozenset[int]
    holidays: Mapping[int, Mapping[date, str]] = field(hash=False)

    @cached_property
    def mark(self) -> str:
        """Names this very content, such as kh-factory@2026-11-22#5d1c…: a changed day is another mark, said or not."""
        days = [sorted(day.isoformat() for day in self.holidays[year]) for year in sorted(self.holidays)]
        content = repr((self.zone, sorted(self.rest), sorted(self.holidays), days))
        return f"{self.name}@{self.version}#{hashlib.sha256(content.encode()).hexdigest()[:12]}"

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def is_working(self, day: date) -> bool:
        """Neither weekly rest nor public holiday. `NoHolidays` when the day's year is missing or empty."""
        holidays = self.holidays.get(day.year)
        if not holidays:
            raise NoHolidays(self.name, day.year)
        return day.weekday() not in self.rest and day not in holidays

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it when n < 0), which is not counted; `day` itself when n is 0."""
        step = _DAY if n > 0 else -_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie in [start, end); none when end is not after start."""
        return sum(self.is_working(start + number * _DAY) for number in range((end - start).days))

    def roll(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return day if self.is_working(day) else self.add_working_days(day, 1)

    def midnight_after(self, day: date) -> datetime:
        """The instant (UTC) at which the local day is over."""
        return _midnight_after(self.tz, day)

    def day_of(self, instant: datetime) -> date:
        """The local date of an instant. `ValueError` for a time without zone."""
        return _aware(instant).astimezone(self.tz).date()


@lru_cache(maxsize=1024)  # many clocks end with the same days, and time zones are slow to ask
def _midnight_after(zone: ZoneInfo, day: date) -> datetime:
    midnight = datetime.combine(day + _DAY, time(), zone)
    first, second = (midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    # Clocks that go back over midnight show 24:00 twice; the day is over when it does not return any more.
    return second if second > first and (second - _MOMENT).astimezone(zone).date() == day else first


def due(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """The instant (UTC) after which the limit is missed.

    Hours are counted from `start` to the second. For the other units the local date of `start` is not counted and
    the due day runs to its local midnight (procedures' counting rule; EU Regulation 1182/71, art. 3, counts alike).
    """
    if limit.unit == "hours":
        return _aware(start).astimezone(UTC) + timedelta(hours=limit.amount)
    return calendar.midnight_after(_end(limit, calendar.day_of(start), calendar))


def due_day(instant: datetime, calendar: Calendar) -> date:
    """The local date to show for what is due at `instant`: the day that ends then, or the day it falls in."""
    return calendar.day_of(_aware(instant) - _MOMENT)


def before(limit: Limit, due_at: datetime, calendar: Calendar) -> datetime:
    """When (UTC) a reminder this long before `due_at` rings: hours exactly, else at 08:00 local on that day.

    It may lie before the limit's start; the caller drops those. `ValueError` for a limit that rolls on.
    """
    if limit.roll:
        raise ValueError(f"A reminder looks back, so it cannot roll on: {limit}.")
    if limit.unit == "hours":
        return _aware(due_at).astimezone(UTC) - timedelta(hours=limit.amount)
    day = _moved(limit, due_day(due_at, calendar), calendar, -limit.amount)
    return datetime.combine(day, time(8), calendar.tz).astimezone(UTC)


def after(limit: Limit, due_at: datetime, calendar: Calendar) -> datetime:
    """`due_at` extended by a grace or an extension, counted from the due day: the instant (UTC) of its miss."""
    if limit.unit == "hours":
        return due(limit, due_at, calendar)
    return calendar.midnight_after(_end(limit, due_day(due_at, calendar), calendar))


def parse_calendar(text: str, file: str) -> Calendar:
    """The calendar of one TOML text; `Faulty` with every fault and its line. `file` is only named in the faults."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Faulty([_fault(file, line_of_error(error, text), f"This is not TOML: {error}.")]) from None
    reading = _Reading(data, lines_of(text), file)
    calendar = reading.calendar()
    if reading.faults:
        raise Faulty(reading.faults)
    return calendar


class _Reading:
    """One walk over the values of a calendar file that collects faults instead of stopping at the first."""

    def __init__(self, data: Mapping[str, object], lines: Mapping[tuple[str | int, ...], int], file: str) -> None:
        self.data = data
        self.lines = lines
        self.file = file
        self.faults: list[Fault] = []

    def calendar(self) -> Calendar:
        for key in self.data.keys() - set(_KEYS):
            self._refuse((key,), f'Nothing reads "{key}". A calendar has {", ".join(_KEYS)}.')
        self._words("source", "Say where the list of holidays comes from")
        if type(self.data.get("checked")) is not date:  # a date with a time of day is a kind of date, too
            self._refuse(("checked",), "Say on which day the list was checked, for example checked = 2026-11-22.")
        return Calendar(
            name=self._words("name", "Give the calendar a name"),
            version=self._words("version", "Give the calendar a version"),
            zone=self._zone(),
            rest=frozenset(self._rest()),
            holidays=MappingProxyType(dict(self._years())),
        )

    def _refuse(self, path: tuple[str | int, ...], text: str) -> None:
        line = next((self.lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in self.lines), 1)
        self.faults.append(_fault(self.file, line, text))

    def _words(self, key: str, advice: str) -> str:
        value = self.data.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self._refuse((key,), f'{advice}: {key} = "…".')
        return ""

    def _zone(self) -> str:
        zone = self._words("zone", "Name the time zone, for example Asia/Phnom_Penh")
        try:
            if zone:
                ZoneInfo(zone)
        except (KeyError, ValueError, OSError):  # unknown; not a plain name; a folder of zones
            self._refuse(("zone",), f'"{zone}" is not a known time zone; write one like Asia/Phnom_Penh.')
        return zone

    def _rest(self) -> Iterable[int]:
        rest = self.data.get("rest")
        if not isinstance(rest, list):
            self._refuse(("rest",), 'Name the weekly rest, for example rest = ["sunday"].')
            return
        if set(WEEKDAYS) <= {name for name in rest if isinstance(name, str)}:
            self._refuse(("rest",), "All seven days are rest, so nothing would ever be due.")
        for index, name in enumerate(rest):
            if name in WEEKDAYS:
                yield WEEKDAYS.index(name)
            else:
                self._refuse(("rest", index), f'"{name}" is not a weekday; write one of {", ".join(WEEKDAYS)}.')

    def _years(self) -> Iterable[tuple[int, Mapping[date, str]]]:
        tables = self.data.get("holidays")
        tables = tables if isinstance(tables, dict) else {}
        first, last = self._year("first_year"), self._year("last_year")
        if not (first and last):
            return
        if last < first:
            self._refuse(("last_year",), "The last year lies before the first.")
            return
        stated = {str(year): year for year in range(first, last + 1)}
        for key in tables.keys() - stated.keys():
            self._refuse(("holidays", key), f'"{key}" is not a year from first_year {first} to last_year {last}.')
        for key, year in stated.items():
            table = tables.get(key)
            if isinstance(table, dict) and table:
                yield year, MappingProxyType(dict(self._days(year, table)))
            else:
                self._refuse(("holidays", key), f"The year {year} is promised, but it has no public holidays.")

    def _year(self, key: str) -> int | None:
        value = self.data.get(key)
        if type(value) is int and value in _YEARS:
            return value
        self._refuse((key,), f"Write {key} as a year, for example {key} = 2026.")
        return None

    def _days(self, year: int, table: Mapping[str, object]) -> Iterable[tuple[date, str]]:
        for key, name in table.items():
            path = ("holidays", str(year), key)
            if not isinstance(name, str) or not name.strip():
                self._refuse(path, f"Name the holiday of {key} in English.")
                continue
            try:
                day = date.fromisoformat(key)
            except ValueError:
                day = None
            if (
                day is None or day.isoformat() != key
            ):  # 20260131 and 2026-W05-6 are ISO dates, too; one spelling will do
                self._refuse(path, f'"{key}" is not a date; write it like {year}-01-31.')
            elif day.year != year:
                self._refuse(path, f"{key} stands among the holidays of {year}.")
            else:
                yield day, name


def _fault(file: str, line: int, text: str) -> Fault:
    # A refusal's text names its values in braces, so braces of the file itself may not reach it.
    return Fault(file, line, text.replace("{", "(").replace("}", ")"))


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError(f"An instant needs a time zone: {instant.isoformat()}.")
    return instant


def _end(limit: Limit, day: date, calendar: Calendar) -> date:
    """The due day of a limit whose uncounted first day is `day`."""
    end = _moved(limit, day, calendar, limit.amount)
    return calendar.roll(end) if limit.roll else end


def _moved(limit: Limit, day: date, calendar: Calendar, amount: int) -> date:
    """`day` moved by `amount` (negative: back) of the limit's unit."""
    match limit.unit:
        case "working days":
            return calendar.add_working_days(day, amount)
        case "months":
            year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
            return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
        case "weeks":
            return day + 7 * amount * _DAY
        case _:
            return day + amount * _DAY
