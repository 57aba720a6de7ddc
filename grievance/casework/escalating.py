"""What happens when nobody acts: each rung of each clock exactly once, in batches, and no case holds up another."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from grievance.casework import opening, signable, telling
from grievance.casework.desk import Desk, Lent, sitting
from grievance.core import machine
from grievance.core.case import Case, Clock
from grievance.core.errors import GrievanceError
from grievance.core.events import Entry
from grievance.store import cases, ledger, stands

log = logging.getLogger(__name__)

BATCH = 200
FAILURES = (GrievanceError, SQLAlchemyError)
"""What an append raises: somebody was faster, or the database refuses."""


@dataclass(slots=True)
class Swept:
    """What a sweep did: rungs that rang, and the cases that were set aside, each with what went wrong."""

    rungs: int = 0
    aside: dict[str, str] = field(default_factory=dict)


def sweep(desk: Desk, most: int = BATCH) -> Swept:
    """Ring whatever is due, until nothing is; nothing while the clock is frozen.

    What cannot be rung is set aside, logged, and does not block the rest.
    """
    swept = Swept()
    while True:
        before = len(swept.aside)
        rang = _batch(desk, most, swept)
        swept.rungs += rang
        if not rang and len(swept.aside) == before:
            return swept


def others_ring(desk: Desk, swept: Swept) -> bool:
    """Whether, after a sweep, something is still due that it did not set aside: then another clock holds it."""
    with desk.store.read() as tx:
        return cases.any_due(tx, desk.now(), swept.aside)


def _batch(desk: Desk, most: int, swept: Swept) -> int:
    """One transaction for many cases; if the append fails as a whole, one transaction a case."""
    try:
        return _transaction(desk, most, swept, [])
    except FAILURES as error:
        log.warning("a batch of due cases is rung one by one: %s", type(error).__name__)
    rang = 0
    for _ in range(most):
        claimed: list[str] = []
        try:
            done = _transaction(desk, 1, swept, claimed)
        except FAILURES as error:
            if not claimed:  # the database itself does not answer
                break
            # The next sweep meets this case again; here it must not stop the others.
            log.warning("a due case was set aside: %s", type(error).__name__)
            swept.aside |= {case_id: type(error).__name__ for case_id in claimed}
            continue
        rang += done
        if not claimed:
            break
    return rang


def _transaction(desk: Desk, most: int, swept: Swept, claimed: list[str]) -> int:
    """Rings what is due in up to `most` cases; `claimed` is told which, so that a failure has a name."""
    now = desk.now()
    changes: list[ledger.Change] = []
    with desk.store.write() as tx:
        if stands.state(tx) != stands.RUNS:
            return 0
        lent = Lent(tx)
        for claim in cases.claim_due(tx, now, most, swept.aside):
            claimed.append(claim.case_id)
            try:
                changes += _rung(desk, lent, cases.addressed(tx, claim.held()), now)
            except Exception as error:
                log.exception("a due case was set aside")
                swept.aside[claim.case_id] = repr(error)
        ledger.append(tx, changes)
        signable.letters(desk, tx, changes)
    return sum(1 for change in changes for entry in change.entries if type(entry.event).__name__ == "Rang")


def _rung(desk: Desk, lent: Lent, held: ledger.Held, now: datetime) -> list[ledger.Change]:
    """Every rung of this case that is due by now, and the cases that are opened by it.

    After an outage a person hears once, not once a rung.
    """
    day = sitting(desk, lent, held.case)
    case, entries, tells = held.case, list[Entry](), dict[str, None]()
    beside: list[ledger.Change] = []
    while clock := _due(case, now):
        fired = machine.ring(day, case, clock)
        opened = opening.beside(desk, lent, fired, held, machine.TIME)
        case, tells = opened.case, tells | dict.fromkeys(fired.tells)
        entries += opened.entries
        beside += opened.beside
    notices = telling.notices(lent, case, tuple(entries), tells)
    return [ledger.Change(case=case, entries=tuple(entries), held=held, notices=notices), *beside]


def _due(case: Case, now: datetime) -> Clock | None:
    waiting = [clock for clock in case.clocks if clock.rang < len(clock.rings) and clock.rings[clock.rang] <= now]
    return min(waiting, key=lambda clock: clock.rings[clock.rang], default=None)
