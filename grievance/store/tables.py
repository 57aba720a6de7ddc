"""The tables, as SQLAlchemy Core: nothing is mapped to objects, so no row can wander into a template."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from grievance.store.schema import EPOCH, NEVER, Instant, index_where, metadata
from grievance.store.upkeep import checkpoints, leaves, sketches, stands
from grievance.store.who import (
    askings,
    bindings,
    bodies,
    buyers,
    challenges,
    deeds,
    factors,
    halves,
    members,
    meta,
    passes,
    people,
    programmes,
    roster,
    sessions,
    sites,
    throttle,
)

__all__ = [
    "EPOCH",
    "NEVER",
    "Instant",
    "askings",
    "bindings",
    "bodies",
    "buyers",
    "cases",
    "challenges",
    "checkpoints",
    "clocks",
    "deeds",
    "events",
    "factors",
    "halves",
    "items",
    "leaves",
    "links",
    "members",
    "meta",
    "metadata",
    "outbox",
    "passes",
    "people",
    "programmes",
    "restatements",
    "roster",
    "rungs",
    "seats",
    "sessions",
    "settlements",
    "sites",
    "sketches",
    "stands",
    "texts",
    "throttle",
    "tickets",
    "wraps",
]

# --- Cases: the row is a copy, the ledger is the case --------------------------------------------------------------------

HELD = "until_at IS NULL"
IN_PERSON = f"{HELD} AND kind = 'person'"
FILTERS = ("turn", "lane", "category", "stage", "site", "procedure")
"""What the office narrows a list to: each has an index, of the open cases apart from the ended ones."""

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ref", Text, nullable=False, unique=True),
    Column("programme", Text, ForeignKey("programmes.id"), nullable=False),
    Column("procedure", Text, nullable=False),  # with its version
    Column("seq", Integer, nullable=False),
    Column("head", Text, nullable=False),  # hash of the newest event
    Column("stage", Text, nullable=False),
    Column("turn", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("final", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("more_sites", Text, nullable=False, server_default=""),  # of further respondents: " KH-0077 KH-0231 "
    Column("assignee", Text, nullable=False),
    Column("bulk", Text, nullable=False, server_default=""),  # the cluster of those that came in a flood
    Column("aside_at", Instant),
    Column("due_at", Instant),
    Column("rests_since", Instant),  # when it ended, while its words are not erased
    Column("state", Text, nullable=False),  # core.case.Case as JSON
    # What the receipt opens; outside the ledger, so that it can be erased.
    Column("tag", LargeBinary, nullable=False, unique=True),
    Column("box", LargeBinary, nullable=False),
    *(Index(f"ix_cases_{name}", name, "final") for name in FILTERS),
    index_where("bulk <> ''", "ix_cases_bulk", "bulk", "id"),
    index_where("rests_since IS NOT NULL", "ix_cases_resting", "procedure", "rests_since", "id"),
    index_where("more_sites <> ''", "ix_cases_more_sites", "more_sites"),
)
seats = Table(
    "seats",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("no", Integer, primary_key=True),
    Column("role", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("from_at", Instant, nullable=False),
    Column("until_at", Instant),
    # What a list sorts and splits by, copied from the case for as long as the seat is held.
    Column("ended", Boolean, nullable=False),
    Column("due_at", Instant, nullable=False),  # NEVER where no date is waited for
    Column("filed_at", Instant, nullable=False),
    Column("assignee", Text, nullable=False, server_default=""),
    # The last column is empty in all of their rows. SQLite asks it of each all the same, and would look it up in the table.
    index_where(HELD, "ix_seats_held", "holder", "role", "ended", "due_at", "case_id", "until_at"),
    index_where(HELD, "ix_seats_filed", "holder", "role", "ended", "filed_at", "case_id", "until_at"),
    index_where(HELD, "ix_seats_assigned", "holder", "role", "ended", "assignee", "due_at", "case_id", "until_at"),
    # Whoever sits in person: few of those who sit.
    index_where(IN_PERSON, "ix_seats_drawn", "role", "ended", "holder", "side", "case_id", "until_at", "kind"),
)
clocks = Table(
    "clocks",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("no", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("rung", Integer, nullable=False),  # the next one
    Column("rings_at", Instant, nullable=False, index=True),
    Column("counted_by", Text, nullable=False, server_default=""),  # mark of the calendar that last looked at it
)
rungs = Table(
    "rungs",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("clock", Integer, primary_key=True),
    Column("rung", Integer, primary_key=True),
    Column("rang_at", Instant, nullable=False),
)

# --- The ledger and the texts beside it ----------------------------------------------------------------------------------

events = Table(
    "events",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("data", Text, nullable=False),  # JSON, the very text that was hashed
    Column("hash", Text, nullable=False),
)
texts = Table(  # in clear: the restatement and its title, nothing else
    "texts",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
)
items = Table(  # sealed: salt and text together
    "items",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("cipher", LargeBinary, nullable=False),
)
wraps = Table(
    "wraps",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("reader", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("under", Integer, nullable=False, server_default="1"),  # number of the pair, as `wrapped` says: for rotating
)
files = Table(  # sealed bytes in the object store, each with the entry that speaks of it; a copy, for finding orphans
    "files",
    metadata,
    Column("object", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("waiting", Boolean, nullable=False, server_default=false()),  # for the scanner
    index_where("waiting", "ix_files_waiting", "waiting"),
)
restatements = Table(  # the newest title, and the key that search looks in; never displayed from here
    "restatements",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("key", Text, nullable=False),
)
links = Table(  # a copy of what the ledgers say, from both ends
    "links",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("other_id", Text, ForeignKey("cases.id"), primary_key=True, index=True),
)
tickets = Table(  # for a week: a filing sent twice is one case
    "tickets",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("filed_on", Text, nullable=False, index=True),  # ISO day
)
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False),  # case/seq: what it is told once for
    Column("state", Text, nullable=False),  # waiting | sent | dead
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("sealed", Text),  # a link, until it is sent
    UniqueConstraint("person", "kind", "cause"),
    Index("ix_outbox_state_next_at", "state", "next_at"),
)
settlements = Table(  # append-only: what somebody did about a notice that could not be delivered
    "settlements",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("notice", Integer, ForeignKey("outbox.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", Text, ForeignKey("people.id"), nullable=False),
    Column("how", Text, nullable=False),  # again | corrected | told
)
