"""Complaints about a brand: nobody in buying is let in, few members are not singled out, and a fall of orders is weighed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grievance.core.case import Case
from grievance.core.effects import EFFECTS, Given
from grievance.core.errors import Invalid
from grievance.core.events import ContactNamed, SeatLeft, SeatTaken
from grievance.core.lawbook import read_lawbook
from grievance.core.matters import Actor, Issue, Respondent, Seat
from grievance.core.proof.play import PLACES, Play
from grievance.core.rules import RULES, Question
from grievance.core.seating import Candidate

LAWBOOK = read_lawbook(Path(__file__).parents[2] / "workflows")
EMPLOYER = LAWBOOK.procedure("kh/employer-1@1")
CALENDAR = LAWBOOK.calendar_of(EMPLOYER)
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
OFFICER = Actor("officer", 2, "somebody")
CASE = Case(id="case", stage="file_review", respondents=(Respondent("buyer"),), issues=(Issue(1, "c2_payment"),))


def holds(name: str, case: Case) -> bool:
    return RULES[name].holds(Question(case, EMPLOYER, CALENDAR, OFFICER, NOON))


def caused(name: str, case: Case, *roster: Candidate, **answers: Any) -> list[Any]:
    sitting = Play(EMPLOYER, CALENDAR, roster=roster, places=PLACES).sitting(NOON)
    return list(EFFECTS[name].causes(sitting, case, OFFICER, Given(answers)))


OUTSIDE, INSIDE = (Candidate("ana", function, "", frozenset({"buyer"})) for function in ("contact", "buying"))


def test_a_contact_is_outside_buying() -> None:
    assert caused("name_contact", CASE, OUTSIDE, contact="ana") == [ContactNamed("ana", independent=True)]
    assert caused("name_contact", CASE, OUTSIDE, INSIDE, contact="ana") == [ContactNamed("ana", independent=False)]
    with pytest.raises(Invalid):
        caused("name_contact", CASE, replace(OUTSIDE, bodies=frozenset({"other"})), contact="ana")
    assert not holds("contact_independent", replace(CASE, contact="ana", contact_independent=False))
    assert holds("contact_independent", replace(CASE, contact="ana", contact_independent=True))


def test_the_contact_alone_sits_for_the_brand() -> None:
    named = replace(CASE, contact="ana", next_seat=4, seats=(Seat(3, "respondent", "person", "ben", "brands"),))
    assert caused("seat_contact", named) == [
        SeatLeft(3, "replaced"),
        SeatTaken(Seat(4, "respondent", "person", "ana", "brands")),
    ]
    seated = replace(named, seats=(Seat(3, "respondent", "person", "ana", "brands"),))
    assert caused("seat_contact", seated) == []


def test_a_text_that_changed_needs_a_new_yes() -> None:
    assert not holds("filer_approved", CASE)
    assert holds("filer_approved", replace(CASE, restated=2, approved=2))
    assert not holds("filer_approved", replace(CASE, restated=3, approved=2))


@pytest.mark.parametrize(("pooled", "shown"), [(None, False), ((2, 50), False), ((3, 60), True), ((3, 61), False)])
def test_figures_of_few_are_not_shown(pooled: tuple[int, int] | None, shown: bool) -> None:
    assert holds("pool_of_three", replace(CASE, pooled=pooled)) is shown


@pytest.mark.parametrize(
    ("orders", "alarm"),
    [
        (None, False),
        ((40, 10, "none"), True),
        ((40, 35, "none"), False),
        ((40, 20, "none"), False),
        ((30, 0, "none"), False),
        ((0, 0, "cancelled"), True),
    ],
)
def test_a_fall_of_orders_is_weighed_against_the_country(orders: tuple[int, int, str] | None, alarm: bool) -> None:
    assert holds("orders_fell", replace(CASE, orders=orders)) is alarm


def test_a_share_is_a_percentage() -> None:
    with pytest.raises(Invalid):
        caused("pool", CASE, members=3, largest_share=101)
