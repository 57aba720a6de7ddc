"""Finds a case for a viewer: whoever holds no seat in it finds what nobody ever filed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from grievance.casework.desk import Bearer, Viewer, acting
from grievance.core.errors import or_hidden
from grievance.core.matters import Actor
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


def _by_receipt(tx: Connection, bearer: Bearer, ref: str) -> ledger.Held | None:
    """The case of the receipt, or another whose complainant's seat names that one as its key: see `following`."""
    held = cases.by_receipt(tx, bearer.tag)
    if held is None or ref in ("", held.ref):
        return held
    return cases.by_ref(tx, (held.case.id,), ref)
