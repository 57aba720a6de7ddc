"""Working days against published vectors, this project's own dates, planted faults and random dates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.core.calendar import (
    Calendar,
    Limit,
    NoHolidays,
    after,
    before,
    due,
    due_day,
)
from grievance.core.lawbook.calendars import parse_calendar
from tests import calendars

VECTORS = Path(__file__).with_name("vectors")
SHIPPED = Path(__file__).parents[2] / "workflows" / "calendars"
SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PUBLISHED: list[dict[str, Any]] = json.loads((VECTORS / "deadline_vectors.json").read_text("utf-8"))["vectors"]
OURS: dict[str, list[dict[str, Any]]] = json.loads((VECTORS / "domain_vectors.json").read_text("utf-8"))


def made(rest: set[int], days: Mapping[date, str], years: range) -> Calendar:
    """A calendar whose every year holds something: where nothing is listed, a day of the year 1."""
    table = {
        year: {day: name for day, name in days.items() if day.year == year} or {date(1, 1, 1): "–"} for year in years
    }
    return Calendar("made", "1", "Asia/Phnom_Penh", frozenset(rest), table)


def shipped(name: str) -> Calendar:
    file = SHIPPED / f"{name}.toml"
    return parse_calendar(file.read_text("utf-8"), f"workflows/calendars/{file.name}")


def of_country(country: str, rest: list[str]) -> Calendar:
    days = holidays.country_holidays(country, years=2026)
    return made({SHORT.index(name) for name in rest}, dict(days.items()), range(2026, 2027))


FACTORY, OFFICE = shipped("kh-factory"), shipped("kh-office")
BENGAL, BURMA = shipped("bd-factory"), shipped("mm-factory")


def at(day: str | date, clock: str = "10:00") -> datetime:
    return datetime.combine(date.fromisoformat(str(day)), time.fromisoformat(clock), ZoneInfo("Asia/Phnom_Penh"))


def named(vector: dict[str, Any]) -> str:
    return str(vector.get("id") or f"{vector.get('country') or vector['calendar']}-{vector['start']}")


# --- published vectors ---


def moved_with_its_time(calendar: Calendar, start: datetime, n: int, opening: time) -> datetime:
    """How these sources count: the time of day stays; a start on a rest day first becomes the next opening."""
    if not calendar.is_working(start.date()):
        start = datetime.combine(calendar.roll(start.date()), opening)
    return datetime.combine(calendar.add_working_days(start.date(), n), start.time())


@pytest.mark.parametrize("vector", PUBLISHED, ids=named)
def test_published_vectors(vector: dict[str, Any]) -> None:
    years = range(2011, 2020)
    n = vector.get("limit_working_days", 0)
    if vector["kind"] == "working_days_datetime":
        hours = vector["calendar"]["hours"]
        days = {date.fromisoformat(day): "Holiday" for day in vector["calendar"].get("holidays", [])}
        calendar = made({SHORT.index(name) for name in SHORT if name not in hours}, days, years)
        opening = time.fromisoformat(min(hours.values())[0][0])
        start = datetime.fromisoformat(vector["start"])
        assert moved_with_its_time(calendar, start, n, opening) == datetime.fromisoformat(vector["expected"])
        return
    calendar = made({SHORT.index(name) for name in vector["non_working_week_days"]}, {}, years)
    begin = date.fromisoformat(vector["start"])
    if vector["kind"] == "working_days_date":
        assert calendar.add_working_days(begin, n) == date.fromisoformat(vector["expected"])
    else:
        assert vector["kind"] == "working_days_between"
        assert calendar.working_days_between(begin, date.fromisoformat(vector["end"])) == vector["expected"]


# --- this project's own dates ---
# Every one is reproduced by the package's data of 0.109. Where the field notes name no weekly rest (Lesotho, Türkiye,
# Ethiopia) the date is that of a Saturday and Sunday rest; with Sundays alone it would be 21, 21 and 22 April.


@pytest.mark.parametrize("vector", OURS["countries"], ids=named)
def test_ten_working_days_in_many_countries(vector: dict[str, Any]) -> None:
    calendar = of_country(vector["country"], vector["rest"])
    begin, end = date.fromisoformat(vector["start"]), date.fromisoformat(vector["expected"])
    assert calendar.add_working_days(begin, vector["working_days"]) == end
    if vector["country"] == "KH":
        ours = FACTORY if vector["rest"] == ["sun"] else OFFICE
        assert ours.add_working_days(begin, vector["working_days"]) == end
    for country, rest, ours in (("BD", ["fri"], BENGAL), ("MM", ["sun"], BURMA)):
        if (vector["country"], vector["rest"]) == (country, rest):
            assert ours.add_working_days(begin, vector["working_days"]) == end


@pytest.mark.parametrize("vector", OURS["scenarios"], ids=named)
def test_the_dates_of_the_procedures(vector: dict[str, Any]) -> None:
    calendar = shipped(vector["calendar"])
    missed = due(Limit.parse(vector["limit"]), at(vector["start"]), calendar)
    assert due_day(missed, calendar) == date.fromisoformat(vector["due"])
    assert missed == at(date.fromisoformat(vector["due"]) + timedelta(1), "00:00")
    if "extension" in vector:
        extended = after(Limit.parse(vector["extension"]), missed, calendar)
        assert due_day(extended, calendar) == date.fromisoformat(vector["extended"])


@pytest.mark.parametrize("vector", OURS["hours"], ids=named)
def test_hours_run_through_night_and_holiday(vector: dict[str, Any]) -> None:
    start, end = (at(*vector[key].split("T")) for key in ("start", "due"))
    assert due(Limit.parse(vector["limit"]), start, shipped(vector["calendar"])) == end


def test_a_new_holiday_moves_an_open_due_date() -> None:
    decreed = {**FACTORY.holidays, 2026: {**FACTORY.holidays[2026], date(2026, 4, 23): "Declared"}}
    newer = Calendar("kh-factory", "2", FACTORY.zone, FACTORY.rest, decreed)
    assert due_day(due(Limit.parse("10 working days"), at("2026-04-09"), newer), newer) == date(2026, 4, 25)


def test_the_counting_bites_a_planted_fault() -> None:
    class Greedy(Calendar):
        def add_working_days(self, day: date, n: int) -> date:
            return super().add_working_days(day, n - 1)  # counts the day of the event

    greedy = Greedy("made", "1", FACTORY.zone, FACTORY.rest, FACTORY.holidays)
    assert greedy.add_working_days(date(2026, 4, 9), 10) != date(2026, 4, 24)


@pytest.mark.parametrize(
    ("calendar", "rest", "zone"),
    [
        (FACTORY, {6}, "Asia/Phnom_Penh"),
        (OFFICE, {5, 6}, "Asia/Phnom_Penh"),
        (BENGAL, {4}, "Asia/Dhaka"),
        (BURMA, {6}, "Asia/Yangon"),
    ],
    ids=lambda value: value.name if isinstance(value, Calendar) else "",
)
def test_the_shipped_holidays_are_those_of_the_package(calendar: Calendar, rest: set[int], zone: str) -> None:
    assert (set(calendar.rest), calendar.zone) == (rest, zone)
    assert list(calendar.holidays) == [2025, 2026, 2027]
    for year, days in calendar.holidays.items():
        assert set(days) == set(calendars.days_of(calendar.name, year))
        if calendar in (FACTORY, OFFICE):
            assert len({part for name in days.values() for part in name.split(", ")}) == 16  # no festival is missing


def test_the_package_does_not_print_an_empty_year() -> None:
    """It knows nothing of Sri Lanka in 2027, and a program would read that as a year without a holiday."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calendars, "COUNTRIES", {"lk-factory": "LK"})
        with pytest.raises(LookupError, match="lk-factory in 2027"):
            calendars.days_of("lk-factory", 2027)


