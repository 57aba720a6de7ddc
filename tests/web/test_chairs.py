"""In an emergency that the office misses, the chairs find the case at the panel's door, and read no word of the complaint."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from grievance.casework import escalating
from grievance.casework.desk import Desk
from tests.makers import Clock, Story
from tests.web.staff import Staff


def test_a_chair_finds_the_urgent_case_and_can_act_without_reading_it(app: Flask, desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk, retaliation=True, consents={"urgent": True})
    assert Staff(app, "w1").get(f"/panel/cases/{story.ref}").status_code == 404
    clock.at += timedelta(hours=13)
    escalating.sweep(desk)
    chair = Staff(app, "w1")
    assert story.ref in chair.get("/panel").text
    page = chair.get(f"/panel/cases/{story.ref}")
    assert page.status_code == 200
    for secret in ("ស្រី ម៉ុម", "012345678", "គេមិនបើក"):
        assert secret not in page.text
    assert chair.get(f"/panel/cases/{story.ref}/assess_instead").status_code == 200
