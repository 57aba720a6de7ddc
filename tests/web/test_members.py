"""Some of a group leave: the bearer of the receipt says how many, and the office and the panel read a number."""

from __future__ import annotations

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import exporting
from grievance.core.errors import Hidden, Refused
from tests.makers import Story, viewer
from tests.web.staff import Staff, hidden, words

WHO = "CANARYwho: the women of line four"


@pytest.fixture
def story(desk: Desk) -> Story:
    return Story.filed(desk, filer="union", identity={"organisation": "Union of the South"}).taken()


def test_the_complainant_says_how_many_and_nobody_else_reads_who(app: Flask, desk: Desk, story: Story) -> None:
    story.answered().reviewed()
    story.do("complainant", "members_leave", {"leaving": 12, "remaining": 52}, left_part=WHO)
    panellist = next(iter(story.seated("panel")))
    said = "52 people still complain together; 12 people have left."
    assert said in words(Staff(app, "sophea").get(f"/office/cases/{story.ref}").text)
    assert said in words(Staff(app, panellist).get(f"/panel/cases/{story.ref}").text)
    for role, person in (("respondent", ""), ("brand", ""), ("panel", panellist)):
        view = story.view(role, person)
        assert WHO not in repr(view)
        assert (view.members > 0) == (role == "panel")
        taken = exporting.export(
            desk, viewer(person or {"respondent": "lotus-hr", "brand": "north-buyer"}[role]), story.ref
        )
        assert WHO.encode() not in taken
        assert (b'"MembersLeft"' in taken) == (role == "panel")
    assert WHO in repr(story.view("officer"))
    assert story.view("officer").stage == "joint_review", "the case goes on"
    assert verifying.verify(desk) == (1, [])


def test_the_office_notes_it_with_how_it_knows(app: Flask, story: Story) -> None:
    officer, address = Staff(app, "sophea"), f"/office/cases/{story.ref}/note_members_left"
    seen = hidden(officer.get(address).text, "seen")
    wrong = officer.send(address, seen=seen, leaving="12", remaining="0", leaving_why="The union wrote.")
    assert wrong.status_code == 422
    assert "The union wrote." in wrong.text
    empty = officer.send(address, seen=seen, leaving="12", remaining="52", leaving_why="")
    assert empty.status_code == 422, "a reason is never missing"
    huge = officer.send(address, seen=seen, leaving="9" * 30, remaining="52", leaving_why="The union wrote.")
    assert huge.status_code == 422
    assert officer.send(address, seen=seen, leaving="12", remaining="52", leaving_why="They wrote.").status_code == 303
    view = story.view("complainant")
    assert (view.members, view.members_left) == (52, 12)
    assert "They wrote." in repr(view.timeline)
    assert "They wrote." not in repr(story.view("respondent"))


def test_nobody_else_counts_them_out(desk: Desk, story: Story) -> None:
    for role in ("respondent", "brand"):
        with pytest.raises(Refused):
            story.do(role, "members_leave", {"leaving": 1, "remaining": 1})
    with pytest.raises(Hidden):
        story.do("respondent", "members_leave", {"leaving": 1, "remaining": 1}, person="mekong-hr")
    alone = Story.filed(desk)
    with pytest.raises(Refused, match="Whoever complains alone"):
        alone.do("complainant", "members_leave", {"leaving": 1, "remaining": 1})
