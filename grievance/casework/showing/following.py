"""A receipt opens its cases, on any device, for a quarter of an hour; a wrong number and an unknown one say the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from grievance.casework import handing
from grievance.casework.desk import Bearer, Desk, Lent, calendar_of
from grievance.casework.finding import find
from grievance.casework.showing import reading, standing
from grievance.casework.showing.standing import Since
from grievance.casework.timing import due_view
from grievance.casework.views import CaseView, Due
from grievance.core.case import Case
from grievance.core.errors import GrievanceError, Said, say
from grievance.core.matters import LINKS
from grievance.core.procedure import FINALS
from grievance.store import cases
from grievance.store.ledger import Held
from grievance.vault import BadReceipt, BadTicket, check_receipt, group

__all__ = [
    "Around",
    "BadReceipt",
    "BadTicket",
    "Mine",
    "UnknownReceipt",
    "group",
    "new_ticket",
    "page",
    "show_receipt",
]


class UnknownReceipt(GrievanceError):
    """No case opens with this number, or it was erased: the two are not told apart."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "No case opens with this number. Compare each digit; if it is right, file again and an officer links it."
            )
        )


@dataclass(frozen=True, slots=True)
class Mine:
    """One of the cases that a number opens: what it is to the others, and where it is. `ref` opens it beside the number."""

    ref: str
    own: bool  # the one that the number was given for
    how: Said
    stage_label: str
    turn_label: str  # empty where it has ended
    final_label: str
    due: Due | None


@dataclass(frozen=True, slots=True)
class Around:
    """Beside a case: the others that the same number opens, and whether a lost number is about to change who opens it.

    `step`: how far the case of this number is handed on to another one (one of matters.STEPS), from `day` on; `gets`: from
    then on this number opens an earlier case too. `record`: whether the record holds the case that is looked at.
    """

    cases: tuple[Mine, ...]
    step: str = ""
    day: date | None = None
    gets: date | None = None
    record: Since | None = None


def new_ticket(desk: Desk) -> str:
    """The ticket of a fresh form: sending the form twice makes one case."""
    return desk.vault.new_ticket()


def show_receipt(desk: Desk, typed: str) -> Bearer:
    """The bearer of the receipt that was typed in any script. Raises BadReceipt for a slip, UnknownReceipt for a miss.

    The costly derivation comes before the look-up, so that a hit and a miss are equal work.
    """
    keys = desk.vault.open_receipt(check_receipt(typed))
    with desk.store.read() as tx:
        held = cases.by_receipt(tx, keys.tag)
    if held is None:
        raise UnknownReceipt
    return Bearer(keys.tag, keys.box_private, held.case.id)


def page(desk: Desk, bearer: Bearer, of: str, *, roles: frozenset[str]) -> tuple[CaseView | None, Around]:
    """One of the cases that this number opens, and what is around it, as of one moment. Raises Hidden.

    `of`: its reference; empty for the number's own, of which nothing is shown once it was handed on to another number.
    """
    with desk.store.read() as tx:
        held = find(tx, bearer, "")
        beside = _around(desk, tx, bearer, held)
        if not of and beside.step in handing.OVER:
            return None, beside
        held = find(tx, bearer, of) if of else held
        beside = replace(beside, record=standing.since(desk, tx, held.case))
        return reading.seen(desk, tx, bearer, held, roles), beside


def _around(desk: Desk, tx: Connection, bearer: Bearer, held: Held) -> Around:
    """No cases where the number opens its own alone, as nearly every number does; else this first, then as they were filed."""
    _, known = handing.taken(held.case)
    found = sorted(cases.beside_receipt(tx, bearer.case), key=lambda other: (other.case.filed_at, other.ref))
    if not found and not held.case.handings:
        return Around(())
    if known is None or known.step not in handing.OVER:
        found.insert(0, held)
    coming = [one for one in held.case.handings.values() if not one.gives and one.step == "announced"]
    return Around(
        cases=tuple(_mine(desk, tx, one, bearer) for one in found) if found != [held] else (),
        step=known.step if known else "",
        day=handing.can_hand_from(desk, tx, held.case, known) if known else None,
        gets=min((handing.can_hand_from(desk, tx, held.case, one) for one in coming), default=None),
    )


def _mine(desk: Desk, tx: Connection, held: Held, bearer: Bearer) -> Mine:
    case = held.case
    procedure, clock = desk.lawbook.procedure(case.procedure), case.stage_clock
    return Mine(
        ref=held.ref,
        own=case.id == bearer.case,
        how=_how(case, bearer),
        stage_label=procedure.stages[case.stage].label,
        turn_label="" if case.final else procedure.turn(case.turn)[0],
        final_label=FINALS.get(case.final, ""),
        due=due_view(clock.due_at, clock.limit, desk.now(), calendar_of(desk, Lent(tx), case)) if clock else None,
    )


def _how(case: Case, bearer: Bearer) -> Said:
    for kind in ("retaliation", "process"):
        if any(link.kind == f"{kind}_of" for link in case.links):
            return Said(LINKS[kind])
    if case.id == bearer.case:
        return say("What you filed with this number")
    return say("What you filed earlier, with the number that was lost")
