"""Files enter a case, are shown to more people, and are opened for whoever may see them; none that was kept is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from grievance.casework import wording
from grievance.casework.desk import Bearer, Desk, Lent, Viewer, acting, actors
from grievance.casework.entries import change_of, entered
from grievance.casework.files.keeping import READERS, Refusal, Upload, enter, keep, place, reader_of
from grievance.casework.finding import find, find_known, told
from grievance.casework.once import first_time
from grievance.core import evidence as rules
from grievance.core.case import Case
from grievance.core.errors import Hidden, Invalid, Refused, Stale, needed, say
from grievance.core.events import EvidenceReleased
from grievance.core.matters import Actor, Evidence
from grievance.core.visibility import OFFICE
from grievance.store import files, ledger
from grievance.vault import SALT_BYTES, Envelope, Tampered, digest

TRIES = 3
"""A file that was kept is entered even if somebody moves the case at that very moment."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file for somebody who may see it."""

    no: int
    kind: str
    body: bytes = field(repr=False)


def add(
    desk: Desk,
    viewer: Viewer | Bearer,
    ref: str,
    uploads: list[Upload],
    caption: str,
    *,
    roles: frozenset[str],
    once: str,
) -> tuple[int, list[Refusal]]:
    """How many files were added to the case, and those that were not taken. The same form sent twice adds them once.

    Raises Hidden for a foreign case, Refused with the reason why none can be added, Invalid without any file.
    """
    with desk.store.read() as tx:
        held = find_known(tx, viewer, ref)
        actor = _adding(held.case, viewer, roles)
        box = held.box
    if not uploads:
        raise Invalid({"files": say("Choose a file first.")})
    shared = actor.role in rules.PARTIES
    most = min(rules.AT_ONCE, rules.room(held.case, actor))
    pieces, refused = keep(desk, held.case.id, uploads, box, shared=shared, most=most)
    if not pieces:
        return 0, refused
    written = wording.draft(desk, {"caption_shared" if shared else "caption": caption})
    parts = (held.case.id, *sorted(piece.original for piece in pieces), caption)

    def added(tx: Connection, held: ledger.Held) -> ledger.Change | None:
        if not first_time(desk, tx, once, *parts):
            return None
        actor = _adding(held.case, viewer, roles)
        case, entries, beside = enter(desk, held.case, pieces, actor, written.words)
        tells = () if actor.role in OFFICE else ("officer",)
        return replace(change_of(desk, Lent(tx), held, case, entries, written, tells), files=beside)

    _append(desk, viewer, ref, added)
    return len(pieces), refused


def release(
    desk: Desk, viewer: Viewer, ref: str, no: int, reason: str, shown_as: str, *, roles: frozenset[str]
) -> None:
    """Let the parties and the panel see one file: its key is wrapped for them, its bytes stay as they are.

    Raises Hidden for whoever holds no seat of the office, Refused with the reason why not (no consent, not released).
    """
    needed("reason", reason)
    written = wording.draft(desk, {"release_reason": reason, "caption_shared": shown_as})

    def released(tx: Connection, held: ledger.Held) -> ledger.Change:
        piece = shown(tx, held.case, viewer, no, roles & OFFICE)
        why = rules.why_not_release(held.case, piece)
        if why:
            raise Refused(why)
        actor = acting(held.case, viewer, roles & OFFICE)
        envelope = Envelope(b"", files.wraps_of(tx, held.case.id, piece.seq))
        more = desk.vault.share(envelope, bound=place(held.case.id, piece.object), reader="words", more=READERS[True])
        event = EvidenceReleased(no, written.words)
        return replace(entered(desk, Lent(tx), held, actor, event, written), files=(ledger.Wraps(piece.seq, more),))

    _append(desk, viewer, ref, released)


def open_file(desk: Desk, viewer: Viewer | Bearer, ref: str, no: int, *, roles: frozenset[str]) -> Opened:
    """One file, for a viewer who may see it; Hidden for everybody else, as for a file that is not there.

    Raises Sealed where this process holds no key for it, Tampered where it is not what was sent, Gone without its bytes.
    """
    with desk.store.read() as tx:
        held = find_known(tx, viewer, ref)
        piece = shown(tx, held.case, viewer, no, roles)
        if piece.state:
            raise Refused(rules.STATES[piece.state])
        wraps, committed = files.wraps_of(tx, held.case.id, piece.seq), files.digest_of(tx, held.case.id, piece.seq)
    opened = _opened(desk, held.case.id, piece, wraps, committed, viewer.box if isinstance(viewer, Bearer) else None)
    return replace(opened, no=no)  # under the number by which they know it


def body_of(desk: Desk, tx: Connection, case: Case, piece: Evidence) -> bytes:
    """The bytes of a file, for the scanner, and for `verify`, which shows them to nobody; errors as in `open_file`."""
    wraps, committed = files.wraps_of(tx, case.id, piece.seq), files.digest_of(tx, case.id, piece.seq)
    return _opened(desk, case.id, piece, wraps, committed, None).body


def shown(tx: Connection, case: Case, viewer: Viewer | Bearer, no: int, roles: frozenset[str]) -> Evidence:
    """The file that this viewer knows by that number, from a door for these roles. Raises Hidden."""
    mine = [actor for actor in actors(case, viewer) if actor.role in roles]
    numbers = rules.numbers(mine, case, told(tx, case))
    for piece in case.evidence:
        if numbers.get(piece.no) == no:
            return piece
    raise Hidden


def _opened(
    desk: Desk, case_id: str, piece: Evidence, wraps: Mapping[str, bytes], committed: str, box: bytes | None
) -> Opened:
    envelope, bound = Envelope(desk.store.objects.get(piece.object), wraps), place(case_id, piece.object)
    if box is not None:
        plain = desk.vault.open_with_box(envelope, bound=bound, box_private=box)
    else:
        plain = desk.vault.open_sealed(envelope, bound=bound, reader=reader_of(desk, wraps))
    salt, body = plain[:SALT_BYTES], plain[SALT_BYTES:]
    if digest(salt, body) != committed:
        raise Tampered
    return Opened(piece.no, piece.kind, body)


def _adding(case: Case, viewer: Viewer | Bearer, roles: frozenset[str]) -> Actor:
    held = [actor for actor in actors(case, viewer) if actor.role in roles]
    if not held:
        raise Hidden
    actor = rules.adding(held)
    why = rules.why_not_add(case, actor)
    if why:
        raise Refused(why)
    return actor


def _append(
    desk: Desk, viewer: Viewer | Bearer, ref: str, made: Callable[[Connection, ledger.Held], ledger.Change | None]
) -> None:
    for left in range(TRIES, 0, -1):
        try:
            with desk.store.write() as tx:
                found = made(tx, find(tx, viewer, ref))
                if found is not None:
                    ledger.append(tx, [found])
        except Stale:
            if left == 1:
                raise
        else:
            return
