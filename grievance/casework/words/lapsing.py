"""A request to read a name that nobody settles ends by itself: the name stays closed, and whoever asked is told.

No clock of the case rings for it. A procedure knows nothing of custody, and it is over when its time is over, whether the
timetable has looked yet or not (`custody.step_at`); the entry only says so for good and frees the seats of the custodians.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from grievance.casework import unasked, wording
from grievance.casework.desk import Desk, Lent
from grievance.casework.entries import entered
from grievance.casework.words.custody import LAPSES, step_at
from grievance.core.events import NameOpening, SeatLeft
from grievance.core.machine import TIME
from grievance.core.visibility import CUSTODIAN
from grievance.store import ledger, seating, stands
from grievance.store.changes import Notice


def lapse(desk: Desk) -> int:
    """Ends every request whose time is over, one case a transaction; none while the clock stands. Returns how many."""
    with desk.store.read() as tx:
        if stands.state(tx) != stands.RUNS:
            return 0
        found = seating.seated_before(tx, CUSTODIAN, desk.now() - LAPSES)
    return sum(unasked.change(desk, case_id, _change) for case_id in found)


def _change(desk: Desk, tx: Connection, held: ledger.Held) -> ledger.Change | None:
    case, now = held.case, desk.now()
    over = [one for one in case.namings if one.step == "asked" and step_at(one, now) == "lapsed"]
    if not over:
        return None
    gone = [SeatLeft(seat.no, "settled") for seat in case.seated(CUSTODIAN)]
    event = NameOpening("lapsed", over[0].no)
    change = entered(desk, Lent(tx), held, TIME, event, wording.Draft(), more=gone)
    told = Notice(over[0].by, "news", f"{case.id}/{change.entries[-1].seq}")
    return replace(change, notices=(told,))
