"""The words of a case that ended go when their time is over, once, and nothing else goes; two people can hold them."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from grievance.casework import handing, linking, moving, standstill
from grievance.casework.desk import Desk
from grievance.casework.files import evidence, keeping
from grievance.casework.files.keeping import Upload
from grievance.casework.house import verifying
from grievance.casework.showing import exporting, following
from grievance.casework.words import erasing, holding
from grievance.core.calendar import due
from grievance.core.errors import Gone, Hidden, Invalid, Refused, Stale
from grievance.core.lawbook import Lawbook
from grievance.core.limits import Limit
from grievance.core.retention import WAITS, ended_by
from grievance.store import store as kept_store
from grievance.store.tables import cases, files, items, wraps
from grievance.vault import BOX
from tests.files import jpeg
from tests.makers import ROLES, Clock, Story, desk_of, viewer
from tests.store.attacks import tamper

AFTER = Limit(13, "months")
"""Of these tests: a year in which somebody has entered the holidays. What ships says 24 months."""
YEARS = 398
"""Days after which that is over."""


@pytest.fixture
def desk(app: Flask) -> Desk:
    return kept_shorter(desk_of(app))


def kept_shorter(made: Desk) -> Desk:
    law = made.lawbook
    shorter = dict(law.procedures)
    for key, one in law.procedures.items():
        assert one.retention
        shorter[key] = replace(one, retention=replace(one.retention, after=AFTER))
    return replace(made, lawbook=Lawbook(shorter, law.calendars))


def ended(desk: Desk, **more: object) -> Story:
    """Taken, with a message, a note and a file; then withdrawn."""
    story = Story.filed(desk, **more).taken()
    assert story.bearer
    evidence.add(
        desk, story.bearer, story.ref, [Upload("a.jpg", jpeg())], "My slip", roles=ROLES["complainant"], once=""
    )
    moving.write_message(desk, story.bearer, story.ref, "It goes on")
    moving.write_note(desk, viewer("sophea"), story.ref, "She sounds afraid")
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    return story


def erased(desk: Desk, clock: Clock) -> Story:
    story = ended(desk)
    clock.pass_days(YEARS)
    assert erasing.sweep(desk).cases == 1
    return story


def names(desk: Desk) -> set[str]:
    with desk.store.whole() as tx:
        return set(tx.execute(select(items.c.name)).scalars())


def test_words_go_and_the_case_stays(desk: Desk, clock: Clock) -> None:
    story = ended(desk)
    before = story.view("officer")
    assert {"identity", "contact", "account", "message", "note", "caption"} <= names(desk)
    clock.pass_days(YEARS)
    swept = erasing.sweep(desk)
    assert (swept.cases, swept.aside) == (1, {})
    assert names(desk) == {"reasons"}
    with desk.store.whole() as tx:
        assert set(tx.execute(select(wraps.c.name)).scalars()) == {"reasons"}
        assert BOX not in set(tx.execute(select(wraps.c.reader)).scalars())
        assert tx.execute(select(files)).all() == []
    assert [found for found in desk.store.objects.names() if found] == []
    after = story.view("officer")
    assert (after.title, after.restatement, after.stage) == (before.title, before.restatement, before.stage)
    assert after.own.sealed
    assert (after.complainant, after.messages[0].body, after.evidence) == ("", "", ())
    assert after.keeping
    assert after.keeping.erased_on
    assert "Their time was over" in repr(after.timeline)
    assert verifying.verify(desk) == (1, [])
    whole = exporting.export(desk, viewer("sophea"), story.ref)
    assert exporting.check_file(whole).faults == ()
    assert "ស្រី ម៉ុម" not in whole.decode()


def test_not_a_day_before_and_not_twice(desk: Desk, clock: Clock) -> None:
    story = ended(desk)
    keeps = story.view("officer").keeping
    assert keeps
    assert keeps.erases_on
    assert keeps.erases_on.isoformat() == "2027-04-02"
    clock.pass_days(396)
    assert erasing.sweep(desk).cases == 0
    clock.pass_days(1)
    assert erasing.sweep(desk).cases == 1
    assert erasing.sweep(desk).cases == 0
    with desk.store.whole() as tx:
        assert tx.execute(text("SELECT count(*) FROM events WHERE kind = 'Erased'")).scalar_one() == 1


def test_an_open_case_is_never_erased(desk: Desk, clock: Clock) -> None:
    Story.filed(desk)
    clock.pass_days(10 * YEARS)
    assert erasing.sweep(desk).cases == 0


def test_its_number_is_one_that_never_was(desk: Desk, clock: Clock) -> None:
    story = erased(desk, clock)
    with pytest.raises(following.UnknownReceipt):
        following.show_receipt(desk, story.receipt)
    assert story.bearer
    with pytest.raises(Hidden):  # a page that was open at that moment
        story.view("complainant")
    keys = desk.vault.open_receipt(story.receipt)
    with desk.store.whole() as tx:
        row = tx.execute(select(cases.c.tag, cases.c.box)).one()
    assert keys.tag != row.tag
    assert keys.box_public != row.box


def test_nothing_is_added_afterwards_and_nobody_gets_it_handed_on(desk: Desk, clock: Clock) -> None:
    story = erased(desk, clock)
    with pytest.raises(Refused, match="erased"):
        moving.write_note(desk, viewer("sophea"), story.ref, "More")
    with pytest.raises(Refused, match="erased"):
        evidence.add(desk, viewer("sophea"), story.ref, [Upload("a", jpeg())], "", roles=ROLES["officer"], once="")
    with pytest.raises(Refused, match="erased already"):
        holding.act(desk, viewer("sophea"), "ask", story.ref, "Why", seen=story.view("officer").seq)
    new = Story.filed(desk)
    linking.link(desk, viewer("sophea"), story.ref, new.ref, "later", "Again", seen=story.view("officer").seq)
    why = handing.look(desk, viewer("sophea"), story.ref, new.ref).why_not_announce
    assert why
    assert "erased" in str(why)


def test_a_case_whose_number_opens_another_one_waits_for_it(desk: Desk, clock: Clock) -> None:
    story = Story.filed(desk).taken()
    story.do("complainant", "report_retaliation", own_words="Threatened.")
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    ref = story.view("officer").links[0].ref
    beside = Story(desk, story.receipt, ref, story.bearer)
    clock.pass_days(30)
    beside.do("complainant", "withdraw", {"why_withdrawn": "free"})
    clock.pass_days(YEARS - 20)
    assert erasing.sweep(desk).cases == 0
    following.show_receipt(desk, story.receipt)  # it opens still
    clock.pass_days(30)
    assert [erasing.sweep(desk).cases for _ in range(2)] == [1, 1]
    with pytest.raises(following.UnknownReceipt):
        following.show_receipt(desk, story.receipt)
    assert verifying.verify(desk) == (2, [])


def test_many_in_small_batches_and_two_clocks_at_once(desk: Desk, clock: Clock) -> None:
    for _ in range(7):
        Story.filed(desk).do("complainant", "withdraw", {"why_withdrawn": "free"})
    held = Story.filed(desk)
    held.do("complainant", "withdraw", {"why_withdrawn": "free"})
    hold(held)
    clock.pass_days(YEARS)
    done: list[int] = []
    threads = [threading.Thread(target=lambda: done.append(erasing.sweep(desk, most=2).cases)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) + erasing.sweep(desk).cases == 7
    with desk.store.whole() as tx:
        assert tx.execute(text("SELECT count(*) FROM events WHERE kind = 'Erased'")).scalar_one() == 7
    assert verifying.verify(desk) == (8, [])


def test_a_sick_case_holds_up_nobody(desk: Desk, clock: Clock) -> None:
    first, _ = ended(desk), ended(desk)
    clock.pass_days(YEARS)
    with desk.store.whole(write=True) as tx:
        tx.execute(text("UPDATE cases SET state = 'x' WHERE ref = :ref"), {"ref": first.ref})
    swept = erasing.sweep(desk, most=1)
    assert swept.cases == 1
    assert len(swept.aside) == 1


def test_while_the_clock_stands_still_nothing_goes(desk: Desk, clock: Clock) -> None:
    ended(desk)
    clock.pass_days(YEARS)
    standstill.freeze(desk, "host", "A jump")
    assert erasing.sweep(desk).cases == 0


def test_files_whose_place_does_not_answer_go_later(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(desk)
    clock.pass_days(YEARS)

    def away(_: object) -> None:
        raise Gone

    with monkeypatch.context() as patch:
        patch.setattr(desk.store.objects, "drop", away)
        assert erasing.sweep(desk).cases == 1
        assert keeping.sweep(desk) == 0, "nor is that a fault: the next sweep looks again"
    assert sum(map(len, desk.store.objects.names())) == 1
    assert keeping.sweep(desk) == 1


def test_a_dry_run_says_what_would_go_and_changes_nothing(desk: Desk, clock: Clock) -> None:
    story, held = ended(desk), ended(desk)
    hold(held)
    with desk.store.whole() as tx:
        before = tx.execute(select(cases.c.ref, cases.c.seq)).all()
    assert list(erasing.dry_run(desk, clock())) == []
    found = list(erasing.dry_run(desk, clock() + timedelta(days=YEARS), page=1))
    assert {(one.ref, one.held, one.files) for one in found} == {(story.ref, False, 1), (held.ref, True, 1)}
    assert found[0].texts >= 5
    with desk.store.whole() as tx:
        assert tx.execute(select(cases.c.ref, cases.c.seq)).all() == before


def test_what_is_looked_at_can_be_due_and_what_is_not_cannot(desk: Desk, clock: Clock) -> None:
    calendar = desk.lawbook.calendars["kh-factory"]
    for days in range(0, 1500, 7):
        now = clock() + timedelta(days=days)
        late = ended_by(AFTER, now) + timedelta(microseconds=1)
        assert due(AFTER, late, calendar) > now


def hold(story: Story) -> None:
    step(story, "ask", "sophea")
    step(story, "confirm", "rith")


def step(story: Story, what: str, person: str, reason: str = "A court asks for it.") -> None:
    holding.act(story.desk, viewer(person), what, story.ref, reason, seen=story.view("officer").seq)


def test_a_hold_takes_two_and_so_does_its_end(desk: Desk, clock: Clock) -> None:
    story = ended(desk)
    step(story, "ask", "sophea")
    with pytest.raises(Refused, match="two of you"):
        step(story, "confirm", "sophea")
    step(story, "confirm", "rith")
    clock.pass_days(YEARS)
    assert erasing.sweep(desk).cases == 0
    step(story, "ask_lift", "rith")
    with pytest.raises(Refused, match="two of you"):
        step(story, "lift", "rith")
    assert erasing.sweep(desk).cases == 0
    step(story, "keep", "sophea")
    assert erasing.sweep(desk).cases == 0
    step(story, "ask_lift", "rith")
    step(story, "lift", "sophea")
    assert "A court asks for it." in repr(story.view("officer").timeline)
    assert erasing.sweep(desk).cases == 1
    assert verifying.verify(desk) == (1, [])


def test_planted_a_hold_by_one_alone_keeps_everything(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = replace(holding.ACTS["confirm"], why_not=lambda *_: None)
    monkeypatch.setattr(holding, "ACTS", {**holding.ACTS, "confirm": alone})
    story = ended(desk)
    step(story, "ask", "sophea")
    step(story, "confirm", "sophea")
    clock.pass_days(YEARS)
    assert erasing.sweep(desk).cases == 0


def test_what_one_alone_asked_for_keeps_them_two_weeks(desk: Desk, clock: Clock) -> None:
    story = ended(desk)
    clock.pass_days(YEARS)
    step(story, "ask", "sophea")
    assert story.view("officer").keeping
    assert erasing.sweep(desk).cases == 0
    clock.pass_days(14)
    assert erasing.sweep(desk).cases == 1


def test_who_asks_alone_takes_it_back_and_asks_again_keeps_them_no_longer(desk: Desk, clock: Clock) -> None:
    """Each asking by itself is two weeks; one after another they would be years, with nobody's yes."""
    story = ended(desk)
    step(story, "ask", "sophea")
    clock.pass_days(YEARS - 7)
    for _ in range(4):
        step(story, "refuse", "sophea")
        step(story, "ask", "sophea")
        assert erasing.sweep(desk).cases == 0
        clock.pass_days(6)
    last = holding.look(desk, viewer("sophea"), story.ref).until
    assert last
    assert last < clock().date(), "the page says so too"
    keeping = story.view("officer").keeping
    assert keeping
    assert not keeping.hold
    assert erasing.sweep(desk).cases == 1


