"""The panel takes positions and decides."""

from __future__ import annotations

from dataclasses import replace

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds


@folds(e.PositionTaken)
def position_taken(case: Case, event: e.PositionTaken, _: e.Entry) -> Case:
    signatures = {what: by for what, by in case.signatures.items() if what != f"position/{event.seat}"}
    anew = (*case.anew, event.seat) if case.decided and event.seat not in case.anew else case.anew
    return changed(case, positions={**case.positions, event.seat: event.outcomes}, signatures=signatures, anew=anew)


@folds(e.ViewsOpened)
def views_opened(case: Case, _: e.ViewsOpened, __: e.Entry) -> Case:
    return changed(case, views_open=True)


@folds(e.SentBack)
def sent_back(case: Case, _: e.SentBack, entry: e.Entry) -> Case:
    """An empty sheet: what those thought who sent it back, and those before them, the next decision opens to nobody."""
    table = tuple(replace(one, status="proposed") if one.status == "ordered" else one for one in case.remedies)
    issues = tuple(replace(issue, outcome="") for issue in case.issues)
    case = changed(case, positions={}, views_open=False, decided="", decided_at=None, dissent=(), signatures={})
    return changed(case, remedies=table, issues=issues, anew=(), unopened=entry.seq)


@folds(e.Decided)
def decided(case: Case, event: e.Decided, entry: e.Entry) -> Case:
    issues = tuple(replace(issue, outcome=event.outcomes.get(issue.no, issue.outcome)) for issue in case.issues)
    signatures = {what: by for what, by in case.signatures.items() if not what.startswith("decision/")}
    case = changed(case, issues=issues, signatures=signatures)
    # Whoever did not know yet that it went on is told by what was decided, even where nobody asked them anything before.
    case = changed(case, unsaid=0)
    return changed(case, decided=event.how, decided_at=entry.at, dissent=event.dissent, anew=(), bench=case.next_seat)


@folds(e.PanelSigned)
def panel_signed(case: Case, event: e.PanelSigned, _: e.Entry) -> Case:
    return changed(case, signatures={**case.signatures, f"{event.what}/{event.seat}": event.by})
