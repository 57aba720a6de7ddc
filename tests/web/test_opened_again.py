"""A factory that knew a case reads its end until it is asked something in it: nobody sees when somebody came back to it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from grievance.casework import escalating, finding, telling
from grievance.casework.desk import Desk, Lent
from grievance.casework.house import verifying
from grievance.casework.showing import exporting
from grievance.core.errors import Refused
from grievance.store import batch
from grievance.store.tables import outbox
from tests.makers import Clock, Story, desk_of, viewer
from tests.web.staff import Staff

PEOPLE = ("lotus-hr", "north-buyer")
ANEW = {"category": "violence", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": ["violence"]}


def ended(desk: Desk, clock: Clock, *, told: bool) -> Story:
    """A case that the factory knows was withdrawn; `told`: the days are over after which it may hear of that."""
    story = Story.filed(desk).taken().answered()
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    if told:
        clock.pass_days(8)
        escalating.sweep(desk)
    return story


def read_by(app: Flask, story: Story, person: str) -> list[str]:
    """Everything that somebody outside gets of the case, but for what is new on each page: its token and its mark."""
    staff = Staff(app, person)
    pages = [f"/party?view={view}" for view in ("open", "ended", "late", "week")]
    pages += [
        f"/party?view={view}&q={word}" for view in ("open", "ended") for word in ("Beaten", "Overtime", "KH-0412")
    ]
    pages += [f"/party?view=ended&q={story.ref}", f"/party/cases/{story.ref}", f"/party/cases/{story.ref}/evidence"]
    pages += [f"/party/cases/{story.ref}/moves/{move}" for move in ("submit_answer", "challenge_seat")]
    answers = [staff.get(page) for page in pages]
    texts = [f"{answer.status_code} {re.sub(r'value=.[0-9A-Za-z_.:-]{16,}.', '', answer.text)}" for answer in answers]
    return [*texts, exporting.export(desk_of(app), viewer(person), story.ref).decode()]


def comes_back(app: Flask, desk: Desk, clock: Clock, *, told: bool) -> Story:
    """Opened again, triaged anew, restated and released; none of it changes a byte for those outside."""
    story = ended(desk, clock, told=told)
    before = {person: read_by(app, story, person) for person in PEOPLE}
    assert all(story.ref in "".join(before[person]) for person in PEOPLE)
    letters = waiting(desk)
    story.do("complainant", "reopen", own_words="It goes on.")
    steps = (
        lambda: story.do("officer", "assess", ANEW),
        lambda: story.do(
            "officer", "restate", {"could_have_written": 60}, title="Beaten", restatement="Beaten, again."
        ),
        lambda: story.do("officer", "release"),
        lambda: None,
    )
    for step in steps:
        for person in PEOPLE:
            for was, now in zip(before[person], read_by(app, story, person), strict=True):
                assert now == was, person
        assert waiting(desk) - letters == set(), "no letter tells them"
        step()
    return story


def waiting(desk: Desk) -> set[tuple[str, str]]:
    with desk.store.whole() as tx:
        return {(row.person, row.cause) for row in tx.execute(select(outbox)) if row.person in PEOPLE}


@pytest.mark.parametrize("told", [True, False])
def test_who_knew_it_reads_how_it_ended_until_they_are_asked(app: Flask, desk: Desk, clock: Clock, told: bool) -> None:
    story = comes_back(app, desk, clock, told=told)
    assert verifying.verify(desk) == (1, [])
    with pytest.raises(Refused):  # by a form of their own making
        story.do(
            "respondent", "challenge_seat", {"which_seat": "1", "conflict": "family"}, conflict_reasons="A cousin."
        )
    story.do("officer", "admit", reasons="It can be checked.")
    staff = Staff(app, "lotus-hr")
    assert "Beaten, again." in staff.read(f"/party/cases/{story.ref}")
    assert "Beaten" in staff.read("/party?view=open")
    assert verifying.verify(desk) == (1, [])


def test_planted_without_the_rule_it_shows(
    app: Flask, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "sees_opened_again", lambda *_: True)
    with pytest.raises(AssertionError):
        comes_back(app, desk, clock, told=True)


def test_planted_a_list_that_puts_it_among_the_open_ones_is_reported(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the database too: `verify` holds the rows of seats against what each role may know."""
    story = ended(desk, clock, told=True)
    story.do("complainant", "reopen", own_words="It goes on.")
    assert verifying.verify(desk) == (1, [])
    monkeypatch.setattr(batch, "sees_opened_again", lambda *_: True)
    assert [found.what for found in verifying.verify(desk)[1]] == ["the lists do not show it as the ledger says"]


def test_no_letter_tells_them(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    story = ended(desk, clock, told=True)
    case = story.do("complainant", "reopen", own_words="It goes on.")
    clock.at += timedelta(minutes=1)
    roles = ("respondent", "brand", "officer")
    with desk.store.whole() as tx:
        entries = tuple(finding.told(tx, case))
        told = {notice.person for notice in telling.notices(Lent(tx), case, entries, roles)}
        assert told
        assert not told & set(PEOPLE)
        monkeypatch.setattr(telling, "sees_opened_again", lambda *_: True)
        assert {notice.person for notice in telling.notices(Lent(tx), case, entries, roles)} & set(PEOPLE)
