"""A thousand random edits of rows, one at a time and with all triggers off: each is refused, or found by `verify`.

Not edited is what nothing here can judge: the bytes of a wrap, of which those for a receipt open at no key of ours; and numbers
that a database gives by itself.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, select, update
from sqlalchemy.exc import DBAPIError

from grievance.casework import escalating
from grievance.casework.desk import Desk
from grievance.casework.files import evidence
from grievance.casework.files.keeping import Upload
from grievance.casework.house import anchoring, verifying
from grievance.store import checkpoints as kept
from grievance.store import stands
from grievance.store.tables import (
    cases,
    checkpoints,
    clocks,
    events,
    files,
    items,
    leaves,
    restatements,
    rungs,
    seats,
    texts,
    wraps,
)
from grievance.vault import Signer, record_public
from tests.files import jpeg
from tests.makers import ROLES, Clock, Story
from tests.store.attacks import owned, unguard
from tests.trials.sizes import scaled, seed

TABLES = (cases, events, seats, clocks, rungs, texts, restatements, items, wraps, files, checkpoints, leaves)
APART = {
    "cases": {"id"},
    "restatements": {"no"},
    "clocks": {"counted_by"},  # which calendar looked last: a wrong one is counted again
    "leaves": {"day"},
    "wraps": {"wrapped"},
}


def edits(desk: Desk, clock: Clock, keys: Path, count: int, began: int) -> Counter[str]:
    print(f"edits: seed {began}, {count} edits")
    dice = random.Random(began)
    story = Story.filed(desk)
    assert story.bearer
    evidence.add(desk, story.bearer, story.ref, [Upload("a.jpg", jpeg())], "", roles=ROLES["complainant"], once="")
    Story.filed(desk).taken()
    clock.pass_days(9)
    assert escalating.sweep(desk).rungs
    Story.filed(desk).taken().answered().reviewed()
    signer = Signer.open(keys)
    assert signer
    for _ in range(2):
        clock.pass_days(1)
        with desk.store.write() as tx:
            stands.look(tx, desk.now())
        anchoring.anchor(desk, signer)
    with desk.store.read() as tx:
        outside = [one.said for one in kept.every(tx)]
    known = record_public(keys)
    with owned(desk.store.engine) as connection:
        unguard(connection)
        for guard in ("update", "delete", "replace") if desk.store.sqlite else ():
            connection.exec_driver_sql(f"DROP TRIGGER checkpoints_no_{guard}")
        if not desk.store.sqlite:
            connection.exec_driver_sql("ALTER TABLE checkpoints DISABLE TRIGGER USER")
    found: Counter[str] = Counter()
    while found.total() < count:
        table = dice.choice(TABLES)
        with desk.store.whole() as tx:
            row = dict(dice.choice(tx.execute(select(table)).mappings().all()))
        column = dice.choice([one for one in table.columns if one.name not in APART.get(table.name, ())])
        value = other(dice, column, row)
        if value in (None, row[column.name]) or (
            table is seats and row["until_at"] and column.name in ("ended", "due_at", "filed_at")
        ):
            continue  # a seat that was left stands in no list
        try:
            write(desk, table, row, {column.name: value})
        except DBAPIError:
            found["refused"] += 1
            continue
        _, differences = verifying.verify(desk)
        verdict = anchoring.verify(desk, known, outside)
        assert differences or verdict.faults, (table.name, column.name, row[column.name], value)
        found["by the cases" if differences else "by the record"] += 1
        write(desk, table, row | {column.name: value}, {column.name: row[column.name]})
    assert verifying.verify(desk) == (3, [])
    assert anchoring.verify(desk, known, outside).faults == ()
    print(dict(found))
    return found


def other(dice: random.Random, column: Column[Any], row: dict[str, Any]) -> Any:
    """Another value of the same kind; None where nothing stands."""
    value = row[column.name]
    match value:
        case bool():
            return not value
        case int():
            return value + dice.choice((-1, 1, 1000))
        case str():
            at = dice.randrange(len(value) + 1)
            return value[:at] + dice.choice("0aZ \N{KHMER LETTER KA}") + value[at + dice.randrange(2) :]
        case bytes():
            at = dice.randrange(len(value))
            return value[:at] + bytes([value[at] ^ 1 << dice.randrange(8)]) + value[at + 1 :]
    return None if value is None else value + timedelta(microseconds=dice.choice((-1, 1, 10**9)))


def write(desk: Desk, table: Table, row: dict[str, Any], changes: dict[str, Any]) -> None:
    with owned(desk.store.engine) as tx:
        place = [column == row[column.name] for column in table.primary_key.columns]
        assert tx.execute(update(table).where(*place).values(changes)).rowcount == 1


def test_ten_edits(desk: Desk, clock: Clock, keys: Path) -> None:
    edits(desk, clock, keys, 10, seed())


@pytest.mark.trial
def test_a_thousand_edits(desk: Desk, clock: Clock, keys: Path) -> None:
    found = edits(desk, clock, keys, scaled(1000), seed())
    assert found["by the record"], "some edits only the record finds"
