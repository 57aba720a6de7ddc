"""A case is the fold of its ledger: `apply` is the only way in which a case changes, and it needs nothing but the entry.

The modules are named as those of `events`: what happened there is what changes here.
"""

from __future__ import annotations

from collections.abc import Iterable

from grievance.core.case import Case, changed
from grievance.core.events import Entry
from grievance.core.fold import (  # noqa: F401  each enters what it holds
    answering,
    beginning,
    deciding,
    evidence,
    flooding,
    handing,
    mediating,
    members,
    moving,
    naming,
    purchasing,
    remedying,
    retention,
    seating,
    taking,
    timing,
)
from grievance.core.fold.folding import FOLD

__all__ = ["FOLD", "apply", "replay"]


def apply(case: Case, entry: Entry) -> Case:
    """The case after one entry. Raises KeyError for a kind that nobody taught it."""
    after = FOLD[type(entry.event)](case, entry.event, entry)
    return changed(after, seq=entry.seq)


def replay(case_id: str, entries: Iterable[Entry]) -> Case:
    """The case from its whole ledger."""
    case = Case(id=case_id)
    for entry in entries:
        case = apply(case, entry)
    return case
