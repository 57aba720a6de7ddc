"""Whatever is kept of a case is verified: a column that `verify` does not look at says here why it need not."""

from __future__ import annotations

from grievance.core.case import Case
from grievance.store import ledger
from grievance.store.tables import metadata

CASE_TABLES = {name for name, table in metadata.tables.items() if name == "cases" or "case_id" in table.c}

VERIFIED = {
    "cases": {"id", "head", "ref", "tag", "box", *ledger.row_of(Case())},
    "seats": {"case_id", "no", "role", "kind", "holder", "side", "from_at", "until_at", *ledger.seat_of(Case())},
    "clocks": {"case_id", "no", "name", "rung", "rings_at"},
    "rungs": {"case_id", "clock", "rung", "rang_at"},
    "events": {"case_id", "seq", "at", "kind", "actor", "data", "hash"},
    "texts": {"case_id", "seq", "name", "salt", "body"},
    "items": {"case_id", "seq", "name", "cipher"},
    "wraps": {"case_id", "seq", "name", "wrapped", "under"},
    "files": {"object", "case_id", "seq", "waiting"},
    "restatements": {"case_id", "title", "key"},
    "links": {"case_id", "kind", "other_id"},
}
LEFT = {
    ("clocks", "counted_by"): "which calendar was looked at last: looking again changes nothing",
    ("wraps", "reader"): "for whom a key is wrapped; one that is added opens nothing without the key itself",
    ("restatements", "no"): "a number that the database gives",
}


def test_every_column_of_a_case_is_verified_or_says_why_not() -> None:
    columns = {(name, column.name) for name in CASE_TABLES for column in metadata.tables[name].c}
    verified = {(name, column) for name, found in VERIFIED.items() for column in found}
    assert columns - verified - set(LEFT) == set(), "look at it in casework/verifying.py, or say here why not"
    assert (verified | set(LEFT)) - columns == set(), "there is no such column any more"
