"""Re-derives every case from its ledger and reports whatever differs: the chain, the row, seats, clocks, and the texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from grievance.casework import wording
from grievance.casework.desk import Desk, Tampered
from grievance.core.case import replay
from grievance.core.events import Entry
from grievance.store import cases, codec, ledger
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
        ids = cases.all_ids(tx)
    found: list[Difference] = []
    for case_id in ids:
        with desk.store.read() as tx:
            found += _case(desk, tx, case_id)
    return len(ids), found


def _case(desk: Desk, tx: Connection, case_id: str) -> Iterator[Difference]:
    held = cases.by_id(tx, case_id)
    lines = cases.ledger_of(tx, case_id)
    if held is None or not lines:
        yield Difference(case_id, 0, "the ledger is empty")
        return
    yield from _chain(case_id, lines, held.head)
    case = replay(case_id, (entry for entry, _ in lines))
    row = cases.row(tx, case_id)
    for name, value in ledger.row_of(case).items():
        if name == "state":
            if codec.read_case(str(row[name])) != case:
                yield Difference(case_id, 0, "the row's state is not what the ledger says")
        elif row[name] != value:
            yield Difference(case_id, 0, f"the row's {name} is not what the ledger says")
    if {seat.no for seat in case.seats} != cases.open_seats(tx, case_id):
        yield Difference(case_id, 0, "the seats are not what the ledger says")
    clocks = {(clock.no, clock.rang, clock.rings[clock.rang]) for clock in case.clocks if clock.rang < len(clock.rings)}
    if clocks != cases.running(tx, case_id):
        yield Difference(case_id, 0, "the clocks are not what the ledger says")
    yield from _texts(desk, tx, case_id, [entry for entry, _ in lines])


def _chain(case_id: str, lines: list[tuple[Entry, str]], head: str) -> Iterator[Difference]:
    previous = codec.GENESIS
    for number, (entry, stored) in enumerate(lines, 1):
        link = codec.links(previous, case_id, [entry])[0]
        if entry.seq != number:
            yield Difference(case_id, entry.seq, "an entry is missing before this one")
        if link["hash"] != stored:
            yield Difference(case_id, entry.seq, "the hash does not fit")
        previous = stored
    if previous != head:
        yield Difference(case_id, lines[-1][0].seq, "the newest entries are missing")


def _texts(desk: Desk, tx: Connection, case_id: str, entries: list[Entry]) -> Iterator[Difference]:
    """Commitments of the texts that are still there and that this process can open."""
    said = {(entry.seq, name): c for entry in entries for name, c in getattr(entry.event, "words", {}).items()}
    for text in cases.texts_of(tx, case_id):
        if commitment(text.salt, text.body) != said.get((text.seq, text.name)):
            yield Difference(case_id, text.seq, f"the text {text.name} is not the one that was written")
    for item in cases.items_of(tx, case_id):
        try:
            plain = _open(desk, case_id, item)
        except Tampered:
            yield Difference(case_id, item.seq, f"the sealed text {item.name} does not open")
            continue
        except Sealed:
            continue
        if commitment(plain[:SALT_BYTES], plain[SALT_BYTES:].decode()) != said.get((item.seq, item.name)):
            yield Difference(case_id, item.seq, f"the sealed text {item.name} is not the one that was written")


def _open(desk: Desk, case_id: str, item: ledger.Item) -> bytes:
    envelope = Envelope(item.cipher, item.wraps)
    place = wording.bound(case_id, item.seq, item.name)
    return desk.vault.open_sealed(envelope, bound=place, reader=wording.compartment(item.name))
