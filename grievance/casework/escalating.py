"""What happens when nobody acts: each rung of each clock exactly once, in batches, and no case holds up another."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from grievance.casework import telling
from grievance.casework.desk import Desk, Lent, sitting
from grievance.core import machine
from grievance.core.case import Case, Clock
from grievance.core.errors import GrievanceError
from grievance.core.events import Entry
from grievance.store import cases, ledger

log = logging.getLogger(__name__)

BATCH = 200


@dataclass(slots=True)
class Swept:
    """What a sweep did: rungs that rang, and the cases that were set aside, each with what went wrong."""

    rungs: int = 0
    aside: dict[str, str] = field(default_factory=dict)


def sweep(desk: Desk, most: int = BATCH) -> Swept:
    """Ring whatever is due, until nothing is. What cannot be rung is set aside, logged, and does not block the rest."""
    swept = Swept()
    while True:
        before = len(swept.aside)
        rang = _batch(desk, most, swept)
        swept.rungs += rang
        if not rang and len(swept.aside) == before:
            return swept


def _batch(desk: Desk, most: int, swept: Swept) -> int:
    """One transaction for many cases; if the append fails as a whole, one transaction a case."""
    try:
        return _transaction(desk, most, swept)
    except GrievanceError:
        if most == 1:
            raise
    rang = 0
    for _ in range(most):
        try:
            done = _transaction(desk, 1, swept)
        except GrievanceError as error:
            # The next tick meets this case again; here it must not stop the others.
            log.warning("a due case was left for the next sweep: %s", type(error).__name__)
            break
        rang += done
        if not done:
            break
    return rang


def _transaction(desk: Desk, most: int, swept: Swept) -> int:
    now = desk.now()
    changes: list[ledger.Change] = []
    lent: Lent = {}
    with desk.store.write() as tx:
        for held in cases.claim_due(tx, now, most, swept.aside):
            try:
                changes.append(_rung(desk, tx, held, now, lent))
            except Exception as error:
                log.exception("a due case was set aside")
                swept.aside[held.case.id] = repr(error)
        ledger.append(tx, changes)
    return sum(1 for change in changes for entry in change.entries if type(entry.event).__name__ == "Rang")


def _rung(desk: Desk, tx: Connection, held: ledger.Held, now: datetime, lent: Lent) -> ledger.Change:
    """Every rung of this case that is due by now. After an outage a person hears once, not once a rung."""
    day = sitting(desk, tx, held.case, lent)
    case, entries, tells = held.case, list[Entry](), dict[str, None]()
    while clock := _due(case, now):
        fired = machine.ring(day, case, clock)
        case, tells = fired.case, tells | dict.fromkeys(fired.tells)
        entries += fired.entries
    return ledger.Change(
        case=case,
        entries=tuple(entries),
        held=held,
        notices=telling.notices(tx, case, tuple(entries), tells),
    )


def _due(case: Case, now: datetime) -> Clock | None:
    waiting = [clock for clock in case.clocks if clock.rang < len(clock.rings) and clock.rings[clock.rang] <= now]
    return min(waiting, key=lambda clock: clock.rings[clock.rang], default=None)
