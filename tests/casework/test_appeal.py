"""A review by fresh people: what they think is theirs until they have decided, though the first decision is open."""

from __future__ import annotations

import pytest
from flask import Flask

from grievance.casework import signing
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import exporting
from grievance.core import visibility
from grievance.core.case import Case
from grievance.core.errors import Hidden
from tests.makers import Clock, Story, viewer
from tests.web.staff import Staff

OUTSIDE = ("respondent", "brand", "complainant", "officer")


def decided(desk: Desk, clock: Clock) -> Story:
    """Upheld by all three sides and the neutral; the factory asks for a review."""
    story = Story.filed(desk).taken().answered().reviewed().ripe(clock, employers="not_upheld")
    panel = story.seated("panel")
    for person in panel:
        story.position("vote", "upheld", person=person)
    assert story.position("vote", "upheld", person=next(iter(story.seated("neutral"))), role="neutral").decided
    story.do("respondent", "appeal", {"appeal_ground": "new"}, reasons="We were not heard.")
    return story


def open_to(story: Story, role: str) -> list[dict[int, str]]:
    return [dict(seat.outcomes) for seat in story.view(role).seats if seat.state == "open"]


def sealed_until_they_decide(desk: Desk, clock: Clock) -> None:
    story = decided(desk, clock)
    before = [exporting.export(desk, story.who(role), story.ref).decode().count("PositionTaken") for role in OUTSIDE]
    assert before[0] > 0, "what the first panel thought is open"
    panel, neutral = list(story.seated("panel")), next(iter(story.seated("neutral")))
    for person in panel:
        story.position("vote", "not_upheld", person=person)
    for role, told in zip(OUTSIDE, before, strict=True):
        assert open_to(story, role) == [], role
        assert exporting.export(desk, story.who(role), story.ref).decode().count("PositionTaken") == told, role
    assert any(seat.mine and seat.state == "open" for seat in story.view("panel", panel[0]).seats)
    story.position("vote", "not_upheld", person=neutral, role="neutral")
    story.do("neutral", "decide_appeal_none", person=neutral, reasons="The slips are plain.")
    assert {tuple(said.items()) for said in open_to(story, "respondent")} == {((1, "not_upheld"), (2, "not_upheld"))}
    assert verifying.verify(desk) == (1, [])


def test_what_is_thought_on_appeal_is_sealed_until_it_is_decided(desk: Desk, clock: Clock) -> None:
    sealed_until_they_decide(desk, clock)


def test_whoever_reviews_a_decision_does_not_stand_by_it(app: Flask, desk: Desk, clock: Clock) -> None:
    """Nor is the server said to attest it, nor can they sign what they did not decide."""
    story = decided(desk, clock)
    person = next(iter(story.seated("panel")))
    page = Staff(app, person).read(f"/panel/cases/{story.ref}")
    assert "decided by their votes" in page
    assert "Sign the decision" not in page
    assert "Not signed" not in page
    with pytest.raises(Hidden):
        signing.look(desk, viewer(person), story.ref, "decision", "token")
    neutral = next(iter(story.seated("neutral")))
    for one in (*story.seated("panel"), neutral):
        story.position("vote", "not_upheld", person=one, role="neutral" if one == neutral else "panel")
    story.do("neutral", "decide_appeal_none", person=neutral, reasons="The slips are plain.")
    page = Staff(app, person).read(f"/panel/cases/{story.ref}")
    assert "Sign the decision" in page
    assert "Not signed" in page


def test_planted_the_first_decision_opens_what_is_thought_on_appeal(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Case, "anew", property(lambda _: (), lambda *_: None), raising=False)
    assert visibility.sees_position("respondent", 14, 3, Case(decided="majority"))
    with pytest.raises(AssertionError):
        sealed_until_they_decide(desk, clock)
