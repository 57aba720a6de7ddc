"""Cases that open cases: linked, in one append, exactly once; and nobody judges what is about himself."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from grievance.casework import assigning, escalating, moving, opening
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.moving import Answers
from grievance.casework.showing import reading, worklists
from grievance.core.case import Case
from grievance.core.errors import Hidden
from grievance.core.lawbook import Lawbook
from grievance.core.matters import Seat
from grievance.core.procedure import Move
from grievance.store import cases
from grievance.store.tables import cases as rows
from grievance.store.tables import outbox, programmes
from tests import makers
from tests.makers import Clock, Story

OFFICE = frozenset({"officer", "relief"})
ASKING = Move(
    "complain", "Complain about how it is handled", ("*",), "", ("complainant", "respondent"), opens="process"
)


def opens(desk: Desk) -> Desk:
    """The house with a procedure that opens cases."""
    procedure = desk.lawbook.procedure("kh/worker-1@1")
    moves = {
        **procedure.moves,
        "end_unhandled": replace(procedure.moves["end_unhandled"], opens="process"),
        "complain": ASKING,
        "report_reprisal": replace(ASKING, name="report_reprisal", by=("complainant", "officer"), opens="retaliation"),
    }
    changed = replace(procedure, moves=moves)
    return replace(desk, lawbook=Lawbook({**desk.lawbook.procedures, changed.key: changed}, desk.lawbook.calendars))


def every(desk: Desk) -> dict[str, Case]:
    """All cases by their reference."""
    with desk.store.read() as tx:
        refs = list(tx.execute(select(rows.c.ref, rows.c.id)))
        return {ref: held.case for ref, case_id in refs if (held := cases.by_id(tx, case_id))}


def case_of(desk: Desk, ref: str) -> Case:
    return every(desk)[ref]


def silent(desk: Desk, clock: Clock, story: Story) -> None:
    """Nobody does anything until the case ends as our failure."""
    while not case_of(desk, story.ref).final:
        clock.pass_days(1)
        escalating.sweep(desk)


def process_of(desk: Desk, story: Story) -> str:
    """The reference of the complaint about us that belongs to this case."""
    return next(link.ref for link in case_of(desk, story.ref).links if link.kind == "process")


def seen_by(desk: Desk, person: str) -> set[str]:
    """What this person's list shows."""
    listed = worklists.worklist(desk, makers.viewer(person), {}, roles=OFFICE | {"respondent", "panel", "outside"})
    return {row.ref for row in listed.rows}


def told_of(desk: Desk, case: Case) -> set[str]:
    with desk.store.read() as tx:
        return {person for person, cause in tx.execute(select(outbox.c.person, outbox.c.cause)) if case.id in cause}


# asvs: 2.2.1
def test_a_case_that_nobody_handled_opens_a_complaint_about_us(desk: Desk, clock: Clock) -> None:
    """Scenario 8 of kh/worker-1: filed on Friday 3 April, unhandled on 13 May, and the linked case opened that day."""
    house = opens(desk)
    clock.at = datetime(2026, 4, 3, 3, tzinfo=UTC)
    story = Story.filed(house)
    silent(house, clock, story)
    first = case_of(house, story.ref)
    assert first.stage == "unhandled"
    ref = process_of(house, story)
    second = case_of(house, ref)
    assert (second.procedure, second.stage, second.filed_at) == ("default/process-1@1", "received", first.ended_at)
    assert [(link.kind, link.ref) for link in second.links] == [("process_of", story.ref)]
    escalating.sweep(house)
    assert len(every(house)) == 2, "one, and no more however often the clock looks"
    assert second.named == ("chan",), "nobody took it, so it is about whoever leads the office"
    assert told_of(house, second) == {"sophea", "rith"}
    assert verifying.verify(house) == (2, [])


