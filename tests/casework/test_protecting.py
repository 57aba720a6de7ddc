"""Where no protection was confirmed in time it weighs against the factory, and each brand has 48 hours to do something."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.escalating import sweep
from grievance.casework.house import retiring, verifying
from grievance.casework.showing import worklists
from grievance.core import pacing
from grievance.core.errors import Refused
from tests.makers import ROLES, Clock, Story, viewer
from tests.web.staff import Staff

FACTS = {"category": "foa", "severity": "critical", "lane": "U2", "respondent": "KH-0412", "issues": ["retaliation"]}
STEP = {"brand_step": "visit"}


def missed(desk: Desk, clock: Clock) -> Story:
    """Somebody is punished; the factory was asked to protect, and did not confirm within 24 hours."""
    story = Story.filed(desk, retaliation=True, consents={"urgent": True, "restatement_to_respondent": True})
    story.do("officer", "assess", FACTS)
    story.do("officer", "ask_protection", {"measure": "stay"}, protect_whom="Three people of the night shift")
    with pytest.raises(Refused, match="Protection was not missed here"):
        story.do("brand", "protect_instead", STEP, proof="We came.")
    clock.at += timedelta(hours=24)
    sweep(desk)
    assert story.view("officer").stage == "triage"
    return story


def waiting(story: Story, person: str) -> list[str]:
    return [clock.move for clock in story.view("brand", person).clocks if clock.move]


def test_it_weighs_against_the_factory_where_those_who_decide_read_it(desk: Desk, clock: Clock) -> None:
    story = missed(desk, clock)
    for role in ("officer", "respondent"):
        assert [mark[:33] for mark in story.view(role).marks] == ["No protection was confirmed in ti"]
    assert story.view("brand").marks == ()
    assert story.view("complainant").marks == ()
    assert verifying.verify(desk)[1] == []


def test_each_brand_is_waited_for_until_it_has_done_its_own(desk: Desk, clock: Clock, app: Flask) -> None:
    story = missed(desk, clock)
    brands = ("north-buyer", "blue-buyer")
    for person in brands:
        assert waiting(story, person) == ["protect_instead"]
        row = worklists.worklist(desk, viewer(person), {}, roles=ROLES["brand"]).rows[0]
        assert row.my_turn
        page = Staff(app, person).read(f"/party/cases/{story.ref}")
        assert "The brands protect where the factory did not You have until" in page
    assert waiting(story, "lotus-hr") == []
    story.do("brand", "protect_instead", STEP, person=brands[0], proof="Two of us are at the gate.")
    assert (waiting(story, brands[0]), waiting(story, brands[1])) == ([], ["protect_instead"])
    shown = [text for line in story.view("complainant").timeline for _, text in line.texts]
    assert "Two of us are at the gate." in shown
    story.do("brand", "protect_instead", STEP, person=brands[1], proof="So are we.")
    assert not [one for one in story.view("officer").clocks if one.label.startswith("The brands protect")]
    clock.pass_days(3)
    sweep(desk)
    assert verifying.verify(desk)[1] == []


def test_a_task_that_nobody_owes_any_more_is_not_waited_for(desk: Desk, clock: Clock) -> None:
    story = missed(desk, clock)
    story.do("brand", "protect_instead", STEP, person="blue-buyer", proof="Two of us are at the gate.")
    assert waiting(story, "north-buyer")
    retiring.retire(desk, viewer("sarin"), "bodies", "brand-north")
    with desk.store.write() as tx:  # it does not buy there any more either
        tx.exec_driver_sql("DELETE FROM buyers WHERE body = 'brand-north'")
    story.do("officer", "assess", FACTS | {"severity": "serious"})
    assert not [one for one in story.view("officer").clocks if one.label.startswith("The brands protect")]
    assert verifying.verify(desk)[1] == []


def test_planted_a_task_of_nobody_rings_on(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "unowed", lambda *_: iter(()))
    with pytest.raises(AssertionError):
        test_a_task_that_nobody_owes_any_more_is_not_waited_for(desk, clock)


def test_after_48_hours_it_is_over_and_late_is_still_better_than_never(desk: Desk, clock: Clock) -> None:
    story = missed(desk, clock)
    clock.at += timedelta(hours=47, minutes=59)
    sweep(desk)
    assert waiting(story, "north-buyer")
    clock.at += timedelta(minutes=1)
    sweep(desk)
    assert waiting(story, "north-buyer") == []
    story.do("brand", "protect_instead", STEP, proof="Late, but we are here.")
    assert verifying.verify(desk)[1] == []
