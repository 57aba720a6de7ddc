"""What a complaint about a brand causes: the brand is named, its contact is seated, members are counted, orders watched."""

from __future__ import annotations

from collections.abc import Iterator

from grievance.core import clocks
from grievance.core import events as e
from grievance.core.calendar import due
from grievance.core.case import Case
from grievance.core.effects.effect import Given, effect
from grievance.core.effects.lanes import refuse_skipping
from grievance.core.errors import Invalid, Refused, say
from grievance.core.matters import Actor, Issue, Seat
from grievance.core.purchasing import MEMBERS, MONTHS, NOT_INDEPENDENT, ORDER_REASONS, WHOLE, least_share
from grievance.core.seating import Candidate, Sitting

CONTACT, BUYING = "contact", "buying"
"""Where the roster knows people of a brand: outside buying, or in it."""


def brands(sitting: Sitting) -> frozenset[str]:
    """The brands that buy at some site of the programme."""
    return frozenset(buyer for place in sitting.places().values() for buyer in place.buyers)


def contacts(sitting: Sitting, case: Case) -> list[Candidate]:
    """Whom the programme knows at the brand, in buying or not."""
    known = (one for one in sitting.roster() if one.function in (CONTACT, BUYING))
    return [one for one in known if one.bodies & {answering.body for answering in case.respondents}]


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
def seat_contact(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """The contact answers for the brand, and nobody else of it sits here. Whoever went into buying since is not let in."""
    if {one.function for one in contacts(sitting, case) if one.person == case.contact} != {CONTACT}:
        raise Refused(NOT_INDEPENDENT)
    held = case.seated("respondent")
    yield from (e.SeatLeft(seat.no, "replaced") for seat in held if seat.holder != case.contact)
    if case.contact not in {seat.holder for seat in held}:
        yield e.SeatTaken(Seat(case.next_seat, "respondent", "person", case.contact, "brands"))


@effect(reads=("members", "largest_share"))
def pool(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """Members are counted, never named; whoever joined stays counted."""
    yield _counted(given, least=case.pooled[0] if case.pooled else 1)


@effect(reads=("members", "largest_share"))
def merge(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """An association speaks for so many that nobody can tell which of them it was."""
    if int(given.answers["members"]) < MEMBERS:
        raise Invalid(
            {"members": say("File as one for {n} members or more: of fewer the brand guesses who.", n=MEMBERS)}
        )
    yield _counted(given, least=case.pooled[0] if case.pooled else MEMBERS)


def _counted(given: Given, least: int) -> e.Pooled:
    members, largest = int(given.answers["members"]), int(given.answers["largest_share"])
    if members < least:
        raise Invalid({"members": say("Write all of them together: {n} or more.", n=least)})
    if not least_share(members) <= largest <= WHOLE:
        share = least_share(members)
        raise Invalid(
            {"largest_share": say("Of {n} members the largest has {share} to 100 %.", n=members, share=share)}
        )
    return e.Pooled(members, largest)


@effect()
def approve_text(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """For the text as it stands now."""
    yield e.TextApproved()


@effect(reads=("orders_fell", "country_fell", "order_sign", "months"))
def record_orders(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """Against the same months of the year before. Per cent alone: how many pieces somebody makes is nobody's business."""
    months = int(given.answers["months"])
    if not 1 <= months <= MONTHS:
        raise Invalid({"months": say("Write a number from {least} to {most}.", least=1, most=MONTHS)})
    for ask in ("orders_fell", "country_fell"):
        if not 0 <= int(given.answers[ask]) <= WHOLE:
            raise Invalid({ask: say("Write a number from {least} to {most}.", least=0, most=WHOLE)})
    filer, country = int(given.answers["orders_fell"]), int(given.answers["country_fell"])
    yield e.OrdersRecorded(filer, country, given.answers["order_sign"], months)


@effect()
def ask_reasons(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """An alarm presumes nothing: it asks. The watch does not end before the answer is due, as far as it can be extended."""
    yield e.ReasonsAsked()
    stage, clock = sitting.procedure.stages[case.stage], case.stage_clock
    extension = stage.may_extend(case.lane)
    waits = [due(one.within, sitting.at, sitting.calendar) for one in sitting.procedure.clocks.values() if one.does]
    if clock and extension and clock.extended < extension.times and clock.due_at < max(waits, default=clock.due_at):
        yield e.ClockStopped(clock.no)
        yield clocks.longer(case, clock, stage, extension.by, sitting.calendar, sitting.at)


@effect()
def give_reasons(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """In the contact's own words, which the filer reads."""
    yield e.ReasonsGiven()


@effect(clock=True)
def mark_adverse(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """Nobody answered: that is kept and told. It decides nothing."""
    yield e.Marked(ORDER_REASONS)
