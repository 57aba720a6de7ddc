"""Files are added to a case, and shown to more people."""

from __future__ import annotations

from dataclasses import replace

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.fold.folding import folds
from grievance.core.matters import Evidence


@folds(e.EvidenceAdded)
def added(case: Case, event: e.EvidenceAdded, entry: e.Entry) -> Case:
    by = entry.actor
    piece = Evidence(event.no, entry.seq, event.kind, event.size, by.role, event.object, event.shared, by.seat)
    return replace(case, evidence=(*case.evidence, piece))


@folds(e.EvidenceReleased)
def released(case: Case, event: e.EvidenceReleased, _: e.Entry) -> Case:
    shown = tuple(replace(piece, shared=True) if piece.no == event.no else piece for piece in case.evidence)
    return replace(case, evidence=shown)
