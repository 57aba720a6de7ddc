"""A withdrawal is the complainant's and the office's for five working days; until then nobody else learns of it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from grievance.casework import escalating
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import exporting, worklists
from grievance.core import pacing
from grievance.store.tables import clocks, outbox, rungs
from tests.makers import ROLES, Clock, Story, contents, viewer

OUTSIDE = ("lotus-hr", "north-buyer", "blue-buyer")


def letters(desk: Desk) -> Counter[str]:
    with desk.store.read() as tx:
        return Counter(tx.execute(select(outbox.c.person)).scalars())


def withdrawn(desk: Desk) -> Story:
    story = Story.filed(desk).taken().answered().reviewed()
    story.do("complainant", "withdraw", {"why_withdrawn": "pressed"})
    return story


def heard(desk: Desk, before: Counter[str]) -> set[str]:
    """Who got a letter since."""
    return set(letters(desk) - before)


def test_for_five_working_days_the_others_see_that_it_rests_and_no_more(desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk).taken().answered().reviewed()
    panellist = next(iter(story.seated("panel")))
    before = letters(desk)
    story.do("complainant", "withdraw", {"why_withdrawn": "pressed"})
    assert heard(desk, before) <= {"sophea", "rith", "chan"}, "the office"
    assert story.view("complainant").final == story.view("officer").final == "withdrawn"
    for role, person in (("respondent", "lotus-hr"), ("brand", "north-buyer"), ("panel", panellist)):
        view = story.view(role, person)
        assert (view.stage, view.final, view.due) == ("", "rests", None)
        assert "ithdraw" not in repr(view)
        rows = worklists.worklist(desk, viewer(person), {"view": "ended"}, roles=ROLES[role]).rows
        assert [row.ref for row in rows] == [story.ref]
        assert "ithdraw" not in repr(rows)
        raw = exporting.export(desk, story.who(role, person), story.ref)
        assert b"ithdraw" not in raw
        assert json.loads(raw)["stage"] == ""
        assert not exporting.check_file(raw).faults
    assert not exporting.check_file(exporting.export(desk, story.who("officer"), story.ref)).faults
    assert verifying.verify(desk)[1] == []


def test_then_they_are_told_once_and_see_how_it_ended(desk: Desk, clock: Clock) -> None:
    story = withdrawn(desk)
    panel = set(story.seated("panel"))
    with desk.store.read() as tx:
        rings_at = tx.execute(select(clocks.c.rings_at)).scalar_one()
    before = letters(desk)
    clock.at = rings_at - timedelta(minutes=1)
    assert escalating.sweep(desk).rungs == 0
    clock.at = rings_at
    assert escalating.sweep(desk).rungs == 1
    assert heard(desk, before) == {*OUTSIDE, *panel}
    assert (letters(desk) - before).most_common(1)[0][1] == 1
    for role in ("respondent", "brand"):
        assert (story.view(role).stage, story.view(role).final) == ("withdrawn", "withdrawn")
    kept = contents(desk)
    clock.pass_days(60)
    assert escalating.sweep(desk).rungs == 0
    assert contents(desk) == kept
    with desk.store.read() as tx:
        assert tx.execute(select(clocks.c.no)).first() is None, "nothing runs on"
        assert len(tx.execute(select(rungs.c.rung)).all()) == 1
    assert verifying.verify(desk)[1] == []


def test_opened_again_meanwhile_it_tells_nobody(desk: Desk, clock: Clock) -> None:
    story = withdrawn(desk)
    panel = set(story.seated("panel"))
    clock.pass_days(1)
    before = letters(desk)
    story.do("complainant", "reopen", {"new_ground": "pressure"}, own_words="They came to my house.")
    assert story.view("officer").stage == "triage"
    clock.pass_days(7)
    escalating.sweep(desk)
    assert not heard(desk, before) & panel
    clock.pass_days(5)
    escalating.sweep(desk)
    assert not heard(desk, before) & set(OUTSIDE)
    assert verifying.verify(desk)[1] == []


def test_the_guard_on_reopening_bites(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a clock that nobody stops on reopening tells the panel what did not stand."""
    story = withdrawn(desk)
    panel = set(story.seated("panel"))
    monkeypatch.setattr(pacing, "stopped", lambda *_: iter(()))
    story.do("complainant", "reopen", {"new_ground": "pressure"}, own_words="They came to my house.")
    before = letters(desk)
    clock.pass_days(8)
    escalating.sweep(desk)
    assert panel <= heard(desk, before)
