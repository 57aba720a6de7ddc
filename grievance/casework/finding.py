"""Finds a case for a viewer: whoever holds no seat in it finds what nobody ever filed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection

from grievance.casework.desk import Bearer, Viewer, acting, actors
from grievance.core.case import Case, changed
from grievance.core.errors import or_hidden
from grievance.core.events import Entry
from grievance.core.fold import replay
from grievance.core.matters import Actor
from grievance.core.visibility import as_it_was_for, sees_opened_again
from grievance.store import cases, ledger


def find(tx: Connection, viewer: Viewer | Bearer, ref: str) -> ledger.Held:
    """The case, for this viewer. Raises Hidden alike for a missing and for a foreign one."""
    return or_hidden(
        _by_receipt(tx, viewer, ref) if isinstance(viewer, Bearer) else cases.by_ref(tx, viewer.holders, ref)
    )


def find_seat(tx: Connection, viewer: Viewer, ref: str, roles: Collection[str]) -> tuple[ledger.Held, Actor]:
    """The case, and the first seat of one of these roles under which this viewer can act in it. Raises Hidden without."""
    held = find(tx, viewer, ref)
    return held, acting(held.case, viewer, roles)


def find_known(tx: Connection, viewer: Viewer | Bearer, ref: str) -> ledger.Held:
    """The case to be read, as far as this viewer knows it; nothing can be appended to it. Raises Hidden."""
    held = find(tx, viewer, ref)
    return replace(held, case=known(tx, held.case, viewer))


def known(tx: Connection, case: Case, viewer: Viewer | Bearer) -> Case:
    """The case as this viewer knows it: as it ended, where nobody told them yet that it was opened again. Raises Hidden."""
    mine = actors(case, viewer)
    seats = {actor.seat for actor in mine}
    if case.unsaid and not any(sees_opened_again(actor.role, case) for actor in mine):
        before = replay(case.id, told(tx, replace(case, seq=case.unsaid - 1)))
        here = seats - {seat.no for seat in before.seats}  # whoever took a seat over meanwhile looks from it
        case = changed(before, seats=(*before.seats, *(seat for seat in case.seats if seat.no in here)))
    return as_it_was_for(case, seats)


def told(tx: Connection, case: Case) -> list[Entry]:
    """The entries that made this case: of one that goes on unknown to its reader, those of before."""
    return [entry for entry, _ in cases.ledger_of(tx, case.id) if entry.seq <= case.seq]


def _by_receipt(tx: Connection, bearer: Bearer, ref: str) -> ledger.Held | None:
    """The case of the receipt, or another whose complainant's seat names that one as its key: see `following`."""
    held = cases.by_receipt(tx, bearer.tag)
    if held is None or ref in ("", held.ref):
        return held
    return cases.by_ref(tx, (held.case.id,), ref)
