"""Re-derives every case from its ledger and reports whatever differs: the chain, the row, seats, clocks, and the texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from grievance.casework import signable, wording
from grievance.casework.desk import Desk, Lent, Tampered
from grievance.casework.files import evidence, originals
from grievance.casework.house.lost import lost
from grievance.core.case import Case
from grievance.core.chain import GENESIS, opens
from grievance.core.errors import Gone, GrievanceError
from grievance.core.events import Entry, Erased, Filed, Rang
from grievance.core.fold import apply
from grievance.core.matters import BACK, Seat
from grievance.language import search_key
from grievance.store import audit, codec, ledger, outages
from grievance.store.audit import Kept, Line
from grievance.vault import SALT_BYTES, Envelope, Sealed, commitment

AT_ONCE = 200
"""Cases that are read together: a journey for each table of each case would be most of the time that `verify` takes."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not fit, and where: `seq` 0 means the row itself."""

    case_id: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"case {self.case_id}, entry {self.seq}: {self.what}"


def verify(desk: Desk) -> tuple[int, list[Difference]]:
    """How many cases were looked at, and every difference. A text whose keys are elsewhere is not opened."""
    with desk.store.read() as tx:
        ids = audit.all_ids(tx)
    found: list[Difference] = []
    for at in range(0, len(ids), AT_ONCE):
        with desk.store.whole() as tx:
            found += _together(desk, tx, ids[at : at + AT_ONCE])
    return len(ids), found


def _together(desk: Desk, tx: Connection, ids: Sequence[str]) -> Iterator[Difference]:
    """Of so many cases in one reading; what cannot even be read is looked for in each half, and named."""
    try:
        together = list(audit.kept(tx, ids))
    except Exception as error:  # noqa: BLE001  as below
        _refuse_outage(error)
        if len(ids) == 1:
            yield Difference(ids[0], 0, f"what is kept of it cannot be read: {type(error).__name__}")
            return
        half = len(ids) // 2
        yield from _together(desk, tx, ids[:half])
        yield from _together(desk, tx, ids[half:])
        return
    for kept in together:
        try:
            yield from _case(desk, tx, kept)
        except Exception as error:  # noqa: BLE001  what it is not for stops us all the same
            _refuse_outage(error)
            yield Difference(kept.case_id, 0, f"what is kept of it cannot be looked at: {type(error).__name__}")


def _refuse_outage(error: Exception) -> None:
    """Whatever damage does to the reading, it is what we look for, and hides no other; a database that is gone is none."""
    if isinstance(error, GrievanceError) or (isinstance(error, SQLAlchemyError) and outages.outage(error)):
        raise error


def _case(desk: Desk, tx: Connection, kept: Kept) -> Iterator[Difference]:
    case_id, lines, row = kept.case_id, kept.lines, kept.row
    if row is None or not lines:
        yield Difference(case_id, 0, "the row is gone" if lines else "the ledger is empty")
        return
    yield from _chain(case_id, lines, str(row["head"]))
    try:
        entries = [line.entry() for line in lines]
        case, held = _replayed(case_id, entries)
    except Exception as error:  # noqa: BLE001  whatever damage does to the reading, it is what we look for
        yield Difference(case_id, 0, f"the ledger cannot be read: {type(error).__name__}")
        return
    yield from _rows(case, row, kept)
    yield from _opened(case, row, entries[0])
    if held != kept.seats:
        yield Difference(case_id, 0, "the seats are not what the ledger says")
    if {(e.event.clock, e.event.rung, e.at) for e in entries if isinstance(e.event, Rang)} != kept.rungs:
        yield Difference(case_id, 0, "the rungs are not what the ledger says")
    yield from (Difference(case_id, seq, what) for seq, what in signable.faults(str(row["ref"]), entries))
    yield from _texts(desk, kept, entries)
    yield from (Difference(case_id, seq, what) for seq, what in lost(desk, Lent(tx), case, kept, entries))
    yield from _come_back(kept, entries)
    for seq, name in kept.misnumbered:
        yield Difference(case_id, seq, f"a wrap of {name} is under another pair than its row says")
    yield from _files(desk, tx, case, kept)


def _rows(case: Case, row: Mapping[str, object], kept: Kept) -> Iterator[Difference]:
    """What is copied from the fold, so that it can be looked for: whoever changes a copy changes what happens."""
    for name, value in ledger.row_of(case).items():
        fits = codec.says(str(row[name]), case) if name == "state" else row[name] == value
        if not fits:
            yield Difference(case.id, 0, f"the row's {name} is not what the ledger says")
    if kept.lists - {(role, *ledger.seat_of(case, role).values()) for role, *_ in kept.lists}:
        yield Difference(case.id, 0, "the lists do not show it as the ledger says")
    if {(link.kind, link.case) for link in case.links} != kept.ours:
        yield Difference(case.id, 0, "the links are not what the ledger says")
    if {(BACK.get(link.kind, ""), link.case) for link in case.links} != kept.theirs:
        yield Difference(case.id, 0, "a link is not entered in both cases")
    if {(c.no, c.name, c.rang, c.rings[c.rang]) for c in case.clocks if c.rang < len(c.rings)} != kept.clocks:
        yield Difference(case.id, 0, "the clocks are not what the ledger says")


