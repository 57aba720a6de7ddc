"""A review by fresh people: what they think is theirs until they have decided, though the first decision is open."""

from __future__ import annotations

import pytest
from flask import Flask

from grievance.casework import escalating, signing
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


# --- What comes to nothing on appeal --------------------------------------------------------------------------------------


def thinks(story: Story, person: str, move: str, outcome: str, why: str) -> None:
    outcomes = {str(issue.no): outcome for issue in story.view("officer").issues}
    role = "neutral" if person in story.seated("neutral") else "panel"
    story.do(role, move, {"outcomes": outcomes}, person=person, position_reasons=why)


def read_by_others(story: Story, *but: str) -> str:
    """Everything that anybody else than these reads of the case, on their page and in their file."""
    others = [viewer(person) for person in (*story.seated("panel"), *story.seated("neutral")) if person not in but]
    pages = [str(story.view(role)) for role in OUTSIDE] + [str(story.view("panel", one.person)) for one in others]
    files = [exporting.export(story.desk, one, story.ref) for one in (*map(story.who, OUTSIDE), *others)]
    return "".join([*pages, *(file.decode() for file in files)])


def test_what_was_thought_on_appeal_stays_sealed_when_it_is_sent_back(desk: Desk, clock: Clock) -> None:
    """Two sides send it back, and those who sat there review it: neither their views open nor the next decision opens it."""
    story = decided(desk, clock)
    panel = story.seated("panel")
    first = next(iter(panel))
    thinks(story, first, "vote", "partly", "CANARYfirst thought.")
    for side in ("employers", "brands"):
        person = next(person for person, of in panel.items() if of == side)
        story.do("panel", "ask_to_send_back", person=person, reasons="Nobody was heard.")
    assert story.view("officer").stage == "joint_review"
    other = next(person for person, side in panel.items() if side != panel[first])
    for person in panel:
        said = "upheld" if person == other else "not_upheld"
        thinks(story, person, "take_view", said, "" if person == first else "Second thought.")
    for stage in ("deliberation", "appeal_window"):
        assert story.view("officer").stage == stage
        told = read_by_others(story, first)
        assert ("Second thought." in told, "CANARYfirst" in told, "partly" in told) == (True, False, False), stage
        if stage == "deliberation":
            for person in panel:
                thinks(story, person, "change_view", "not_upheld", "" if person == first else "Second thought.")
    assert story.view("officer").decided == "together"
    assert "CANARYfirst" in exporting.export(desk, viewer(first), story.ref).decode(), "their own they read"
    assert verifying.verify(desk) == (1, [])


def test_nor_does_it_open_in_a_second_pass(desk: Desk, clock: Clock) -> None:
    """Withdrawn during the review and opened again: nobody decided on what was thought there."""
    story = decided(desk, clock)
    first = next(iter(story.seated("panel")))
    thinks(story, first, "vote", "partly", "CANARYfirst thought.")
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(8)
    escalating.sweep(desk)
    story.do("complainant", "reopen", {"new_ground": "fact"}, own_words="It goes on.")
    story.do("officer", "release")
    story.do("officer", "admit", reasons="It can be checked.")
    story.answered().reviewed()
    for person in story.seated("panel"):
        if person != first:
            thinks(story, person, "take_view", "not_upheld", "Second thought.")
    thinks(story, first, "take_view", "not_upheld", "")
    assert story.view("officer").views_open
    told = read_by_others(story, first)
    assert "Second thought." in told
    assert "CANARYfirst" not in told
    assert "partly" not in told
    assert verifying.verify(desk) == (1, [])


def test_planted_the_first_decision_opens_what_is_thought_on_appeal(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Case, "anew", property(lambda _: (), lambda *_: None), raising=False)
    assert visibility.sees_position("respondent", 14, 3, Case(decided="majority"))
    with pytest.raises(AssertionError):
        sealed_until_they_decide(desk, clock)
