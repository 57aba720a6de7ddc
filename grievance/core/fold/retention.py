"""Words of a case that ended are erased, or held by two people of the office."""

from __future__ import annotations

from dataclasses import replace

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds
from grievance.core.matters import Hold
from grievance.core.retention import FILES


@folds(e.Erased)
def erased(case: Case, event: e.Erased, entry: e.Entry) -> Case:
    gone = FILES in event.what
    files = tuple(replace(piece, erased=True) for piece in case.evidence) if gone else case.evidence
    return changed(case, erased_at=entry.at, evidence=files, unsaid=0)


@folds(e.HoldSet)
def hold_set(case: Case, event: e.HoldSet, entry: e.Entry) -> Case:
    return changed(case, hold=Hold(event.step, entry.at, entry.actor.person))
