"""One side differs: the decision stands, and what that side thought is read under its seat, without a name."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, expect

from grievance.core.procedure import SIDES
from grievance.demo import cast
from tests import makers
from tests.browser.people import Somebody, people
from tests.browser.serving import Served

PANEL_NAMES = [member.name for member in cast.PEOPLE if member.seats]
CONSENTS = {"restatement_to_respondent": True, "mediation": False}
DIFFERENT = "September was corrected, so we see it otherwise."


def test_a_dissent_is_read_under_its_seat_without_a_name(browser: Browser, own_house: Served) -> None:
    story = makers.Story.filed(own_house.desk, consents=CONSENTS).taken().answered().reviewed()
    seats = story.seated("panel")
    for person, side in seats.items():
        story.position("take_view", "not_upheld" if side == "employers" else "upheld", person=person)
    with people(browser, own_house) as folk:
        own_house.pass_days(25)
        worker = folk.complainant()
        worker.number = story.receipt
        worker.show()
        worker.stands("decision")
        remedy = {"kind": "back_pay", "beneficiaries": 64, "amount": "5120.00", "currency": "USD", "due": ""}
        for no in (1, 2):
            story.do("panel", "propose_remedy", {"remedy": {"issue": no, **remedy}}, person=next(iter(seats)))
        for person, side in seats.items():
            if side != "employers":
                story.position("vote", "upheld", person=person)
        for person in [person for person, side in seats.items() if side == "employers"]:
            voter = folk.staff(person, "panel")
            both = {"outcomes-1": "not_upheld", "outcomes-2": "not_upheld"}
            voter.move(story.ref, "vote", **both, position_reasons=DIFFERENT)
        neutral = folk.staff(next(iter(story.seated("neutral"))), "panel")
        neutral.move(
            story.ref, "vote", **{"outcomes-1": "upheld", "outcomes-2": "upheld"}, position_reasons="Slips agree."
        )
        expect(neutral.page.locator("table.sides")).to_contain_text(DIFFERENT)

        worker.stands("appeal_window")
        worker.reads(worker.say("The majority decided."))
        factory = folk.staff("lotus-hr", "party")
        factory.open(story.ref)
        for reader in (worker, factory):
            reader.reads("5120.00 USD")
            assert side_above(reader, reader.page.get_by_text(DIFFERENT).first) == "employers"
            page = reader.page.locator("main").inner_text()
            # Both seats of that side, and no other: one beside the other, or counted where they wrote the same words.
            assert page.count(reader.say("thought otherwise")) == (1 if reader is worker else 2)
            assert [name for name in PANEL_NAMES if name in page] == []


def side_above(reader: Somebody, text: Locator) -> str:
    """The side whose name stands nearest above this text, in the same column or card."""
    at = text.bounding_box()
    assert at
    found = {}
    for side, label in SIDES.items():
        for name in reader.page.locator("main").get_by_text(reader.say(label)).all():
            box = name.bounding_box()
            if box and box["y"] <= at["y"] and box["x"] < at["x"] + at["width"] and at["x"] < box["x"] + box["width"]:
                found[box["y"]] = side
    return found[max(found)]
