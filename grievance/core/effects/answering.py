"""What the parties cause while they answer, ask for more time, mediate and settle."""

from __future__ import annotations

from collections.abc import Iterator

from grievance.core import clocks
from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.effects.effect import Given, effect
from grievance.core.errors import Invalid, say
from grievance.core.matters import Actor
from grievance.core.seating import Sitting, free


@effect()
def extend(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """Stops the stage's clock and sets it again, later by the procedure's extension."""
    stage, clock = sitting.procedure.stages[case.stage], case.stage_clock
    extension = stage.may_extend(case.lane)
    if clock is None or extension is None:
        return
    yield e.ClockStopped(clock.no)
    yield clocks.longer(case, clock, stage, extension.by, sitting.calendar, sitting.at)


@effect()
def answer(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """Per issue accept or contest; accepting the claim as a whole accepts each."""
    answers = given.answers.get("issue_answers") or {issue.no: "accept" for issue in case.issues}
    yield e.Answered({int(no): choice for no, choice in answers.items()})


@effect(clock=True)
def presume(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """Silence of a respondent, against it alone; a finding is still for people to make."""
    yield e.Presumed(tuple(seat.no for seat in case.awaited))


@effect(clock=True)
def mark_protection(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """No protection was confirmed in time: that weighs against the respondent, and finds nobody at fault."""
    yield e.Marked("protection")


@effect(reads=("mediator",))
def name_mediator(sitting: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """A mediator must be on the roster and free of conflict."""
    if given.answers["mediator"] not in {candidate.person for candidate in free(sitting, case, "mediator")}:
        raise Invalid({"mediator": say("Choose a mediator from the list.")})
    yield e.MediatorNamed(actor.role, given.answers["mediator"])


@effect()
def settle(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """Every issue is settled, every remedy of the text is owed."""
    yield e.Decided({issue.no: "settled" for issue in case.issues}, (), "settled")
    for remedy in case.remedies:
        yield e.RemedyOrdered(remedy.no, remedy.due)


@effect(clock=True)
def void(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """A text that not both wanted is void, and what was offered with it lies on the table no more."""
    for remedy in case.remedies:
        if remedy.status == "proposed":
            yield e.RemedyStruck(remedy.no)
