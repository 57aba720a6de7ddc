"""Remedies are proposed, ordered, reported, missed, verified and disputed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds, renewed
from grievance.core.matters import Remedy


def _table_changed(case: Case, remedies: tuple[Remedy, ...]) -> Case:
    """Nobody is held to a table that changed after they spoke; first views do not depend on it."""
    return changed(case, remedies=remedies, said={}, signed={}, positions=case.positions if not case.views_open else {})


def _remedy(case: Case, no: int, **changes: Any) -> Case:
    return changed(case, remedies=renewed(case.remedies, no, **changes))


@folds(e.RemedyProposed)
def remedy_proposed(case: Case, event: e.RemedyProposed, _: e.Entry) -> Case:
    return _table_changed(case, (*case.remedies, event.remedy))


@folds(e.RemedyStruck)
def remedy_struck(case: Case, event: e.RemedyStruck, _: e.Entry) -> Case:
    rest = tuple(remedy for remedy in case.remedies if remedy.no != event.no)
    ordered = any(remedy.no == event.no and remedy.status == "ordered" for remedy in case.remedies)
    # An order falls by a decision, which has counted the positions; only a table that changes asks for new ones.
    return changed(case, remedies=rest) if ordered else _table_changed(case, rest)


@folds(e.RemedyOrdered)
def remedy_ordered(case: Case, event: e.RemedyOrdered, _: e.Entry) -> Case:
    return _remedy(case, event.no, status="ordered", due=event.due)


@folds(e.RemedyPlanned)
def remedy_planned(case: Case, event: e.RemedyPlanned, _: e.Entry) -> Case:
    return _remedy(case, event.no, planned=event.day)


@folds(e.RemedyReported)
def remedy_reported(case: Case, event: e.RemedyReported, _: e.Entry) -> Case:
    return _remedy(case, event.no, status="reported")


@folds(e.RemedyMissed)
def remedy_missed(case: Case, event: e.RemedyMissed, _: e.Entry) -> Case:
    return _remedy(case, event.no, status="missed")


@folds(e.RemedyVerified)
def remedy_verified(case: Case, event: e.RemedyVerified, _: e.Entry) -> Case:
    seen = next(remedy.seen for remedy in case.remedies if remedy.no == event.no)
    return _remedy(case, event.no, seen={**seen, event.side: event.seen})


@folds(e.RemedyDisputed)
def remedy_disputed(case: Case, event: e.RemedyDisputed, _: e.Entry) -> Case:
    again = tuple(
        replace(remedy, status="ordered" if event.due else "missed", due=event.due or remedy.due, seen={})
        if remedy.status in ("reported", "missed")
        else remedy
        for remedy in case.remedies
    )
    return changed(case, remedies=again)
