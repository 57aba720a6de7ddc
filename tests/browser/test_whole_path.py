"""A complaint from the first tap on a phone to “Closed”: every step is clicked by whoever takes it, on both databases."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from grievance.casework.views import CaseView
from tests import makers
from tests.browser.people import Complainant, People, people, said
from tests.browser.serving import Served

TRIAGE = {
    "category": "wages",
    "severity": "serious",
    "lane": "U3",
    "respondent": "KH-0412",
    "issues": ["wages", "hours"],
}
REMEDY = {
    "remedy-issue": "1",
    "remedy-kind": "back_pay",
    "remedy-beneficiaries": "64",
    "remedy-amount": "5120.00",
    "remedy-currency": "USD",
}
NOTHING_OF_THEIRS = ("ស្រី ម៉ុម", "012345678", "គេមិនបើក")


def reference(house: Served, number: str) -> str:
    """What the office calls the case."""
    return (
        makers.Story(house.desk, number, "", makers.following.show_receipt(house.desk, number)).view("complainant").ref
    )


def admitted(folk: People, house: Served, ref: str) -> None:
    """The officer takes the case."""
    officer = folk.staff("sophea", "office")
    officer.open(ref)
    officer.press("Take it")
    officer.move(ref, "acknowledge", greeting="សួស្តី។ យើងបានអានហើយ។")
    officer.move(ref, "assess", **TRIAGE)
    officer.move(ref, "restate", title="Overtime unpaid", restatement="Overtime is unpaid.", could_have_written="64")
    makers.Story(house.desk, ref=ref).do("officer", "release")  # by a desk whose lot lets it go out at once
    officer.open(ref)
    officer.move(ref, "admit", reasons="It can be checked.")


def positions(folk: People, house: Served, ref: str, move: str, *, apart: str = "", role: str = "panel") -> None:
    """Everybody seated in this role says what they think, until that moves the case; `apart` thinks otherwise."""
    before = seen_by_the_office(house, ref)
    names = {member.name: member.id for member in makers.cast.PEOPLE}
    for seat in [seat for seat in before.seats if seat.role == role]:
        if seen_by_the_office(house, ref).stage != before.stage:
            return
        outcome = "not_upheld" if seat.side == apart else "upheld"
        somebody = folk.staff(names[seat.name], "panel")
        reasons = f"Because it is {outcome}, thinks {seat.side or seat.role}."
        somebody.move(ref, move, **{"outcomes-1": outcome, "outcomes-2": outcome}, position_reasons=reasons)
        for secret in NOTHING_OF_THEIRS:
            expect(somebody.page.locator("body")).not_to_contain_text(secret)


def seen_by_the_office(house: Served, ref: str) -> CaseView:
    return makers.reading.case(house.desk, makers.viewer("sophea"), ref, roles=makers.ROLES["officer"])


def panellist(house: Served, ref: str, side: str) -> str:
    name = next(seat.name for seat in seen_by_the_office(house, ref).seats if seat.side == side)
    return next(member.id for member in makers.cast.PEOPLE if member.name == name)


def again(folk: People, complainant: Complainant) -> Complainant:
    """The same person on another day, with the number alone."""
    fresh = folk.complainant(complainant.tongue)
    fresh.number = complainant.number
    fresh.show()
    folk.leave(complainant)
    return fresh


def test_a_complaint_travels_from_a_phone_to_a_verified_remedy(browser: Browser, open_house: Served) -> None:
    house = open_house
    with people(browser, house) as folk:
        worker = folk.complainant()
        worker.file()
        worker.press("See my case")
        worker.stands("received")
        ref = reference(house, worker.number)

        admitted(folk, house, ref)
        worker.stands("answer")
        worker.reads("Overtime is unpaid.")
        worker.reads("សួស្តី។ យើងបានអានហើយ។")

        factory = folk.staff("lotus-hr", "party")
        factory.move(
            ref, "submit_answer", **{"issue_answers-1": "contest", "issue_answers-2": "accept"}, statement="We paid it."
        )
        for secret in NOTHING_OF_THEIRS:
            expect(factory.page.locator("body")).not_to_contain_text(secret)

        worker.stands("reply")
        worker.reads("We paid it.")
        worker.move("submit_reply", comment="យើងមិនទាន់បានទទួលទេ។")

        positions(folk, house, ref, "take_view", apart="employers")
        worker.stands("deliberation")
        worker.reads(said("You do not have to do anything today.", "km"))
        first = folk.staff(panellist(house, ref, "brands"), "panel")
        first.move(ref, "propose_remedy", **REMEDY)
        first.move(ref, "propose_remedy", **REMEDY | {"remedy-issue": "2", "remedy-amount": ""})
        positions(folk, house, ref, "change_view")
        worker.stands("appeal_window")
        worker.reads(said("All sides decided together.", "km"))
        worker.reads("5120.00 USD")

        house.pass_days(20)
        folk.next_day()
        worker = again(folk, worker)
        worker.stands("remedy_plan")
        factory = folk.staff("lotus-hr", "party")
        for no in ("1", "2"):
            facts = {"open_remedy": no, "plan_day": "2026-03-20", "plan_proof": "The bank list."}
            factory.move(ref, "plan_remedy", plan="Payroll pays with the next run.", **facts)
        factory.move(ref, "set_plan")
        for no in ("1", "2"):
            factory.move(ref, "report_remedy", open_remedy=no, proof="Paid by the bank list.")

        worker.stands("verification")
        for side in ("workers", "employers", "brands"):
            somebody = folk.staff(panellist(house, ref, side), "panel")
            for no in ("1", "2"):
                somebody.move(ref, "verify", which_remedy=no, what_seen="seen", proof="I asked six people.")
        worker.stands("verification")
        worker.move("confirm_remedy")
        worker.stands("aftercare")
        house.pass_days(102)
        again(folk, worker).stands("closed")
