"""With what the form of the triage starts: what the complainant answered when filing, marked as theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grievance.casework.views import CaseView
from grievance.core.asks import Ask
from grievance.core.events import Filed
from grievance.core.procedure import URGENT

Answers = Mapping[str, tuple[str, ...]]
"""Ask of the triage → what the complainant chose."""


def answered(event: Filed, *, beside: bool) -> Answers:
    """What whoever filed had answered already.

    `beside`: another case belongs to this one, which may have lent it its site; then the site is nobody's answer.
    """
    return {
        "category": event.about,
        "issues": event.about,
        "lane": (event.lane,) if event.lane in URGENT else (),
        "respondent": (event.site,) if event.site and not beside else (),
    }


def marked(case: CaseView, asks: Mapping[str, Ask], choices: Mapping[str, Mapping[str, str]]) -> Answers:
    """The choices among those offered that are theirs; empty where none is, and for whoever may not read what they answered.

    Who typed the number of a poster as their workplace has named that site.
    """
    typed = case.own.account.get("workplace", "").strip().upper()
    said = {**case.theirs, "respondent": (*case.theirs.get("respondent", ()), typed)}
    offered = {name: ask.choices or choices.get(name, {}) for name, ask in asks.items()}
    found = {name: tuple(one for one in said.get(name, ()) if one in known) for name, known in offered.items()}
    return {name: codes for name, codes in found.items() if codes}


def start(case: CaseView, asks: Mapping[str, Ask], theirs: Answers) -> Mapping[str, Any]:
    """What it is about, as the last triage has it, else as the complainant ticked it.

    Whom it is against, how serious it is and by which clock it runs is nobody's default: whoever decides it chooses it.
    """
    if "issues" not in asks:
        return {}
    if case.issues:
        return {"issues": [issue.category for issue in case.issues], "category": case.category}
    ticked = theirs.get("issues", ())
    return {"issues": list(ticked)} | ({"category": ticked[0]} if len(ticked) == 1 else {})
