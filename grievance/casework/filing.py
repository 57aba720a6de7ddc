"""A complaint is filed once, however often it is sent, and its receipt is the only key that anybody is given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from grievance.casework import flooding, telling, wording
from grievance.casework.desk import Bearer, Desk, Lent, law
from grievance.casework.files import keeping
from grievance.casework.files.tray import Tray
from grievance.casework.pressure import CALM, OVERFLOWS
from grievance.casework.timing import standing
from grievance.casework.views import Standing
from grievance.casework.welcoming import retired
from grievance.core import machine
from grievance.core.errors import GrievanceError, Invalid, Refused, Stale, say
from grievance.core.events import Filed
from grievance.core.matters import RECEIPT, Actor, Attended, Seat
from grievance.core.seating import Sitting
from grievance.core.tracks import FILED_BY
from grievance.core.visibility import NAME, NAMED
from grievance.store import cases, ledger, noting
from grievance.store.people import Programme
from grievance.vault import ReceiptKeys

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that is read as a digit."""

WEEK = timedelta(days=7)
RECEIPT_SEAT = Seat(1, "complainant", "receipt", RECEIPT)
COMPLAINANT = Actor("complainant", RECEIPT_SEAT.no)


class SentBefore(GrievanceError):
    """The same form was sent before with other answers; the first ones count."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "This form was sent before with other words, and that complaint has arrived. "
                "Open it with its number to add something, or start a new form."
            )
        )


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a complainant sends. Texts are as typed; `consents` holds yes or no for what was answered, nothing else."""

    filer: str  # core.tracks.FILED_BY: worker | union | representative | manufacturer | association
    anonymity: str  # anonymous | confidential | named
    language: str
    account: Mapping[str, str]  # of core.accounts.ACCOUNT
    about: tuple[str, ...] = ()
    danger: bool = False
    retaliation: bool = False
    consents: Mapping[str, bool] = field(default_factory=dict)
    identity: Mapping[str, str] = field(default_factory=dict)  # name, union or organisation
    contact: Mapping[str, str] = field(default_factory=dict)  # channel, phone, safe, safe_words
    site: str = ""  # the number on a poster, when the link of the site was used
    attended: Attended | None = None  # by whom it was written down, where somebody helped


