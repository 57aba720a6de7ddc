"""Remedies: each has its owner and plan, nobody reports what another owes, and a second neutral keeps within the views."""

from __future__ import annotations

from typing import Any

import pytest

from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from grievance.casework.house import verifying
from grievance.core.errors import Invalid, Refused
from tests.makers import Clock, Story

DAY = "2026-06-30"
PLAN = {"open_remedy": "2", "plan_day": DAY}
BASE: dict[str, Any] = {"kind": "back_pay", "beneficiaries": 64, "amount": "90", "currency": "USD", "due": "2026-08-01"}


@pytest.fixture
def story(desk: Desk, clock: Clock) -> Story:
    """The three sides decided together: the factory owes one remedy, the brand that buys there another."""
    story = Story.filed(desk).taken().answered().reviewed()
    sitting = story.seated("panel")
    for person in sitting:
        story.position("take_view", "upheld", person=person)
    chair = next(iter(sitting))
    for issue, owner, group in ((1, "respondent", "unit"), (2, "brand-north", "site")):
        remedy = {**BASE, "issue": issue, "owner": owner, "group": group}
        story.do("panel", "propose_remedy", {"remedy": remedy}, person=chair)
    for person in sitting:
        if story.view("officer").stage == "deliberation":
            story.position("change_view", "upheld", person=person)
    while story.view("officer").stage != "remedy_plan":
        clock.pass_days(1)
        sweep(desk)
    return story


def test_each_remedy_says_who_owes_it_and_for_whom(story: Story) -> None:
    view = story.view("complainant")
    assert [(view.owners[one.owner], one.group, one.beneficiaries) for one in view.remedies] == [
        ("Lotus Stitch Co., Ltd.", "unit", 64),
        ("Northcoat", "site", 64),
    ]


def test_nobody_plans_or_reports_what_another_party_owes(story: Story) -> None:
    story.do(
        "brand", "plan_remedy", {"open_remedy": "2", "plan_day": DAY}, plan="We pay half.", plan_proof="Bank list."
    )
    for role, no in (("respondent", "2"), ("brand", "1")):
        with pytest.raises(Invalid, match="need another look") as caught:
            story.do(role, "plan_remedy", {"open_remedy": no, "plan_day": DAY}, plan="x", plan_proof="y")
        assert "Another party owes" in str(caught.value.fields["open_remedy"])
    story.planned()
    with pytest.raises(Invalid):
        story.do("respondent", "report_remedy", {"open_remedy": "2"}, proof="x")
    story.do("respondent", "report_remedy", {"open_remedy": "1"}, proof="Bank list.")
    assert story.view("officer").stage == "remedy"
    story.do("brand", "report_remedy", {"open_remedy": "2"}, proof="Transfer.")
    assert story.view("officer").stage == "verification"
    assert verifying.verify(story.desk) == (1, [])


def test_the_plan_stands_beside_its_remedy_for_the_parties_and_the_panel(story: Story) -> None:
    story.do(
        "brand",
        "plan_remedy",
        {"open_remedy": "2", "plan_day": DAY},
        plan="We pay half in June.",
        plan_proof="Bank list.",
    )
    for role, person in [
        ("complainant", ""),
        ("respondent", ""),
        ("officer", ""),
        ("panel", next(iter(story.seated("panel")))),
    ]:
        assert story.view(role, person).plans == {2: "We pay half in June.\nBank list."}
    story.do(
        "brand",
        "plan_remedy",
        {"open_remedy": "2", "plan_day": DAY},
        plan="We pay all in June.",
        plan_proof="Bank list.",
    )
    assert story.view("complainant").plans == {2: "We pay all in June.\nBank list."}


def test_an_owner_is_a_party_of_the_case(desk: Desk) -> None:
    story = Story.filed(desk).taken().answered().reviewed()
    sitting = list(story.seated("panel"))
    for person in sitting:
        story.position("take_view", "upheld", person=person)
    remedy = {**BASE, "issue": 1, "owner": "brand-sand"}
    with pytest.raises(Invalid):
        story.do("panel", "propose_remedy", {"remedy": remedy}, person=sitting[0])


def test_a_second_neutral_goes_no_further_than_the_written_views(desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk).taken().answered().reviewed()
    for person, side in story.seated("panel").items():
        story.position("take_view", "partly" if side == "workers" else "not_upheld", person=person)
    while story.view("officer").stage != "neutral_decision":
        clock.pass_days(1)
        sweep(desk)
    neutral = next(iter(story.seated("neutral")))
    with pytest.raises(Invalid) as caught:
        story.position("vote", "upheld", person=neutral, role="neutral")
    assert "nobody before you went so far" in str(caught.value.fields["outcomes"])
    story.position("vote", "partly", person=neutral, role="neutral")
    story.position("vote", "not_upheld", person=neutral, role="neutral")


def test_where_nobody_confirms_the_attempts_to_ask_are_on_record(story: Story, clock: Clock) -> None:
    story.planned()
    story.do("respondent", "report_remedy", {"open_remedy": "1"}, proof="Bank list.")
    story.do("brand", "report_remedy", {"open_remedy": "2"}, proof="Transfer.")
    for person in story.seated("panel"):
        for no in ("1", "2"):
            story.do("panel", "verify", {"which_remedy": no, "seen": "seen"}, person=person, proof="Asked six people.")
    for channel in ("phone", "page", "phone"):
        with pytest.raises(Refused, match="Three attempts"):
            story.do("officer", "close_attempted", reasons="Nobody answers.")
        clock.pass_days(1)
        story.do("officer", "record_attempt", {"channel": channel, "reached": "no"})
    story.do("officer", "close_attempted", reasons="Nobody answers.")
    assert story.view("officer").stage == "aftercare"
    assert "Nobody answers." in str(story.view("complainant"))
