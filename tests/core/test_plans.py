"""A plan is whole when every order that the respondents owe says who does what, by when, and how it can be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from grievance.core import machine
from grievance.core.case import Case
from grievance.core.effects import Given
from grievance.core.errors import Invalid, Refused
from grievance.core.matters import Actor, Remedy, Seat
from grievance.core.procedure import Procedure
from grievance.core.proof.questions import faults
from grievance.core.rules import Question, why_not
from grievance.core.seating import Sitting
from tests.core.walking import LAWBOOK, WORKER

PLANNED = [one for one in LAWBOOK.procedures.values() if "set_plan" in one.moves]
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
SEATS = (
    Seat(1, "complainant", "receipt", "receipt"),
    Seat(3, "respondent", "body", "factory"),
    Seat(4, "respondent", "body", "annex"),
    Seat(5, "brand", "body", "buyer"),
)
OWED = (
    Remedy(1, 1, "wage_payment", 3, due="2026-03-20", status="ordered", owner="factory"),
    Remedy(2, 1, "apology", 3, due="2026-03-20", status="ordered", owner="annex"),
    Remedy(3, 1, "training", 3, due="2026-03-20", status="ordered", owner="buyer"),
    Remedy(4, 1, "training", 3, status="proposed", owner="factory"),
    Remedy(5, 1, "back_pay", 3, due="2026-03-20", status="ordered"),
)
CASE = Case(id="case", stage="remedy_plan", turn="respondent", lane="U3", seats=SEATS, next_seat=6, remedies=OWED)
ACTOR = Actor("respondent", 3, "somebody")


def sitting(procedure: Procedure = WORKER) -> Sitting:
    return Sitting(procedure, LAWBOOK.calendar_of(procedure), NOON, lambda pool: pool[0])


def planned(*numbers: int) -> Case:
    return replace(CASE, remedies=tuple(replace(r, planned="2026-03-10" if r.no in numbers else "") for r in OWED))


@pytest.mark.parametrize("procedure", PLANNED, ids=lambda procedure: procedure.key)
@pytest.mark.parametrize(("done", "missing"), [((), "1, 2, 5"), ((1,), "2, 5"), ((1, 2, 3), "5"), ((1, 2, 5), None)])
def test_the_reason_names_what_the_plan_lacks(procedure: Procedure, done: tuple[int, ...], missing: str | None) -> None:
    """What a brand owes is the brand's to plan, and what nobody ordered nobody plans."""
    question = Question(planned(*done), procedure, LAWBOOK.calendar_of(procedure), ACTOR, NOON)
    found = why_not(question, procedure.moves["set_plan"])
    wanted = f"The plan does not cover every order. Plan these on their own first: {missing}." if missing else "None"
    assert str(found) == wanted


def test_planted_without_the_rule_an_empty_plan_moves_the_case_on() -> None:
    with pytest.raises(Refused, match="does not cover"):
        machine.fire(sitting(), CASE, "set_plan", ACTOR)
    move = replace(WORKER.moves["set_plan"], needs=())
    planted = replace(WORKER, moves={**WORKER.moves, "set_plan": move})
    assert machine.fire(sitting(planted), CASE, "set_plan", ACTOR).case.stage == "remedy"


@pytest.mark.parametrize("procedure", PLANNED, ids=lambda procedure: procedure.key)
def test_the_rule_guards_every_plan_and_the_proof_holds(procedure: Procedure) -> None:
    assert "plan_covers_orders" in procedure.moves["set_plan"].needs
    assert {"plan", "plan_day", "plan_proof"} <= set(procedure.moves["plan_remedy"].asks)
    assert not faults(procedure)


@pytest.mark.parametrize(("day", "fits"), [("2026-03-20", True), ("2026-03-21", False), ("2026-03-01", True)])
def test_a_plan_gives_itself_no_more_time_than_the_order(day: str, fits: bool) -> None:
    given = Given({"open_remedy": "1", "plan_day": day}, {"plan": "0" * 64, "plan_proof": "1" * 64})
    if fits:
        fired = machine.fire(sitting(), CASE, "plan_remedy", ACTOR, given)
        assert next(one.planned for one in fired.case.remedies if one.no == 1) == day
        return
    with pytest.raises(Invalid) as caught:
        machine.fire(sitting(), CASE, "plan_remedy", ACTOR, given)
    assert "not after its date" in str(caught.value.fields["plan_day"])
