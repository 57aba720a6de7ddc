"""Gives cases to officers: one, many at once, or all of somebody who leaves; each case gets its entry and its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from grievance.casework import wording
from grievance.casework.desk import Desk, Lent, Viewer, acting, calendar_of
from grievance.casework.entries import entered
from grievance.casework.finding import find
from grievance.casework.once import first_time
from grievance.core.calendar import due_day
from grievance.core.case import Case
from grievance.core.errors import Invalid, Refused, Said, Stale, needed, say
from grievance.core.events import Assigned
from grievance.store import hands, ledger, people

OFFICER = frozenset({"officer"})
MOST = 500
"""Cases that are given in one go: more than one page of anybody's list, and still one short transaction."""

TRIES = 3
"""Somebody may move one of the cases at that very moment; then it is left, and the others are tried again."""


@dataclass(frozen=True, slots=True)
class Given:
    """What came of it: references of the cases that were given, by whom they went to, and those that were left, with why."""

    given: Mapping[str, str] = field(default_factory=dict)  # ref → person
    left: tuple[tuple[str, Said], ...] = ()


@dataclass(frozen=True, slots=True)
class InHand:
    """One case that somebody works on."""

    ref: str
    seq: int
    stage_label: str
    due: date | None
    person: str = ""


@dataclass(frozen=True, slots=True)
class HandsView:
    """Who works on what. `counts`: person → open cases; `cases` are those of one person, soonest due first."""

    officers: Mapping[str, str]
    counts: Mapping[str, int]
    cases: tuple[InHand, ...] = ()


def assign(desk: Desk, viewer: Viewer, ref: str, person: str, reason: str = "", *, seen: int) -> None:
    """Give the case to an officer of the office that holds it, or to nobody (empty)."""
    with desk.store.write() as tx:
        held = find(tx, viewer, ref)
        if held.case.seq != seen:
            raise Stale
        acting(held.case, viewer, OFFICER)
        lent = Lent(tx)
        if person and person not in _office(lent, held.case):
            raise Invalid({"person": say("Choose an officer from the list.")})
        ledger.append(tx, [_given(desk, lent, viewer, held, person, reason)])


def assign_many(
    desk: Desk, viewer: Viewer, chosen: Mapping[str, int], to: Sequence[str], reason: str, *, once: str
) -> Given:
    """Give the cases (reference → the entry that was read) to these people in turn; what was moved meanwhile is left.

    Each person is told once, however many cases they get. The same form sent twice gives them once, and says nothing then.
    Raises Invalid without a person, without a reason, or with too many cases.
    """
    if not to:
        raise Invalid({"person": say("Choose an officer from the list.")})
    needed("reason", reason)
    if not 0 < len(chosen) <= MOST:
        raise Invalid({"case": say("Choose between 1 and {most} cases.", most=MOST)})
    for left in range(TRIES, 0, -1):
        try:
            with desk.store.write() as tx:
                if not first_time(desk, tx, once, viewer.person, "assign"):
                    return Given()
                return _give_all(desk, tx, viewer, chosen, to, reason)
        except Stale:
            if left == 1:
                raise
    raise Stale


def hand_over(desk: Desk, viewer: Viewer, person: str, to: Sequence[str], reason: str, *, once: str) -> Given:
    """Give every open case of somebody who leaves to these people in turn, those due first to the first of them."""
    with desk.store.read() as tx:
        found = hands.of_person(tx, viewer.holders, OFFICER, person, MOST)
    if not found:
        raise Refused(say("There is no open case left with this officer."))
    seen = {ref: held.case.seq for ref, held in found.items()}
    return assign_many(desk, viewer, seen, [one for one in to if one != person], reason, once=once)


def in_hand(desk: Desk, viewer: Viewer, person: str = "") -> HandsView:
    """Who of the viewer's offices works on how many open cases, and which are the first of `person`, up to MOST."""
    with desk.store.read() as tx:
        lent = Lent(tx)
        counts = hands.counted(tx, viewer.holders, OFFICER)
        found = hands.of_person(tx, viewer.holders, OFFICER, person, MOST) if person else {}
        listed = tuple(_in_hand(desk, lent, held) for held in found.values())
        here = people.colleagues(tx, [body.id for body in viewer.bodies if body.kind == "office"])
        names = here | people.names(tx, counts.keys() - here.keys())  # somebody whose account is closed still has cases
    return HandsView(dict(sorted(names.items(), key=lambda each: each[1])), counts, listed)


def read_chosen(desk: Desk, viewer: Viewer, chosen: Mapping[str, int]) -> tuple[InHand, ...]:
    """The chosen cases as they stand, for the page that asks whether it shall be done."""
    with desk.store.read() as tx:
        lent = Lent(tx)
        found = hands.of_refs(tx, viewer.holders, OFFICER, list(chosen)[:MOST])
        return tuple(
            replace(_in_hand(desk, lent, found[ref]), seq=seen) for ref, seen in chosen.items() if ref in found
        )


def _give_all(
    desk: Desk, tx: Connection, viewer: Viewer, chosen: Mapping[str, int], to: Sequence[str], reason: str
) -> Given:
    lent = Lent(tx)
    found = hands.of_refs(tx, viewer.holders, OFFICER, list(chosen))
    given: dict[str, str] = {}
    left: list[tuple[str, Said]] = []
    changes: list[ledger.Change] = []
    told: set[str] = set()
    for ref, seen in chosen.items():
        person, held = to[len(given) % len(to)], found.get(ref)
        why = _why_left(lent, held, seen, person)
        if held is None or why:
            left.append((ref, why or say("There is no such case for you.")))
            continue
        given[ref] = person
        if held.case.assignee != person:
            change = _given(desk, lent, viewer, held, person, reason)
            fresh = tuple(notice for notice in change.notices if notice.person not in told)
            told |= {notice.person for notice in fresh}
            changes.append(replace(change, notices=fresh))
    if changes:
        # Always in the same order: of two such pages at one moment one waits for the other, and not both for ever.
        ledger.append(tx, sorted(changes, key=lambda change: change.case.id))
    return Given(given, tuple(left))


def _why_left(lent: Lent, held: ledger.Held | None, seen: int, person: str) -> Said | None:
    if held is None:
        return say("There is no such case for you.")
    if held.case.seq != seen:
        return say("Somebody moved it while you were reading.")
    if person not in _office(lent, held.case):
        return say("This officer does not work in the office of this case.")
    return None


def _given(desk: Desk, lent: Lent, viewer: Viewer, held: ledger.Held, person: str, reason: str) -> ledger.Change:
    actor = acting(held.case, viewer, OFFICER)
    written = wording.draft(desk, {"assign_reason": reason})
    return entered(desk, lent, held, actor, Assigned(person, written.words), written, ("officer",) if person else ())


def _office(lent: Lent, case: Case) -> set[str]:
    """Whoever may work on a case: the people of its office, and those who are seated as officers by name."""
    found: set[str] = set()
    for seat in case.seated("officer"):
        found |= {seat.holder} if seat.kind == "person" else set(lent.members(seat.holder))
    return found


def _in_hand(desk: Desk, lent: Lent, held: ledger.Held) -> InHand:
    case, clock = held.case, held.case.stage_clock
    stage = desk.lawbook.procedure(case.procedure).stages[case.stage]
    due = due_day(clock.due_at, calendar_of(desk, lent, case)) if clock else None
    return InHand(held.ref, case.seq, stage.label, due, case.assignee)
