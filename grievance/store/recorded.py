"""The tables of the record: a signed root a day, and the leaves under the newest."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from grievance.store.schema import metadata

checkpoints = Table(  # append-only: a day, its signed root over all cases, and the root before
    "checkpoints",
    metadata,
    Column("day", Text, primary_key=True),  # ISO, UTC
    Column("size", Integer, nullable=False),
    Column("before", Text, nullable=False),
    Column("root", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("blind", LargeBinary, nullable=False),  # never told: what the salts of its leaves come from
)
# Of the newest checkpoint alone, one after the other; a copy, so that a proof costs no reading of all cases.
leaves = Table(
    "leaves",
    metadata,
    Column("day", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
