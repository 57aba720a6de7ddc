"""The page on which words are kept longer: two people, a reason, nothing lost, and nobody else finds it."""

from __future__ import annotations

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.words import erasing
from tests.makers import Clock, Story
from tests.web.staff import Staff, hidden, words
from tests.web.test_intake import Phone


@pytest.fixture
def story(desk: Desk) -> Story:
    made = Story.filed(desk).taken()
    made.do("complainant", "withdraw", {"why_withdrawn": "free"})
    return made


def press(staff: Staff, ref: str, what: str, reason: str = "A court asks.") -> int:
    page = staff.get(f"/office/cases/{ref}/hold").text
    at = page.index(f'value="{what}"') if f'value="{what}"' in page else 0
    once = hidden(page[max(0, page.rfind("<form", 0, at)) :], "once")
    sent = {"seen": hidden(page, "seen"), "once": once, "what": what, "reason": reason}
    return staff.send(f"/office/cases/{ref}/hold", **sent).status_code


def test_two_people_hold_it_and_every_page_says_so(app: Flask, desk: Desk, story: Story) -> None:
    one, two = Staff(app, "sophea"), Staff(app, "rith")
    assert "On 2 March 2028 we erase who complained" in words(one.get(f"/office/cases/{story.ref}").text)
    mine = Phone(app)
    mine.open(story.receipt)
    page = words(mine.get("/case").text)
    assert "on 2 March 2028 we erase who you are" in page
    assert "You do not have to do anything." in page
    assert press(one, story.ref, "ask") == 303
    page = words(one.get(f"/office/cases/{story.ref}/hold?done=ask").text)
    assert "That alone keeps them until" in page
    assert "Somebody else of the office has to do this" in page
    asked = words(two.get(f"/office/cases/{story.ref}/hold").text)
    assert "A court asks." in asked, "whoever confirms reads why"
    assert "Take it back" not in asked, "it is not theirs"
    assert press(two, story.ref, "confirm") == 303
    page = words(two.get(f"/office/cases/{story.ref}").text)
    assert "Nothing of it is erased." in page
    assert "A court asks." in page
    assert "longer than usual" in words(mine.get("/case").text)
    assert "A court asks." not in mine.get("/case").text


def test_without_a_reason_and_where_it_has_moved_nothing_is_lost(app: Flask, desk: Desk, story: Story) -> None:
    one = Staff(app, "sophea")
    assert press(one, story.ref, "ask", " ") == 422
    address = f"/office/cases/{story.ref}/hold"
    late = one.send(address, seen="1", once="x", what="ask", reason="What I typed <b>")
    assert late.status_code == 409
    assert "What I typed &lt;b&gt;" in late.text
    huge = one.send(address, seen=hidden(one.get(address).text, "seen"), once="y", what="ask", reason="x" * 9_000)
    assert huge.status_code == 303
    assert one.send(address, seen="z", once="y", what="../..", reason="x").status_code == 404


def test_nobody_else_finds_it(app: Flask, story: Story) -> None:
    for person in ("lotus-hr", "w1", "sarin"):
        staff = Staff(app, person)
        assert staff.get(f"/office/cases/{story.ref}/hold").status_code == 404


def test_after_the_erasure_the_page_of_the_case_says_so(app: Flask, desk: Desk, story: Story, clock: Clock) -> None:
    clock.pass_days(20)
    from grievance.casework import escalating

    escalating.sweep(desk)
    clock.pass_days(750)
    assert erasing.sweep(desk).cases == 1
    page = words(Staff(app, "sophea").get(f"/office/cases/{story.ref}").text)
    assert "Their number no longer opens anything" in page
    assert "Overtime is unpaid." in page
    answer = Phone(app).open(story.receipt)
    assert answer.status_code == 422
    assert "No case opens with this number" in words(answer.text)
