"""What people sent, as they sent it: taken out of the house locked, with a reason and an entry, and opened elsewhere.

Beside the file that was made of it an original is kept that no process of the house opens (`vault.originals`). It is taken
out with the keys of the house and unlocked with the one that lies elsewhere: neither does it alone. What was erased has no
key any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from grievance.casework import wording
from grievance.casework.desk import Desk, Lent
from grievance.casework.entries import entered
from grievance.casework.files.keeping import place, reader_of
from grievance.core.case import Case
from grievance.core.errors import Invalid, Refused, say
from grievance.core.events import HOST, OriginalTaken
from grievance.core.matters import Actor, Evidence
from grievance.store import cases, files, ledger
from grievance.store.objects import original_of
from grievance.vault import SALT_BYTES, Envelope, Tampered, digest, pair_of, unlock

HEAD = b"grievance-original-1\n"
"""How a file with a locked original begins; a line of JSON follows (`About`), and then the locked bytes."""

LONGEST = 2_000


class About(msgspec.Struct, frozen=True):
    """Of which file it is: the case's reference, the file's number and its entry; where it opens; what the entry says of it."""

    ref: str
    no: int
    entry: int
    bound: str
    committed: str


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it was sent, with the salt of what its entry says: SHA-256(salt + body)."""

    about: About
    salt: bytes = field(repr=False)
    body: bytes = field(repr=False)


def take(desk: Desk, ref: str, no: int, reason: str) -> bytes:
    """The locked original of a file, entered in the case with the reason, which the complainant and the office read.

    Raises Refused where there is no such case, file or original, Invalid without a reason, Gone without its bytes,
    vault.Sealed in a process that holds no key for the file.
    """
    if not reason.strip():
        raise Invalid({"reason": say("Say what it is needed for: the complainant reads it.")})
    with desk.store.write() as tx:
        held = cases.at_host(tx, ref)
        if held is None:
            raise Refused(say("There is no case {ref}.", ref=ref))
        piece = _kept(held.case, no)
        committed = files.original_of(tx, held.case.id, piece.seq)
        if not committed:
            raise Refused(say("Of this file no original was kept: there was no key for it then."))
        about = About(held.ref, no, piece.seq, place(held.case.id, piece.object), committed)
        locked = _locked(desk, tx, held.case, piece)
        written = wording.draft(desk, {"original_reason": reason[:LONGEST]})
        event = OriginalTaken(no, written.words)
        ledger.append(tx, [entered(desk, Lent(tx), held, Actor(HOST), event, written, ("officer",))])
    return HEAD + msgspec.json.encode(about) + b"\n" + locked


def opened(taken: bytes, keys: Path) -> Original:
    """The original in what `take` gave. `keys`: the folder of the private half. Needs no database and no other key.

    Raises Refused for anything else, NoKeys without the half, Tampered where it is not what the entry speaks of.
    """
    about, locked = _parts(taken)
    plain = unlock(locked, about.bound, keys)
    salt, body = plain[:SALT_BYTES], plain[SALT_BYTES:]
    if digest(salt, body) != about.committed:
        raise Tampered
    return Original(about, salt, body)


def pair_in(taken: bytes) -> int:
    """The number of the pair for which what `take` gave is locked. Raises Refused for anything else, Tampered."""
    return pair_of(_parts(taken)[1])


def counted(desk: Desk) -> Counter[int]:
    """How many originals are locked for each pair, by its number; 0 for those that cannot be read (`verify` names them).

    Reads every one of them, with the keys of the house. Raises vault.Sealed in a process that holds none for them, Gone.
    """
    found: Counter[int] = Counter()
    with desk.store.read() as tx:
        ids = files.cases_with_files(tx)
    for case_id in ids:
        with desk.store.whole() as tx:
            found.update(_pairs(desk, tx, case_id))
    return found


def _pairs(desk: Desk, tx: Connection, case_id: str) -> Iterator[int]:
    held = cases.by_id(tx, case_id)
    if held is None:
        return
    for piece in held.case.evidence:
        if not piece.erased and files.original_of(tx, case_id, piece.seq):
            try:
                yield pair_of(_locked(desk, tx, held.case, piece))
            except Tampered:
                yield 0


def check(desk: Desk, tx: Connection, case: Case, piece: Evidence) -> None:
    """Whether the original is there, if one was kept, and in its place; more cannot be told here. Errors as in `take`."""
    if files.original_of(tx, case.id, piece.seq):
        pair_of(_locked(desk, tx, case, piece))


def _parts(taken: bytes) -> tuple[About, bytes]:
    head, _, locked = taken.removeprefix(HEAD).partition(b"\n")
    try:
        return msgspec.json.decode(head, type=About), locked
    except ValueError as error:
        raise Refused(say("This file holds no original: name the one that “take” wrote.")) from error


def _kept(case: Case, no: int) -> Evidence:
    piece = next((piece for piece in case.evidence if piece.no == no), None)
    if piece is None:
        raise Refused(say("This case has no file {no}.", no=no))
    if piece.erased:
        raise Refused(say("This file is erased, and its original with it: nobody can open either any more."))
    return piece


def _locked(desk: Desk, tx: Connection, case: Case, piece: Evidence) -> bytes:
    wraps = files.wraps_of(tx, case.id, piece.seq)
    beside = Envelope(desk.store.objects.get(original_of(piece.object)), wraps)
    return desk.vault.open_locked(beside, bound=place(case.id, piece.object), reader=reader_of(desk, wraps))
