"""Files are added to a case, and shown to more people."""

from __future__ import annotations

from dataclasses import replace

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds, renewed
from grievance.core.matters import Evidence


@folds(e.EvidenceAdded)
def added(case: Case, event: e.EvidenceAdded, entry: e.Entry) -> Case:
    by, state = entry.actor, "waiting" if event.waiting else ""
    piece = Evidence(event.no, entry.seq, event.kind, event.size, by.role, event.object, event.shared, by.seat)
    return changed(case, evidence=(*case.evidence, replace(piece, state=state)))


@folds(e.EvidenceReleased)
def released(case: Case, event: e.EvidenceReleased, _: e.Entry) -> Case:
    return changed(case, evidence=renewed(case.evidence, event.no, shared=True))


@folds(e.Scanned)
def scanned(case: Case, event: e.Scanned, _: e.Entry) -> Case:
    return changed(case, evidence=renewed(case.evidence, event.no, state="harmful" if event.harmful else ""))
