"""Some leave a group: they are counted, what is proposed follows, what is ordered stays, and the last one withdraws."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from grievance.core import machine
from grievance.core.case import Case
from grievance.core.effects import Given, members
from grievance.core.errors import Invalid, Refused
from grievance.core.matters import Actor, Remedy, Seat
from grievance.core.seating import Sitting
from tests.core.walking import LAWBOOK, WORKER

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
SEATS = (Seat(1, "complainant", "receipt", "receipt"), Seat(2, "officer", "body", "office"))
TABLE = (
    Remedy(1, 1, "back_pay", 10, "1000.00", "USD", "2026-06-01"),
    Remedy(2, 1, "training", 400, "", "", "2026-06-01", group="site"),
    Remedy(3, 1, "back_pay", 10, "500", "USD", "2026-06-01", status="ordered"),
    Remedy(4, 1, "apology", 3, "", "", "2026-06-01"),
    Remedy(5, 1, "severance", 9, "100", "USD", "2026-06-01", group="complainant"),
)
CASE = Case(
    id="case", stage="deliberation", lane="U3", filer="union", seats=SEATS, next_seat=3, remedies=TABLE,
    signed={1: 1}, positions={7: {1: "upheld"}},
)  # fmt: skip
COMPLAINANT, OFFICER = Actor("complainant", 1), Actor("officer", 2, "sophea")


def left(case: Case, leaving: int, remaining: int, by: Actor = COMPLAINANT) -> Case:
    sitting = Sitting(WORKER, LAWBOOK.calendar_of(WORKER), NOON, lambda pool: pool[0])
    move = "members_leave" if by == COMPLAINANT else "note_members_left"
    return machine.fire(sitting, case, move, by, Given({"leaving": leaving, "remaining": remaining})).case


@pytest.mark.parametrize("by", [COMPLAINANT, OFFICER])
def test_what_is_not_decided_is_for_those_who_stay_and_each_gets_the_same(by: Actor) -> None:
    case = left(CASE, 3, 7, by)
    assert (case.stage, case.members, case.members_left) == ("deliberation", 7, 3)
    sizes = {one.no: (one.beneficiaries, one.amount) for one in case.remedies}
    assert sizes == {1: (7, "700.00"), 2: (400, ""), 3: (10, "500"), 4: (3, ""), 5: (7, "77.78")}
    assert case.positions == CASE.positions, "a vote is about what is right"
    assert case.signed == {}, "a signature was under another number"
    again = left(case, 6, 1, by)
    assert (again.members, again.members_left) == (1, 9)
    assert [one.beneficiaries for one in again.remedies] == [1, 400, 10, 1, 1]


def test_where_nothing_is_resized_signatures_stand() -> None:
    assert left(replace(CASE, remedies=TABLE[1:3]), 3, 7).signed == {1: 1}


@pytest.mark.parametrize(
    ("case", "leaving", "remaining", "field", "said"),
    [
        (CASE, 3, 0, "remaining", "withdraw the complaint instead"),
        (CASE, 0, 3, "leaving", "how many people leave"),
        (replace(CASE, members=5), 3, 3, "remaining", "more people would be in it than the 5"),
    ],
)
def test_numbers_that_cannot_be_are_refused(case: Case, leaving: int, remaining: int, field: str, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        left(case, leaving, remaining)
    assert said in str(caught.value.fields[field])


def test_the_last_one_cannot_leave_and_a_single_worker_withdraws() -> None:
    for by in (COMPLAINANT, OFFICER):
        with pytest.raises(Refused, match="to leave is to withdraw"):
            left(replace(CASE, members=1), 1, 1, by)
    alone = replace(CASE, filer="worker")
    with pytest.raises(Refused, match="Whoever complains alone withdraws"):
        left(alone, 1, 1)
    assert left(left(alone, 1, 4, OFFICER), 1, 3).members == 3, "the office knew that they are several"


def test_planted_an_effect_that_forgets_what_is_ordered_would_touch_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "OWN", frozenset({"", "complainant", "site"}))
    assert left(CASE, 3, 7).remedies[1].beneficiaries == 7
