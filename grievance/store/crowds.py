"""The table of what complaints of a flood are alike to."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from grievance.store.schema import Instant, metadata

sketches = Table(  # for a day: what complaints of a flood are alike to; keyed, and made for no other complaint
    "sketches",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("cluster", Text, nullable=False),
    Column("sketch", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False, index=True),
)