def lane(complaint: Complaint) -> str:
    """Danger comes first, then retaliation; the officer may correct it."""
    if complaint.danger:
        return "U1"
    return "U2" if complaint.retaliation else "U3"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A complaint that is in the house: its number, who may open it, and where it stands if it came this moment."""

    digits: str = field(repr=False)
    bearer: Bearer
    standing: Standing | None = field(default=None, compare=False)


def file(desk: Desk, programme_id: str, complaint: Complaint, ticket: str, tray: Tray | None = None) -> Arrived:
    """The case, new or filed before with this ticket, these answers and these files.

    Raises BadTicket for a form that we did not issue, SentBefore for the same form with other answers, Refused where
    the programme is retired or has no procedure for whoever files.
    """
    raw = desk.vault.read_ticket(ticket)
    receipt = desk.vault.receipt_of(raw)
    keys = desk.vault.open_receipt(receipt.digits)
    seen = desk.vault.fingerprint(_everything(complaint, tray).encode())
    level = flooding.level(desk) if complaint.attended is None else CALM  # whoever sits before an officer is no flood
    with desk.store.read() as tx:
        lent = Lent(tx)
        programme = lent.filed_into(programme_id)
        if programme is None:
            raise Invalid({"programme": say("There is no such programme here.")})
        if programme.retired:
            raise Refused(retired(programme))
        procedure, calendar = law(desk, programme, FILED_BY[complaint.filer])
        day = Sitting(procedure, calendar, desk.now(), desk.random.choice)
        words, where = complaint.account.get("words", ""), (complaint.site, complaint.about)
        found = flooding.place(desk, tx, words, *where) if level == OVERFLOWS else None
        change = _change(desk, lent, day, programme, complaint, keys, tray, found)
        if level != CALM:
            change = replace(change, notices=telling.once_an_hour(day.at, change.notices))
    # Others wait while somebody writes: everything is thought through and sealed before.
    with desk.store.write() as tx:
        before = cases.remember_ticket(tx, desk.vault.ticket_hash(raw), seen, day.at.date().isoformat())
        if before is not None:
            if before != seen:
                raise SentBefore
            filed = cases.by_receipt(tx, keys.tag)
            if filed is None:  # erased since
                raise SentBefore
            noting.again(tx, filed.case.id)  # whoever filed it may have died before it was on the second disk
            return Arrived(receipt.digits, Bearer(keys.tag, keys.box_private, filed.case.id))
        try:
            ledger.append(tx, [change])
            if found:
                flooding.keep(desk, tx, found)
        except Stale:  # its ticket is forgotten after a week, its case is not
            raise SentBefore from None
    desk.flood.gauge.add()
    bearer = Bearer(keys.tag, keys.box_private, change.case.id)
    return Arrived(receipt.digits, bearer, standing(change.case, day))


def _change(
    desk: Desk,
    lent: Lent,
    day: Sitting,
    programme: Programme,
    complaint: Complaint,
    keys: ReceiptKeys,
    tray: Tray | None,
    found: flooding.Place | None,
) -> ledger.Change:
    written = wording.draft(
        desk,
        {
            "account": as_account(complaint.account),
            "identity": as_account(complaint.identity),
            "contact": as_account(complaint.contact),
        },
    )
    birth = ledger.Birth(reference(desk), keys.tag, keys.box_public)
    named = (NAME,) if complaint.anonymity == NAMED else ()
    filed = Filed(
        procedure=day.procedure.key,
        programme=programme.id,
        stage="",
        turn="",
        lane=lane(complaint),
        filer=complaint.filer,
        anonymity=complaint.anonymity,
        language=complaint.language,
        week=week_of(day.at),
        about=complaint.about,
        consents=tuple(sorted({*(scope for scope, given in complaint.consents.items() if given), *named})),
        refusals=tuple(sorted(scope for scope, given in complaint.consents.items() if not given)),
        site=complaint.site,
        words=written.words,
        attended=complaint.attended,
        opens=birth.opens,
    )
    office = Seat(2, "officer", "body", programme.office)
    fired = machine.file(day, tray.case_id if tray else keeping.new_case_id(desk), filed, (RECEIPT_SEAT, office))
    case, shown, beside = keeping.enter(desk, fired.case, tray.pieces if tray else (), COMPLAINANT)
    case, gathered = flooding.gather(desk, case, found.cluster) if found else (case, ())
    texts, items = wording.keep(desk, fired.case, fired.entries, written, keys.box_public)
    return ledger.Change(
        case=case,
        entries=(*fired.entries, *shown, *gathered),
        birth=birth,
        texts=tuple(texts),
        items=tuple(items),
        files=beside,
        notices=telling.notices(lent, fired.case, fired.entries, fired.tells),
    )


def week_of(at: datetime) -> str:
    """The ISO week that parties may know, such as 2026-W47."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def reference(desk: Desk) -> str:
    """Eight characters that tell neither time nor order, such as R8VD-05JW."""
    drawn = "".join(desk.random.choice(ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def as_account(answers: Mapping[str, str]) -> str:
    """What was told, by question, as one text; empty where nothing was."""
    given = {name: answer for name, answer in answers.items() if answer}
    return json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""


def _everything(complaint: Complaint, tray: Tray | None) -> str:
    plain = {name: getattr(complaint, name) for name in complaint.__slots__} | {"attended": str(complaint.attended)}
    if tray and tray.pieces:
        plain["files"] = sorted(piece.original for piece in tray.pieces)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, default=dict)


def forget_tickets(desk: Desk) -> int:
    """Drops what is kept of forms that were sent more than a week ago; returns how many."""
    with desk.store.write() as tx:
        return cases.forget_tickets(tx, (desk.now() - WEEK).date().isoformat())
