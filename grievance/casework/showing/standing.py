"""The record as anybody may read it, and the proof that one case stands in it, for whoever may open that case."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from sqlalchemy import Connection

from grievance.casework.desk import Bearer, Desk, Lent, Viewer, calendar_of
from grievance.casework.finding import find
from grievance.casework.house import anchoring
from grievance.casework.house.recording import PAGE, Page, page_of
from grievance.core import merkle
from grievance.core.case import Case
from grievance.core.errors import Refused, say
from grievance.core.record import FORMAT, Standing, owed, position
from grievance.store import checkpoints, stands
from grievance.store.checkpoints import Kept

LATE = timedelta(hours=6)
"""After a root is due: somebody who can do something about it should be told then."""
NOT_YET = say("The record does not hold this case yet. Come back tomorrow.")


@dataclass(frozen=True, slots=True)
class Since:
    """Whether the record holds a case, and if not, from which day on it should."""

    held: bool
    day: date


def page(desk: Desk, number: int = 1) -> Page:
    """The newest days first, 25 a page: values of core.record.Checkpoint."""
    with desk.store.read() as tx:
        rows, total = checkpoints.listed(tx, first=(number - 1) * PAGE, most=PAGE)
    return page_of(tuple(rows), total, number)


def overdue(desk: Desk) -> date | None:
    """The newest day whose root should be there since six hours and is not; None where the record is up to date.

    A house that no clock has looked at yet owes none.
    """
    with desk.store.read() as tx:
        looked, last = stands.looked(tx), checkpoints.newest_day(tx)
    owed = (desk.now() - anchoring.SETTLED - LATE).astimezone(UTC).date() - timedelta(days=1)
    return owed if looked is not None and last < owed.isoformat() else None


def as_json(found: Page) -> bytes:
    """A page of the record for machines: the same rows, and how many pages there are."""
    said = {"format": FORMAT, "page": found.page, "pages": found.pages, "days": [one.told for one in found.rows]}
    return json.dumps(said, indent=1).encode()


def since(desk: Desk, tx: Connection, case: Case) -> Since:
    """Asked on each page of a complainant, so it costs one look at the newest day."""
    filed = (case.filed_at or desk.now()).astimezone(UTC).date()
    held = checkpoints.newest_day(tx) >= filed.isoformat()
    # A day of the record ends later than a day here, so “from today on” would be said for hours before it holds.
    today = calendar_of(desk, Lent(tx), case).day_of(desk.now())
    return Since(held, max(filed + timedelta(days=1), today + timedelta(days=1)))


def proof(desk: Desk, viewer: Viewer | Bearer, ref: str) -> bytes:
    """The file that `grievance witness check` reads; it holds no name of the case, time or text. Raises Hidden, Refused."""
    with desk.store.read() as tx:
        found = standing(tx, find(tx, viewer, ref).case.id)
    if found is None:
        raise Refused(NOT_YET)
    return json.dumps(found.told, indent=1).encode()


def standing(tx: Connection, case_id: str) -> Standing | None:
    """That a case stands in the newest checkpoint. None where it does not: it is newer, or the record was tampered with."""
    kept = checkpoints.newest(tx)
    head = checkpoints.head(tx, case_id, anchoring.cut(kept.said.day)) if kept else None
    return _standing(tx, kept, case_id, head) if kept and head else None


def history(tx: Connection, case_id: str, heads: Sequence[tuple[str, str]]) -> list[Standing]:
    """That a case stood in the record, as it is now, on each day that shows it (`core.record.owed`), oldest first.

    Shown to whoever kept the roots of then: the newest day alone says nothing of what was rewritten before it.
    """
    due = owed(heads, checkpoints.oldest_day(tx), checkpoints.newest_day(tx))
    found = (_standing(tx, kept, case_id, due[kept.said.day]) for kept in checkpoints.of_days(tx, due))
    return [one for one in found if one]


def _standing(tx: Connection, kept: Kept, case_id: str, head: str) -> Standing | None:
    under, salt = checkpoints.leaves_of(tx, kept.said.day), anchoring.salt(kept.blind, case_id)
    try:
        index = position(under, salt, head)
    except ValueError:
        return None
    beside = tuple(one.hex() for one in merkle.path(under, index))
    return Standing(kept.said, salt.hex(), head, index, beside)