def _opened(case: Case, row: Mapping[str, Any], first: Entry) -> Iterator[Difference]:
    """Whoever lays a box of their own beside a case reads what is written to its complainant from then on."""
    said = first.event.opens if isinstance(first.event, Filed) else ""
    # What is erased has a tag and a box that are nobody's.
    if said and case.erased_at is None and opens(row["ref"], row["tag"], row["box"]) != said:
        yield Difference(case.id, 0, "its reference, or what its number opens, is not what the ledger says")


def _replayed(case_id: str, entries: list[Entry]) -> tuple[Case, set[tuple[Seat, datetime, datetime | None]]]:
    """The case that its entries make, and every seat with the moments at which it was taken and left."""
    case, held = Case(id=case_id), dict[int, tuple[Seat, datetime, datetime | None]]()
    for entry in entries:
        before, case = case, apply(case, entry)
        for seat in set(before.seats) - set(case.seats):
            held[seat.no] = (seat, held[seat.no][1], entry.at)
        for seat in set(case.seats) - set(before.seats):
            held[seat.no] = (seat, entry.at, None)
    return case, set(held.values())


def _chain(case_id: str, lines: list[Line], head: str) -> Iterator[Difference]:
    """Over the stored texts themselves: what a reader would skip, such as a field that it does not know, counts too."""
    previous = GENESIS
    for number, line in enumerate(lines, 1):
        if line.seq != number:
            yield Difference(case_id, line.seq, "an entry is missing before this one")
        if line.linked(previous, case_id) != line.hash:
            yield Difference(case_id, line.seq, "the hash does not fit")
        previous = line.hash
    if previous != head:
        yield Difference(case_id, lines[-1].seq, "the newest entries are missing")


def _texts(desk: Desk, kept: Kept, entries: list[Entry]) -> Iterator[Difference]:
    """Commitments of the texts that are still there and that this process can open."""
    case_id = kept.case_id
    said = {(entry.seq, name): c for entry in entries for name, c in getattr(entry.event, "words", {}).items()}
    newest = {text.name: text.body for text in kept.texts}
    title, searched = kept.listed or (None, None)
    if title != newest.get("title"):
        yield Difference(case_id, 0, "the title in lists is not the one that was written")
    if kept.listed and searched != search_key(f"{newest.get('title')} {newest.get('restatement')}"):
        yield Difference(case_id, 0, "what is searched is not what was written")
    for text in kept.texts:
        if commitment(text.salt, text.body) != said.get((text.seq, text.name)):
            yield Difference(case_id, text.seq, f"the text {text.name} is not the one that was written")
    for item in kept.items:
        if (item.seq, item.name) not in said:
            yield Difference(case_id, item.seq, f"nobody wrote the sealed text {item.name}")
            continue
        try:
            plain = _open(desk, case_id, item)
        except Tampered:
            yield Difference(case_id, item.seq, f"the sealed text {item.name} does not open")
            continue
        except Sealed:
            continue
        if commitment(plain[:SALT_BYTES], plain[SALT_BYTES:].decode()) != said.get((item.seq, item.name)):
            yield Difference(case_id, item.seq, f"the sealed text {item.name} is not the one that was written")


def _come_back(kept: Kept, entries: list[Entry]) -> Iterator[Difference]:
    """Texts that were erased and are there again: somebody laid the rows of an older backup beside the newer ledger."""
    erasures = [(entry.seq, entry.event.what) for entry in entries if isinstance(entry.event, Erased)]
    for seq, what in erasures:
        for item in kept.items:
            if item.seq < seq and wording.compartment(item.name) in what:
                yield Difference(kept.case_id, item.seq, f"the text {item.name} was erased, and is there again")


def _files(desk: Desk, tx: Connection, case: Case, kept: Kept) -> Iterator[Difference]:
    """The sealed bytes outside the database: there, in the place where the ledger puts them, and what was sent."""
    pieces = [piece for piece in case.evidence if not piece.erased]
    if {(piece.object, piece.seq) for piece in pieces} != kept.files:
        yield Difference(case.id, 0, "the rows of the files are not what the ledger says")
    if {(piece.object, piece.state == "waiting") for piece in pieces} != kept.waiting:
        yield Difference(case.id, 0, "which files wait for the scanner is not what the ledger says")
    for piece in pieces:
        for what, look in (
            (f"file {piece.no}", evidence.body_of),
            (f"the original of file {piece.no}", originals.check),
        ):
            try:
                look(desk, tx, case, piece)
            except Gone:
                yield Difference(case.id, piece.seq, f"{what} is gone")
            except Tampered:
                yield Difference(case.id, piece.seq, f"{what} does not open, or is not what was sent")
            except Sealed:
                continue


def _open(desk: Desk, case_id: str, item: ledger.Item) -> bytes:
    envelope = Envelope(item.cipher, item.wraps)
    place = wording.bound(case_id, item.seq, item.name)
    return desk.vault.open_sealed(envelope, bound=place, reader=wording.compartment(item.name))
