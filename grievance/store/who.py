"""The tables of who takes part: programmes, organisations, people, sites, rosters, and the ways in."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, false

from grievance.store.schema import Instant, metadata

programmes = Table(
    "programmes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("country", Text, nullable=False, server_default=""),  # two letters
    Column("calendar", Text, nullable=False, server_default=""),
    Column("languages", Text, nullable=False, server_default=""),  # codes with spaces between; none means all
    Column("tracks", Text, nullable=False, server_default=""),  # JSON: track → name of a procedure
    Column("office", Text, ForeignKey("bodies.id"), nullable=False),
    Column("retired", Boolean, nullable=False, server_default=false()),  # nothing new; what runs goes on
)
bodies = Table(
    "bodies",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # office | factory | union | brand | association
    Column("side", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("retired", Boolean, nullable=False, server_default=false()),  # nothing new; what runs goes on
)
people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("mail", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("password", Text),
    Column("administrator", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
)
members = Table(
    "members",
    metadata,
    Column("person", Text, ForeignKey("people.id"), primary_key=True),
    Column("body", Text, ForeignKey("bodies.id"), primary_key=True),
    Column("post", Text, nullable=False),  # "" | coordinator | buying
    Index("ix_members_body", "body"),
)
roster = Table(
    "roster",
    metadata,
    Column("programme", Text, ForeignKey("programmes.id"), primary_key=True),
    Column("person", Text, ForeignKey("people.id"), primary_key=True),
    Column("function", Text, primary_key=True),  # one of casework.house.rostering.FUNCTIONS
    Column("side", Text, nullable=False),
)
sites = Table(
    "sites",
    metadata,
    Column("code", Text, primary_key=True),
    Column("programme", Text, ForeignKey("programmes.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("body", Text, ForeignKey("bodies.id"), nullable=False),
    Column("retired", Boolean, nullable=False, server_default=false()),  # nothing new; what runs goes on
)
buyers = Table(
    "buyers",
    metadata,
    Column("site", Text, ForeignKey("sites.code"), primary_key=True),
    Column("body", Text, ForeignKey("bodies.id"), primary_key=True),
)
sessions = Table(
    "sessions",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # SHA-256 of the token; the token is only in the cookie
    Column("person", Text, ForeignKey("people.id"), nullable=False, index=True),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("proved_at", Instant, nullable=False, server_default="0"),  # when its holder last showed who they are
    Column(
        "proved_by", Text, nullable=False, server_default="password"
    ),  # password | totp | code | passkey | organisation
    Column("through", Text, nullable=False, server_default=""),  # the organisation through whose provider it was opened
)
factors = Table(  # what somebody shows beside the password, or instead of it
    "factors",
    metadata,
    Column("id", Text, primary_key=True),  # a keyed hash of the secret or the code; of a passkey the hash of its id
    Column("person", Text, ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),  # passkey | totp | code
    Column("name", Text, nullable=False),
    Column("kept", Text, nullable=False),  # the sealed secret; of a passkey its id and public key; of a code nothing
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("count", BigInteger, nullable=False),  # the last time step, or how often a passkey says it was used
)
halves = Table(  # signed in with a password or through an organisation, and asked for the second step: no session
    "halves",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # SHA-256 of the token
    Column("person", Text, ForeignKey("people.id"), nullable=False, index=True),
    Column("until_at", Instant, nullable=False),
    Column("through", Text, nullable=False, server_default=""),
)
bindings = Table(  # who somebody is at the provider of their organisation
    "bindings",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("body", Text, ForeignKey("bodies.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Index("ix_bindings_person", "person", "issuer", unique=True),  # nobody is two people at one provider
)
challenges = Table(  # what a passkey signs; one for each browser, good once
    "challenges",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # hash of what it was given out to: a session, a half, a browser
    Column("challenge", LargeBinary, nullable=False),
    Column("until_at", Instant, nullable=False, index=True),
)
throttle = Table(
    "throttle",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # keyed hash of what is guarded, never the mail itself
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
)
passes = Table(  # a link in a letter, good once and for some time
    "passes",
    metadata,
    Column("id", LargeBinary, primary_key=True),  # SHA-256 of the token; the token is only in the letter
    Column("person", Text, ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),  # invitation | reset
    Column("until_at", Instant, nullable=False),
)
askings = Table(  # who asked for a new password; looked at by the clock, so that the page costs the same for everybody
    "askings",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("sealed", Text, nullable=False),  # the mail address
    Column("at", Instant, nullable=False),
)
deeds = Table(  # append-only and chained, as the ledger is: what administrators did
    "deeds",
    metadata,
    Column("no", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False, index=True),
    Column("data", Text, nullable=False),  # JSON, the very text that was hashed
    Column("hash", Text, nullable=False),
)
meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
