"""Many rows are written with one statement, and stand there as if each had been written alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from grievance.casework.desk import Desk
from grievance.store import bulk, cases, ledger
from grievance.store.tables import clocks, items, seats
from tests.makers import Story

AT = datetime(2026, 3, 2, 3, 0, 0, 1, tzinfo=UTC)
AWKWARD = 'A "word" \\ {} $1 %s :x ស្ត្រី 🧵\n\t'


def sealed(case_id: str) -> list[bulk.Row]:
    """Every byte that there is, the empty text, and what JSON and SQL have to quote."""
    ciphers = (bytes(range(256)), b"", b"\\x00")
    return [{"case_id": case_id, "seq": 90 + no, "name": AWKWARD, "cipher": one} for no, one in enumerate(ciphers)]


def seated(case_id: str) -> list[bulk.Row]:
    made = {"case_id": case_id, "role": "panel", "kind": "person", "holder": AWKWARD, "side": "", "from_at": AT}
    return [
        made | {"no": 90 + no, "until_at": until, "ended": bool(no), "due_at": AT, "filed_at": AT, "assignee": AWKWARD}
        for no, until in enumerate((None, AT))
    ]


@pytest.mark.parametrize(("table", "make"), [(items, sealed), (seats, seated)])
def test_rows_of_every_type_come_back_as_they_were(
    desk: Desk, table: object, make: Callable[[str], list[bulk.Row]]
) -> None:
    case_id = filed(desk)
    rows = make(case_id)
    with desk.store.write() as tx:
        assert cases.by_id(tx, case_id), "found, so that its rows can be seen"
        assert bulk.adding(table).write(tx, rows) in (len(rows), -1)  # type: ignore[arg-type]
        query = select(table).where(table.c.case_id == case_id)  # type: ignore[call-overload,attr-defined]
        found = [dict(row._mapping) for row in tx.execute(query)]
    assert [row for row in found if row in rows] == rows


def test_what_changes_says_how_many_it_met(desk: Desk) -> None:
    case_id = filed(desk)
    rows = [{"case_key": case_id, "clock": 1, "next_rung": 7, "next_ring": AT}]
    with desk.store.write() as tx:
        assert ledger._RING.write(tx, [*rows, rows[0] | {"clock": 99}]) == 1
        assert rung(tx, case_id) == (7, AT)
        assert ledger._RING.write(tx, [rows[0] | {"clock": no, "next_rung": 8} for no in (98, 99)]) == 0
        assert rung(tx, case_id) == (7, AT)


def test_one_row_that_is_refused_refuses_all(desk: Desk) -> None:
    case_id = filed(desk)
    rows = sealed(case_id)
    with pytest.raises(IntegrityError), desk.store.write() as tx:
        bulk.adding(items).write(tx, [*rows, rows[0]])
    with desk.store.whole() as tx:
        assert not tx.execute(select(items).where(items.c.name == AWKWARD)).all()


def test_an_instant_without_a_zone_is_refused(desk: Desk) -> None:
    rows = [row | {"from_at": AT.replace(tzinfo=None)} for row in seated(filed(desk))]
    with pytest.raises(Exception, match="time zone"), desk.store.write() as tx:
        bulk.adding(seats).write(tx, rows)


def filed(desk: Desk) -> str:
    Story.filed(desk)
    with desk.store.read() as tx:
        return str(tx.execute(select(clocks.c.case_id)).scalar_one())


def rung(tx: Connection, case_id: str) -> tuple[int, datetime]:
    row = tx.execute(select(clocks.c.rung, clocks.c.rings_at).where(clocks.c.case_id == case_id)).one()
    return row.rung, row.rings_at
