"""Tells of a case how long its words are kept: when they go, that they are gone, or that two people hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grievance.casework.desk import Desk, Lent, calendar_of
from grievance.casework.showing.headings import reasons
from grievance.casework.timing import local_day
from grievance.casework.views import Keeping, Line
from grievance.casework.words import erasing, holding
from grievance.core import events as e
from grievance.core.calendar import due_day
from grievance.core.case import Case
from grievance.core.errors import say
from grievance.core.matters import HOLD
from grievance.core.procedure import ROLES

ERASED = say("Their time was over: we erased who complained, how to reach them, and what they wrote and sent").text
TAKEN = say("A file as it was sent was taken out, locked, for whoever holds its key").text
RUNS = say("Whoever runs this system").text
HELD = say("How long the words are kept").text


def keeping(desk: Desk, lent: Lent, case: Case) -> Keeping:
    """How long the words of this case are kept."""
    calendar, at = calendar_of(desk, lent, case), erasing.goes_at(desk, lent, case)
    return Keeping(
        erases_on=due_day(at, calendar) if at else None,
        erased_on=local_day(case.erased_at, calendar) if case.erased_at else None,
        hold=holding.state(case, desk.now(), at),
    )


def line(entry: e.Entry, names: Mapping[str, str], body: Callable[[int, str], str]) -> Line:
    """The line of the timeline, for the office."""
    if isinstance(entry.event, e.HoldSet):
        texts = reasons(body(entry.seq, "hold_reason"))
        facts = ((HELD, HOLD[entry.event.step]),)
        return Line(entry.at, HELD, ROLES[entry.actor.role], names.get(entry.actor.person, ""), texts, facts)
    return Line(entry.at, ERASED, "", clock=True)


def taken(entry: e.Entry, no: int, reason: str) -> Line:
    """The line that tells of an original that was taken out, with the number of its file."""
    return Line(entry.at, TAKEN, RUNS, texts=reasons(reason), facts=((say("Number of the file").text, str(no)),))
