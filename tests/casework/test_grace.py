"""A factory that answers late says why: asked only in the grace, read by the other side, kept, and checked by verify."""

from __future__ import annotations

from datetime import timedelta

import pytest

from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from grievance.casework.house import verifying
from grievance.casework.showing import reading
from grievance.core.errors import Invalid
from tests.makers import ROLES, Clock, Story

FACTS = {"issue_answers": {"1": "contest", "2": "accept"}}
WHY = "The flood of 20 April took the archive."


def asked(desk: Desk, story: Story) -> set[str]:
    """What the form of the answer asks the factory now."""
    form = reading.form(desk, story.who("respondent"), story.ref, "submit_answer", roles=ROLES["respondent"])
    return set(form.asks)


def test_a_late_answer_says_why_and_the_other_side_reads_it(desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk).taken()
    assert "late_reason" not in asked(desk, story)
    due, until = story.view("respondent").due, story.view("respondent").grace_until
    assert due is not None
    assert until is not None
    assert until > due.day
    clock.at = due.at + timedelta(hours=1)
    sweep(desk)
    assert story.view("respondent").stage == "answer", "silence has no consequence before the grace is over"
    assert "late_reason" in asked(desk, story)
    with pytest.raises(Invalid):
        story.do("respondent", "submit_answer", FACTS, statement="We paid.")
    story.do("respondent", "submit_answer", FACTS, statement="We paid.", late_reason=WHY)
    for role in ("complainant", "officer", "brand"):
        lines = {label: text for line in story.view(role).timeline for label, text in line.texts}
        assert lines["Why it comes late"] == WHY
    assert verifying.verify(desk)[1] == []
