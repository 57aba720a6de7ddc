"""Several cases behind one number, and a number that was lost: what the pages say, and that a press is enough to stop it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from grievance.casework import linking
from grievance.casework.desk import Desk
from tests.makers import Clock, Story, viewer
from tests.web.staff import Staff, hidden, words
from tests.web.test_intake import Phone

AGAIN = {"identity": {"name": "Mom"}, "contact": {"phone": "098765432"}}


@pytest.fixture
def lost(desk: Desk) -> tuple[Story, Story]:
    old, new = Story.filed(desk).taken(), Story.filed(desk, **AGAIN)
    linking.link(desk, viewer("sophea"), old.ref, new.ref, "later", "Again", seen=old.view("officer").seq)
    return old, new


def phone(app: Flask, story: Story) -> Phone:
    made = Phone(app)
    made.open(story.receipt)
    return made


def press(staff: Staff, address: str, what: str, reason: str = "Called back.") -> int:
    page = staff.get(address).text
    sent = {"seen": hidden(page, "seen"), "once": hidden(page, "once"), "what": what, "reason": reason}
    return staff.send(address, **sent).status_code


def test_a_case_that_came_of_hers_is_on_her_page_and_opens_there(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk)
    mine = phone(app, story)
    assert "Your complaints" not in mine.get("/case").text
    story.do("complainant", "report_retaliation", own_words="Threatened.")
    page = words(mine.get("/case").text)
    assert "Your complaints" in page
    assert "Somebody was punished for complaining" in page
    ref = story.view("officer").links[0].ref
    beside = mine.get(f"/cases/{ref}")
    assert beside.status_code == 200
    assert ref in beside.text
    assert f'action="/cases/{ref}/message"' in beside.text
    assert f'href="/cases/{ref}/withdraw"' in beside.text
    assert 'href="/case"' in beside.text
    once = hidden(beside.text, "once")
    sent = mine.post(f"/cases/{ref}/message", {"message": "Here too", "once": once}, token=True)
    assert sent.location == f"/cases/{ref}?done=message#messages"
    assert "Here too" in mine.get(f"/cases/{ref}").text
    assert "Here too" not in mine.get("/case").text
    asked = mine.get(f"/cases/{ref}/withdraw").text
    answers = {"seen": hidden(asked, "seen"), "once": hidden(asked, "once"), "why_withdrawn": "free"}
    assert mine.post(f"/cases/{ref}/withdraw", answers, token=True).location == f"/cases/{ref}?done=withdraw"
    assert story.view("complainant").final == ""
    assert mine.get(f"/cases/{ref}/export").status_code == 200


def test_what_was_being_sent_comes_to_the_same_case(app: Flask, desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk)
    story.do("complainant", "report_retaliation", own_words="Threatened.")
    ref = story.view("officer").links[0].ref
    mine = phone(app, story)
    clock.pass_days(0.02)
    again = mine.post(f"/cases/{ref}/message", {"message": "Kept"}, token=True)
    assert again.location == f"/follow?again=1&to=/cases/{ref}/message"
    opened = mine.post(again.location, {"message": "Kept", "number": story.receipt}, token=True)
    assert opened.location == f"/cases/{ref}/message"


def test_whoever_follows_a_link_and_types_the_number_has_sent_nothing(
    app: Flask, desk: Desk, lost: tuple[Story, Story]
) -> None:
    """A letter with a link to our own page could else stop what she asked for, by her own hand."""
    old, new = lost
    address = f"/office/cases/{old.ref}/number/{new.ref}"
    assert press(Staff(app, "sophea"), address, "announce") == 303
    mine = phone(app, old)
    page = mine.get("/follow?to=/case/number").text
    assert "/case/number" not in page
    found = re.search(r'<form method="post" action="([^"]*follow[^"]*)"', page)
    assert found
    opened = mine.post(found[1], {"number": old.receipt}, token=True)
    assert (opened.status_code, opened.location) == (303, "/case")
    assert "Another number is to open this case" in words(mine.get("/case").text), "it goes on as before"


def test_a_strange_case_is_not_there(app: Flask, desk: Desk) -> None:
    story, stranger = Story.filed(desk), Story.filed(desk)
    mine = phone(app, story)
    for address in ("", "/withdraw", "/export", "/evidence", "/evidence/1", "/meetings/1.ics"):
        assert mine.get(f"/cases/{stranger.ref}{address}").status_code == 404
        assert mine.get(f"/cases/AAAA-BBBB{address}").data == mine.get(f"/cases/{stranger.ref}{address}").data


def test_from_the_announcement_to_the_new_number(
    app: Flask, desk: Desk, clock: Clock, lost: tuple[Story, Story]
) -> None:
    old, new = lost
    first, second, address = Staff(app, "sophea"), Staff(app, "rith"), f"/office/cases/{old.ref}/number/{new.ref}"
    assert "Let the new number open the first case" in first.read(f"/office/cases/{new.ref}/links")
    shown = first.read(address)
    assert "Call back yourself" in shown
    for told in ("ស្រី ម៉ុម", "012345678"):
        assert told not in shown
    empty = press(first, address, "announce", " ")
    assert empty == 422
    assert press(first, address, "announce") == 303
    assert "Another number is to open this case" in words(phone(app, old).get("/case").text)
    assert "You said that you lost your first number" in words(phone(app, new).get("/case").text)
    assert "can still say no" in first.read(address)
    assert press(second, address, "hand") == 409
    clock.pass_days(7)
    first, second = Staff(app, "sophea"), Staff(app, "rith")
    assert press(first, address, "hand") == 409
    assert press(second, address, "hand") == 303
    page = words(phone(app, new).get("/case").text)
    assert "What you filed earlier, with the number that was lost" in page
    assert phone(app, new).get(f"/cases/{old.ref}").status_code == 200
    before = phone(app, old)
    gone = words(before.get("/case").text)
    assert "Another number opens this case" in gone
    assert "Overtime" not in gone
    for hidden_page in ("/case/withdraw", "/case/export", "/case/evidence"):
        assert before.get(hidden_page).status_code == 404
    assert before.post("/case/number", {"words": "Not me"}, token=True).status_code == 303
    assert "You said that this was not you." in words(before.get("/case?done=not_me").text)
    office = Staff(app, "sophea")
    assert "The first number says that this was not them" in office.read(f"/office/cases/{old.ref}")
    assert press(office, address, "take_back") == 303
    assert "Overtime is unpaid." in words(before.get("/case").text)


def test_one_press_stops_it(app: Flask, desk: Desk, clock: Clock, lost: tuple[Story, Story]) -> None:
    old, new = lost
    address = f"/office/cases/{old.ref}/number/{new.ref}"
    assert press(Staff(app, "sophea"), address, "announce") == 303
    mine = phone(app, old)
    assert 'action="/case/number"' in mine.get("/case").text
    assert mine.post("/case/number", {}, token=True).location == "/case?done=not_me"
    assert "Another number is to open" not in mine.get("/case").text
    assert "The first number says no" in Staff(app, "rith").read(f"/office/cases/{old.ref}")
    assert mine.post("/case/number", {}, token=True).status_code == 404


def test_nobody_else_finds_the_page(app: Flask, lost: tuple[Story, Story]) -> None:
    old, new = lost
    for person in ("lotus-hr", "w1"):
        for ref, other in ((old.ref, new.ref), ("AAAA-BBBB", new.ref)):
            assert Staff(app, person).get(f"/office/cases/{ref}/number/{other}").status_code == 404
