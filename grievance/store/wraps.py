"""Which key each item is wrapped under, and other wraps in their place; no item is read or written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select, tuple_, update

from grievance.store.bulk import changing
from grievance.store.changes import FILE
from grievance.store.tables import files, wraps


@dataclass(frozen=True, slots=True)
class Old:
    """A wrap under an older pair. `object`: the file that it opens, empty for a text."""

    case_id: str
    seq: int
    name: str
    wrapped: bytes
    object: str

    @property
    def place(self) -> tuple[str, int, str]:
        """Where it stands among all of one reader."""
        return self.case_id, self.seq, self.name


Place = tuple[str, int, str]
START: Place = ("", 0, "")

_REPLACE = changing(
    lambda given: (
        update(wraps)
        .where(wraps.c.case_id == given.case_key, wraps.c.seq == given.of, wraps.c.name == given.what)
        # Only while it is the one that was read: it may have been erased or wrapped anew meanwhile.
        .where(wraps.c.reader == given.whose, wraps.c.wrapped == given.before)
        .values(wrapped=given.new_wrap, under=given.new_number)
    ),
    {
        "case_key": wraps.c.case_id,
        "of": wraps.c.seq,
        "what": wraps.c.name,
        "whose": wraps.c.reader,
        "before": wraps.c.wrapped,
        "new_wrap": wraps.c.wrapped,
        "new_number": wraps.c.under,
    },
)


def counted(tx: Connection) -> dict[str, dict[int, int]]:
    """Reader → number of a pair → how many wraps are under it."""
    query = select(wraps.c.reader, wraps.c.under, func.count()).group_by(wraps.c.reader, wraps.c.under)
    found: dict[str, dict[int, int]] = {}
    for reader, under, count in tx.execute(query.order_by(wraps.c.reader, wraps.c.under)):
        found.setdefault(reader, {})[under] = count
    return found


def older(tx: Connection, reader: str, number: int, after: Place, most: int) -> list[Old]:
    """Wraps of this reader under a pair before `number`, in the order of their places, from behind `after` on."""
    place = tuple_(wraps.c.case_id, wraps.c.seq, wraps.c.name)
    file = and_(wraps.c.name == FILE, files.c.case_id == wraps.c.case_id, files.c.seq == wraps.c.seq)
    query = (
        select(wraps.c.case_id, wraps.c.seq, wraps.c.name, wraps.c.wrapped, func.coalesce(files.c.object, ""))
        .outerjoin(files, file)
        .where(place > tuple_(*after), wraps.c.reader == reader, wraps.c.under < number)
        .order_by(wraps.c.case_id, wraps.c.seq, wraps.c.name)
        .limit(most)
    )
    return [Old(*row) for row in tx.execute(query)]


def replace(tx: Connection, reader: str, number: int, made: Sequence[tuple[Old, bytes]]) -> int:
    """Put wraps under this pair in the place of older ones; how many still were what they were."""
    rows = [
        {
            "case_key": old.case_id,
            "of": old.seq,
            "what": old.name,
            "whose": reader,
            "before": old.wrapped,
            "new_wrap": new,
            "new_number": number,
        }
        for old, new in made
    ]
    return _REPLACE.write(tx, rows) if rows else 0
