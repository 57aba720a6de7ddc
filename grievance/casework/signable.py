"""What of a panel can be signed, its text, the letters that tell its hash, and whether a signature holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection

from grievance.casework.delivering import LINK
from grievance.casework.desk import Desk
from grievance.core import signed
from grievance.core.errors import Hidden
from grievance.core.events import Decided, Entry, PanelSigned, PositionTaken
from grievance.core.signed import POSITION
from grievance.core.visibility import SETTLED
from grievance.store import ledger, outbox
from grievance.vault import passkeys as keys

SIGNERS = ("panel", "neutral")
PASSKEY, SERVER = "passkey", "server"
Signable = PositionTaken | Decided


def letters(desk: Desk, tx: Connection, changes: Sequence[ledger.Change]) -> None:
    """To whoever can sign what these changes entered: its hash, sealed until it is sent, with not a word of the case."""
    for change in changes:
        if change.held is None:
            continue
        for entry in change.entries:
            for seat, person in _signers(change, entry):
                said = text_of(desk, change.held, entry, seat)[0]
                sealed = desk.vault.seal_cookie(LINK, signed.shown(signed.digest(said)).encode())
                cause = f"{change.case.id}/{entry.seq}/{seat}"
                outbox.post(tx, person, "signing", cause, desk.now(), sealed)


def faults(ref: str, entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    """Every signature in this ledger that does not hold, by entry: checked with the ledger alone."""
    for entry in entries:
        event = entry.event
        if isinstance(event, PanelSigned) and event.by == PASSKEY and not where_signed(ref, entries, event):
            yield entry.seq, f"the signature under entry {event.of} does not hold"


def where_signed(ref: str, entries: Sequence[Entry], event: PanelSigned) -> str:
    """The address of the pages at which a passkey signed this, empty where it did not."""
    of = next((entry.event for entry in entries if entry.seq == event.of), None)
    if not isinstance(of, Signable) or isinstance(of, PositionTaken) != (event.what == POSITION):
        return ""
    if isinstance(of, PositionTaken) and of.seat != event.seat:
        return ""
    made = keys.Signature(event.data, event.client, event.signature)
    said = (signed.text(ref, event.of, of, event.seat, event.mark, form) for form in signed.FORMATS)
    return next(filter(None, (keys.signed_at(event.key, made, signed.digest(one)) for one in said)), "")


def text_of(desk: Desk, held: ledger.Held, entry: Entry, seat: int) -> tuple[str, str]:
    """The text, and its salt: always the same one for an entry and a seat, so that letter and page agree."""
    if not isinstance(entry.event, Signable):
        raise Hidden
    salt = desk.vault.mac("signing", f"{held.case.id}/{entry.seq}/{seat}".encode()).hex()
    return signed.text(held.ref, entry.seq, entry.event, seat, salt), salt


def _signers(change: ledger.Change, entry: Entry) -> Iterable[tuple[int, str]]:
    event = entry.event
    for seat in change.case.seated(*SIGNERS):
        own = isinstance(event, PositionTaken) and event.seat == seat.no
        if own or (isinstance(event, Decided) and event.how != SETTLED):
            yield seat.no, seat.holder
