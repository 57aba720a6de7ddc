"""A notice that nobody received is a task: of the office for parties, of an administrator for the office's own people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from grievance.casework import delivering, undelivered
from grievance.casework.desk import Desk
from grievance.core.errors import Hidden
from grievance.notices import Notice
from grievance.store.tables import outbox, settlements
from tests.makers import Clock, Story, viewer
from tests.store.attacks import stranger
from tests.web.staff import Staff, words

ADMINISTRATOR = replace(viewer("chan"), person="chan", bodies=(), administrator=True)


def refused(_: str, __: Notice) -> None:
    raise OSError


@pytest.fixture
def unheard(desk: Desk, clock: Clock) -> Story:
    """A case that the factory has to answer, and a mail server that takes nothing for a day."""
    story = Story.filed(desk).taken()
    for _ in range(delivering.TRIES * 200):
        delivering.deliver(desk, refused)
        clock.at += timedelta(minutes=10)
        with desk.store.read() as tx:
            if "waiting" not in set(tx.execute(select(outbox.c.state)).scalars()):
                return story
    raise AssertionError


def names(desk: Desk, who: str) -> set[str]:
    return {one.person for one in undelivered.unreached(desk, viewer(who))}


def test_the_office_sees_to_parties_and_an_administrator_to_the_office(desk: Desk, unheard: Story) -> None:
    assert unheard.ref
    assert names(desk, "sophea") == {"lotus-hr", "north-buyer", "blue-buyer"}
    assert {one.person for one in undelivered.unreached(desk, ADMINISTRATOR)} == {"sophea", "rith", "chan"}
    for who in ("lotus-hr", "w1"):
        with pytest.raises(Hidden):
            undelivered.unreached(desk, viewer(who))


def test_the_list_is_found_from_the_work_list_and_settled_by_a_button(
    app: Flask, desk: Desk, unheard: Story, clock: Clock
) -> None:
    assert unheard.ref
    officer = Staff(app, "sophea")
    assert 'href="/office/letters"' in officer.get("/office").text
    with desk.store.write() as tx:
        tx.execute(update(outbox).values(next_at=datetime(2026, 3, 3, 18, 30, tzinfo=UTC)))
    page = officer.read("/office/letters")
    assert "Notices that nobody received" in page
    assert "I told them by telephone" in page
    assert "Given up 4 March 2026" in page, "by the calendar of the case it was the next day already"
    for person in ("rith", "nobody"):
        assert officer.send(f"/office/letters/{person}/told", on="/office/letters").status_code == 404
    assert officer.send("/office/letters/lotus-hr/forget", on="/office/letters").status_code == 404
    answer = officer.send("/office/letters/lotus-hr/told", on="/office/letters")
    assert "told by telephone" in words(officer.get(answer.location).text)
    assert "lotus-hr" not in names(desk, "sophea")
    with desk.store.read() as tx:
        record = tx.execute(select(settlements.c.by, settlements.c.how, settlements.c.at)).all()
    assert {*record} == {("sophea", "told", clock.at)}


@pytest.mark.parametrize("how", ["again", "corrected"])
def test_what_is_tried_again_is_sent_as_one_letter(desk: Desk, unheard: Story, clock: Clock, how: str) -> None:
    assert unheard.ref
    undelivered.settle(desk, viewer("sophea"), "lotus-hr", how)
    sent: list[str] = []
    while delivering.deliver(desk, lambda address, _: sent.append(address)):
        pass
    assert len(sent) == 1
    clock.pass_days(1)
    assert "lotus-hr" not in names(desk, "sophea")


# asvs: 8.4.1
def test_another_office_does_not_see_them(desk: Desk, unheard: Story) -> None:
    assert unheard.ref
    elsewhere = replace(viewer("sophea"), bodies=(replace(viewer("sophea").bodies[0], id="office-elsewhere"),))
    assert undelivered.unreached(desk, elsewhere) == ()
    with pytest.raises(Hidden):
        undelivered.settle(desk, elsewhere, "lotus-hr", "told")


@pytest.mark.parametrize("attack", ["UPDATE settlements SET how = 'told'", "DELETE FROM settlements"])
def test_the_record_is_append_only(desk: Desk, database: str, unheard: Story, attack: str) -> None:
    assert unheard.ref
    undelivered.settle(desk, viewer("sophea"), "lotus-hr", "again")
    engine = stranger(database)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(attack))
    engine.dispose()
