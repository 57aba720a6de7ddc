"""Words of a case that ended are erased when their time is over: in batches, each case once, with an entry in its ledger.

What goes is destroyed with its keys, and so is every key for the receipt: its number then opens nothing, and answers as one
that never was. What stays is the case: its ledger, the restatement, what the parties said to each other, the outcome.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from grievance.casework import wording
from grievance.casework.desk import Desk, Lent, calendar_of
from grievance.core import machine
from grievance.core.calendar import due
from grievance.core.case import Case
from grievance.core.errors import Gone
from grievance.core.events import Entry, Erased
from grievance.core.fold import apply
from grievance.core.procedure import Procedure
from grievance.core.retention import FILES, WAITS, ended_by
from grievance.store import ledger, retention, stands
from grievance.store.retention import Kept, Place
from grievance.vault import BOX

log = logging.getLogger(__name__)

BATCH = 200


@dataclass(slots=True)
class Swept:
    """What a sweep did: cases erased, and those that could not be read, each with what went wrong."""

    cases: int = 0
    aside: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Going:
    """A case whose words go: since when it rests, when they go, how much it is; or that somebody holds them."""

    ref: str
    procedure: str
    ended_at: datetime
    goes_at: datetime
    texts: int
    files: int
    held: bool


def goes_at(desk: Desk, lent: Lent, case: Case) -> datetime | None:
    """When the words of this case go, if nobody holds them; None for an open case, and where its procedure keeps them."""
    kept = desk.lawbook.procedure(case.procedure).retention
    if kept is None or case.ended_at is None or case.erased_at is not None:
        return None
    return due(kept.after, case.ended_at, calendar_of(desk, lent, case))


def gone(desk: Desk, lent: Lent, case: Case) -> frozenset[str]:
    """What is erased of this case, or may be by now: a house that was restored has lost the keys, and not the entry yet."""
    at = case.erased_at or goes_at(desk, lent, case)
    erased = at is not None and at <= desk.now()
    return frozenset(_erases(desk.lawbook.procedure(case.procedure))) if erased else frozenset()


def is_held(case: Case, at: datetime, due_at: datetime | None) -> bool:
    """Whether a hold keeps the words at this moment. `due_at`: when they go without one."""
    end = asked_until(case, due_at)
    return bool(case.hold and case.hold.holds) or (end is not None and at < end)


def asked_until(case: Case, due_at: datetime | None) -> datetime | None:
    """Until when what one person alone asked for keeps the words; None where nobody's asking waits for an answer.

    Counted from their time at the latest: whoever asks, takes it back and asks again would keep them for ever.
    """
    if case.hold is None or case.hold.step != "asked":
        return None
    return min(case.hold.at, due_at or case.hold.at) + WAITS


def sweep(desk: Desk, most: int = BATCH) -> Swept:
    """Erase whatever is due; nothing while the clock stands still. What cannot be read is set aside and holds up nobody."""
    swept = Swept()
    for procedure in desk.lawbook.procedures.values():
        after: Place | None = None
        while procedure.retention:
            after = _batch(desk, procedure, after, most, swept)
            if after is None:
                break
    if swept.cases:
        desk.store.settle()
    return swept


def dry_run(desk: Desk, until: datetime, page: int = BATCH) -> Iterator[Going]:
    """What would go by this moment, the longest at rest first in each procedure; nothing is changed."""
    for procedure in desk.lawbook.procedures.values():
        after: Place | None = None
        while procedure.retention:
            with desk.store.read() as tx:
                found = retention.resting(tx, procedure.key, _looked_at(procedure, until), after, page)
                there = retention.kept(tx, [claim.case_id for _, claim in found])
                going = [
                    _going(desk, Lent(tx), claim.held(), procedure, there[claim.case_id], until) for _, claim in found
                ]
            if not found:
                break
            after = found[-1][0]
            yield from (one for one in going if one)


def _going(
    desk: Desk, lent: Lent, held: ledger.Held, procedure: Procedure, there: Kept, until: datetime
) -> Going | None:
    at = goes_at(desk, lent, held.case)
    if at is None or at > until or held.case.ended_at is None:
        return None
    texts, files = _counted(procedure, there)
    return Going(held.ref, procedure.key, held.case.ended_at, at, len(texts), len(files), is_held(held.case, until, at))


def _batch(desk: Desk, procedure: Procedure, after: Place | None, most: int, swept: Swept) -> Place | None:
    """One transaction; returns where the next one goes on, None where there is nothing more."""
    now = desk.now()
    changes: list[ledger.Change] = []
    objects: list[str] = []
    with desk.store.write() as tx:
        if stands.state(tx) != stands.RUNS:
            return None
        lent, claims = (
            Lent(tx),
            retention.resting(tx, procedure.key, _looked_at(procedure, now), after, most, locked=True),
        )
        there = retention.kept(tx, [claim.case_id for _, claim in claims])
        names: set[str] = set()
        for _, claim in claims:
            try:
                held = claim.held()
                at = goes_at(desk, lent, held.case)
            except Exception as error:
                log.exception("a case whose words may be due was set aside")
                swept.aside[claim.case_id] = repr(error)
                continue
            if at is None or at > now or is_held(held.case, now, at):
                continue
            texts, files = _counted(procedure, there[claim.case_id])
            names |= set(texts)
            objects += files
            changes.append(_change(desk, procedure, held, len(texts), len(files)))
        if changes:
            ids = [change.case.id for change in changes]
            ledger.append(tx, changes)
            fresh = {case_id: (desk.random.randbytes(32), desk.random.randbytes(32)) for case_id in ids}
            retention.destroy(tx, ids, names, BOX, fresh, with_files=FILES in _erases(procedure))
    _drop(desk, objects)
    swept.cases += len(changes)
    return claims[-1][0] if claims else None


def _looked_at(procedure: Procedure, now: datetime) -> datetime:
    return ended_by(procedure.retention.after, now) if procedure.retention else now


def _change(desk: Desk, procedure: Procedure, held: ledger.Held, texts: int, files: int) -> ledger.Change:
    entry = Entry(held.case.seq + 1, desk.now(), machine.TIME, Erased(_erases(procedure), texts, files))
    return ledger.Change(case=apply(held.case, entry), entries=(entry,), held=held)


def _erases(procedure: Procedure) -> tuple[str, ...]:
    return procedure.retention.erases if procedure.retention else ()


def _counted(procedure: Procedure, there: Kept) -> tuple[list[str], tuple[str, ...]]:
    """The names of the texts that go, and the files."""
    erases = _erases(procedure)
    texts = [name for name in there.texts if wording.compartment(name) in erases]
    return texts, there.files if FILES in erases else ()


def _drop(desk: Desk, objects: list[str]) -> None:
    """The sealed bytes, whose keys are gone already; if the place does not answer, `keeping.sweep` finds them later."""
    try:
        if objects:
            desk.store.objects.drop(objects)
    except Gone as error:
        log.warning("erased files are still to be dropped: %s", error)
