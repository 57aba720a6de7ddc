"""How to reach whoever complained: read when somebody of the office asks for it, with an entry, once a day and person.

Officers call back every day, so nobody has to agree. But a telephone number can lead to a name: who looked at it, and when,
stands in the case, and the complainant reads it. Each look of a day would fill the page, and hide the one that counts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from grievance.casework import wording
from grievance.casework.desk import Desk, Lent, Viewer
from grievance.casework.entries import entered
from grievance.casework.finding import find_seat
from grievance.core.errors import Refused, say
from grievance.core.events import ContactRead
from grievance.core.visibility import OFFICE
from grievance.store import cases, ledger

ONE = timedelta(hours=24)
"""For how long one entry speaks for all looks of the same person: our proposal."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How they want to be reached: channel, phone, safe, safe_words, as far as they said; `language`: theirs."""

    ref: str
    said: Mapping[str, str]
    language: str


def read(desk: Desk, viewer: Viewer, ref: str) -> Contact:
    """How to reach them, for whoever works on the case. Raises Hidden, Refused where nothing was given or no key is held."""
    with desk.store.write() as tx:
        held, actor = find_seat(tx, viewer, ref, OFFICE)
        item = cases.item_of(tx, held.case.id, wording.FILED, "contact")
        if item is None:
            raise Refused(say("They left no way to reach them but the messages of the case, or it was erased."))
        found = wording.opened(desk, viewer, held.case.id, item)
        if found is None:
            raise Refused(say("Sealed: this computer holds no key for them."))
        if not _entered(tx, held.case.id, viewer.person, desk.now() - ONE):
            ledger.append(tx, [entered(desk, Lent(tx), held, actor, ContactRead(), wording.Draft())])
    return Contact(held.ref, {name: said for name, said in json.loads(found).items() if said}, held.case.language)


def _entered(tx: Connection, case_id: str, person: str, since: datetime) -> bool:
    return any(
        isinstance(entry.event, ContactRead) and entry.actor.person == person and entry.at > since
        for entry, _ in cases.ledger_of(tx, case_id)
    )
