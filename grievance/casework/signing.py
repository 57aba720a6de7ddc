"""A panellist signs a position or the decision, as it stands in the ledger, with a passkey; else the house attests it.

A signature is never waited for: a position counts when it is taken, for a missing one must not hold up a case. What it
adds is that the house cannot say later that somebody said something else.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from grievance.casework import wording
from grievance.casework.desk import Desk, Lent, Tampered, Viewer
from grievance.casework.entries import entered
from grievance.casework.finding import find_seat
from grievance.casework.house import passkeys
from grievance.casework.signable import PASSKEY, SERVER, SIGNERS, text_of
from grievance.core import signed
from grievance.core.errors import Hidden, Refused, Stale, say
from grievance.core.events import Decided, PanelSigned, PositionTaken
from grievance.core.matters import Actor
from grievance.core.signed import DECISION, POSITION
from grievance.core.visibility import SETTLED
from grievance.store import cases, factors, ledger
from grievance.vault import passkeys as keys


@dataclass(frozen=True, slots=True)
class SignView:
    """What somebody is asked to sign. `reasons`: their own, in clear, as far as this process opens them.

    `options`: what the browser asks the passkeys, empty for whoever has none. `by`: how it is signed already, or empty.
    """

    ref: str
    what: str
    text: str
    digest: str
    mark: str  # the same, as people compare it
    reasons: str
    options: str
    by: str


@dataclass(frozen=True, slots=True)
class _Found:
    held: ledger.Held
    actor: Actor
    of: int
    said: str
    salt: str

    @property
    def digest(self) -> bytes:
        return signed.digest(self.said)


def look(desk: Desk, viewer: Viewer, ref: str, what: str, token: str) -> SignView:
    """What this viewer can sign in this case. Raises Hidden where there is nothing of theirs, or no decision."""
    with desk.store.write() as tx:  # what the passkey is to sign is kept until it answers
        found = _find(desk, tx, viewer, ref, what)
        has_one = bool(factors.of(tx, viewer.person, PASSKEY))
        return SignView(
            ref=found.held.ref,
            what=what,
            text=found.said,
            digest=found.digest.hex(),
            mark=signed.shown(found.digest),
            reasons=wording.reading(desk, tx, viewer, found.held.case.id)(found.of, "position_reasons"),
            options=passkeys.ask(desk, tx, _holder(token), viewer.person, found.digest) if has_one else "",
            by=found.held.case.signatures.get(f"{what}/{found.actor.seat}", ""),
        )


def sign(desk: Desk, viewer: Viewer, ref: str, what: str, token: str, answer: str) -> None:
    """Enter what the passkey signed. Raises Hidden, WrongPasskey, or Stale where the text is not the one that was read."""
    asked = passkeys.take(desk, _holder(token))
    with desk.store.write() as tx:
        found = _find(desk, tx, viewer, ref, what)
        if asked is not None and asked != found.digest:
            raise Stale
        passkeys.check(desk, tx, answer, asked, viewer.person)
        known = factors.one(tx, passkeys.row_id(keys.named(answer)))
        try:
            kept = keys.signature_in(answer)
        except Tampered as error:
            raise passkeys.WrongPasskey from error
        key = passkeys.kept(known).key if known else ""
        _enter(desk, tx, found, what, PASSKEY, key, kept)


def attest(desk: Desk, viewer: Viewer, ref: str, what: str, digest: str) -> None:
    """Enter that they stand by this, and that the house alone says so. Raises Hidden, Stale, Refused."""
    with desk.store.write() as tx:
        found = _find(desk, tx, viewer, ref, what)
        if digest != found.digest.hex():
            raise Stale
        if found.held.case.signatures.get(f"{what}/{found.actor.seat}"):
            raise Refused(say("You have signed this already."))
        _enter(desk, tx, found, what, SERVER)


def _find(desk: Desk, tx: Connection, viewer: Viewer, ref: str, what: str) -> _Found:
    held, mine = find_seat(tx, viewer, ref, SIGNERS)
    if what not in (POSITION, DECISION):
        raise Hidden
    wanted = None
    for entry, _ in cases.ledger_of(tx, held.case.id):
        event = entry.event
        if what == POSITION and isinstance(event, PositionTaken) and event.seat == mine.seat:
            wanted = entry
        if what == DECISION and isinstance(event, Decided):
            wanted = entry
    case = held.case
    decides = case.decided not in ("", SETTLED) and mine.seat < case.bench
    stands = mine.seat in case.positions if what == POSITION else decides
    if wanted is None or not stands:
        raise Hidden
    said, salt = text_of(desk, held, wanted, mine.seat)
    return _Found(held, mine, wanted.seq, said, salt)


def _enter(
    desk: Desk, tx: Connection, found: _Found, what: str, by: str, key: str = "", kept: keys.Signature | None = None
) -> None:
    proof = (key, kept.data, kept.client, kept.signature) if kept else ()
    event = PanelSigned(what, found.actor.seat, found.of, found.salt, by, *proof)
    ledger.append(tx, [entered(desk, Lent(tx), found.held, found.actor, event, wording.Draft())])


def _holder(token: str) -> str:
    return f"sign/{token}"
