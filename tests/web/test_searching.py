"""A list that is searched finds for somebody what they may read, and betrays nothing else by finding it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import true

from grievance.casework import escalating
from grievance.casework.desk import Desk
from grievance.casework.showing import worklists
from grievance.core.fold import taking
from grievance.store import narrowing
from tests.makers import Clock, Story
from tests.web.staff import Staff

NEW = "Overtime is unpaid, says Sokha."
TRIAGE = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": ["wages"]}


def restated(story: Story) -> Story:
    story.do("officer", "restate", {"could_have_written": 60}, title="Overtime unpaid", restatement=NEW)
    return story


def called_chairs(desk: Desk, clock: Clock) -> Story:
    """The chairs were called in an emergency that came with the number of a site, and sit there still while it is restated."""
    story = Story.filed(desk, retaliation=True, consents={"urgent": True}, site="KH-0412")
    while story.view("officer").stage != "triage":
        clock.at += timedelta(hours=5)
        escalating.sweep(desk)
    story.do("officer", "assess", TRIAGE)
    return restated(story)


def opened_again(desk: Desk, clock: Clock) -> Story:
    """A case that the factory knows is withdrawn, opened again and restated, and this text is not released."""
    story = Story.filed(desk).taken()
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(8)
    escalating.sweep(desk)
    story.do("complainant", "reopen", own_words="It goes on.")
    return restated(story)


def found(app: Flask, person: str, door: str, story: Story, words: str) -> bool:
    staff = Staff(app, person)
    pages = [staff.get(f"/{door}?view={view}&q={words}").text for view in ("open", "ended")]
    return any(f'href="/{door}/cases/{story.ref}"' in page for page in pages)


PLACES: dict[str, tuple[Callable[[Desk, Clock], Story], str, str, tuple[str, ...], tuple[str, ...]]] = {
    "chair": (called_chairs, "e1", "panel", ("Sokha", "unpaid", "KH-0412"), ("Sokha", "unpaid", "KH-0412")),
    "factory": (opened_again, "lotus-hr", "party", ("Sokha", "unpaid", "KH-0412"), ("Sokha",)),
}
"""Who looks where for which words, and which of them stand on none of their pages: the factory has read the old text."""


@pytest.mark.parametrize("who", PLACES)
def test_a_search_finds_no_word_and_no_site_that_its_reader_may_not_read(
    app: Flask, desk: Desk, clock: Clock, who: str
) -> None:
    """Letter by letter it would give the whole text away."""
    made, person, door, words, new = PLACES[who]
    story = made(desk, clock)
    for page in (f"/{door}/cases/{story.ref}", f"/{door}"):
        assert not [word for word in new if word in Staff(app, person).read(page)], page
    assert [word for word in words if found(app, person, door, story, word)] == []
    assert found(app, person, door, story, story.ref), "the number they know"
    assert all(found(app, "sophea", "office", story, word) for word in words)


@pytest.mark.parametrize("who", PLACES)
def test_planted_a_search_in_every_restatement_gives_it_away(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(narrowing, "_readable", lambda *_: true())
    made, person, door, words, _ = PLACES[who]
    story = made(desk, clock)
    assert all(found(app, person, door, story, word) for word in words)


def read_anew(app: Flask, desk: Desk, clock: Clock) -> None:
    """The office finds something else behind it, and another factory: both are for the office until it is released again."""
    story = Story.filed(desk).taken().answered().reviewed()
    member = next(iter(story.seated("panel")))
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(8)
    escalating.sweep(desk)
    story.do("complainant", "reopen", own_words="There is more.")
    assert "Overtime is unpaid." in Staff(app, "lotus-hr").read(f"/party/cases/{story.ref}"), (
        "what they have read already"
    )
    new = {"category": "violence", "issues": ["violence", "wages"], "other_respondents": ["KH-0119"]}
    story.do("officer", "assess", TRIAGE | new)
    for person, door in (("lotus-hr", "party"), ("north-buyer", "party"), (member, "panel")):
        staff = Staff(app, person)
        for page in (staff.read(f"/{door}"), staff.read(f"/{door}/cases/{story.ref}")):
            assert not [said for said in ("Violence", "Tonle", "KH-0119") if said in page], person
        assert not found(app, person, door, story, "KH-0119")
    assert "Violence" in Staff(app, "sophea").read(f"/office/cases/{story.ref}")
    assert story.view("complainant").category == "violence"
    restated(story).do("officer", "release")
    story.do("officer", "admit", reasons="It can be checked.")
    assert "Violence" in Staff(app, "lotus-hr").read(f"/party/cases/{story.ref}")
    assert found(app, "lotus-hr", "party", story, "KH-0119")


def test_a_new_triage_of_a_case_that_was_opened_again_is_read_by_nobody_before_it_is_released(
    app: Flask, desk: Desk, clock: Clock
) -> None:
    read_anew(app, desk, clock)


def test_planted_a_triage_that_leaves_the_old_release_standing_is_found(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "_not_out", lambda case: case)
    with pytest.raises(AssertionError):
        read_anew(app, desk, clock)


def test_planted_a_list_that_names_every_site_is_found(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklists, "sees_party_names", lambda *_: True)
    called_chairs(desk, clock)
    assert "KH-0412" in Staff(app, "e1").read("/panel")


def test_once_it_is_out_and_for_the_panel_as_soon_as_it_is_written_it_is_found(app: Flask, desk: Desk) -> None:
    story = Story.filed(desk).taken().answered().reviewed()
    for person, door in (("lotus-hr", "party"), ("north-buyer", "party"), (next(iter(story.seated("panel"))), "panel")):
        for words in ("unpaid", "KH-0412", story.ref):
            assert found(app, person, door, story, words), (person, words)
