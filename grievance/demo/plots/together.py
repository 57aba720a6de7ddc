"""What nobody does alone: a restatement under four eyes, words kept longer, a name asked for; and a flood, gathered."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from grievance.casework import filing, moving, signing
from grievance.casework.moving import Answers
from grievance.casework.pressure import Flood
from grievance.casework.showing import following
from grievance.casework.words import custody, holding
from grievance.core.signed import DECISION
from grievance.demo import cast
from grievance.demo import stories as s
from grievance.demo.staging import Stage, viewer_of
from grievance.demo.tales import OFFICE, Tale

FIRST, SECOND = "sophea", "rith"
FLOOD = (
    "The supervisor of line {n} takes money from everybody who wants to work overtime, and shouts at who does not pay."
)
FILED = 5


class Late(random.Random):
    """What is released goes out as late as it may: so that somebody can see it on its way."""

    def uniform(self, a: float, b: float) -> float:
        """The longest wait."""
        del a
        return b


def play(stage: Stage, decided: Tale) -> dict[str, Tale]:
    """Plans these cases and a signature under `decided`; returns those whose receipts are shown to visitors."""
    on_its_way = _restated(stage, s.EQUAL_PAY, 2)
    stage.plan(0.1, partial(_confirm, on_its_way))
    _restated(stage, s.DISABILITY, 2)  # waits for the second officer
    known = Tale(stage, s.BLACKLIST, name="សុខ ចាន់ថា").filed(13).taken(9)
    stage.plan(0.4, partial(_ask_for_the_name, known))
    closed = Tale(stage, s.UNPAID).filed(40).scene(39, "officer", "acknowledge", greeting="យើងបានអានហើយ។")
    closed.scene(34, "complainant", "withdraw", {"why_withdrawn": "settled"})
    stage.plan(6, _hold(closed, FIRST, "ask", "The labour court has asked whether the pay slips are still there."))
    stage.plan(5, _hold(closed, SECOND, "confirm", "I have seen the letter of the court."))
    stage.plan(1, partial(_attest, decided))
    stage.plan(0.02, partial(_flood, stage))
    return {
        "what the factory may read is on its way": on_its_way,
        "somebody asks to read a name": known,
        "closed, and its words are kept longer": closed,
    }


def _restated(stage: Stage, matter: s.Matter, ago: float) -> Tale:
    """Few could have written it: a second officer is asked, `ago` days ago less a bit."""
    tale = Tale(stage, matter).filed(ago + 2).scene(ago + 1, "officer", "acknowledge", greeting="We have read it.")
    facts = {"category": matter.category, "severity": matter.severity, "respondent": matter.site, "lane": "U3"}
    tale.scene(ago, "officer", "assess", facts | {"issues": list(matter.issues), "other_respondents": []})
    texts = {"title": matter.title, "restatement": matter.restatement}
    tale.scene(ago, "officer", "restate", {"could_have_written": 4}, **texts)
    reasons = "Four could have written it. I left out the machine, the day and the hall."
    return tale.scene(ago - 0.5, "officer", "ask_second", office_reasons=reasons)


def _confirm(tale: Tale) -> None:
    desk, who = replace(tale.stage.desk, random=Late()), viewer_of(SECOND)
    said = Answers({}, {"office_reasons": "Nothing in it points at one of the four."})
    moving.fire(desk, who, tale.ref, "confirm_release", said, seen=tale.view(who, OFFICE).seq)


def _ask_for_the_name(tale: Tale) -> None:
    desk = tale.stage.desk

    def seen(person: str) -> int:
        return custody.look(desk, viewer_of(person), tale.ref).seq

    why = "Somebody telephoned: she was followed home from the gate. The police have to know whom to protect."
    custody.ask(desk, viewer_of(FIRST), tale.ref, "danger", why, seen=seen(FIRST))
    custody.answer(desk, viewer_of(SECOND), tale.ref, 1, "agreed", "", seen=seen(SECOND))


def _hold(tale: Tale, officer: str, what: str, why: str) -> Callable[[], None]:
    def act() -> None:
        desk, who = tale.stage.desk, viewer_of(officer)
        holding.act(desk, who, what, tale.ref, why, seen=holding.look(desk, who, tale.ref).seq)

    return act


def _attest(tale: Tale) -> None:
    """Whoever has no passkey lets the house attest the decision; the others have not signed yet."""
    desk = tale.stage.desk
    person = next(person for person, role, _ in tale.panel_seats() if role == "panel")
    mark = signing.look(desk, viewer_of(person), tale.ref, DECISION, "demo").digest
    signing.attest(desk, viewer_of(person), tale.ref, DECISION, mark)


def _flood(stage: Stage) -> None:
    """Much the same text again and again, gathered as if very many had come before it."""
    desk = replace(stage.desk, flood=Flood(ask=0, most=0))
    for words in (FLOOD.format(n=n + 1) for n in range(FILED)):
        complaint = filing.Complaint(
            filer="worker", anonymity="anonymous", language="en", account={"workplace": "KH-0412", "words": words}
        )
        filing.file(desk, cast.PROGRAMME.id, complaint, following.new_ticket(desk))
