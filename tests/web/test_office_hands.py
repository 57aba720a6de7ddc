"""In the office many cases change hands on one page, and cases are linked; without JavaScript, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from grievance.casework import moving
from grievance.casework.desk import Desk
from grievance.store import tables
from tests.makers import Story, page_token
from tests.web.staff import BASE, Staff, hidden, words


@pytest.fixture
def officer(app: Flask) -> Staff:
    return Staff(app, "sophea")


def post(officer: Staff, address: str, page: str, cases: Iterable[str], **answers: str) -> TestResponse:
    data = {"page_token": page_token(page), "case": list(cases), **answers}
    return officer.client.post(address, base_url=BASE, data=data, headers={"Accept-Language": "en"})


def boxes(page: str) -> list[str]:
    return re.findall(r'name="case" value="([^"]+)"', page)


def test_ticked_cases_are_given_in_two_steps(officer: Staff, desk: Desk) -> None:
    stories = [Story.filed(desk) for _ in range(3)]
    page = officer.get("/office").text
    ticked = boxes(page)[:2]
    asked = post(officer, "/office/give", page, ticked)
    assert asked.status_code == 200
    assert "Give 2 cases" in words(asked.text)
    assert boxes(asked.text) == ticked
    wrong = post(officer, "/office/give", asked.text, ticked, person="rith", reason="", once=hidden(asked.text, "once"))
    assert wrong.status_code == 422
    assert '<option value="rith" selected>' in wrong.text
    assert re.search(r'id="reason"[^>]* aria-invalid="true"', wrong.text), "the field at fault says so"
    assert "<title>Error: " in wrong.text
    unknown = post(officer, "/office/give", asked.text, ticked, person="nobody-here", reason="Kept <b>words</b>")
    assert unknown.status_code == 422
    assert "Kept &lt;b&gt;words&lt;/b&gt;" in unknown.text
    assert re.search(r'id="person"[^>]* aria-invalid="true"', unknown.text)
    moved = ticked[0].partition(":")[0]
    moving.write_note(desk, stories[0].who("officer"), moved, "Meanwhile")  # type: ignore[arg-type]
    answers = {"person": "rith", "reason": "His site", "once": hidden(wrong.text, "once")}
    done = post(officer, "/office/give", wrong.text, ticked, **answers)
    assert "1 case was left as it is." in words(done.text)
    assert "Somebody moved it while you were reading." in words(done.text)
    assert "1 case." in words(done.text)
    again = post(officer, "/office/give", wrong.text, ticked, **answers)
    assert "This was already sent and done." in words(again.text)
    assert len(boxes(officer.get("/office?who=rith").text)) == 1


def test_nothing_ticked_teaches(officer: Staff, desk: Desk) -> None:
    Story.filed(desk)
    none = post(officer, "/office/give", officer.get("/office").text, [])
    assert none.status_code == 422
    assert "No case is chosen." in words(none.text)
    strange = post(officer, "/office/give", officer.get("/office").text, ["x", ":", "a:b:c", "\x00:1", "y:" + "9" * 99])
    assert strange.status_code in (200, 422)


def test_two_hundred_cases_are_given_at_once(officer: Staff, desk: Desk) -> None:
    for _ in range(200):
        Story.filed(desk, about=())
    with desk.store.read() as tx:
        cases = [f"{ref}:{seq}" for ref, seq in tx.execute(select(tables.cases.c.ref, tables.cases.c.seq))]
    asked = post(officer, "/office/give", officer.get("/office").text, cases)
    assert "Give 200 cases" in words(asked.text)
    done = post(officer, "/office/give", asked.text, boxes(asked.text), person="evenly", reason="A new team")
    assert done.status_code == 200
    assert "left" not in words(done.text)
    page = officer.read("/office?who=nobody")
    assert "No case fits." in page
    undone = post(
        officer,
        "/office/officers/rith",
        officer.get("/office/officers?of=rith").text,
        [],
        person="sophea",
        reason="Back",
    )
    assert undone.status_code == 200
    assert "Sophea Officer" in words(undone.text)


def test_somebody_leaves(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk)
    case = f"/office/cases/{story.ref}"
    officer.send(f"{case}/assign", case, person="rith", reason="His", seen=hidden(officer.get(case).text, "seen"))
    assert "Hand over all of them" in officer.read("/office/officers")
    asked = officer.read("/office/officers?of=rith")
    assert story.ref in asked
    address = "/office/officers/rith"
    assert officer.send(address, "/office/officers?of=rith", person="", reason="x").status_code == 422
    assert officer.send(address, "/office/officers?of=rith", person="rith", reason="x").status_code == 422
    kept = officer.send(address, "/office/officers?of=rith", person="sophea", reason=" ")
    assert kept.status_code == 422
    done = officer.send(address, "/office/officers?of=rith", person="sophea", reason="Rith leaves on Friday.")
    assert "Sophea Officer: 1 case." in words(done.text)
    assert story.view("officer").assignee == "sophea"
    assert officer.get("/office/officers?of=%00x").status_code == 200


def test_cases_are_linked_and_unlinked_on_a_page(officer: Staff, desk: Desk) -> None:
    first, second = Story.filed(desk), Story.filed(desk)
    address = f"/office/cases/{first.ref}/links"
    page = officer.get(address).text
    seen, once = hidden(page, "seen"), hidden(page, "once")
    wrong = officer.send(address, other="ZZZZ-ZZZZ", kind="", reason="Kept words", seen=seen, once=once)
    assert wrong.status_code == 422
    assert "You have no case with this number." in words(wrong.text)
    assert "Kept words" in wrong.text
    linked = f"/office/cases/{first.ref}?done=linked"
    for _ in range(2):
        answers = {"other": second.ref.lower(), "kind": "earlier", "reason": "Same voice", "seen": seen, "once": once}
        assert officer.send(address, **answers).location == linked
    shown = officer.read(linked)
    assert "Linked. Both cases say so." in shown
    assert second.ref in shown
    assert first.ref in officer.read("/office?linked=1")
    assert "2 of 2" in officer.read("/office?linked=1")
    unlink = f"/office/cases/{first.ref}/unlink"
    stale = officer.send(unlink, address, other=second.ref, kind="earlier", reason="No", seen=seen)
    assert stale.status_code == 409
    new = hidden(stale.text, "seen")
    assert officer.send(unlink, address, other=second.ref, kind="earlier", reason="", seen=new).status_code == 422
    assert officer.send(unlink, address, other=second.ref, kind="earlier", reason="No", seen=new).status_code == 303
    assert "No case fits." in officer.read("/office?linked=1")


def test_a_foreign_case_has_no_page_of_links(app: Flask, officer: Staff, desk: Desk) -> None:
    story, other = Story.filed(desk).taken(), Story.filed(desk)
    factory = Staff(app, "lotus-hr")
    foreign, missing = (factory.get(f"/office/cases/{ref}/links") for ref in (story.ref, "AAAA-BBBB"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.data == missing.data
    for path in ("links", "unlink"):
        sent = factory.send(
            f"/office/cases/{story.ref}/{path}", "/account", other=other.ref, kind="duplicate", reason="x", seen="1"
        )
        assert sent.status_code == 404
    assert factory.get("/office/officers?of=rith").text.count("rith") < 3  # their own address bar, and no cases
    assert story.ref not in factory.get("/office/officers?of=rith").text
    assert officer.get(f"/office/cases/{story.ref}/links").status_code == 200


def test_filters_of_the_list(officer: Staff, desk: Desk) -> None:
    taken, fresh = Story.filed(desk).taken(), Story.filed(desk)
    assert taken.ref in officer.read("/office?site=kh-0412")
    assert fresh.ref not in officer.read("/office?site=kh-0412")
    assert taken.ref in officer.read("/office?stage=answer")
    assert fresh.ref not in officer.read("/office?stage=answer")
    assert "No case fits." in officer.read("/office?site=%00&stage=%00&linked=1")


def test_the_day_that_a_case_is_due_is_the_same_on_every_page(officer: Staff, desk: Desk) -> None:
    story = Story.filed(desk)
    page = officer.get("/office").text
    post(officer, f"/office/cases/{story.ref}/assign", page, [], seen=str(story.view("officer").seq), person="rith")
    due = story.view("officer").due
    assert due is not None
    until = f"{due.day.day} {due.day:%B %Y}"
    assert until in officer.read(f"/office/cases/{story.ref}")
    assert until in words(post(officer, "/office/give", page, boxes(officer.get("/office").text)).text)
    assert until in officer.read("/office/officers?of=rith")


def test_a_page_that_answers_what_was_sent_offers_no_language_that_would_lose_it(officer: Staff, desk: Desk) -> None:
    Story.filed(desk)
    page = officer.get("/office").text
    assert "?lang=km" in page
    assert "?lang=" not in post(officer, "/office/give", page, boxes(page)).text
    wrong = post(officer, "/office/officers/rith", page, [])
    assert wrong.status_code == 409
    assert "?lang=" not in wrong.text
