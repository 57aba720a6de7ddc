"""Sealed files before the ledger speaks of them: cleaned, sealed, kept; forgotten again if no entry ever does.

The order is always: sealed bytes into the object store, then the entry. What dies in between leaves bytes that nobody can
open and no entry speaks of; `sweep` forgets them two days later.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from grievance import media
from grievance.casework.desk import Desk
from grievance.core import evidence as rules
from grievance.core.case import Case
from grievance.core.errors import Gone, GrievanceError, Said, say
from grievance.core.events import Entry, EvidenceAdded
from grievance.core.fold import apply
from grievance.core.matters import Actor
from grievance.media import scanning
from grievance.store import files, ledger, stands
from grievance.store.objects import file_of, original_of
from grievance.vault import digest

log = logging.getLogger(__name__)

READERS = {True: ("exchange",), False: ("words",)}
"""For whom a file is sealed beside the receipt: what a party sends is for all in the case, the rest for the office."""

KEPT_DAYS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name at the sender's (shown to them alone, never kept) and its bytes."""

    name: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken, and why."""

    name: str
    said: Said


@dataclass(frozen=True, slots=True)
class Piece:
    """A file that is kept and waits for its entry. `original`: SHA-256 of what was sent, to know it again; `beside`: what
    its entry says of the original that is kept, empty where none is.
    """

    object: str
    kind: str
    size: int
    digest: str
    original: str
    wraps: Mapping[str, bytes] = field(repr=False)
    waiting: bool = False  # for the scanner
    name: str = field(default="", repr=False)
    beside: str = ""


def too_many(name: str, most: int) -> Refusal:
    """Of one file more than is taken at once."""
    return Refusal(name, say("At most {most} files at once. Send this one later.", most=most))


def new_case_id(desk: Desk) -> str:
    """The id of a case to be: what is sealed for it opens in no other."""
    return desk.random.randbytes(16).hex()


class Harmful(GrievanceError):
    """The scanner found something in a file."""

    def __init__(self) -> None:
        super().__init__(
            say("Our scanner found something harmful in this file, so it was not taken. Send a photo of it instead.")
        )


def answered(desk: Desk, body: bytes) -> bool:
    """Whether the scanner holds these bytes for harmless; False where it says nothing. Raises Harmful.

    Without a scanner there is nobody to ask.
    """
    if not desk.clamd:
        return True
    try:
        harmful = scanning.harmful(desk.clamd, body)
    except scanning.Unanswered:
        return False
    if harmful:
        raise Harmful
    return True


def place(case_id: str, name: str) -> str:
    """The one place where a sealed file opens."""
    return f"files/{case_id}/{name}"


def reader_of(desk: Desk, wraps: Mapping[str, bytes]) -> str:
    """As whom this process opens a file: the office, or whoever is in the case."""
    return "words" if "words" in wraps and desk.vault.opens("words") else "exchange"


def keep(
    desk: Desk, case_id: str, uploads: Iterable[Upload], box: bytes, *, shared: bool, most: int = rules.AT_ONCE
) -> tuple[list[Piece], list[Refusal]]:
    """Clean, seal and store; no entry speaks of it yet. More than `most` are refused by name. Raises Gone."""
    pieces: list[Piece] = []
    refused: list[Refusal] = []
    day = desk.now().date().isoformat()
    for position, upload in enumerate(uploads):
        original = hashlib.sha256(upload.body).hexdigest()
        if any(piece.original == original for piece in pieces):
            continue
        if position >= most:
            refused.append(too_many(upload.name, most))
            continue
        try:
            waiting = not answered(desk, upload.body)
            clean = media.clean(upload.body)
        except (media.Unfit, Harmful) as error:
            refused.append(Refusal(upload.name, error.said))
            continue
        pieces.append(
            replace(
                _put(desk, case_id, f"{day}/{desk.random.randbytes(16).hex()}", upload, clean, box, shared=shared),
                original=original,
                waiting=waiting,
            )
        )
    return pieces, refused


def _put(desk: Desk, case_id: str, name: str, upload: Upload, clean: media.Clean, box: bytes, *, shared: bool) -> Piece:
    """The file and its original, sealed and stored; the original first, so that a file that is there has its own."""
    salt, other = desk.vault.new_salt(), desk.vault.new_salt()
    envelope, beside = desk.vault.seal_file(
        salt + clean.body, other + upload.body, bound=place(case_id, name), readers=READERS[shared], box=box
    )
    if beside:
        desk.store.objects.put(original_of(name), beside)
    desk.store.objects.put(name, envelope.cipher)
    return Piece(
        object=name,
        kind=clean.kind,
        size=-(-len(clean.body) // 1024),
        digest=digest(salt, clean.body),
        original="",
        wraps=envelope.wraps,
        name=upload.name,
        beside=digest(other, upload.body) if beside else "",
    )


def enter(
    desk: Desk, case: Case, pieces: Iterable[Piece], actor: Actor, captions: Mapping[str, str] | None = None
) -> tuple[Case, tuple[Entry, ...], tuple[ledger.Wraps, ...]]:
    """The case with an entry for each file, and what stands beside the ledger for them. `captions`: text → commitment."""
    entries: list[Entry] = []
    beside: list[ledger.Wraps] = []
    for piece in pieces:
        event = EvidenceAdded(
            no=len(case.evidence) + 1,
            kind=piece.kind,
            size=piece.size,
            digest=piece.digest,
            object=piece.object,
            shared=actor.role in rules.PARTIES,
            words=captions or {},
            waiting=piece.waiting,
            original=piece.beside,
        )
        entry = Entry(case.seq + 1, desk.now(), actor, event)
        case = apply(case, entry)
        entries.append(entry)
        beside.append(ledger.Wraps(entry.seq, piece.wraps))
    return case, tuple(entries), tuple(beside)


def sweep(desk: Desk) -> int:
    """Forgets objects that no entry speaks of, two days after they were kept; returns how many.

    None while the clock stands: where the date jumped nobody knows how old they are, and a house that was restored may
    look at the files of one that still runs, or at those that came after its backup. What cannot be reached now is there
    for the next sweep.
    """
    before = (desk.now() - KEPT_DAYS).date().isoformat()
    gone = 0
    try:
        for names in desk.store.objects.names():
            old = {file_of(name) for name in names if name[:10] < before}
            with desk.store.read() as tx:
                if stands.state(tx) != stands.RUNS:
                    break
                orphans = old - files.known(tx, old)
            desk.store.objects.drop(orphans)
            gone += len(orphans)
    except Gone as error:
        log.warning("files that no entry speaks of are still to be dropped: %s", error)
    return gone
