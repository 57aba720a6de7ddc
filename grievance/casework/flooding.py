"""When too many complaints come at once: what is asked before one is taken, and beside which others it waits.

Nobody is refused, and no address is looked at or kept. What is asked is bound to the ticket of the form, so nothing has to be
remembered of it. What is kept of the words of a complaint that is gathered is a sketch under a key of this house: it tells
which complaints are alike, and is made for no complaint that comes in calm times.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Tampered
from grievance.casework.pressure import CALM, WINDOW, work_fits
from grievance.core.case import Case
from grievance.core.events import CLOCK, Entry, Gathered
from grievance.core.fold import apply
from grievance.core.matters import Actor
from grievance.language import search_key
from grievance.store import cases, clusters

PURPOSE = "wait"
GOOD_FOR = timedelta(days=1)
"""Who waited and comes back a day later waits once more."""

LIKE = 16
"""Two sketches are alike where so many of their 32 numbers are the same; about half of what was written is then."""

_SKETCH = struct.Struct(">32H")
SHINGLE, READ = 5, 600
"""Letters that are looked at together, and how many of a complaint are looked at."""
ALIVE = timedelta(days=1)
MOST = 200
"""Clusters that others are held against. Who writes something else each time fills them; the rest goes by place and subject."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of whoever sends this form: zero bits of each puzzle, and seconds to wait where no script runs.

    `token` stands for the wait, and opens the door for this ticket when it is over.
    """

    bits: int
    seconds: int
    token: str


def level(desk: Desk) -> str:
    """How it stands just now: calm, asks or overflows."""
    now, flood = desk.now(), desk.flood
    known = flood.gauge.known(now)
    if known is None:
        with desk.store.read() as tx:
            known = clusters.filed_since(tx, now - WINDOW, flood.most + 1)
        flood.gauge.read(now, known)
    return flood.level(known)


def busy(desk: Desk) -> Asked | None:
    """What a form that is opened now will be asked, or None in calm times; its wait begins when it is sent."""
    return None if level(desk) == CALM else Asked(desk.flood.bits, desk.flood.wait, "")


def asked(desk: Desk, ticket: str, work: str, waited: str) -> Asked | None:
    """What this form still has to bring, or None where it may be sent. Raises BadTicket.

    A form that was sent before is asked nothing: its receipt is only shown again.
    """
    if level(desk) == CALM:
        return None
    form = desk.vault.ticket_hash(desk.vault.read_ticket(ticket))
    if work_fits(ticket, work, desk.flood.bits):
        return None
    with desk.store.read() as tx:
        if cases.knows_ticket(tx, form):
            return None
    now = desk.now()
    until = _until(desk, form, waited)
    if until is None or now - until > GOOD_FOR:
        until, waited = now + timedelta(seconds=desk.flood.wait), ""
    if until <= now:
        return None
    token = waited or desk.vault.seal_cookie(PURPOSE, form + struct.pack(">d", until.timestamp()))
    return Asked(desk.flood.bits, max(1, round((until - now).total_seconds())), token)


def _until(desk: Desk, form: bytes, token: str) -> datetime | None:
    """When the wait of this form is over; None for a token that is not of this form."""
    try:
        said = desk.vault.open_cookie(PURPOSE, token)
    except Tampered:
        return None
    if said[: len(form)] != form:
        return None
    return datetime.fromtimestamp(float(struct.unpack(">d", said[len(form) :])[0]), UTC)


def gather(desk: Desk, case: Case, cluster: str) -> tuple[Case, tuple[Entry, ...]]:
    """The case as one that waits in the bulk lane."""
    entry = Entry(case.seq + 1, desk.now(), Actor(CLOCK), Gathered(cluster))
    return apply(case, entry), (entry,)


@dataclass(frozen=True, slots=True)
class Place:
    """The cluster of a complaint that overflows, and its sketch where others will be held against it."""

    cluster: str
    sketch: bytes = b""


def place(desk: Desk, tx: Connection, words: str, site: str, about: tuple[str, ...]) -> Place:
    """Beside which others a complaint that overflows waits: alike words first, else the same place and subject."""
    sketch = sketch_of(desk, words)
    known = clusters.recent(tx, desk.now() - ALIVE, MOST)
    for cluster, other in known:
        if alike(sketch, other):
            return Place(cluster)
    if len(known) < MOST:
        return Place(desk.random.randbytes(8).hex(), sketch)
    return Place(desk.vault.mac("place", f"{site} {about[:1]}".encode())[:8].hex())


def keep(desk: Desk, tx: Connection, found: Place) -> None:
    """Others will be held against it, where it is the first of its kind."""
    if found.sketch:
        clusters.keep(tx, found.cluster, found.sketch, desk.now())


def forget_sketches(desk: Desk) -> int:
    """Drops sketches that are a day old; returns how many."""
    with desk.store.write() as tx:
        return clusters.forget(tx, desk.now() - ALIVE)


def sketch_of(desk: Desk, words: str) -> bytes:
    """64 bytes: of 32 keyed numbers the least that any few letters of the text give (MinHash, Broder 1997)."""
    key = desk.vault.mac("sketch", b"")[:32]
    text = "".join(search_key(words[: READ * 2]).split())[:READ]
    shingles = {text[at : at + SHINGLE] for at in range(max(1, len(text) - SHINGLE + 1))}
    rows = (_SKETCH.unpack(hashlib.blake2b(one.encode(), key=key).digest()) for one in shingles)
    return _SKETCH.pack(*map(min, zip(*rows, strict=True)))


def alike(one: bytes, other: bytes) -> bool:
    """Whether two complaints say much the same."""
    pairs = zip(_SKETCH.unpack(one), _SKETCH.unpack(other), strict=True)
    return sum(1 for a, b in pairs if a == b) >= LIKE
