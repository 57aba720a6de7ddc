"""What a complaint about ourselves causes: those named are asked, and two sides or one outside person find."""

from __future__ import annotations

from collections.abc import Iterator

from grievance.core import events as e
from grievance.core import panel
from grievance.core.case import Case
from grievance.core.effects.deciding import outcomes_of
from grievance.core.effects.effect import Given, effect
from grievance.core.matters import Actor, Seat
from grievance.core.seating import Sitting


@effect()
def call_the_named(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """Seats whoever the complaint is about, to explain; seats that stand are not doubled."""
    held = {seat.holder for seat in case.seated("respondent")}
    called = [one for one in case.named if one not in held]
    for no, named in enumerate(called, case.next_seat):
        yield e.SeatTaken(Seat(no, "respondent", "person", named))


@effect()
def find_by_two_sides(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """What two of the three sides say of each issue."""
    outcomes = panel.two_sides(case)
    if outcomes is not None:
        yield e.Decided(outcomes, panel.dissent(case, outcomes), "sides")


@effect(reads=("outcomes",))
def find_alone(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """What one outside person says of each issue."""
    yield e.Decided(outcomes_of(case, given), (), "outside")
