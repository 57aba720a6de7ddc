"""Finds a case for a viewer: whoever holds no seat in it finds what nobody ever filed."""

from __future__ import annotations

from sqlalchemy import Connection

from grievance.casework.desk import Bearer, Viewer
from grievance.core.errors import Hidden
from grievance.store import cases, ledger


def find(tx: Connection, viewer: Viewer | Bearer, ref: str) -> ledger.Held:
    """The case, for this viewer. Raises Hidden alike for a missing and for a foreign one."""
    held = _by_receipt(tx, viewer, ref) if isinstance(viewer, Bearer) else cases.by_ref(tx, viewer.holders, ref)
    if held is None:
        raise Hidden
    return held


def _by_receipt(tx: Connection, bearer: Bearer, ref: str) -> ledger.Held | None:
    """The case of the receipt, or another whose complainant's seat names that one as its key: see `following`."""
    held = cases.by_receipt(tx, bearer.tag)
    if held is None or ref in ("", held.ref):
        return held
    return cases.by_ref(tx, (held.case.id,), ref)
