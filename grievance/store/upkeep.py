"""The tables that are about no single case: the record of them all, how the clock stands, what came in a flood."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from grievance.store.schema import Instant, metadata

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
leaves = Table(  # of each checkpoint, one after the other; a copy: a proof costs no reading of all cases
    "leaves",
    metadata,
    Column("day", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
stands = Table(  # append-only: the newest row says how the clock stands; no row means that it runs
    "stands",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("state", Text, nullable=False),  # runs | frozen | silent
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("newest", Instant),  # the newest moment known then: whoever let the clock go on has taken it into account
)

sketches = Table(  # for a day: what complaints of a flood are alike to; keyed, and made for no other complaint
    "sketches",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("cluster", Text, nullable=False),
    Column("sketch", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False, index=True),
)
