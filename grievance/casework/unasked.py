"""What the house changes in one case when nobody asked for it: in a transaction of its own, and whoever came first is right."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from grievance.casework.desk import Desk
from grievance.core.errors import Stale
from grievance.store import cases, ledger

Make = Callable[[Desk, Connection, ledger.Held], ledger.Change | None]
"""From a case as it stands now to what is appended to it; None where there is nothing to do any more."""


def change(desk: Desk, case_id: str, make: Make) -> bool:
    """Whether the case was changed.

    Where somebody moves it in this very moment nothing is written: it is done by that, or the next look finds it again.
    """
    try:
        with desk.store.write() as tx:
            held = cases.by_id(tx, case_id)
            made = make(desk, tx, held) if held else None
            if made:
                ledger.append(tx, [made])
            return made is not None
    except Stale:
        return False
