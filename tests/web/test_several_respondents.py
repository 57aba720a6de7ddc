"""The triage names several, without a script; each of them finds its own page, and a stranger none."""

from __future__ import annotations

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from tests.makers import Clock, Story
from tests.web.staff import Staff, hidden, words

TRIAGE = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": "wages"}


@pytest.fixture
def story(app: Flask, desk: Desk) -> Story:
    """Lotus and Tonle have to answer, as the form of the triage named them."""
    story = Story.filed(desk)
    story.do("officer", "acknowledge", greeting="We have read it.")
    officer, address = Staff(app, "sophea"), f"/office/cases/{story.ref}/assess"
    page = officer.get(address).text
    assert page.count('name="other_respondents-') == 6
    assert "office.js" in page or "office." in page
    wrong = officer.send(
        address, seen=hidden(page, "seen"), **TRIAGE | {"category": "", "other_respondents-1": "KH-0119"}
    )
    assert wrong.status_code == 422
    assert '<option value="KH-0119" selected>' in wrong.text, "what was chosen is kept"
    strange = officer.send(address, seen=hidden(page, "seen"), **TRIAGE | {"other_respondents-2": "KH-9999"})
    assert strange.status_code == 422
    more = {"other_respondents-1": "KH-0119", "other_respondents-3": "KH-0119", "other_respondents-4": "KH-0412"}
    assert officer.send(address, seen=hidden(page, "seen"), **TRIAGE | more).status_code == 303
    facts = {"could_have_written": 60}
    story.do("officer", "restate", facts, title="Overtime unpaid", restatement="Overtime is unpaid.")
    story.do("officer", "release")
    story.do("officer", "admit", reasons="It can be checked.")
    return story


def answer(app: Flask, story: Story, person: str, choice: str, statement: str) -> None:
    staff, address = Staff(app, person), f"/party/cases/{story.ref}/submit_answer"
    seen = hidden(staff.get(address).text, "seen")
    sent = staff.send(address, seen=seen, **{"issue_answers-1": choice}, statement=statement)
    assert sent.status_code == 303


def test_the_office_reads_them_beside_each_other(app: Flask, story: Story) -> None:
    answer(app, story, "tonle-hr", "accept", "It is true.")
    page = words(Staff(app, "sophea").get(f"/office/cases/{story.ref}").text)
    assert "Who is complained about" in page
    assert "Lotus Stitch Co., Ltd. KH-0412" in page
    assert "Tonle Shoes Co., Ltd. : We accept this" in page or "Tonle Shoes Co., Ltd.: We accept this" in page
    assert "Brands that buy there: Bluefield, Sand & Sons" in page


def test_each_has_its_own_page_and_strangers_have_none(app: Flask, story: Story) -> None:
    for person in ("lotus-hr", "tonle-hr", "sand-buyer"):
        assert "Overtime is unpaid." in Staff(app, person).read(f"/party/cases/{story.ref}")
    for person in ("mekong-hr", "angkor-hr"):
        strange = Staff(app, person)
        assert strange.get(f"/party/cases/{story.ref}").status_code == 404
        assert strange.get(f"/party/cases/{story.ref}/submit_answer").status_code == 404
        assert strange.get(f"/party/cases/{story.ref}").data == strange.get("/party/cases/AAAA-BBBB").data


def test_a_page_says_who_is_waited_for_and_when_the_answers_of_others_are_read(
    app: Flask, story: Story, desk: Desk, clock: Clock
) -> None:
    answer(app, story, "lotus-hr", "contest", "We paid on the tenth.")
    address = f"/party/cases/{story.ref}"
    mine = words(Staff(app, "lotus-hr").get(address).text)
    assert "You have answered. The case goes on when the others have too" in mine
    assert "We paid on the tenth." in mine
    theirs = words(Staff(app, "tonle-hr").get(address).text)
    assert "We paid on the tenth." not in theirs
    assert "Answered. You can read it when nobody has to answer any more." in theirs
    assert "You have until" in theirs
    while story.view("officer").stage == "answer":
        clock.pass_days(1)
        sweep(desk)
    theirs, mine = (words(Staff(app, person).get(address).text) for person in ("tonle-hr", "lotus-hr"))
    assert "We paid on the tenth." in theirs
    assert "No answer came in time" in theirs
    assert "No answer came in time" not in mine
