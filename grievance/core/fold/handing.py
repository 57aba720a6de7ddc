"""A case is handed on to another receipt, because the first one was lost: announced, then handed, or taken back."""

from __future__ import annotations

from dataclasses import replace

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds, renewed
from grievance.core.matters import Handing


@folds(e.HandedOn)
def handed_on(case: Case, event: e.HandedOn, entry: e.Entry) -> Case:
    known = case.handings.get(event.case)
    now = Handing(event.ref, event.step, entry.at, event.gives, entry.actor.person)
    if known and event.step != "announced":  # who announced it, and who held the seat before, stay known
        now = replace(now, by=known.by, before=known.before)
    held = case.seat(event.seat)
    if held and event.step == "handed":
        now = replace(now, before=held.holder)
    # The seat keeps its number: it is the same person, and what they said, signed and own is still theirs.
    seats = renewed(case.seats, event.seat, holder=event.holder)
    return changed(case, seats=seats, handings={**case.handings, event.case: now})
