"""What a complaint about a brand causes: the brand is named, its contact is seated, members are counted, orders watched."""

from __future__ import annotations

from collections.abc import Iterator

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.effects.effect import Given, effect
from grievance.core.effects.lanes import refuse_skipping
from grievance.core.errors import Invalid, say
from grievance.core.matters import Actor, Issue, Seat
from grievance.core.seating import Candidate, Sitting

CONTACT, BUYING = "contact", "buying"
"""Where the roster knows people of a brand: outside buying, or in it."""


def brands(sitting: Sitting) -> frozenset[str]:
    """The brands that buy at some site of the programme."""
    return frozenset(buyer for place in sitting.places().values() for buyer in place.buyers)


def contacts(sitting: Sitting, case: Case) -> list[Candidate]:
    """Whom the programme knows at the brand, in buying or not."""
    known = (one for one in sitting.roster() if one.function in (CONTACT, BUYING))
    return [one for one in known if case.respondent in one.bodies]


@effect(reads=("category", "severity", "lane", "named_brand", "issues"))
def assess_brand(sitting: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """Triage of a complaint about a brand; the site stays what the filer named."""
    refuse_skipping(sitting, case, actor, given.answers["lane"])
    brand = given.answers["named_brand"]
    if brand not in brands(sitting):
        raise Invalid({"named_brand": say("Choose a brand from the list. If it is missing, ask an administrator.")})
    issues = tuple(Issue(no, category) for no, category in enumerate(given.answers["issues"], 1))
    severity, lane = given.answers["severity"], given.answers["lane"]
    yield e.Assessed(given.answers["category"], severity, lane, case.site, brand, (), issues)


@effect(reads=("contact",))
def name_contact(sitting: Sitting, case: Case, _: Actor, given: Given) -> Iterator[e.Event]:
    """Whoever works in buying may be named, and is not let in: the refusal to release says why."""
    person = given.answers["contact"]
    functions = {one.function for one in contacts(sitting, case) if one.person == person}
    if not functions:
        raise Invalid({"contact": say("Choose a contact of the brand from the list.")})
    yield e.ContactNamed(person, functions == {CONTACT})


@effect()
def seat_contact(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """The contact answers for the brand, and nobody else of it sits here."""
    held = case.seated("respondent")
    yield from (e.SeatLeft(seat.no, "replaced") for seat in held if seat.holder != case.contact)
    if case.contact not in {seat.holder for seat in held}:
        yield e.SeatTaken(Seat(case.next_seat, "respondent", "person", case.contact, "brands"))


@effect(reads=("members", "largest_share"))
def pool(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """Members are counted, never named."""
    members, largest = int(given.answers["members"]), int(given.answers["largest_share"])
    if not 1 <= largest <= 100:  # noqa: PLR2004  per cent
        raise Invalid({"largest_share": say("Write a number from 1 to 100.")})
    yield e.Pooled(members, largest)


@effect()
def approve_text(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """For the text as it stands now."""
    yield e.TextApproved()


@effect(reads=("orders_fell", "country_fell", "order_sign"))
def record_orders(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """Against the same months of the year before."""
    filer, country = int(given.answers["orders_fell"]), int(given.answers["country_fell"])
    yield e.OrdersRecorded(filer, country, given.answers["order_sign"])