def test_half_an_hour_off_the_full_hour() -> None:
    """The day is over in Yangon when it is 17:30 in London's winter."""
    missed = due(Limit.parse("10 working days"), datetime(2026, 4, 9, 17, 29, tzinfo=UTC), BURMA)
    assert missed == datetime(2026, 5, 2, 17, 30, tzinfo=UTC)
    later = due(Limit.parse("10 working days"), datetime(2026, 4, 9, 17, 30, tzinfo=UTC), BURMA)
    assert later == datetime(2026, 5, 4, 17, 30, tzinfo=UTC), "half past five is the next day there"


def test_a_mark_names_the_content() -> None:
    """Another name of a holiday is the same calendar; another day, rest or zone is not, whatever the version says."""
    days = FACTORY.holidays[2026]
    renamed = {**FACTORY.holidays, 2026: {day: f"{name}!" for day, name in days.items()}}
    decreed = {**FACTORY.holidays, 2026: {**days, date(2026, 4, 23): "Declared"}}
    assert replace(FACTORY, holidays=renamed).mark == FACTORY.mark
    others = (replace(FACTORY, holidays=decreed), replace(FACTORY, rest=OFFICE.rest), replace(FACTORY, zone=BURMA.zone))
    assert len({FACTORY.mark, *(other.mark for other in others)}) == 4


