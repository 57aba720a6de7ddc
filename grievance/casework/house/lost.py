"""Words and files that the ledger speaks of and that no key opens any more, although no entry erased them.

Who deletes keys destroys what they open, as an erasure does. Only the time tells them apart: nothing is erased before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from grievance.casework import wording
from grievance.casework.desk import Desk, Lent
from grievance.casework.files.keeping import READERS
from grievance.casework.words import erasing
from grievance.core.case import Case
from grievance.core.events import Entry
from grievance.core.evidence import PARTIES
from grievance.core.retention import FILES
from grievance.store.audit import Kept
from grievance.vault import BOX


def lost(desk: Desk, lent: Lent, case: Case, kept: Kept, entries: Sequence[Entry]) -> Iterator[tuple[int, str]]:
    """(entry, what is gone of it)."""
    gone = erasing.gone(desk, lent, case)
    excused = frozenset((BOX,) if gone else ())  # with the first words goes every key for the receipt
    yield from _texts(gone, excused, kept, entries)
    for piece in case.evidence if FILES not in gone else ():
        there = kept.locks.get(piece.seq, frozenset())
        if missing := {BOX, *READERS[piece.role in PARTIES]} - there - excused:
            yield piece.seq, f"file {piece.no} has no key for {', '.join(sorted(missing))}"


def _texts(
    gone: frozenset[str], excused: frozenset[str], kept: Kept, entries: Sequence[Entry]
) -> Iterator[tuple[int, str]]:
    readers: dict[tuple[int, str], Collection[str]] = {(text.seq, text.name): () for text in kept.texts}
    readers |= {(item.seq, item.name): item.wraps for item in kept.items}
    for entry in entries:
        for name in getattr(entry.event, "words", ()):
            there = readers.get((entry.seq, name))
            if wording.compartment(name) in gone:
                continue
            if there is None:
                yield entry.seq, f"the text {name} is gone"
            elif missing := wording.kept_for(name, entry.actor.role).difference(there, excused):
                yield entry.seq, f"the sealed text {name} has no key for {', '.join(sorted(missing))}"
