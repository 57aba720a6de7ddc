"""The record of administrators is append-only and chained: whoever reaches around the house is refused, or found out."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from grievance.casework.desk import Desk
from grievance.casework.house import furnishing, recording
from grievance.store import deeds
from tests import makers
from tests.store.attacks import stranger

ADMIN = makers.viewer("sarin")
ATTACKS = {
    "update": "UPDATE deeds SET actor = 'nobody' WHERE no = 2",
    "update of the data": "UPDATE deeds SET data = '{}' WHERE no = 2",
    "update of the time": "UPDATE deeds SET at = at + 1 WHERE no = 2",
    "delete": "DELETE FROM deeds WHERE no = 2",
    "delete of the first": "DELETE FROM deeds WHERE no = 1",
}
REPLACES = {
    "sqlite": {
        "replace": "REPLACE INTO deeds SELECT no, at, 'nobody', kind, about, data, hash FROM deeds WHERE no = 2",
        "update or replace": "UPDATE OR REPLACE deeds SET no = 1 WHERE no = 2",
    },
    "postgresql": {"truncate": "TRUNCATE deeds"},
}


def three_deeds(desk: Desk) -> None:
    for name in ("First", "Second", "Third"):
        furnishing.make_body(desk, ADMIN, "union", "", name)


def test_the_database_refuses(desk: Desk, database: str) -> None:
    three_deeds(desk)
    kind = "sqlite" if desk.store.sqlite else "postgresql"
    for pragma in ("recursive_triggers=OFF", "recursive_triggers=ON"):
        engine = stranger(database, *((pragma,) if desk.store.sqlite else ()))
        for attack in (ATTACKS | REPLACES[kind]).values():
            with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text(attack))
        engine.dispose()
    assert recording.verify(desk) == []


@pytest.mark.parametrize("name", ATTACKS)
def test_planted_without_the_triggers_the_chain_tells(desk: Desk, database: str, name: str) -> None:
    three_deeds(desk)
    engine = stranger(database)
    with engine.connect() as connection:
        if desk.store.sqlite:
            for trigger in ("deeds_no_update", "deeds_no_delete", "deeds_no_replace"):
                connection.execute(text(f"DROP TRIGGER {trigger}"))
        else:
            connection.execute(text("ALTER TABLE deeds DISABLE TRIGGER USER"))
        assert connection.execute(text(ATTACKS[name])).rowcount == 1
    engine.dispose()
    assert recording.verify(desk) != []


def test_a_change_without_an_entry_is_not_kept(desk: Desk) -> None:
    with pytest.raises(RuntimeError, match="without an entry"), recording.deed(desk, ADMIN) as act:
        act.tx.execute(text("UPDATE bodies SET name = 'Changed in silence'"))
    with desk.store.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM bodies WHERE name = 'Changed in silence'")).scalar() == 0


def test_the_record_is_read_newest_first_with_pages_and_search(desk: Desk) -> None:
    for no in range(30):
        furnishing.make_body(desk, ADMIN, "union", "", f"Union {no:02}")
    page = recording.record(desk, ADMIN)
    assert (page.total, page.pages, len(page.rows), page.rows[0].no) == (30, 2, 25, 30)
    assert str(page.rows[0].said) == "Entered the organisation Union 29"
    assert [str(after) for _, __, after in page.rows[0].changes] == ["Union", "Union 29", "Workers"]
    assert len(recording.record(desk, ADMIN, page=2).rows) == 5
    assert recording.record(desk, ADMIN, "Union 07").total == 1
    assert recording.record(desk, ADMIN, "sarin").total == 30
    assert recording.record(desk, ADMIN, "entered the org").total == 30
    assert recording.record(desk, ADMIN, "100%_").total == 0


def test_every_kind_of_entry_can_be_said(desk: Desk) -> None:
    with desk.store.write() as tx:
        for kind in recording.KINDS:
            data = {"body": "brand-north", "programme": "kh", "made": 1, "changed": 2, "n": 3, "reason": "lost"}
            deeds.add(tx, desk.now(), "sarin", kind, "sophea", data)
    lines = [line for page in (1, 2) for line in recording.record(desk, ADMIN, page=page).rows]
    assert len(lines) == len(recording.KINDS)
    assert all("{" not in str(line.said) for line in lines)
    assert "Sophea Officer belongs to Northcoat now" in {str(line.said) for line in lines}
