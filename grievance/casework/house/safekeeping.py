"""Backs a house up as of one moment, readable by one key that is elsewhere, and restores it with its clock standing still.

A backup is a gzipped tar, encrypted with age (https://age-encryption.org/v1) to public keys. In it: `about.json`, the rows
(`rows/…`, JSON), the sealed files (`files/…`), with an explicit wish the keys of the house (`keys/…`), and `end`.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from sqlalchemy import Engine, create_engine

from grievance.casework.desk import Desk
from grievance.core.errors import Gone, Refused, say
from grievance.store import dumping, stands
from grievance.store.migrations import migrate, newest
from grievance.store.objects import Objects
from grievance.store.stands import SILENT, Stand
from grievance.store.store import Store

FORMAT = "grievance-backup-1"
RESTORED = say("Restored from a backup: look whether the other system is still running, then let the clock go on.")
_OBJECT = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_KEY = re.compile(r"[a-z0-9_-]+\.(key|pub|json|txt)")


class About(msgspec.Struct):
    """What a backup says of itself."""

    format: str
    made_at: str
    revision: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a house is restored: the address of its database, the place of its files, the folder of its keys."""

    database: str = field(repr=False)
    files: str
    keys: Path


@dataclass(slots=True)
class Kept:
    """What went into a backup, or came out of it."""

    rows: int = 0
    files: int = 0
    keys: int = 0


def make_key() -> tuple[str, str]:
    """A key pair for backups: the public half, and the private one, which belongs on another machine."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def backup(desk: Desk, target: BinaryIO, recipients: Iterable[str], keys: Path | None = None) -> Kept:
    """Write the house as it is at this moment, while people go on filing. `keys`: the folder, if it is to go along.

    Raises Refused for a recipient that is no public key of age.
    """
    import pyrage

    try:
        readers = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError:
        raise Refused(
            say("That is no public key for backups: it begins with age1. Make one with --make-key.")
        ) from None
    kept = Kept()
    with _pipe(lambda sink: _pack(desk, sink, kept, keys)) as source:
        pyrage.encrypt_io(source, target, readers)
    return kept


def restore(place: Place, source: BinaryIO, identity: str, now: datetime) -> Kept:
    """Fill an empty house from a backup; its clock stands still and no notice leaves until somebody lets it go on.

    All rows or none. Raises Refused where there is a case already, or where the file or the key is not the right one.
    """
    import pyrage

    try:
        reader = pyrage.x25519.Identity.from_str(identity.strip().splitlines()[-1])
    except (pyrage.IdentityError, IndexError):
        raise Refused(say("That is no private key for backups. It begins with AGE-SECRET-KEY-1.")) from None
    wrong = Refused(say("This backup cannot be read: it is damaged, cut short, or made for another key."))
    try:
        with _pipe(lambda sink: pyrage.decrypt_io(source, sink, [reader])) as plain:
            return _unpack(place, plain, now)
    except (pyrage.DecryptError, tarfile.TarError, msgspec.MsgspecError, ValueError, EOFError, OSError) as error:
        raise wrong from error


def _pack(desk: Desk, sink: BinaryIO, kept: Kept, keys: Path | None) -> None:
    with (
        gzip.GzipFile(fileobj=sink, mode="wb", compresslevel=3) as zipped,
        tarfile.open(fileobj=zipped, mode="w|") as tar,
    ):
        about = About(FORMAT, desk.now().isoformat(timespec="seconds"), newest())
        _add(tar, "about.json", msgspec.json.encode(about))
        with desk.store.whole() as tx:
            for number, (count, part) in enumerate(dumping.dump(tx)):
                _add(tar, f"rows/{number:06}.json", part)
                kept.rows += count
        for names in desk.store.objects.names():  # after the rows: whatever they speak of was there before them
            for name in names:
                try:
                    _add(tar, f"files/{name}", desk.store.objects.get(name))
                except Gone:  # erased in the meantime
                    continue
                kept.files += 1
        for path in sorted(keys.iterdir()) if keys else ():
            _add(tar, f"keys/{path.name}", path.read_bytes())
            kept.keys += 1
        _add(tar, "end", b"")


def _add(tar: tarfile.TarFile, name: str, body: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(body), 0o600
    tar.addfile(member, io.BytesIO(body))


def _unpack(place: Place, plain: BinaryIO, now: datetime) -> Kept:
    with tarfile.open(fileobj=plain, mode="r|gz") as tar:
        members = ((member.name, tar.extractfile(member)) for member in tar)
        parts = ((name, held.read() if held else b"") for name, held in members)
        name, first = next(parts, ("", b""))
        if name != "about.json":
            raise ValueError("no backup")
        about = msgspec.json.decode(first, type=About)
        if about.format != FORMAT or about.revision > newest():
            raise Refused(say("This backup is of a newer form: restore it with the newer version of the program."))
        with _engine(place) as engine:
            with engine.connect() as tx:
                full_of_tables = dumping.refuse_a_full_one(tx)
            if full_of_tables:
                migrate(engine, "base", down=True)
            migrate(engine, about.revision)
            kept = _fill(Store(engine, Objects(place.files)), parts, place.keys, now)
    with _engine(place) as engine:
        migrate(engine)
    return kept


@contextmanager
def _engine(place: Place) -> Iterator[Engine]:
    engine = create_engine(place.database)
    try:
        yield engine
    finally:
        engine.dispose()


def _fill(store: Store, parts: Iterator[tuple[str, bytes]], keys: Path, now: datetime) -> Kept:
    kept, name = Kept(), ""
    with store.write() as tx:
        for name, body in parts:
            kind, _, rest = name.partition("/")
            if kind == "rows":
                kept.rows += dumping.load(tx, body)
            elif kind == "files" and _OBJECT.fullmatch(rest):
                if not store.objects.there(rest):
                    store.objects.put(rest, body)
                kept.files += 1
            elif kind == "keys" and _KEY.fullmatch(rest):
                kept.keys += _keep_key(keys / rest, body)
        if name != "end":
            raise ValueError("cut short")
        dumping.count_on(tx)
        last, known = stands.now_stands(tx), stands.newest_entry(tx)
        stands.add(tx, Stand(last.no + 1 if last else 1, now, SILENT, "restore", RESTORED.text, known))
    return kept


def _keep_key(path: Path, body: bytes) -> int:
    """Keys that are there already stay as they are."""
    if path.exists():
        return 0
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(body)
    return 1


@contextmanager
def _pipe(write: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
    """What `write` writes, to be read here: nothing in clear touches the disk. Its error is raised when the block ends."""
    read_end, write_end = os.pipe()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(write_end, "wb") as sink:
                write(sink)
        except BrokenPipeError:  # the reader has stopped, and says why itself
            pass
        except BaseException as error:  # noqa: BLE001  carried over to the reader's thread
            failed.append(error)

    writer = threading.Thread(target=run)
    writer.start()
    try:
        with os.fdopen(read_end, "rb") as source:
            yield source
    finally:
        writer.join()
    if failed:  # where the reader failed too, its own error is the one that tells more
        raise failed[0]
