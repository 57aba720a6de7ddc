"""Somebody of the office asks to read the name of whoever complained: two others agree, or one says no."""

from __future__ import annotations

from dataclasses import replace

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds
from grievance.core.matters import Naming


@folds(e.NameOpening)
def name_opening(case: Case, event: e.NameOpening, entry: e.Entry) -> Case:
    by = entry.actor.person
    known = next((one for one in case.namings if one.no == event.no), None)
    if known is None:
        return changed(case, namings=(*case.namings, Naming(event.no, by, event.why, entry.at, entry.seq)))
    now = known
    if event.step in ("agreed", "opened"):
        now = replace(now, agreed=(*now.agreed, by), custodian=now.custodian or event.custodian)
    if event.step == "read":
        now = replace(now, read=now.read + 1)
    if event.step in ("opened", "refused", "taken_back", "lapsed"):
        now = replace(now, step=event.step, until=event.until)
    return changed(case, namings=tuple(now if one.no == event.no else one for one in case.namings))
