"""Whoever comes after a consent was taken back gets nothing that rests on it; whoever sat there before reads what they read."""

from __future__ import annotations

import pytest

from grievance.casework import escalating
from grievance.casework.desk import Desk
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.house import rostering, verifying
from grievance.casework.showing import exporting, worklists
from grievance.core import visibility
from grievance.core.case import changed
from grievance.core.errors import Hidden
from tests.casework.test_evidence import add, agree, fetch, release
from tests.files import jpeg
from tests.makers import ROLES, Clock, Story, viewer
from tests.web.test_rosters import ADMIN, against

TEXT, SHOWN = "Invoices were paid late.", "A machine"


def told(story: Story, role: str, person: str) -> str:
    """Everything that somebody gets of the case: page, list, file."""
    listed = worklists.worklist(story.desk, viewer(person), {}, roles=ROLES[role])
    return f"{story.view(role, person)} {listed} {exporting.export(story.desk, viewer(person), story.ref).decode()}"


def found(story: Story, role: str, person: str, words: str) -> bool:
    return bool(worklists.worklist(story.desk, viewer(person), {"q": words}, roles=ROLES[role]).rows)


def says(story: Story, scope: str, *, yes: bool) -> None:
    story.do("complainant", "give_consent" if yes else "take_back_consent", {"consent": scope})


def files_are_for_those_who_sat(story: Story) -> None:
    add(story, "complainant", jpeg())
    agree(story)
    release(story, 1)
    before = story.seated("panel")
    goes, *stay = before
    says(story, visibility.SHARE, yes=False)
    story.do("panel", "declare_conflict", {"conflict": "family"}, person=goes, conflict_reasons="A cousin.")
    (comes,) = set(story.seated("panel")) - set(before)
    assert SHOWN not in told(story, "panel", comes)
    assert "EvidenceReleased" not in told(story, "panel", comes)
    with pytest.raises(Hidden):
        fetch(story, "panel", 1, comes)
    for role, person in (("panel", stay[0]), ("respondent", "lotus-hr"), ("brand", "north-buyer")):
        assert SHOWN in told(story, role, person), person
        assert fetch(story, role, 1, person), person
    says(story, visibility.SHARE, yes=False)  # said again, it lets in nobody
    assert SHOWN not in told(story, "panel", comes)
    assert verifying.verify(story.desk) == (1, [])
    says(story, visibility.SHARE, yes=True)
    assert SHOWN in told(story, "panel", comes)


def test_a_panellist_who_comes_later_reads_no_file_of_a_consent_that_was_taken_back(desk: Desk) -> None:
    files_are_for_those_who_sat(Story.filed(desk).taken().answered().reviewed())


def test_planted_a_case_that_is_the_same_for_everybody_shows_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grievance.casework.finding.as_it_was_for", lambda case, _: changed(case, withdrawn={}))
    with pytest.raises(AssertionError):
        files_are_for_those_who_sat(Story.filed(desk).taken().answered().reviewed())


def test_a_panellist_who_comes_later_reads_the_text_where_they_are_asked_and_what_they_judged(
    desk: Desk, clock: Clock
) -> None:
    story = Story.filed(desk).taken().answered().reviewed()
    says(story, visibility.RELEASE, yes=False)
    before = story.seated("panel")
    goes = next(iter(before))
    story.do("panel", "declare_conflict", {"conflict": "family"}, person=goes, conflict_reasons="A cousin.")
    (comes,) = set(story.seated("panel")) - set(before)
    story.position("take_view", "upheld", person=comes)
    while story.view("officer").stage != "mediation":
        clock.pass_days(1)
        escalating.sweep(desk)
    silent = set(story.seated("panel")) - set(before) - {comes}
    assert silent, "alternates sit for those who said nothing"
    text = "Overtime is unpaid."
    assert [text in told(story, "panel", person) for person in (comes, *silent)] == [True] + [False] * len(silent)
    story.do("complainant", "leave_mediation", reasons="It leads nowhere.")
    assert all(text in told(story, "panel", person) for person in (comes, *silent)), "now they are asked"


def test_another_contact_of_a_brand_reads_no_text_of_a_consent_that_was_taken_back(desk: Desk) -> None:
    story = against(desk, "brand-sand")
    story.do("officer", "name_contact", {"contact": "sand-trust"})
    story.do("officer", "release_text")
    says(story, visibility.RELEASE, yes=False)
    assert TEXT in told(story, "respondent", "sand-trust")
    assert found(story, "respondent", "sand-trust", "Paid late"), "who has read it still finds it: nothing tells them"
    rostering.put(desk, ADMIN, "kh", "b1", "contact", "")
    story.do("officer", "change_contact", {"contact": "b1"}, reasons="Yuki has left.")
    for words in (TEXT, "Paid late", "c2_payment", "Northcoat", "Sand"):
        assert words not in told(story, "respondent", "b1"), words
    assert not found(story, "respondent", "b1", "Paid late")
    assert not found(story, "respondent", "b1", TEXT)
    assert found(story, "officer", "sophea", "Paid late")
    sent, late = [Upload("a photo", jpeg())], viewer("b1")
    assert evidence.add(desk, late, story.ref, sent, "", roles=ROLES["respondent"], once="") == (1, [])
    assert fetch(story, "respondent", 1, "b1"), "what they send themselves they see"
    says(story, visibility.RELEASE, yes=True)
    assert TEXT in told(story, "respondent", "b1")
    assert found(story, "respondent", "b1", "Paid late")
    assert verifying.verify(desk) == (1, [])
