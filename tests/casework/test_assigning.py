"""Cases are given one by one or many at once; each has its entry, what moved meanwhile is left, and nobody is told twice."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, insert, select, text

from grievance.casework import assigning, moving
from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import verifying
from grievance.core.errors import Hidden, Invalid, Refused, Stale
from grievance.store import ledger
from grievance.store.tables import seats
from tests.makers import Story, viewer

SOPHEA, RITH = "sophea", "rith"


def chosen(stories: list[Story]) -> dict[str, int]:
    return {story.ref: story.view("officer").seq for story in stories}


def notices(desk: Desk, person: str) -> int:
    with desk.store.read() as tx:
        query = text("SELECT count(*) FROM outbox WHERE person = :person AND state = 'waiting'")
        return int(tx.execute(query, {"person": person}).scalar_one())


def note(story: Story) -> None:
    officer = story.who("officer")
    assert isinstance(officer, Viewer)
    moving.write_note(story.desk, officer, story.ref, "Somebody was here.")


def test_many_are_given_and_what_moved_is_left(desk: Desk) -> None:
    stories = [Story.filed(desk) for _ in range(4)]
    seen, before = chosen(stories), notices(desk, RITH)
    note(stories[2])
    found = assigning.assign_many(
        desk, viewer(SOPHEA), {**seen, "AAAA-BBBB": 1}, [RITH], "Sophea is on leave.", once="m"
    )
    assert set(found.given) == {stories[0].ref, stories[1].ref, stories[3].ref}
    assert [ref for ref, _ in found.left] == [stories[2].ref, "AAAA-BBBB"]
    assert stories[2].view("officer").assignee == ""
    assert stories[0].view("officer").assignee == RITH
    assert "Sophea is on leave." in repr(stories[0].view("officer").timeline)
    assert "Sophea is on leave." not in repr(stories[0].view("complainant"))
    assert notices(desk, RITH) == before + 1
    assert assigning.assign_many(desk, viewer(SOPHEA), seen, [RITH], "Sophea is on leave.", once="m").given == {}
    assert verifying.verify(desk) == (4, [])


def test_what_lacks_is_said(desk: Desk) -> None:
    story = Story.filed(desk)
    seen = chosen([story])
    for to, reason, cases, field in (
        ([], "Why", seen, "person"),
        ([RITH], "  ", seen, "reason"),
        ([RITH], "Why", {}, "case"),
        ([RITH], "Why", {f"A{n}": 1 for n in range(assigning.MOST + 1)}, "case"),
    ):
        with pytest.raises(Invalid) as wrong:
            assigning.assign_many(desk, viewer(SOPHEA), cases, to, reason, once="")
        assert list(wrong.value.fields) == [field]
    left = assigning.assign_many(desk, viewer(SOPHEA), seen, ["lotus-hr"], "To the factory?", once="").left
    assert left[0][1].text == "This officer does not work in the office of this case."
    with pytest.raises(Hidden):
        assigning.assign(desk, viewer("lotus-hr"), story.ref, RITH, seen=seen[story.ref])
    with pytest.raises(Stale):
        assigning.assign(desk, viewer(SOPHEA), story.ref, RITH, seen=seen[story.ref] - 1)
    assert assigning.assign_many(desk, viewer("lotus-hr"), seen, [RITH], "Not mine", once="").given == {}
    assert story.view("officer").assignee == ""


def test_everything_of_somebody_who_leaves_goes_on(desk: Desk) -> None:
    stories = [Story.filed(desk) for _ in range(5)]
    assigning.assign_many(desk, viewer(SOPHEA), chosen(stories[:4]), [RITH], "His site", once="")
    hands = assigning.in_hand(desk, viewer(SOPHEA), RITH)
    assert hands.counts[RITH] == 4
    assert {one.ref for one in hands.cases} == {story.ref for story in stories[:4]}
    others = [person for person in hands.officers if person != RITH]
    found = assigning.hand_over(desk, viewer(SOPHEA), RITH, [RITH, *others], "Rith leaves.", once="")
    assert len(found.given) == 4
    assert RITH not in found.given.values()
    assert set(found.given.values()) == set(others[:4])
    assert RITH not in assigning.in_hand(desk, viewer(SOPHEA)).counts
    assert stories[4].view("officer").assignee == ""
    with pytest.raises(Refused):
        assigning.hand_over(desk, viewer(SOPHEA), RITH, others, "Again", once="")


def test_of_very_many_the_soonest_due_go_first_and_a_seat_by_name_counts_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [Story.filed(desk) for _ in range(3)]
    assigning.assign_many(desk, viewer(SOPHEA), chosen(stories), [RITH], "His site", once="")
    with desk.store.write() as tx:  # the office sits in it, and so does she herself
        ours = tx.execute(select(seats).where(seats.c.holder == "office-kh").limit(1)).mappings().one()
        tx.execute(insert(seats).values({**ours, "no": 9, "kind": "person", "holder": SOPHEA}))
    monkeypatch.setattr(assigning, "MOST", 2)
    hands = assigning.in_hand(desk, viewer(SOPHEA), RITH)
    assert (hands.counts, len(hands.cases)) == ({RITH: 3}, 2)
    first = assigning.hand_over(desk, viewer(SOPHEA), RITH, [SOPHEA], "Rith leaves.", once="")
    assert set(first.given) == {one.ref for one in hands.cases}
    assert assigning.in_hand(desk, viewer(SOPHEA), RITH).counts == {RITH: 1, SOPHEA: 2}


def test_of_two_at_one_moment_the_others_are_still_given(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stories = [Story.filed(desk) for _ in range(3)]
    seen, kept, tried = chosen(stories), ledger.append, list[int]()

    def late(tx: Connection, changes: list[ledger.Change]) -> None:
        tried.append(len(changes))
        if len(tried) == 1:
            raise Stale
        kept(tx, changes)

    monkeypatch.setattr("grievance.casework.assigning.ledger.append", late)
    assert len(assigning.assign_many(desk, viewer(SOPHEA), seen, [RITH], "Why", once="x").given) == 3
    assert tried == [3, 3]
