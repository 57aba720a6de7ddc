"""Files that wait for the scanner are shown to nobody, and asked about again until it has answered."""

from __future__ import annotations

import logging

from sqlalchemy import Connection

from grievance.casework import unasked, wording
from grievance.casework.desk import Desk, Lent
from grievance.casework.entries import entered
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Harmful, answered
from grievance.core.errors import Gone
from grievance.core.events import Scanned
from grievance.core.machine import TIME
from grievance.store import cases, files, ledger
from grievance.vault import Sealed, Tampered

log = logging.getLogger(__name__)

MOST = 5_000
"""Files that wait, of which one turn knows."""
MISSES = 3
"""Files for which the scanner has no answer, after which a turn ends: it is away, or these are too much for it."""
READERS = ("words", "exchange")
"""Whoever asks again has to open what is kept: only a process with the keys of the office can."""


def ask_again(desk: Desk) -> int:
    """Ask about each file that waits; returns how many are answered. Stops where the scanner has no answer for several.

    It begins anywhere: a file that no scanner can say anything of, or that ends it, must not stand before all others for ever.
    """
    with desk.store.read() as tx:
        waiting = files.waiting(tx, MOST)
    if not waiting:
        return 0
    if not desk.clamd or not all(map(desk.vault.opens, READERS)):
        log.warning(
            "files wait for the scanner: a process with GRIEVANCE_CLAMD and the keys of the office has to ask again"
        )
        return 0
    done = missed = 0
    begun = waiting.index(desk.random.choice(waiting))
    for name, case_id in (*waiting[begun:], *waiting[:begun]):
        try:
            harmful = _harmful(desk, case_id, name)
        except (Gone, Sealed, Tampered) as error:  # `verify` reports it; it must not hold up the others
            log.warning("a file that waits for the scanner cannot be opened: %s", type(error).__name__)
            continue
        if harmful is not None:
            done += _told(desk, case_id, name, harmful=harmful)
            continue
        missed += 1
        if missed >= MISSES:
            break
    return done


def _harmful(desk: Desk, case_id: str, name: str) -> bool | None:
    """What the scanner says of the bytes that would be shown; None where it says nothing."""
    with desk.store.read() as tx:
        held = cases.by_id(tx, case_id)
        piece = next((piece for piece in held.case.evidence if piece.object == name), None) if held else None
        if held is None or piece is None:
            raise Gone
        body = evidence.body_of(desk, tx, held.case, piece)
    try:
        return False if answered(desk, body) else None
    except Harmful:
        return True


def _told(desk: Desk, case_id: str, name: str, *, harmful: bool) -> bool:
    """The entry, once: another clock may have been faster."""

    def make(desk: Desk, tx: Connection, held: ledger.Held) -> ledger.Change | None:
        piece = next((piece for piece in held.case.evidence if piece.object == name), None)
        if piece is None or piece.state != "waiting":
            return None
        tells = ("officer",) if harmful else ()
        return entered(desk, Lent(tx), held, TIME, Scanned(piece.no, harmful), wording.Draft(), tells)

    return unasked.change(desk, case_id, make)
