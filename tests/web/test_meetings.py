"""The calendar file of a session: for those who meet, without a word of the case, and a foreign one is not there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tests.casework.test_mediation import MINE, PLACE, call, mediator
from tests.casework.test_mediation import story as story  # noqa: PLC0414  the fixture
from tests.makers import Clock, Story, page_token
from tests.web.staff import BASE, Staff


def unfolded(body: bytes) -> list[str]:
    return body.decode().replace("\r\n ", "").split("\r\n")


def test_the_file_says_when_and_nothing_of_the_case(app: Flask, story: Story, clock: Clock) -> None:
    call(story, clock)
    address = f"/party/cases/{story.ref}/meetings/1.ics"
    answer = Staff(app, "lotus-hr").get(address)
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="meeting.ics"'
    lines = unfolded(answer.data)
    at = clock.at + timedelta(days=2)
    assert f"DTSTART:{at:%Y%m%dT%H%M%SZ}" in lines
    assert f"DTEND:{at + timedelta(hours=2):%Y%m%dT%H%M%SZ}" in lines
    assert "SUMMARY:Meeting" in lines
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    for word in (story.ref, "Lotus", "KH-0412", "Overtime", "mediat", "complain", "grievance", PLACE):
        assert word.lower() not in answer.text.lower(), word
    assert {line.split(":")[0] for line in lines if line} == {
        "BEGIN", "VERSION", "PRODID", "METHOD", "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS",
        "CLASS", "END",
    }  # fmt: skip


def test_the_place_only_where_it_is_asked_for(app: Flask, story: Story, clock: Clock) -> None:
    call(story, clock)
    lines = unfolded(Staff(app, mediator(story)).get(f"/panel/cases/{story.ref}/meetings/1.ics?place=1").data)
    assert "LOCATION:CANARYplace\\, second floor" in lines


def test_no_line_is_longer_than_a_calendar_may_be_and_no_letter_is_cut(app: Flask, story: Story, clock: Clock) -> None:
    place = "ការិយាល័យ; ជាន់ទី ២, " * 8
    facts = {"session_on": (clock.at + timedelta(days=1)).isoformat(), "session_length": "1"}
    story.do("mediator", "hold_session", facts, person=mediator(story), place=place.strip())
    body = Staff(app, "lotus-hr").get(f"/party/cases/{story.ref}/meetings/1.ics?place=1").data
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    written = next(line for line in unfolded(body) if line.startswith("LOCATION:"))
    assert written.removeprefix("LOCATION:").replace("\\;", ";").replace("\\,", ",") == place.strip()


def test_a_session_that_is_put_off_or_cancelled_moves_in_the_calendar(app: Flask, story: Story, clock: Clock) -> None:
    call(story, clock)
    staff, address = Staff(app, "lotus-hr"), f"/party/cases/{story.ref}/meetings/1.ics"
    first = unfolded(staff.get(address).data)
    facts = {"which_session": "1", "session_on": (clock.at + timedelta(days=3)).isoformat(), "session_length": "1"}
    story.do("mediator", "put_off_session", facts, person=mediator(story), place="x", reasons="Illness.")
    story.do("mediator", "cancel_session", {"which_session": "1"}, person=mediator(story), reasons="No room.")
    now = unfolded(staff.get(address).data)
    uid = [line for line in first if line.startswith("UID:")]
    assert uid == [line for line in now if line.startswith("UID:")]
    assert story.ref not in uid[0]
    assert ("SEQUENCE:0" in first, "SEQUENCE:2" in now, "STATUS:CANCELLED" in now) == (True, True, True)


def test_whoever_does_not_meet_finds_no_file(app: Flask, story: Story, clock: Clock) -> None:
    call(story, clock)
    panel = next(iter(story.seated("panel")))
    for person, door in [(panel, "panel"), ("north-buyer", "party"), ("mekong-hr", "party"), (panel, "office")]:
        staff = Staff(app, person)
        there, missing = (staff.get(f"/{door}/cases/{ref}/meetings/1.ics") for ref in (story.ref, "AAAA-BBBB"))
        assert (there.status_code, there.data) == (404, missing.data), person
    assert Staff(app, "lotus-hr").get(f"/party/cases/{story.ref}/meetings/2.ics").status_code == 404


# asvs: 5.4.2
def test_the_number_opens_it_too_and_no_two_readers_get_the_same_name(app: Flask, story: Story, clock: Clock) -> None:
    call(story, clock)
    client = app.test_client()
    token = page_token(client.get("/follow", base_url=BASE).text)
    client.post("/follow", base_url=BASE, data={"page_token": token, "number": story.receipt})
    page = client.get("/case", base_url=BASE, headers={"Accept-Language": "en"}).text
    assert "/case/meetings/1.ics" in page
    assert PLACE in page
    own = unfolded(client.get("/case/meetings/1.ics", base_url=BASE).data)
    theirs = unfolded(Staff(app, "lotus-hr").get(f"/party/cases/{story.ref}/meetings/1.ics").data)
    assert own[5] != theirs[5]
    assert own[5].startswith("UID:")


@pytest.mark.parametrize("role", ["respondent", "complainant"])
def test_the_mediators_page_holds_the_statements_and_the_meetings(app: Flask, story: Story, role: str) -> None:
    assert "No meeting yet." in Staff(app, mediator(story)).read(f"/panel/cases/{story.ref}")
    story.do(role, "write_aside", aside=MINE)
    assert MINE in Staff(app, mediator(story)).read(f"/panel/cases/{story.ref}")
