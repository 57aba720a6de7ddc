"""A case opens another beside it, in the very append that makes it due: both stand, linked, or neither does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grievance.casework import filing, telling, wording
from grievance.casework.desk import Desk, Lent, law
from grievance.casework.files import keeping
from grievance.core import machine
from grievance.core.calendar import Calendar
from grievance.core.case import Case
from grievance.core.errors import Refused
from grievance.core.events import CLOCK, Assessed, Assigned, Entry, Event, Filed, KeptOut, Linked
from grievance.core.fold import apply
from grievance.core.matters import RECEIPT, Actor, Issue, Seat
from grievance.core.procedure import Procedure
from grievance.core.seating import Sitting
from grievance.store import ledger, people

PROCESS, RETALIATION = "process", "retaliation"
ABOUT: Mapping[str, tuple[str, ...]] = {PROCESS: ("delay",), RETALIATION: ("retaliation",)}
"""What a case that was opened beside another is about, until somebody says it better."""

JUDGES = ("relief", "panel", "neutral", "mediator")
"""Whose part in a case keeps them from judging how it was handled."""

CARRIED = ("urgent",)
"""Consents that go along: who may be protected at once. What may be told of the new story is asked anew."""


NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Opened:
    """What comes of it: the first case with its link, all of its entries, and the new cases to append beside it."""

    case: Case
    entries: tuple[Entry, ...]
    beside: tuple[ledger.Change, ...] = ()


def beside(
    desk: Desk,
    lent: Lent,
    fired: machine.Fired,
    held: ledger.Held,
    actor: Actor,
    texts: Mapping[str, str] = NOTHING,
) -> Opened:
    """Whatever a move opens: its cases, linked with the one that it was made in.

    A programme without the track of the new case opens none: the move itself is never held up by that.
    """
    case, entries, changes = fired.case, fired.entries, list[ledger.Change]()
    for kind in fired.opens:
        programme = lent.programme(case.programme)
        if programme is None or _name(case.procedure) == programme.tracks.get(PROCESS):
            continue  # a complaint about us that nobody heard is published, and opens no other
        try:
            change, ref = _new(desk, lent, kind, programme, case, held, actor, texts)
        except Refused:
            continue
        events: list[Event] = [Linked(kind, change.case.id, ref)]
        if case.open and case.assignee in change.case.named:
            events.append(Assigned(""))  # whoever is complained about does not go on with it
        for event in events:
            entry = Entry(case.seq + 1, desk.now(), actor, event)
            case, entries = apply(case, entry), (*entries, entry)
        changes.append(change)
    return Opened(case, entries, tuple(changes))


def _new(
    desk: Desk,
    lent: Lent,
    kind: str,
    programme: people.Programme,
    case: Case,
    held: ledger.Held,
    actor: Actor,
    texts: Mapping[str, str],
) -> tuple[ledger.Change, str]:
    """A new case of this kind and its reference: by whoever made the move, or by the clock for the one who complained."""
    procedure, calendar = _law(desk, kind, programme, case)
    now, roster, places = desk.now(), lent.roster, lent.places
    day = Sitting(
        procedure, calendar, now, desk.random.choice, lambda: roster(programme.id), lambda: places(programme.id)
    )
    told = texts.get("own_words", "")
    written = wording.draft(desk, {"account": filing.as_account({"words": told})} if told else {})
    kept_out = _kept_out(lent, programme, case) if kind == PROCESS else KeptOut((), ())
    by = actor if actor.role == CLOCK else Actor("complainant", 1, actor.person)
    birth = ledger.Birth(filing.reference(desk), desk.random.randbytes(32), held.box)
    first = _complainant(case, actor if kind == PROCESS else None)
    fired = machine.file(
        day,
        keeping.new_case_id(desk),
        Filed(
            procedure=procedure.key,
            programme=programme.id,
            stage="",
            turn="",
            lane="U2" if kind == RETALIATION else "U3",
            filer=case.filer,
            anonymity=case.anonymity,
            language=case.language,
            week=filing.week_of(now),
            about=ABOUT[kind],
            consents=tuple(scope for scope in CARRIED if case.consents.get(scope)),
            site=case.site,
            words=written.words,
            opens=birth.opens,
        ),
        (first, *_office(lent, kind, programme, {*kept_out.named, *kept_out.out, first.holder})),
        by=by,
        also=(*_first_facts(kind, kept_out), Linked(f"{kind}_of", case.id, held.ref)),
    )
    texts_kept, items = wording.keep(desk, fired.case, fired.entries, written, held.box)
    change = ledger.Change(
        case=fired.case,
        entries=fired.entries,
        birth=birth,
        texts=tuple(texts_kept),
        items=tuple(items),
        notices=telling.notices(lent, fired.case, fired.entries, fired.tells),
    )
    return change, birth.ref


def _law(desk: Desk, kind: str, programme: people.Programme, case: Case) -> tuple[Procedure, Calendar]:
    """A complaint about us has a track of its own; a reprisal goes the way of the complaint that it answers."""
    if kind == PROCESS:
        return law(desk, programme, PROCESS)
    procedure = desk.lawbook.in_force(_name(case.procedure), desk.now().date())
    return procedure, desk.lawbook.calendar_of(procedure, programme.calendar)


def _name(procedure: str) -> str:
    return procedure.partition("@")[0]


def _complainant(case: Case, actor: Actor | None) -> Seat:
    """Whoever complained keeps the same key: the receipt of the first case opens those that come of it.

    A complaint about us is made by whoever makes the move, from whichever seat.
    """
    if actor and actor.person and actor.role != "complainant":
        return Seat(1, "complainant", "person", actor.person)
    seat = next(iter(case.seated("complainant")), None)
    if seat is None or seat.kind != "receipt":
        return Seat(1, "complainant", seat.kind, seat.holder) if seat else Seat(1, "complainant", "receipt", case.id)
    return Seat(1, "complainant", "receipt", case.id if seat.holder == RECEIPT else seat.holder)


def _office(lent: Lent, kind: str, programme: people.Programme, out: set[str]) -> Iterable[Seat]:
    """The office as a whole; for a complaint about us each of its people who has nothing to do with it, by name."""
    if kind != PROCESS:
        return (Seat(2, "officer", "body", programme.office),)
    uninvolved = [person for person in lent.members(programme.office) if person not in out]
    return tuple(Seat(no, "officer", "person", person) for no, person in enumerate(uninvolved, 2))


def _kept_out(lent: Lent, programme: people.Programme, case: Case) -> KeptOut:
    """Named is who worked on the case, or who leads the office where nobody did; out are they, who leads, and who sat."""
    leads = lent.members(programme.office, "coordinator")
    named = (case.assignee,) if case.assignee else leads
    sat = (seat.holder for seat in case.seats if seat.kind == "person" and seat.role in JUDGES)
    return KeptOut(named, tuple(dict.fromkeys(one for one in (*leads, *sat) if one not in named)))


def _first_facts(kind: str, kept_out: KeptOut) -> Iterable[Event]:
    """A complaint about us has its issue from the start, so that an outside person can find without the office."""
    if kind != PROCESS:
        return ()
    issues = tuple(Issue(no, about) for no, about in enumerate(ABOUT[kind], 1))
    return (kept_out, Assessed(ABOUT[kind][0], "serious", "U3", "", "", (), issues))
