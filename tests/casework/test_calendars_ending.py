"""The year after next has no holidays yet: told in good time, refused loudly, and no page is lost for it."""

from __future__ import annotations

import logging
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from grievance.casework import timing
from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from grievance.casework.house import calendars
from grievance.core.calendar import NoHolidays, due
from grievance.core.reach import longest
from tests.makers import Clock, Story
from tests.web.staff import Staff, hidden
from tests.web.test_intake import Phone, number_on

LAST = 2027
"""The last year of the calendars that are shipped."""


def begins(desk: Desk) -> date:
    """From when on limits of a complaint of workers may ask for the year that lacks."""
    return date(LAST + 1, 1, 1) - timedelta(days=longest(desk.lawbook.procedure("kh/worker-1@1")))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def test_somebody_is_told_ninety_days_before(app: Flask, desk: Desk, clock: Clock) -> None:
    day = begins(desk)
    clock.at = at(day - calendars.WARNED - timedelta(days=1))
    assert "kh-factory" not in {one.calendar for one in calendars.ending(desk)}
    clock.at = at(day - calendars.WARNED)
    found = {one.calendar: one for one in calendars.ending(desk)}["kh-factory"]
    assert (found.year, found.since, found.now) == (LAST + 1, day, False)
    for person, page, how in (
        ("sarin", "/account/administration", "workflows/calendars/kh-factory.toml"),
        ("sophea", "/office/procedures", "Show this to an administrator"),
    ):
        told = Staff(app, person).read(page)
        assert f"The calendar kh-factory ends with {LAST}." in told
        assert how in told
        assert "are refused now" not in told
    clock.at = at(day)
    assert "are refused now" in Staff(app, "sarin").read("/account/administration")


def test_it_is_said_in_the_log_too(desk: Desk, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    calendars.warn(desk)
    assert "calendar" not in caplog.text
    clock.at = at(begins(desk))
    with caplog.at_level(logging.WARNING):
        calendars.warn(desk)
    assert f"the calendar kh-factory holds no holidays for {LAST + 1}" in caplog.text


def test_what_is_told_is_true(desk: Desk, clock: Clock) -> None:
    """A day before, the longest limit of all is still reckoned; well after it is refused, and never guessed."""
    limit = max(desk.lawbook.procedure("kh/worker-1@1").remedies.values(), key=lambda one: one.amount)
    kept = desk.lawbook.calendars["kh-factory"]
    assert kept.holidays.get(LAST + 1) is None
    due(limit, at(begins(desk) - timedelta(days=1)), kept)
    clock.at = at(date(LAST, 12, 20))
    story = Story.filed(desk)
    with pytest.raises(NoHolidays, match=r"workflows/calendars/kh-factory\.toml"):
        story.taken()


def test_pages_are_shown_and_complaints_come_in_all_the_same(app: Flask, desk: Desk, clock: Clock) -> None:
    clock.at = at(date(LAST, 11, 20))
    story = Story.filed(desk)
    story.do("officer", "acknowledge", greeting="We have read it.")
    for day in (date(LAST, 12, 30), date(LAST + 1, 2, 1)):
        clock.at = at(day)
        sweep(desk)
        phone, officer = Phone(app), Staff(app, "sophea")
        arrived = phone.file(words=f"Filed on {day}, when nobody had entered the holidays.")
        assert arrived.status_code == 200
        assert phone.open(number_on(arrived.text)).status_code == 303
        assert phone.get("/case").status_code == 200
        for page in ("/office", "/office?view=late", f"/office/cases/{story.ref}", "/office/procedures"):
            assert officer.get(page).status_code == 200, page
    assert re.search(r"late by \d+ days", Staff(app, "sophea").read("/office")), "plain days, and said as such"


def test_a_move_that_needs_the_year_is_refused_and_keeps_what_was_written(app: Flask, desk: Desk, clock: Clock) -> None:
    clock.at = at(date(LAST, 12, 20))
    story, officer = Story.filed(desk), Staff(app, "sophea")
    page = f"/office/cases/{story.ref}/acknowledge"
    answer = officer.send(
        page, greeting="We have read it, and write to you soon.", seen=hidden(officer.get(page).text, "seen")
    )
    assert answer.status_code == 503
    assert "<h1>This is not possible now</h1>" in answer.text
    assert "workflows/calendars/kh-factory.toml" in answer.text
    assert "We have read it, and write to you soon." in answer.text
    assert story.view("officer").stage == "received"


def test_planted_a_page_that_counts_only_working_days_is_lost(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.at = at(date(LAST, 11, 20))
    story = Story.filed(desk)
    story.do("officer", "acknowledge", greeting="We have read it.")
    monkeypatch.setattr(timing, "_days", lambda calendar, *days: (calendar.working_days_between(*days), "working day"))
    clock.at = at(date(LAST + 1, 2, 1))
    assert Staff(app, "sophea").get("/office").status_code == 503
