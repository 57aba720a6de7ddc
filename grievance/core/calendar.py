"""Working days and deadlines: a calendar is dated data that never guesses, and one limit from one start has one end."""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from grievance.core.errors import GrievanceError, say
from grievance.core.limits import Limit

__all__ = ["WEEKDAYS", "Calendar", "Limit", "NoHolidays", "after", "before", "due", "due_day"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_DAY = timedelta(days=1)
_MOMENT = timedelta(microseconds=1)


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
