"""A hold keeps the words of a case beyond their time: one of the office asks with a reason, another one confirms; so to end it.

What one person alone asked for keeps them for two weeks, so that the second one can answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from grievance.casework import wording
from grievance.casework.desk import Desk, Lent, Viewer, calendar_of
from grievance.casework.entries import entered
from grievance.casework.finding import find_seat
from grievance.casework.once import first_time
from grievance.casework.words import erasing
from grievance.core.calendar import due_day
from grievance.core.case import Case
from grievance.core.errors import Hidden, Refused, Said, Stale, needed, say
from grievance.core.events import HoldSet
from grievance.core.visibility import OFFICE
from grievance.store import cases, ledger, people


@dataclass(frozen=True, slots=True)
class HoldView:
    """What the page of a hold shows: how far it is, when the words go without one, and what this viewer can do."""

    ref: str
    seq: int
    step: str  # of matters.HOLD, empty where nobody ever asked
    mine: bool  # this viewer made the newest step
    by: str  # who made it, by name
    reason: str  # as they wrote it; empty where this process holds no key for it
    erases_on: date | None
    until: date | None  # the last day on which a hold that one person asked for keeps the words
    acts: tuple[tuple[str, Said | None], ...]  # what is to be done now, each with why this viewer cannot


def look(desk: Desk, viewer: Viewer, ref: str) -> HoldView:
    """How far a hold of this case is. Raises Hidden without a seat of the office in it."""
    with desk.store.read() as tx:
        held, _ = find_seat(tx, viewer, ref, OFFICE)
        case, lent = held.case, Lent(tx)
        calendar, at = calendar_of(desk, lent, case), erasing.goes_at(desk, lent, case)
        hold, until = case.hold, erasing.asked_until(case, at)
        by = people.names(tx, [hold.by]).get(hold.by, "") if hold else ""
        notes = [item for item in cases.items_of(tx, case.id) if item.name == "hold_reason"]
    newest = max(notes, key=lambda item: item.seq, default=None)
    return HoldView(
        ref=held.ref,
        seq=case.seq,
        step=hold.step if hold else "",
        mine=bool(hold and hold.by == viewer.person),
        by=by,
        reason=(wording.opened(desk, viewer, case.id, newest) or "") if newest else "",
        erases_on=due_day(at, calendar) if at else None,
        until=calendar.day_of(until) if until else None,
        acts=tuple((what, ACTS[what].why_not(case, viewer)) for what in ACTS if _step(case) in ACTS[what].source),
    )


def act(desk: Desk, viewer: Viewer, what: str, ref: str, reason: str, *, seen: int, once: str = "") -> None:
    """One step of a hold, entered in the case with its reason. `what`: one of ACTS.

    Raises Hidden without a seat of the office, Stale, Refused with why not, Invalid without a reason.
    """
    if what not in ACTS:
        raise Hidden
    with desk.store.write() as tx:
        held, actor = find_seat(tx, viewer, ref, OFFICE)
        if not first_time(desk, tx, once, viewer.person, held.ref, what):
            return
        if held.case.seq != seen:
            raise Stale
        chosen = ACTS[what]
        why = chosen.why_not(held.case, viewer)
        if _step(held.case) not in chosen.source:
            why = say("The hold is not where this can be done: look again.")
        if why:
            raise Refused(why)
        needed("reason", reason)
        written = wording.draft(desk, {"hold_reason": reason})
        event = HoldSet(chosen.to, written.words)
        ledger.append(tx, [entered(desk, Lent(tx), held, actor, event, written)])


def _free(case: Case, _: Viewer) -> Said | None:
    if case.erased_at is not None:
        return say("The words of this case are erased already.")
    return None


def _another(case: Case, viewer: Viewer) -> Said | None:
    if case.hold and case.hold.by == viewer.person:
        return say("Somebody else of the office has to do this: two of you look at it.")
    return _free(case, viewer)


@dataclass(frozen=True, slots=True)
class Act:
    """From which steps to which, and why somebody cannot do it."""

    source: tuple[str, ...]
    to: str
    why_not: Callable[[Case, Viewer], Said | None]


ACTS: Mapping[str, Act] = {
    "ask": Act(("", "unasked", "lifted"), "asked", _free),
    "confirm": Act(("asked",), "held", _another),
    "refuse": Act(("asked",), "unasked", _free),
    "ask_lift": Act(("held", "kept"), "lift_asked", _free),
    "lift": Act(("lift_asked",), "lifted", _another),
    "keep": Act(("lift_asked",), "kept", _free),
}
"""What the office does. Ending it takes two as well; saying no, or taking it back, takes one."""


def _step(case: Case) -> str:
    return case.hold.step if case.hold else ""


def state(case: Case, at: datetime, due_at: datetime | None) -> str:
    """The step that a page tells, empty where no hold says anything about the words now. `due_at`: as erasing.is_held."""
    return _step(case) if erasing.is_held(case, at, due_at) else ""