def test_whoever_is_complained_about_finds_no_case(desk: Desk, clock: Clock) -> None:
    """Scenario 4 of default/process-1: in lists, by its reference, in moves and in reminders; a stranger's very answer."""
    house = opens(desk)
    story = Story.filed(house)
    assigning.assign(house, makers.viewer("sophea"), story.ref, "sophea", seen=case_of(house, story.ref).seq)
    story.do("complainant", "complain", own_words="She never answers.")
    ref = process_of(house, story)
    process = case_of(house, ref)
    assert (process.named, process.out) == (("sophea",), ("chan",))
    assert case_of(house, story.ref).assignee == "", "she does not go on with the case itself"
    for person in ("sophea", "chan", "lotus-hr"):
        assert ref not in seen_by(house, person)
        with pytest.raises(Hidden):
            reading.case(house, makers.viewer(person), ref, roles=OFFICE)
        with pytest.raises(Hidden):
            moving.fire(house, makers.viewer(person), ref, "acknowledge", Answers(), seen=process.seq)
    assert ref in seen_by(house, "rith")
    other = Story(house, story.receipt, ref, story.bearer)
    other.do("officer", "acknowledge", person="rith", greeting="We look at it.")
    facts = {"could_have_written": 40}
    other.do("officer", "restate", facts, person="rith", title="No answer", restatement="Nobody answered.")
    other.do("officer", "admit", person="rith", reasons="It can be looked at.")
    assert other.do("respondent", "give_account", person="sophea", statement="I was ill.").stage == "comment"
    with pytest.raises(Hidden):
        reading.case(house, makers.viewer("sophea"), ref, roles=OFFICE)
    for _ in range(30):
        clock.pass_days(1)
        escalating.sweep(house)
    review = case_of(house, ref)
    assert review.stage in ("review", "outside")
    assert not {seat.holder for seat in review.seats if seat.role != "respondent"} & {"sophea", "chan"}
    assert "chan" not in told_of(house, review)


def test_the_complainant_follows_both_with_one_receipt(desk: Desk, clock: Clock) -> None:
    house = opens(desk)
    clock.at = datetime(2026, 4, 3, 3, tzinfo=UTC)
    story = Story.filed(house)
    silent(house, clock, story)
    ref = process_of(house, story)
    assert story.bearer
    view = reading.case(house, story.bearer, ref, roles=frozenset({"complainant"}))
    assert (view.ref, view.stage) == (ref, "received")
    assert reading.case(house, story.bearer, "", roles=frozenset({"complainant"})).ref == story.ref
    moving.fire(house, story.bearer, ref, "withdraw", Answers({"why_withdrawn": "free"}), seen=view.seq)
    assert case_of(house, ref).stage == "withdrawn"
    assert case_of(house, story.ref).stage == "unhandled"
    stranger = Story.filed(house)
    assert stranger.bearer
    with pytest.raises(Hidden):
        reading.case(house, stranger.bearer, ref, roles=frozenset({"complainant"}))


def test_reprisal_opens_an_urgent_case(desk: Desk) -> None:
    house = opens(desk)
    story = Story.filed(house).taken()
    story.do("complainant", "report_reprisal", own_words="They moved me to the night shift.")
    ref = next(link.ref for link in case_of(house, story.ref).links if link.kind == "retaliation")
    urgent = case_of(house, ref)
    assert (urgent.lane, urgent.about) == ("U2", ("retaliation",))
    assert urgent.consents == {}, "what may be told of the new story is asked anew"
    assert case_of(house, story.ref).stage == "answer", "the complaint itself goes on"
    assert ref in seen_by(house, "sophea")
    view = reading.case(house, makers.viewer("sophea"), ref, roles=OFFICE)
    assert view.own.account["words"] == "They moved me to the night shift."
    assert verifying.verify(house) == (2, [])


def test_a_programme_without_the_track_goes_on_without_it(desk: Desk, clock: Clock) -> None:
    house = opens(desk)
    with house.store.write() as tx:
        tx.execute(programmes.update().values(tracks=json.dumps({"worker": "kh/worker-1"})))
    story = Story.filed(house)
    silent(house, clock, story)
    assert case_of(house, story.ref).stage == "unhandled"
    assert len(every(house)) == 1


def test_several_clocks_open_it_once(desk: Desk, clock: Clock) -> None:
    house = opens(desk)
    stories = [Story.filed(house) for _ in range(4)]
    for _ in range(3):  # received, triage, panel_triage
        clock.pass_days(60)
        threads = [threading.Thread(target=escalating.sweep, args=(house, 2)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    found = every(house)
    assert [found[story.ref].stage for story in stories] == ["unhandled"] * 4
    assert sum(case.procedure.startswith("default/process-1") for case in found.values()) == 4
    assert all(len(found[story.ref].links) == 1 for story in stories)
    assert verifying.verify(house)[1] == []


def test_planted_an_office_seated_as_a_whole_shows_it_to_whoever_it_is_about(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = opens(desk)
    story = Story.filed(house)
    assigning.assign(house, makers.viewer("sophea"), story.ref, "sophea", seen=case_of(house, story.ref).seq)
    whole = (Seat(2, "officer", "body", "office-kh"),)
    monkeypatch.setattr(opening, "_office", lambda *_: whole)
    story.do("complainant", "complain", own_words="She never answers.")
    assert process_of(house, story) in seen_by(house, "sophea")
