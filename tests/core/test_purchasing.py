"""Complaints about a brand: nobody in buying is let in, few members are not singled out, and a fall of orders is weighed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grievance.core.case import Case
from grievance.core.effects import EFFECTS, Given
from grievance.core.errors import Invalid, Refused
from grievance.core.events import (
    ContactNamed,
    Entry,
    Event,
    Marked,
    OrdersRecorded,
    Pooled,
    ReasonsAsked,
    ReasonsGiven,
    SeatLeft,
    SeatTaken,
)
from grievance.core.fold import apply
from grievance.core.lawbook import read_lawbook
from grievance.core.matters import Actor, Issue, Respondent, Seat
from grievance.core.rules import RULES, Question
from grievance.core.seating import Candidate
from tests.play import PLACES, Play

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


def refusal(name: str, case: Case, **answers: Any) -> str:
    with pytest.raises(Invalid) as refused:
        caused(name, case, **answers)
    (said,) = refused.value.fields.values()
    return said.text


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
    assert caused("seat_contact", named, OUTSIDE) == [
        SeatLeft(3, "replaced"),
        SeatTaken(Seat(4, "respondent", "person", "ana", "brands")),
    ]
    seated = replace(named, seats=(Seat(3, "respondent", "person", "ana", "brands"),))
    assert caused("seat_contact", seated, OUTSIDE) == []


def test_whoever_went_into_buying_since_or_left_is_not_let_in() -> None:
    named = replace(CASE, contact="ana", contact_independent=True)
    for roster in ((OUTSIDE, INSIDE), (INSIDE,), ()):
        with pytest.raises(Refused, match="works in buying"):
            caused("seat_contact", named, *roster)


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
    assert refusal("pool", CASE, members=3, largest_share=33) == "Of {n} members the largest has {share} to 100 %."
    assert caused("pool", CASE, members=1, largest_share=100) == [Pooled(1, 100)]


def test_members_who_joined_stay_counted_and_an_association_files_as_one_for_three() -> None:
    fewer = refusal("pool", replace(CASE, pooled=(3, 40)), members=2, largest_share=60)
    assert fewer == "Write all of them together: {n} or more."
    assert refusal("merge", CASE, members=2, largest_share=60).startswith("File as one for {n} members or more")
    assert caused("merge", CASE, members=3, largest_share=60) == [Pooled(3, 60)]


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [({"months": 0}, "months"), ({"months": 13}, "months"), ({"orders_fell": 101}, "orders_fell"),
     ({"country_fell": 101}, "country_fell"), ({"country_fell": -1}, "country_fell")],
)  # fmt: skip
def test_orders_are_recorded_in_per_cent_of_the_same_months(answers: dict[str, int], wrong: str) -> None:
    right = {"months": 3, "orders_fell": 40, "country_fell": 10, "order_sign": "none"}
    assert caused("record_orders", CASE, **right) == [OrdersRecorded(40, 10, "none", 3)]
    with pytest.raises(Invalid) as refused:
        caused("record_orders", CASE, **right | answers)
    assert list(refused.value.fields) == [wrong]


def test_a_question_that_is_open_survives_new_figures_and_an_answered_one_does_not() -> None:
    def after(case: Case, *happened: Event) -> Case:
        for event in happened:
            case = apply(case, Entry(case.seq + 1, NOON, OFFICER, event))
        return case

    asked = after(CASE, OrdersRecorded(40, 10, "none", 3), ReasonsAsked())
    assert (asked.alarm, after(asked, OrdersRecorded(50, 10, "none", 3)).alarm) == ("asked", "asked")
    answered = after(asked, ReasonsGiven())
    assert (answered.alarm, after(answered, OrdersRecorded(50, 10, "none", 3)).alarm) == ("answered", "")
    silent = after(asked, Marked("order_reasons"))
    assert (silent.alarm, silent.marks, holds("reasons_wanted", silent)) == ("silent", ("order_reasons",), True)
    assert not holds("not_asked_about_these", silent)
