"""Rosters on the pages of administrators: whom a brand's case may reach is set there, and a buyer is never let in."""

from __future__ import annotations

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.house import recording, rostering, staffing
from grievance.core.errors import Invalid
from tests import makers
from tests.makers import Story
from tests.web.staff import Staff, hidden, words

ADMIN = makers.viewer("sarin")
ROSTER = "/account/rosters/kh"


def against(desk: Desk, brand: str) -> Story:
    """A factory's complaint about a brand, taken, with a text that the filer agreed to."""
    told = {"brand": "Northcoat", "words": "They paid after 131 days."}
    story = Story.filed(desk, filer="manufacturer", account=told, about=("c2_payment",))
    facts = {"category": "c2_payment", "severity": "serious", "lane": "U3", "named_brand": brand}
    story.do("officer", "acknowledge", greeting="We have read it.")
    story.do("officer", "assess", facts | {"issues": ["c2_payment"]})
    story.do("officer", "restate", {"could_have_written": 6}, title="Paid late", restatement="Invoices were paid late.")
    story.do("officer", "admit", reasons="It can be checked.")
    story.do("complainant", "approve_text")
    return story


def put(staff: Staff, person: str, function: str, side: str = "") -> str:
    answer = staff.send(ROSTER, person=person, function=function, side=side)
    return words(answer.text) if answer.status_code != 303 else "put"


def test_every_roster_has_its_place_its_meaning_and_its_empty_state(app: Flask, desk: Desk) -> None:
    staff = Staff(app, "sarin")
    page = staff.read(ROSTER)
    for function in rostering.FUNCTIONS.values():
        assert function.label.text in page
        assert function.meaning.text in page
    assert "Nobody answers for: Bluefield, Northcoat." in page
    assert "Yuki, Sand & Sons, Sand & Sons" in page, "the contact, and of which brand"
    for person in ("o1", "o2", "op"):
        rostering.take_off(desk, ADMIN, "kh", person, "operator" if person == "op" else "outside")
    page = staff.read(ROSTER)
    assert "1 on the roster, 3 needed." in page
    assert "Whoever puts our faults right Carries out what is found about ourselves. Too few" in page


@pytest.mark.parametrize(
    ("person", "function", "side", "why"),
    [
        ("w1", "contact", "", "Choose somebody of a brand: add them to it on their page first."),
        ("mekong-hr", "buying", "", "Choose somebody of a brand: add them to it on their page first."),
        ("sand-buyer", "contact", "", "This person works in buying. A contact is somebody outside it."),
        ("sand-buyer", "panel", "brands", "Whoever works in buying sits on no panel"),
        ("sand-trust", "contact", "", "This person is on that roster already."),
        ("north-buyer", "contact", "brands", "Panel members and chairs have a side; all others have none."),
        ("sophea", "outside", "", "An outside person belongs to no organisation, not even to the office."),
        ("mekong-hr", "operator", "", "belong to no party."),
        ("nobody", "operator", "", "Not a valid choice"),
        ("north-buyer", "hangman", "", "Not a valid choice"),
        ("n" * 60_000, "outside", "", "Not a valid choice"),
        ("", "", "", "Please answer this."),
    ],
)
def test_whoever_does_not_fit_is_refused_with_the_reason(
    app: Flask, desk: Desk, person: str, function: str, side: str, why: str
) -> None:
    before = makers.contents(desk)["roster"]
    assert why in put(Staff(app, "sarin"), person, function, side)
    assert makers.contents(desk)["roster"] == before


def test_somebody_in_buying_is_offered_as_contact_and_the_release_is_refused(app: Flask, desk: Desk) -> None:
    admin, officer = Staff(app, "sarin"), Staff(app, "sophea")
    assert put(admin, "north-buyer", "buying") == "put"
    story = against(desk, "brand-north")
    case = f"/office/cases/{story.ref}"

    def make(move: str, **answers: str) -> str:
        page = officer.get(f"{case}/{move}").text
        seen = {name: hidden(page, name) for name in ("seen", "once")}
        answer = officer.send(f"{case}/{move}", **seen, **answers)
        return words(answer.text) if answer.status_code != 303 else "made"

    assert "Ines, Northcoat" in officer.read(f"{case}/name_contact")
    assert make("name_contact", contact="north-buyer") == "made"
    refusal = "The brand's contact is missing, or works in buying. Name somebody outside it."
    assert refusal in officer.read(case)
    assert refusal in make("release_text")
    assert Staff(app, "north-buyer").get(f"/party/cases/{story.ref}").status_code == 404
    staffing.belong(desk, ADMIN, "b2", "brand-north")
    assert put(admin, "b2", "contact") == "put"
    assert make("name_contact", contact="b2") == "made"
    assert make("release_text") == "made"
    assert "Invoices were paid late." in Staff(app, "b2").read(f"/party/cases/{story.ref}")
    assert Staff(app, "north-buyer").get(f"/party/cases/{story.ref}").status_code == 404
    record = " ".join(str(deed) for deed in recording.record(desk, ADMIN).rows)
    assert "Buying team of a brand" in record
    assert "Contact of a brand, outside buying" in record


def test_a_contact_who_goes_into_buying_is_let_in_no_more_and_another_is_named(app: Flask, desk: Desk) -> None:
    story = against(desk, "brand-sand")
    story.do("officer", "name_contact", {"contact": "sand-trust"})
    with pytest.raises(Invalid):
        staffing.belong(desk, ADMIN, "sand-trust", "brand-sand", "buying")
    story.do("officer", "release_text")
    rostering.take_off(desk, ADMIN, "kh", "sand-trust", "contact")
    rostering.put(desk, ADMIN, "kh", "b1", "contact", "")
    story.do("officer", "change_contact", {"contact": "b1"}, reasons="Yuki has left the company.")
    assert Staff(app, "sand-trust").get(f"/party/cases/{story.ref}").status_code == 404
    page = Staff(app, "b1").read(f"/party/cases/{story.ref}")
    assert "made room for another contact of the brand" in page
    assert "Yuki has left the company." in page