# --- a year that nobody entered ---


def must_be_loud(calendar: Calendar) -> None:
    for day in (date(2028, 1, 3), date(2029, 1, 7)):  # a year that is missing, a Sunday in one that is empty
        with pytest.raises(NoHolidays, match=r"workflows/calendars/kh-factory\.toml"):
            calendar.is_working(day)
    with pytest.raises(NoHolidays):
        due(Limit.parse("10 working days"), at("2027-12-28"), calendar)


def test_a_missing_or_empty_year_is_loud() -> None:
    must_be_loud(Calendar("kh-factory", "1", FACTORY.zone, FACTORY.rest, {**FACTORY.holidays, 2029: {}}))


def test_the_check_of_empty_years_bites() -> None:
    class Careless(Calendar):
        def is_working(self, day: date) -> bool:
            return day.weekday() not in self.rest and day not in self.holidays.get(day.year, {})

    with pytest.raises(pytest.fail.Exception):
        must_be_loud(Careless("kh-factory", "1", FACTORY.zone, FACTORY.rest, {**FACTORY.holidays, 2029: {}}))


def test_calendar_limits_and_hours_never_ask_for_holidays() -> None:
    bare = Calendar("bare", "1", "Asia/Yangon", frozenset({6}), {})
    for text in ("30 days", "6 months", "2 weeks", "48 hours"):
        limit = Limit.parse(text)
        missed = due(limit, at("2031-02-03"), bare)
        assert before(limit, missed, bare) < missed < after(limit, missed, bare)
    with pytest.raises(NoHolidays):
        due(Limit.parse("30 days+"), at("2031-02-03"), bare)


# --- properties ---

DAYS = st.dates(date(2025, 1, 1), date(2027, 6, 30))
CALENDARS = st.sampled_from([FACTORY, OFFICE])
LIMITS = st.one_of(
    st.builds(Limit, st.integers(1, 60), st.sampled_from(["hours", "working days"])),
    st.builds(Limit, st.integers(1, 5), st.sampled_from(["days", "weeks", "months"]), st.booleans()),
)
INSTANTS = st.datetimes(datetime(2025, 1, 2), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(CALENDARS, DAYS, st.integers(0, 80))
def test_what_was_added_lies_between(calendar: Calendar, day: date, n: int) -> None:
    end = calendar.add_working_days(day, n)
    assert calendar.working_days_between(day + timedelta(1), end + timedelta(1)) == n
    assert end == day if n == 0 else calendar.is_working(end)


@given(CALENDARS, DAYS, st.integers(1, 80))
def test_back_again_from_a_working_day(calendar: Calendar, day: date, n: int) -> None:
    begin = calendar.roll(day)
    assert calendar.add_working_days(calendar.add_working_days(begin, n), -n) == begin


@given(CALENDARS, DAYS, DAYS, st.integers(0, 80))
def test_a_later_start_never_ends_earlier(calendar: Calendar, one: date, other: date, n: int) -> None:
    early, late = sorted((one, other))
    assert (
        calendar.add_working_days(early, n)
        <= calendar.add_working_days(late, n)
        <= calendar.add_working_days(late, n + 1)
    )
    assert early <= calendar.roll(early) <= calendar.roll(late)


@given(LIMITS, CALENDARS, INSTANTS)
def test_due_lies_ahead_and_its_text_reads_back(limit: Limit, calendar: Calendar, start: datetime) -> None:
    missed = due(limit, start, calendar)
    assert missed > start
    assert after(limit, missed, calendar) > missed
    if not limit.roll:
        assert before(limit, missed, calendar) < missed
    assert Limit.parse(str(limit)) == limit
