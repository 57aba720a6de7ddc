"""Backs a house up as of one moment, in two files, and restores it with its clock standing still.

The **case backup** holds every row but the wraps (`about.json`, `rows/…` as JSON), the sealed files (`files/…`) and with an
explicit wish the keys of the house (`keys/…`). The **key backup** holds the wraps: the keys of each sealed text and file,
each sealed itself. It lives for two weeks, the cases as long as the law demands: what was erased has no wrap any more, so
an old case backup with the newest key backup leaves it erased (docs/adr/0031).
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from sqlalchemy import Connection, Engine

from grievance.casework.desk import Desk
from grievance.casework.house import packing
from grievance.casework.house.packing import Add, Parts
from grievance.casework.house.replaying import Replayed, replay
from grievance.core.errors import Gone, Refused, say
from grievance.store import dumping, stands
from grievance.store.engines import engine_for
from grievance.store.journal import LIFE
from grievance.store.migrations import newest, step
from grievance.store.objects import Objects
from grievance.store.scope import see_everything
from grievance.store.stands import SILENT, UNVERIFIED, Stand

FORMAT = "grievance-backup-2"
FORMATS = ("grievance-backup-1", FORMAT)
"""The first form was one file with everything in it; with a key backup beside it, its own wraps are left out."""

CASES, KEYS = "cases", "keys"
KEYS_LIFE = LIFE
"""A proposal: as long as a key backup lives, so long an erased text can still be brought back by whoever restores."""

RESTORED = say("Restored from a backup: look whether the other system is still running, then let the clock go on.")
_OBJECT = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_KEY = re.compile(r"[a-z0-9_-]+\.(key|pub|json|txt)")


class About(msgspec.Struct):
    """What a backup says of itself. `moment`: the same in two files that were made together."""

    format: str
    made_at: str
    revision: str
    kind: str = "whole"
    moment: str = ""

    @property
    def at(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a house is restored: the address of its database, the place of its files, the folder of its keys."""

    database: str = field(repr=False)
    files: str
    keys: Path


@dataclass(slots=True)
class Kept:
    """What went into a backup, or came out of it. `strays`: wraps of what is not in the case backup, dropped."""

    rows: int = 0
    wraps: int = 0
    files: int = 0
    keys: int = 0
    strays: int = 0
    replayed: Replayed | None = None


def backup(desk: Desk, cases: BinaryIO, wraps: BinaryIO, recipients: Iterable[str], keys: Path | None = None) -> Kept:
    """Write the house as it is at this moment, while people go on filing. `keys`: the folder, if it is to go along.

    Raises Refused for a recipient that is no public key of age, Gone where a file cannot be reached.
    """
    to, kept = packing.readers(recipients), Kept()
    made_at, moment = desk.now().isoformat(timespec="seconds"), secrets.token_hex(16)

    def about(kind: str) -> bytes:
        return msgspec.json.encode(About(FORMAT, made_at, newest(), kind, moment))

    def fill_cases(add: Add) -> None:
        add("about.json", about(CASES))
        kept.rows = _rows(dumping.dump(tx), add)
        for names in desk.store.objects.names():  # after the rows: whatever they speak of was there before them
            for name in names:
                try:
                    add(f"files/{name}", desk.store.objects.get(name))
                except Gone:
                    if desk.store.objects.there(name):
                        raise  # it is not left out because its place did not answer for a moment
                    continue  # erased in the meantime
                kept.files += 1
        for path in sorted(keys.iterdir()) if keys else ():
            add(f"keys/{path.name}", path.read_bytes())
            kept.keys += 1

    def fill_wraps(add: Add) -> None:
        add("about.json", about(KEYS))
        kept.wraps = _rows(dumping.dump(tx, wraps=True), add)

    with desk.store.whole() as tx:
        packing.pack(cases, to, fill_cases)
        packing.pack(wraps, to, fill_wraps)
    return kept