def test_planted_two_weeks_from_each_asking_keep_them_for_ever(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "asked_until", lambda case, _: case.hold and case.hold.at + WAITS)
    story = ended(desk)
    step(story, "ask", "sophea")
    clock.pass_days(YEARS - 7)
    for _ in range(8):
        step(story, "refuse", "sophea")
        step(story, "ask", "sophea")
        clock.pass_days(6)
    assert erasing.sweep(desk).cases == 0


def test_wrong_late_twice_and_strangers(desk: Desk) -> None:
    story = ended(desk)
    with pytest.raises(Invalid):
        step(story, "ask", "sophea", " ")
    with pytest.raises(Stale):
        holding.act(desk, viewer("sophea"), "ask", story.ref, "Late", seen=1)
    with pytest.raises(Hidden):
        step(story, "nothing", "sophea")
    with pytest.raises(Refused, match="look again"):
        step(story, "lift", "sophea")
    for stranger in ("lotus-hr", "w1", "sarin"):
        with pytest.raises(Hidden):
            step(story, "ask", stranger)
        with pytest.raises(Hidden):
            holding.look(desk, viewer(stranger), story.ref)
    seen = story.view("officer").seq
    for _ in range(2):
        holding.act(desk, viewer("sophea"), "ask", story.ref, "Once", seen=seen, once="mark")
    assert story.view("officer").seq == seen + 1


