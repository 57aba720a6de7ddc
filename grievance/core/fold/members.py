"""People who complained together leave the complaint; it goes on for the others."""

from __future__ import annotations

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds, renewed


@folds(e.MembersLeft)
def members_left(case: Case, event: e.MembersLeft, _: e.Entry) -> Case:
    return changed(case, members=event.remaining, members_left=case.members_left + event.left)


@folds(e.RemedyResized)
def remedy_resized(case: Case, event: e.RemedyResized, _: e.Entry) -> Case:
    """A vote says what is right and stands: nobody gets another sum than before. A signature is under the old number."""
    table = renewed(case.remedies, event.no, beneficiaries=event.beneficiaries, amount=event.amount)
    return changed(case, remedies=table, signed={})
