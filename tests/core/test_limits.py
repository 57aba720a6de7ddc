"""Limits read back as written, and their ends keep to local days whatever clocks and months do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grievance.core.calendar import Calendar, after, before, due, due_day
from grievance.core.lawbook.calendars import parse_calendar
from grievance.core.limits import Limit, Unit

FILE = Path(__file__).parents[2] / "workflows" / "calendars" / "kh-factory.toml"
FACTORY = parse_calendar(FILE.read_text("utf-8"), FILE.name)


def plain(zone: str) -> Calendar:
    """Sundays rest; each year holds a holiday that lies in none of them, so that no year counts as empty."""
    return Calendar(
        "plain", "1", zone, frozenset({6}), {year: {date(1, 1, 1): "Long ago"} for year in range(2006, 2034)}
    )


NEW_YORK = plain("America/New_York")


def at(day: str, clock: str = "10:00", zone: str = "Asia/Phnom_Penh") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("text", "amount", "unit", "roll"),
    [
        ("10 working days", 10, "working days", False),
        ("1 working day", 1, "working days", False),
        ("4 hours", 4, "hours", False),
        ("1 hour", 1, "hours", False),
        ("30 days+", 30, "days", True),
        ("6 months+", 6, "months", True),
        ("1 month+", 1, "months", True),
        ("3 weeks", 3, "weeks", False),
        ("10000 days", 10_000, "days", False),
    ],
)
def test_a_limit_reads_back_as_written(text: str, amount: int, unit: Unit, roll: bool) -> None:
    assert Limit.parse(text) == Limit(amount, unit, roll)
    assert str(Limit.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "10", "days", "ten days", "0 days", "-1 days", "010 days", "1.5 days", "10 days ", " 10 days", "10  days",
        "10 Days", "10 day", "1 days", "10 years", "10 days++", "10 days\n", "١٠ days", "4 hours+", "10 working days+",
        "10001 days", "999999 hours", "1000000 days",
    ],
)  # fmt: skip
def test_a_limit_that_is_none_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        Limit.parse(text)


def test_a_limit_built_in_code_is_sound_too() -> None:
    for amount, unit, roll in ((0, "days", False), (10_001, "days", False), (1, "years", False), (1, "hours", True)):
        with pytest.raises(ValueError, match=r"\.$"):
            Limit(amount, unit, roll)  # type: ignore[arg-type]


def test_the_day_of_an_event_is_the_local_one() -> None:
    yangon = plain("Asia/Yangon")  # UTC+6:30
    late, later = datetime(2026, 3, 2, 17, 29, 59, tzinfo=UTC), datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    assert (yangon.day_of(late), yangon.day_of(later)) == (date(2026, 3, 2), date(2026, 3, 3))
    assert yangon.midnight_after(date(2026, 3, 2)) == later
    assert due(Limit.parse("1 day"), late, yangon) == datetime(2026, 3, 3, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "utc"),
    [
        ("America/New_York", "2026-03-07", "2026-03-08T05:00"),  # the night before the clocks go forward
        ("America/New_York", "2026-03-08", "2026-03-09T04:00"),
        ("America/New_York", "2026-11-01", "2026-11-02T05:00"),
        ("Europe/Istanbul", "2015-11-07", "2015-11-07T21:00"),  # the clocks went back on 8 November, two weeks late
        ("Europe/Istanbul", "2015-11-08", "2015-11-08T22:00"),
        ("Africa/Cairo", "2024-04-25", "2024-04-25T22:00"),  # 24:00 is 01:00: midnight does not exist
        ("America/Havana", "2024-11-02", "2024-11-03T04:00"),  # 01:00 becomes 00:00: the first midnight ends the day
        ("America/St_Johns", "2006-10-28", "2006-10-29T03:30"),  # 00:01 becomes 23:01: the second one does
    ],
)
def test_the_day_ends_at_local_midnight_whatever_the_clocks_do(zone: str, day: str, utc: str) -> None:
    calendar = plain(zone)
    end = calendar.midnight_after(date.fromisoformat(day))
    assert end == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert calendar.day_of(end - timedelta(microseconds=1)) == due_day(end, calendar) == date.fromisoformat(day)
    assert calendar.day_of(end) == date.fromisoformat(day) + timedelta(1)


def test_hours_are_elapsed_time_across_a_change_of_clocks() -> None:
    start = at("2026-03-07", "20:00", "America/New_York")
    assert due(Limit.parse("24 hours"), start, NEW_YORK) == at("2026-03-08", "21:00", "America/New_York")
    assert due_day(due(Limit.parse("24 hours"), start, NEW_YORK), NEW_YORK) == date(2026, 3, 8)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1 month", "2026-01-31", "2026-02-28"),
        ("1 month", "2028-01-31", "2028-02-29"),
        ("12 months", "2028-02-29", "2029-02-28"),
        ("48 months", "2028-02-29", "2032-02-29"),
        ("1 month", "2026-12-31", "2027-01-31"),
        ("6 months+", "2026-08-28", "2027-03-01"),  # 28 February 2027 is a Sunday
        ("1 day", "2028-02-28", "2028-02-29"),
        ("2 weeks", "2028-02-16", "2028-03-01"),
    ],
)
def test_months_leap_days_and_weeks(text: str, start: str, end: str) -> None:
    missed = due(Limit.parse(text), at(start, zone="America/New_York"), NEW_YORK)
    assert due_day(missed, NEW_YORK) == date.fromisoformat(end)


def test_a_reminder_rings_in_the_morning_so_many_days_before() -> None:
    missed = due(Limit.parse("10 working days"), at("2026-04-09"), FACTORY)  # Friday 24 April
    assert before(Limit.parse("5 working days"), missed, FACTORY) == at("2026-04-18", "08:00")
    assert before(Limit.parse("1 working day"), missed, FACTORY) == at("2026-04-23", "08:00")
    assert before(Limit.parse("2 weeks"), missed, FACTORY) == at("2026-04-10", "08:00")
    assert before(Limit.parse("1 month"), due(Limit.parse("1 day"), at("2026-03-30"), FACTORY), FACTORY) == at(
        "2026-02-28", "08:00"
    )
    assert before(Limit.parse("2 hours"), missed, FACTORY) == at("2026-04-24", "22:00")
    with pytest.raises(ValueError, match="cannot roll on"):
        before(Limit.parse("5 days+"), missed, FACTORY)


def test_a_grace_may_be_hours_and_may_follow_hours() -> None:
    missed = due(Limit.parse("12 hours"), at("2026-11-21", "22:30"), FACTORY)  # Sunday 22 November, 10:30
    assert after(Limit.parse("2 hours"), missed, FACTORY) == at("2026-11-22", "12:30")
    assert after(Limit.parse("1 working day"), missed, FACTORY) == at("2026-11-27", "00:00")  # 23–25 are holidays


def test_a_time_without_zone_is_refused() -> None:
    for unit in ("hours", "days"):
        with pytest.raises(ValueError, match="time zone"):
            due(Limit.parse(f"3 {unit}"), datetime(2026, 3, 2), FACTORY)  # noqa: DTZ001  what is refused here
