"""People who complained together leave the complaint; it goes on for the others."""

from __future__ import annotations

from dataclasses import replace

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.fold.folding import folds


@folds(e.MembersLeft)
def members_left(case: Case, event: e.MembersLeft, _: e.Entry) -> Case:
    return replace(case, members=event.remaining, members_left=case.members_left + event.left)


@folds(e.RemedyResized)
def remedy_resized(case: Case, event: e.RemedyResized, _: e.Entry) -> Case:
    """A vote says what is right and stands: nobody gets another sum than before. A signature is under the old number."""
    table = tuple(
        replace(one, beneficiaries=event.beneficiaries, amount=event.amount) if one.no == event.no else one
        for one in case.remedies
    )
    return replace(case, remedies=table, signed={})
