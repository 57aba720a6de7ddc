"""Re-derives every case from its ledger and reports whatever differs: the chain, the row, seats, clocks, and the texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from grievance.casework import signable, wording
from grievance.casework.desk import Desk, Tampered
from grievance.casework.files import evidence, originals
from grievance.core.case import Case
from grievance.core.chain import GENESIS
from grievance.core.errors import Gone
from grievance.core.events import Entry, Erased, Rang
from grievance.core.fold import apply
from grievance.core.matters import BACK, Seat
from grievance.language import search_key
from grievance.store import audit, cases, codec, files, ledger
from grievance.vault import SALT_BYTES, Envelope, Sealed, commitment


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
    for case_id in ids:
        with desk.store.whole() as tx:
            found += _case(desk, tx, case_id)
    return len(ids), found


def _case(desk: Desk, tx: Connection, case_id: str) -> Iterator[Difference]:
    lines, row = audit.lines(tx, case_id), audit.row(tx, case_id)
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
    yield from _rows(tx, case, row)
    if held != audit.seats_held(tx, case_id):
        yield Difference(case_id, 0, "the seats are not what the ledger says")
    rang = {(e.event.clock, e.event.rung, e.at) for e in entries if isinstance(e.event, Rang)}
    if rang != audit.rung(tx, case_id):
        yield Difference(case_id, 0, "the rungs are not what the ledger says")
    yield from (Difference(case_id, seq, what) for seq, what in signable.faults(str(row["ref"]), entries))
    yield from _texts(desk, tx, case_id, entries)
    yield from _come_back(tx, case_id, entries)
    for seq, name in audit.misnumbered(tx, case_id):
        yield Difference(case_id, seq, f"a wrap of {name} is under another pair than its row says")
    yield from _files(desk, tx, case)


def _rows(tx: Connection, case: Case, row: Mapping[str, object]) -> Iterator[Difference]:
    """What is copied from the fold, so that it can be looked for: whoever changes a copy changes what happens."""
    for name, value in ledger.row_of(case).items():
        fits = codec.says(str(row[name]), case) if name == "state" else row[name] == value
        if not fits:
            yield Difference(case.id, 0, f"the row's {name} is not what the ledger says")
    if audit.listed_by(tx, case.id) - {tuple(ledger.seat_of(case).values())}:
        yield Difference(case.id, 0, "the lists do not show it as the ledger says")
    ours, theirs = audit.linked(tx, case.id)
    if {(link.kind, link.case) for link in case.links} != ours:
        yield Difference(case.id, 0, "the links are not what the ledger says")
    if {(BACK.get(link.kind, ""), link.case) for link in case.links} != theirs:
        yield Difference(case.id, 0, "a link is not entered in both cases")
    running = {(c.no, c.name, c.rang, c.rings[c.rang]) for c in case.clocks if c.rang < len(c.rings)}
    if running != audit.running(tx, case.id):
        yield Difference(case.id, 0, "the clocks are not what the ledger says")


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


def _chain(case_id: str, lines: list[audit.Line], head: str) -> Iterator[Difference]:
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


def _texts(desk: Desk, tx: Connection, case_id: str, entries: list[Entry]) -> Iterator[Difference]:
    """Commitments of the texts that are still there and that this process can open."""
    said = {(entry.seq, name): c for entry in entries for name, c in getattr(entry.event, "words", {}).items()}
    clear = cases.texts_of(tx, case_id)
    newest = {text.name: text.body for text in clear}
    listed = audit.listed(tx, case_id)
    if (listed[0] if listed else None) != newest.get("title"):
        yield Difference(case_id, 0, "the title in lists is not the one that was written")
    if listed and listed[1] != search_key(f"{newest.get('title')} {newest.get('restatement')}"):
        yield Difference(case_id, 0, "what is searched is not what was written")
    for text in clear:
        if commitment(text.salt, text.body) != said.get((text.seq, text.name)):
            yield Difference(case_id, text.seq, f"the text {text.name} is not the one that was written")
    for item in cases.items_of(tx, case_id):
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


def _come_back(tx: Connection, case_id: str, entries: list[Entry]) -> Iterator[Difference]:
    """Texts that were erased and are there again: somebody laid the rows of an older backup beside the newer ledger."""
    erasures = [(entry.seq, entry.event.what) for entry in entries if isinstance(entry.event, Erased)]
    for seq, what in erasures:
        for item in cases.items_of(tx, case_id):
            if item.seq < seq and wording.compartment(item.name) in what:
                yield Difference(case_id, item.seq, f"the text {item.name} was erased, and is there again")


def _files(desk: Desk, tx: Connection, case: Case) -> Iterator[Difference]:
    """The sealed bytes outside the database: there, in the place where the ledger puts them, and what was sent."""
    kept = [piece for piece in case.evidence if not piece.erased]
    if {(piece.object, piece.seq) for piece in kept} != files.of_case(tx, case.id):
        yield Difference(case.id, 0, "the rows of the files are not what the ledger says")
    if {(piece.object, piece.state == "waiting") for piece in kept} != files.states_of(tx, case.id):
        yield Difference(case.id, 0, "which files wait for the scanner is not what the ledger says")
    for piece in kept:
        for what, look in ((f"file {piece.no}", evidence.check), (f"the original of file {piece.no}", originals.check)):
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
