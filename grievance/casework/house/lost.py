"""Words and files that the ledger speaks of and that no key opens any more, although no entry erased them.

Who deletes keys destroys what they open, as an erasure does. Only the time tells them apart: nothing is erased before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    clear = {(text.seq, text.name) for text in kept.texts}
    sealed = {(item.seq, item.name): item.wraps.keys() for item in kept.items}
    excused: frozenset[str] = frozenset({BOX} if gone else ())  # with the first words goes every key for the receipt
    for entry in entries:
        for name in getattr(entry.event, "words", ()):
            at = (entry.seq, name)
            if wording.compartment(name) == "clear":
                if at not in clear:
                    yield entry.seq, f"the text {name} is gone"
            elif wording.compartment(name) in gone:
                continue
            elif at not in sealed:
                yield entry.seq, f"the sealed text {name} is gone"
            elif missing := wording.kept_for(name, entry.actor.role) - sealed[at] - excused:
                yield entry.seq, f"the sealed text {name} has no key for {', '.join(sorted(missing))}"
    for piece in () if FILES in gone else case.evidence:
        readers = frozenset((BOX, *READERS[piece.role in PARTIES]))
        if missing := readers - kept.locks.get(piece.seq, frozenset()) - excused:
            yield piece.seq, f"file {piece.no} has no key for {', '.join(sorted(missing))}"
