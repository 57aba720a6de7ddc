"""A changed calendar counts open clocks again: in batches, by any number of processes, and it rewrites nothing that is past."""

from __future__ import annotations

import logging
from datetime import datetime

from grievance.casework import telling
from grievance.casework.desk import Desk, Lent, calendar_of
from grievance.casework.escalating import FAILURES
from grievance.core import clocks
from grievance.core.calendar import Calendar
from grievance.core.events import Entry
from grievance.core.fold import apply
from grievance.core.machine import TIME
from grievance.core.procedure import TURNS, Procedure
from grievance.store import cases, ledger

log = logging.getLogger(__name__)

BATCH = 200


def recount(desk: Desk, most: int = BATCH) -> int:
    """Brings every open clock in line with the calendars of this process; returns how many moved.

    Which clocks are meant is said by a mark beside each: the content of the calendar that last looked at it. So a
    process that still counts by the old calendar cannot leave one behind: the next look finds its mark. Two processes
    cannot count a clock twice: the case is locked, and a clock that is right already gets no entry.
    """
    marks = [calendar.mark for calendar in desk.lawbook.calendars.values()]
    with desk.store.read() as tx:
        if not cases.counted_otherwise(tx, marks, "", 1):
            return 0
    moved, after = 0, ""
    while True:
        claimed: list[str] = []
        try:
            moved += _batch(desk, marks, after, most, claimed)
        except FAILURES as error:
            if not claimed:  # the database itself does not answer
                raise
            if len(claimed) > 1:
                most = 1
                continue
            log.error("the clocks of case %s could not be counted again: %s", claimed[0], type(error).__name__)  # noqa: TRY400
        if not claimed:
            return moved
        after = claimed[-1]


def _batch(desk: Desk, marks: list[str], after: str, most: int, claimed: list[str]) -> int:
    """One transaction for up to `most` cases, named in `claimed`; how many clocks moved."""
    changes: list[ledger.Change] = []
    counted: dict[str, str] = {}
    with desk.store.write() as tx:
        claims = cases.claim_counted_otherwise(tx, marks, after, most)
        claimed += [claim.case_id for claim in claims]
        lent = Lent(tx)
        for claim in claims:
            try:
                held = claim.held()
                procedure = desk.lawbook.procedure(held.case.procedure)
                calendar = calendar_of(desk, lent, held.case)
                changes += _change(lent, held, procedure, calendar, desk.now())
                counted[claim.case_id] = calendar.mark
            except Exception as error:  # noqa: BLE001  a damaged case, a file that is gone: it must not hold up the others
                log.error("the clocks of case %s could not be counted again: %r", claim.case_id, error)  # noqa: TRY400
        ledger.append(tx, changes)
        cases.mark_counted(tx, counted)
    return sum(len(change.entries) for change in changes)


def _change(
    lent: Lent, held: ledger.Held, procedure: Procedure, calendar: Calendar, now: datetime
) -> list[ledger.Change]:
    """One entry for each clock that is another by this calendar; those are told whose date moved."""
    case, entries, tells = held.case, list[Entry](), dict[str, None]()
    for clock in held.case.clocks:
        stage = procedure.stages.get(clock.name)
        event = clocks.recounted(case, clock, procedure, calendar, now)
        if event is None:
            continue
        entry = Entry(case.seq + 1, now, TIME, event)
        case = apply(case, entry)
        entries.append(entry)
        if event.due_at != clock.due_at:
            side = procedure.clocks.get(clock.name)
            # What is told after the end is not told before its day, and neither is that it is being waited for.
            roles = TURNS[stage.turn][1] if stage else side.tells if side and not side.after_end else ()
            tells |= dict.fromkeys((*roles, "officer"))
    if not entries:
        return []
    return [ledger.Change(case, tuple(entries), held, notices=telling.notices(lent, case, tuple(entries), tells))]
