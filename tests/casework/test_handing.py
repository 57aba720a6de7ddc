"""A lost number: the case goes to a new one slowly, by two officers, never in silence, and without saying who complained."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import insert, select, text

from grievance.casework import handing, linking, moving
from grievance.casework.desk import Bearer, Desk
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.finding import find_seat
from grievance.casework.house import verifying
from grievance.casework.showing import exporting, following, reading, recalling
from grievance.core.errors import Hidden, Invalid, Refused, Stale
from grievance.core.visibility import OFFICE
from grievance.store.tables import programmes
from tests.files import jpeg
from tests.makers import ROLES, Clock, Story, contents, viewer

AGAIN = {"identity": {"name": "Mom"}, "contact": {"phone": "098765432"}}
FIRST, SECOND = "sophea", "rith"


def bearer(story: Story) -> Bearer:
    found = story.who("complainant")
    assert isinstance(found, Bearer)
    return found


def around(desk: Desk, number: Bearer) -> following.Around:
    return following.page(desk, number, "", roles=ROLES["complainant"])[1]


def act(old: Story, new: Story, what: str, person: str = FIRST, reason: str = "Called back, told it all.") -> None:
    seen = old.view("officer", person).seq
    handing.act(old.desk, viewer(person), what, old.ref, new.ref, reason, seen=seen)


def filed_again(desk: Desk, **first: object) -> tuple[Story, Story]:
    """The first complaint, and the same filed again; linked."""
    old = Story.filed(desk, **first).taken()
    moving.write_message(desk, viewer(FIRST), old.ref, "Before it was lost")
    new = Story.filed(desk, **AGAIN)
    seen = old.view("officer").seq
    linking.link(desk, viewer(FIRST), old.ref, new.ref, "later", "She says so.", seen=seen)
    return old, new


@pytest.fixture
def lost(desk: Desk) -> tuple[Story, Story]:
    return filed_again(desk)


def handed(lost: tuple[Story, Story], clock: Clock) -> tuple[Story, Story]:
    old, new = lost
    act(old, new, "announce")
    clock.pass_days(7)
    act(old, new, "hand", SECOND)
    return old, new


def as_new(old: Story, new: Story) -> Story:
    """The first case, looked at with the new number."""
    return Story(old.desk, new.receipt, old.ref, bearer(new))


def test_the_new_number_opens_the_first_case_and_the_first_number_does_not(
    lost: tuple[Story, Story], clock: Clock, desk: Desk
) -> None:
    evidence.add(
        desk, bearer(lost[0]), "", [Upload("slip.jpg", jpeg())], "My slip", roles=ROLES["complainant"], once=""
    )
    old, new = handed(lost, clock)
    seen = as_new(old, new).view("complainant")
    assert seen.ref == old.ref
    assert [said.body for said in seen.messages] == ["Before it was lost"]
    assert recalling.own_words(desk, bearer(new), old.ref).account["workplace"] == "Lotus Stitch"
    assert seen.evidence[0].caption == "My slip"
    assert evidence.open_file(desk, bearer(new), old.ref, 1, roles=ROLES["complainant"]).kind == "jpeg"
    with pytest.raises(Hidden):
        old.view("complainant")
    with pytest.raises(Hidden):  # name and telephone are still sealed for the first number
        recalling.own_words(desk, bearer(old))
    assert [one.ref for one in around(desk, bearer(new)).cases] == [new.ref, old.ref]
    assert around(desk, bearer(old)).cases == ()
    assert verifying.verify(desk) == (2, [])


def test_who_complained_does_not_go_along(lost: tuple[Story, Story], clock: Clock, desk: Desk) -> None:
    old, new = handed(lost, clock)
    mine = as_new(old, new)
    view = mine.view("complainant")
    own = recalling.own_words(desk, bearer(new), old.ref)
    assert (own.identity, own.contact, view.complainant) == ({}, {}, "")
    taken_along = exporting.export(desk, bearer(new), old.ref)
    assert exporting.check_file(taken_along).faults == ()
    for told in ("ស្រី ម៉ុម", "012345678"):
        assert told not in repr(view)
        assert told not in taken_along.decode()
    assert old.view("officer").own.identity == {}, "a name is opened by two others alone"


def test_planted_a_name_that_is_sealed_anew_is_noticed(
    lost: tuple[Story, Story], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing, "KEPT_BACK", frozenset())
    old, new = handed(lost, clock)
    assert recalling.own_words(old.desk, bearer(new), old.ref).identity == {"name": "ស្រី ម៉ុម"}


def test_later_replies_and_later_cases_are_for_the_new_number(
    lost: tuple[Story, Story], clock: Clock, desk: Desk
) -> None:
    old, new = handed(lost, clock)
    moving.write_message(desk, viewer(FIRST), old.ref, "For the new one")
    mine = as_new(old, new)
    assert mine.view("complainant").messages[-1].body == "For the new one"
    mine.do("complainant", "report_retaliation", own_words="They moved me to nights.")
    opened = around(desk, bearer(new))
    assert [str(one.how)[:17] for one in opened.cases[2:]] == ["Somebody was puni"]
    beside = Story(desk, new.receipt, opened.cases[2].ref, bearer(new))
    assert recalling.own_words(desk, bearer(new), beside.ref).account == {"words": "They moved me to nights."}
    assert verifying.verify(desk) == (3, [])


def test_what_she_did_before_is_still_hers(desk: Desk, clock: Clock) -> None:
    """The seat keeps its number: in this stage she has replied already."""
    old, new = handed(filed_again(desk), clock)
    with desk.store.read() as tx:
        no = tx.execute(
            text("SELECT no, holder FROM seats WHERE role = 'complainant' ORDER BY holder = 'receipt'")
        ).all()
    assert [row.no for row in no] == [1, 1]
    assert as_new(old, new).view("complainant").roles == ("complainant",)


def test_what_turned_out_not_to_be_the_same_is_not_handed_on_for_having_been_announced(
    lost: tuple[Story, Story], clock: Clock, desk: Desk
) -> None:
    old, new = lost
    act(old, new, "announce")
    clock.pass_days(7)
    seen = old.view("officer").seq
    linking.unlink(desk, viewer(FIRST), old.ref, new.ref, "later", "Two people.", seen=seen)
    with pytest.raises(Refused, match="Link the two first"):
        act(old, new, "hand", SECOND)
    act(old, new, "take_back")
    assert old.view("complainant").ref == old.ref


def test_both_ledgers_say_it_and_only_the_office_reads_why(lost: tuple[Story, Story], clock: Clock, desk: Desk) -> None:
    old, new = handed(lost, clock)
    for story, other in ((old, new), (new, old)):
        lines = [
            line for line in story.view("officer").timeline if line.what == "A lost number: the way to another one"
        ]
        assert [line.facts[0][1] for line in lines] == [
            "Another number is to open this case",
            "Another number opens this case",
        ]
        assert lines[0].facts[0][0] == other.ref
        assert lines[0].texts[0][1] == "Called back, told it all."
        whole = exporting.export(desk, viewer(FIRST), story.ref)
        assert exporting.check_file(whole).faults == ()
        assert json.loads(whole)["whole"]
    for role in ("respondent", "brand"):
        for told in (repr(old.view(role)), exporting.export(desk, old.who(role), old.ref).decode()):
            assert "HandedOn" not in told
            assert new.ref not in told
    assert "Called back" not in exporting.export(desk, bearer(new), old.ref).decode()


def test_the_first_number_reads_it_and_stops_it(lost: tuple[Story, Story], clock: Clock, desk: Desk) -> None:
    old, new = lost
    act(old, new, "announce")
    beside = around(desk, bearer(old))
    assert beside.step == "announced"
    assert around(desk, bearer(new)).gets == beside.day
    handing.object_to(desk, bearer(old), "I have it here.")
    assert around(desk, bearer(old)).step == ""
    clock.pass_days(8)
    with pytest.raises(Refused, match="Announce it first"):
        act(old, new, "hand", SECOND)
    assert old.view("complainant").ref == old.ref
    assert "I have it here." in repr(old.view("officer").timeline)
    assert ("sophea", "news") in told_since(desk, old)
    with pytest.raises(Hidden):
        handing.object_to(desk, bearer(new), "Not mine to say")
    assert verifying.verify(desk) == (2, [])


def told_since(desk: Desk, story: Story) -> set[tuple[str, str]]:
    with desk.store.read() as tx:
        query = "SELECT person, kind FROM outbox WHERE cause = (SELECT id || '/' || seq FROM cases WHERE ref = :ref)"
        return {(row.person, row.kind) for row in tx.execute(text(query), {"ref": story.ref})}


def test_the_first_number_says_too_late_that_this_was_not_them_and_gets_it_back(
    lost: tuple[Story, Story], clock: Clock, desk: Desk
) -> None:
    old, new = handed(lost, clock)
    moving.write_message(desk, viewer(FIRST), old.ref, "In between")
    handing.object_to(desk, bearer(old), "It was not me.")
    with pytest.raises(Hidden):  # said once
        handing.object_to(desk, bearer(old), "Again")
    assert old.view("officer").links[0].step == "disputed"
    assert "It was not me." in repr(old.view("officer").timeline)
    assert "It was not me." not in repr(as_new(old, new).view("complainant"))
    act(old, new, "take_back", reason="It was somebody else.")
    assert [said.body for said in old.view("complainant").messages] == ["Before it was lost", "In between"]
    assert recalling.own_words(old.desk, bearer(old), old.ref).identity == {"name": "ស្រី ម៉ុម"}
    with pytest.raises(Hidden):
        as_new(old, new).view("complainant")
    assert verifying.verify(desk) == (2, [])


def test_nothing_before_the_week_is_over_and_nothing_by_one_alone(lost: tuple[Story, Story], clock: Clock) -> None:
    old, new = lost
    act(old, new, "announce")
    clock.pass_days(6.9)
    with pytest.raises(Refused, match="can still say no"):
        act(old, new, "hand", SECOND)
    clock.pass_days(0.1)
    with pytest.raises(Refused, match="two of you"):
        act(old, new, "hand", FIRST)
    act(old, new, "take_back")
    with pytest.raises(Refused, match="Announce it first"):
        act(old, new, "hand", SECOND)
    act(old, new, "announce", SECOND)
    with pytest.raises(Refused, match="can still say no"):
        act(old, new, "hand", FIRST)


def test_planted_without_the_wait_somebody_gets_in(
    lost: tuple[Story, Story], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(handing, "WAIT", clock() - clock())
    old, new = lost
    act(old, new, "announce")
    act(old, new, "hand", SECOND)
    assert as_new(old, new).view("complainant").ref == old.ref


def test_an_anonymous_case_goes_to_nobody(desk: Desk) -> None:
    old, new = filed_again(desk, anonymity="anonymous", identity={}, contact={})
    with pytest.raises(Refused, match="gave no name"):
        act(old, new, "announce")


def test_they_are_linked_first_and_from_the_right_side(desk: Desk) -> None:
    old, new = Story.filed(desk), Story.filed(desk, **AGAIN)
    with pytest.raises(Refused, match="Link the two first"):
        act(old, new, "announce")
    linking.link(desk, viewer(FIRST), old.ref, new.ref, "duplicate", "Alike", seen=old.view("officer").seq)
    with pytest.raises(Refused, match="Link the two first"):
        act(old, new, "announce")


def test_another_programme(lost: tuple[Story, Story], desk: Desk) -> None:
    old, new = lost
    with desk.store.write() as tx:
        row = dict(tx.execute(select(programmes).where(programmes.c.id == "kh")).mappings().one())
        tx.execute(insert(programmes).values(row | {"id": "xx"}))
        state = tx.execute(text("SELECT state FROM cases WHERE ref = :ref"), {"ref": new.ref}).scalar_one()
        moved = state.replace('"programme":"kh"', '"programme":"xx"')
        tx.execute(
            text("UPDATE cases SET programme = 'xx', state = :state WHERE ref = :ref"), {"state": moved, "ref": new.ref}
        )
    with pytest.raises(Refused, match="different programmes"):
        act(old, new, "announce")


@pytest.mark.parametrize("without", ["old", "new"])
def test_an_officer_of_only_one_of_the_two(lost: tuple[Story, Story], desk: Desk, without: str) -> None:
    old, new = lost
    seen, before = old.view("officer").seq, contents(desk)["events"]
    ref = old.ref if without == "old" else new.ref
    with desk.store.write() as tx:
        tx.execute(
            text("UPDATE seats SET until_at = 1 WHERE role = 'officer' AND case_id = "
                 "(SELECT id FROM cases WHERE ref = :ref)"), {"ref": ref}
        )  # fmt: skip
    for what in handing.ACTS:
        with pytest.raises(Hidden):
            handing.act(desk, viewer(FIRST), what, old.ref, new.ref, "Mine", seen=seen)
    for stranger in ("lotus-hr", "w1"):
        with pytest.raises(Hidden):
            handing.act(desk, viewer(stranger), "announce", old.ref, new.ref, "Mine", seen=seen)
    assert contents(desk)["events"] == before


def test_planted_without_that_guard_one_seat_would_do(
    lost: tuple[Story, Story], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = lost
    found = {}
    with desk.store.read() as tx:
        found[new.ref] = find_seat(tx, viewer(FIRST), new.ref, OFFICE)
    with desk.store.write() as tx:
        tx.execute(
            text("UPDATE seats SET until_at = 1 WHERE role = 'officer' AND case_id = "
                 "(SELECT id FROM cases WHERE ref = :ref)"), {"ref": new.ref}
        )  # fmt: skip
    monkeypatch.setattr(
        handing, "find_seat", lambda tx, who, ref, roles: found.get(ref) or find_seat(tx, who, ref, roles)
    )
    act(old, new, "announce")
    assert around(desk, bearer(old)).step == "announced"


def test_wrong_and_late_and_twice(lost: tuple[Story, Story], desk: Desk) -> None:
    old, new = lost
    seen = old.view("officer").seq
    with pytest.raises(Invalid):
        act(old, new, "announce", reason=" ")
    with pytest.raises(Stale):
        handing.act(desk, viewer(FIRST), "announce", old.ref, new.ref, "Late", seen=seen - 1)
    with pytest.raises(Hidden):
        handing.act(desk, viewer(FIRST), "nothing", old.ref, new.ref, "What?", seen=seen)
    with pytest.raises(Refused, match="Nothing is under way"):
        act(old, new, "take_back")
    for _ in range(2):
        handing.act(desk, viewer(FIRST), "announce", old.ref, new.ref, "Once", seen=seen, once="mark")
    with pytest.raises(Refused, match="under way already"):
        act(old, new, "announce")
    assert handing.look(desk, viewer(SECOND), old.ref, new.ref).step == "announced"


def test_a_case_that_came_of_it_goes_after_it(desk: Desk, clock: Clock) -> None:
    old = Story.filed(desk).taken()
    old.do("complainant", "report_retaliation", own_words="Threatened.")
    ref = next(link.ref for link in old.view("officer").links)
    beside = Story(desk, old.receipt, ref, old.bearer)
    new = Story.filed(desk, **AGAIN)
    for story in (old, beside):
        linking.link(desk, viewer(FIRST), story.ref, new.ref, "later", "Again", seen=story.view("officer").seq)
    with pytest.raises(Refused, match="Begin with the complaint"):
        act(beside, new, "announce")
    act(old, new, "announce")
    act(beside, new, "announce")
    clock.pass_days(7)
    with pytest.raises(Refused, match="Begin with the complaint"):
        act(beside, new, "hand", SECOND)
    act(old, new, "hand", SECOND)
    act(beside, new, "hand", SECOND)
    assert {one.ref for one in around(desk, bearer(new)).cases} == {new.ref, old.ref, ref}
    assert recalling.own_words(desk, bearer(new), beside.ref).account == {"words": "Threatened."}
    assert verifying.verify(desk) == (3, [])


def test_a_case_that_came_of_it_opens_with_the_same_number(desk: Desk) -> None:
    story = Story.filed(desk)
    assert around(desk, bearer(story)).cases == ()
    story.do("complainant", "report_retaliation", own_words="Threatened.")
    mine = around(desk, bearer(story)).cases
    assert [(one.own, str(one.how)) for one in mine] == [
        (True, "What you filed with this number"),
        (False, "Somebody was punished for complaining"),
    ]
    assert reading.case(desk, bearer(story), mine[1].ref, roles=ROLES["complainant"]).lane == "U2"
    stranger = Story.filed(desk)
    with pytest.raises(Hidden):
        reading.case(desk, bearer(stranger), mine[1].ref, roles=ROLES["complainant"])