def test_the_parties_learn_nothing_of_a_hold_or_of_the_erasure(desk: Desk, clock: Clock) -> None:
    story = ended(desk)
    hold(story)
    for told in (repr(story.view("respondent")), exporting.export(desk, viewer("lotus-hr"), story.ref).decode()):
        assert "HoldSet" not in told
        assert "court" not in told
        assert "erases_on" not in told


def pages_of(desk: Desk) -> bytes:
    """Every byte that SQLite keeps: the database and its journal."""
    path = Path(str(desk.store.engine.url.database))
    return b"".join(one.read_bytes() for one in (path, path.with_name(path.name + "-wal")) if one.exists())


def sealed_of(desk: Desk) -> list[bytes]:
    with desk.store.whole() as tx:
        found = tx.execute(select(wraps.c.wrapped).where(wraps.c.name.in_(["identity", "account", "file"]))).scalars()
        return [bytes(one) for one in found]


def test_no_byte_of_an_erased_key_stays_in_the_file(desk: Desk, clock: Clock) -> None:
    if not desk.store.sqlite:
        return  # what PostgreSQL leaves until VACUUM stands in docs/operating.md
    story = ended(desk)
    keys = sealed_of(desk)
    assert len(keys) >= 6
    clock.pass_days(YEARS)
    assert erasing.sweep(desk).cases == 1
    there = pages_of(desk)
    assert [key for key in keys if key in there] == []
    assert story.ref.encode() in there


def test_planted_without_secure_delete_the_keys_are_still_there(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not desk.store.sqlite:
        return
    monkeypatch.setattr(kept_store, "PRAGMAS", (*kept_store.PRAGMAS, "secure_delete=OFF"))
    desk.store.engine.dispose()
    ended(desk)
    keys = sealed_of(desk)
    clock.pass_days(YEARS)
    erasing.sweep(desk)
    there = pages_of(desk)
    assert [key for key in keys if key in there] != []


def test_planted_a_text_that_comes_back_after_its_erasure_is_reported(desk: Desk, clock: Clock) -> None:
    """As somebody would who lays an old backup's rows back."""
    story = ended(desk)
    with desk.store.whole() as tx:
        row = tx.execute(select(items).where(items.c.name == "identity")).mappings().one()
    clock.pass_days(YEARS)
    erasing.sweep(desk)
    with desk.store.whole(write=True) as tx:
        tx.execute(items.insert().values(**row))
    assert story.ref
    assert [found.what for found in verifying.verify(desk)[1]] == ["the text identity was erased, and is there again"]
    tamper(desk.store.engine, "DELETE FROM items WHERE name = 'identity'")
    assert verifying.verify(desk) == (1, [])
