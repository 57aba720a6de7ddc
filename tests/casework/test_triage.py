"""Triage makes no case urgent past the urgent stage, and whoever was seated by mistake leaves when the site is corrected."""

from __future__ import annotations

from typing import Any

import pytest

from grievance.casework.desk import Desk
from grievance.casework.house import retiring, verifying
from grievance.casework.showing import reading
from grievance.core.case import Case
from grievance.core.effects import lanes, taking
from grievance.core.errors import Hidden, Invalid
from grievance.core.matters import Actor
from grievance.core.seating import Sitting
from tests import makers
from tests.makers import Story

FACTS: dict[str, Any] = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412"}
FACTS |= {"issues": ["wages", "hours"]}


def test_triage_does_not_skip_the_urgent_stage(desk: Desk) -> None:
    story = Story.filed(desk)
    story.do("officer", "acknowledge", greeting="We have read it.")
    for lane in ("U1", "U2"):
        with pytest.raises(Invalid) as refused:
            story.do("officer", "assess", {**FACTS, "lane": lane})
        assert "Make it urgent" in str(refused.value.fields["lane"])
    assert story.view("officer").lane == "U3"
    story.do("officer", "assess", FACTS)
    story.do("officer", "raise_urgent", {"urgency": "U2"}, own_words="They threatened her today.")
    assert story.view("officer").stage == "urgent"
    story.do("officer", "assess", {**FACTS, "lane": "U2"})
    assert story.view("officer").lane == "U2"


def test_planted_without_that_look_the_stage_is_skipped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "refuse_skipping", lambda *_: None)
    with pytest.raises(pytest.fail.Exception):
        test_triage_does_not_skip_the_urgent_stage(desk)


def protected(desk: Desk) -> Story:
    """An urgent case in which the first factory was asked for protection, and confirmed it."""
    story = Story.filed(desk, retaliation=True, consents={"urgent": True, "restatement_to_respondent": True})
    story.do("officer", "assess", {**FACTS, "lane": "U2"})
    story.do("officer", "ask_protection", {"measure": "stay"}, protect_whom="Three people")
    story.do("respondent", "confirm_protection", {"started_on": "2026-03-02"}, proof="A letter to the line leader.")
    assert story.view("officer").stage == "triage"
    return story


def sees(story: Story, person: str, role: str = "respondent") -> bool:
    try:
        reading.case(story.desk, makers.viewer(person), story.ref, roles=makers.ROLES[role])
    except Hidden:
        return False
    return True


def test_a_corrected_site_ends_the_seat_of_the_first(desk: Desk) -> None:
    story = protected(desk)
    assert sees(story, "lotus-hr")
    assert sees(story, "north-buyer", "brand")
    story.do("officer", "assess", {**FACTS, "lane": "U2", "respondent": "KH-0077"})
    assert not sees(story, "lotus-hr"), "the first factory reads nothing more"
    assert not sees(story, "north-buyer", "brand"), "its buyer does not buy at the second"
    assert not sees(story, "mekong-hr"), "the second is named by a move of its own"
    held = {(seat.role, seat.why) for seat in story.view("officer").left}
    assert held == {("respondent", "corrected"), ("brand", "corrected")}
    assert verifying.verify(desk)[1] == []


def test_the_same_site_again_changes_no_seat(desk: Desk) -> None:
    story = protected(desk)
    story.do("officer", "assess", {**FACTS, "lane": "U2", "severity": "critical"})
    assert sees(story, "lotus-hr")
    assert story.view("officer").left == ()


def test_a_brand_that_was_retired_since_stays_in_its_case(desk: Desk) -> None:
    story = protected(desk)
    retiring.retire(desk, makers.viewer("sarin"), "bodies", "brand-north")
    story.do("officer", "assess", {**FACTS, "lane": "U2", "severity": "critical"})
    assert sees(story, "north-buyer", "brand")
    assert "Northcoat" in story.view("officer").buyers
    story.do("officer", "assess", {**FACTS, "lane": "U2", "respondent": "KH-0077"})
    assert not sees(story, "north-buyer", "brand"), "where it does not buy it leaves, retired or not"


def test_planted_a_seat_that_stays_is_noticed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "_leave", lambda *_: iter(()))
    with pytest.raises(AssertionError):
        test_a_corrected_site_ends_the_seat_of_the_first(desk)


def test_who_cannot_go_through_the_stage_may_name_the_lane(desk: Desk) -> None:
    """A panel that triages in place of the office makes no move of the urgent stage: nothing is refused."""
    law = desk.lawbook.procedures["kh/worker-1@1"]
    day = Sitting(law, desk.lawbook.calendar_of(law), desk.now(), desk.random.choice)
    with pytest.raises(Invalid):
        lanes.refuse_skipping(day, Case(stage="triage", lane="U3"), Actor("officer", 2), "U1")
    lanes.refuse_skipping(day, Case(stage="panel_triage", lane="U3"), Actor("panel", 4), "U1")
    lanes.refuse_skipping(day, Case(stage="triage", lane="U2"), Actor("officer", 2), "U1")