def restore(
    place: Place,
    cases: BinaryIO,
    wraps: BinaryIO | None,
    identity: str,
    now: datetime,
    *,
    accept_loss: bool = False,
    journal: Path | None = None,
) -> Kept:
    """Fill an empty house; its clock stands still, and no notice leaves until it was verified and somebody lets it go on.

    All rows or none. Raises Refused where there is a case already, where a file or the key is not the right one, and,
    unless `accept_loss`, where the key backup is missing, older than the cases, or older than their life.
    `journal`: the folder on the second volume, or a copy of it, with what was acknowledged since.
    """
    key = packing.reader(identity)
    kept = Kept()
    with (  # in this order: a file that turns out to be damaged at its end must undo all that was written
        engine_for(place.database) as engine,
        _transaction(engine) as tx,
        packing.unpacked(cases, key) as parts,
        packing.unpacked(wraps, key) if wraps else nullcontext() as beside,
    ):
        of_cases, of_keys = _about(parts, CASES), _about(beside, KEYS) if beside else None
        if not accept_loss:
            _refuse_loss(of_cases, of_keys, now)
        if dumping.refuse_a_full_one(tx):
            step(tx, "base", down=True)
        step(tx, of_cases.revision)
        _fill(tx, parts, kept, Objects(place.files), place.keys, without_wraps=of_keys is not None)
        if beside and of_keys:
            step(tx, max(of_cases.revision, of_keys.revision))
            kept.wraps += _load(tx, beside)
        step(tx)
        dumping.count_on(tx)
        if journal:  # before the strays go: among them are the wraps of what it brings back
            kept.replayed = replay(tx, Objects(place.files), journal, key, of_keys.at if of_keys else None)
        kept.strays = dumping.drop_strays(tx)
        dumping.check(tx)
        last, known = stands.now_stands(tx), stands.newest_entry(tx)
        stands.add(tx, Stand(last.no + 1 if last else 1, now, SILENT, "restore", RESTORED.text, known))
        stands.mark_restored(tx, UNVERIFIED)
    return kept


def _rows(parts: Iterable[tuple[int, bytes]], add: Add) -> int:
    rows = 0
    for number, (count, part) in enumerate(parts):
        add(f"rows/{number:06}.json", part)
        rows += count
    return rows


def _about(parts: Parts, kind: str) -> About:
    name, first = next(parts, ("", b""))
    if name != "about.json":
        raise ValueError("no backup")
    about = msgspec.json.decode(first, type=About)
    if about.format not in FORMATS or about.revision > newest():
        raise Refused(say("This backup is of a newer form: restore it with the newer version of the program."))
    if (about.kind == KEYS) != (kind == KEYS):
        raise Refused(
            say("Name the case backup first and the key backup second: one of these files is the other kind.")
        )
    return about


def _refuse_loss(cases: About, keys: About | None, now: datetime) -> None:
    if keys is None:
        if cases.kind == CASES:
            raise Refused(
                say(
                    "Without a key backup no sealed word can be read again. Name the newest one behind the case backup. "
                    "Where there is none any more, say so with --accept-loss."
                )
            )
        return
    if keys.moment != cases.moment and keys.at < cases.at:
        raise Refused(
            say(
                "This key backup is of {keys}, older than the cases of {cases}: what was sealed between cannot be read, "
                "and what was erased between comes back. Name a newer one, or say --accept-loss.",
                keys=keys.made_at,
                cases=cases.made_at,
            )
        )
    if now - keys.at > KEYS_LIFE:
        raise Refused(
            say(
                "This key backup is of {keys}, and none is kept longer than {days} days: what was erased since comes "
                "back. Name a newer one, or say --accept-loss.",
                keys=keys.made_at,
                days=KEYS_LIFE.days,
            )
        )


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    """Steps and rows together. Not the store's: its watch over foreign keys would undo what the steps of SQLite do."""
    with engine.begin() as tx:
        if engine.dialect.name == "sqlite":
            tx.exec_driver_sql("BEGIN IMMEDIATE")
        see_everything(tx)
        yield tx


def _fill(tx: Connection, parts: Parts, kept: Kept, objects: Objects, keys: Path, *, without_wraps: bool) -> None:
    for name, body in parts:
        kind, _, rest = name.partition("/")
        if kind == "rows":
            kept.rows += dumping.load(tx, body, without_wraps=without_wraps)
        elif kind == "files" and _OBJECT.fullmatch(rest):
            if not objects.there(rest):
                objects.put(rest, body)
            kept.files += 1
        elif kind == "keys" and _KEY.fullmatch(rest):
            kept.keys += _keep_key(keys / rest, body)


def _load(tx: Connection, parts: Parts) -> int:
    return sum(dumping.load(tx, body) for name, body in parts if name.startswith("rows/"))


def _keep_key(path: Path, body: bytes) -> int:
    """Keys that are there already stay as they are."""
    if path.exists():
        return 0
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)
    return 1
