"""Of many complaints that come at once, those that wait in the bulk lane: gathered, taken out, set aside, taken up again."""

from __future__ import annotations

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds


@folds(e.Gathered)
def gathered(case: Case, event: e.Gathered, _: e.Entry) -> Case:
    return changed(case, bulk=event.cluster)


@folds(e.TakenOut)
def taken_out(case: Case, _: e.TakenOut, __: e.Entry) -> Case:
    return changed(case, bulk="", aside_at=None)


@folds(e.SetAside)
def set_aside(case: Case, _: e.SetAside, entry: e.Entry) -> Case:
    return changed(case, aside_at=entry.at)


@folds(e.TakenUp)
def taken_up(case: Case, _: e.TakenUp, __: e.Entry) -> Case:
    return changed(case, aside_at=None)
