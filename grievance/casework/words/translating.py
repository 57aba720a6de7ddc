"""Puts what a complainant and the office wrote to each other into another language, beside the original, which stays."""

from __future__ import annotations

from grievance.casework import wording
from grievance.casework.desk import Desk, Lent, Viewer
from grievance.casework.entries import entered
from grievance.casework.finding import find_seat
from grievance.casework.once import first_time
from grievance.core.errors import Hidden, needed
from grievance.core.events import Filed, MessageSent, Translated
from grievance.core.visibility import OFFICE
from grievance.store import cases, ledger


def translate(desk: Desk, viewer: Viewer, ref: str, of: int, language: str, body: str, *, once: str) -> None:
    """Keep a translation of the account (entry 1) or of a message (its entry), sealed for those who read the original.

    Raises Hidden for whoever is not of the office and for an entry that is neither, Invalid without a text.
    """
    needed("translation", body)
    with desk.store.write() as tx:
        held, actor = find_seat(tx, viewer, ref, OFFICE)
        entry = next((entry for entry, _ in cases.ledger_of(tx, held.case.id) if entry.seq == of), None)
        if entry is None or not isinstance(entry.event, Filed | MessageSent):
            raise Hidden
        if not first_time(desk, tx, once, viewer.person, ref, str(of), body):
            return
        written = wording.draft(desk, {"translation": body})
        event = Translated(of, language, written.words)
        ledger.append(tx, [entered(desk, Lent(tx), held, actor, event, written)])
