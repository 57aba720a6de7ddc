"""Relieves whoever may not sit any more: an account was closed, a roster changed, somebody joined a party."""

from __future__ import annotations

from sqlalchemy import Connection

from grievance.casework import telling, unasked
from grievance.casework.desk import Desk, Lent, sitting
from grievance.core import machine
from grievance.store import ledger, seating, stands


def reseat(desk: Desk) -> int:
    """Fill the seats whose holders may not sit any more, one case a transaction; none while the clock stands.

    Returns in how many cases.

    The next move in a case does the same; this is for cases in which nobody moves.
    """
    with desk.store.read() as tx:
        found = seating.doubtful(tx) if stands.state(tx) == stands.RUNS else []
    return sum(unasked.change(desk, case_id, _change) for case_id in found)


def _change(desk: Desk, tx: Connection, held: ledger.Held) -> ledger.Change | None:
    lent = Lent(tx)
    fired = machine.relieve(sitting(desk, lent, held.case), held.case)
    if not fired.entries:
        return None
    notices = telling.notices(lent, fired.case, fired.entries, fired.tells)
    return ledger.Change(case=fired.case, entries=fired.entries, held=held, notices=notices)
