"""Keeps on a second volume what was committed, sealed to a key that is elsewhere: a filing survives the loss of one disk.

Written after the commit and before anybody is answered. Each process has a file a day; a frame is its length in four bytes
and one message of age with the records of a transaction. Files older than the key backups live are taken away
(docs/adr/0031). What is committed and not in it, because a process died or the volume took nothing, is known by a slip on the
first disk (`slips`), and noted later.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from grievance.core.errors import Refused, say
from grievance.store import changes as c
from grievance.store.slips import Slips, to_the_disk

log = logging.getLogger(__name__)

LIFE = timedelta(days=14)
"""A proposal: that of key backups, because wraps are in it as in these."""
NOTED = "journal"
"""Under which option of a connection the records of its transaction are gathered."""
_LENGTH = 4


class Line(msgspec.Struct, array_like=True):
    """An entry as the ledger has it."""

    seq: int
    at: datetime
    kind: str
    actor: str
    data: str
    hash: str


class Appended(msgspec.Struct, tag="appended"):
    """What was appended to one case, with what stands beside its ledger."""

    case: str
    lines: list[Line]
    birth: c.Birth | None
    texts: tuple[c.Text, ...]
    items: tuple[c.Item, ...]
    files: tuple[c.Wraps, ...]
    rewrapped: tuple[c.Rewrap, ...]
    notices: tuple[c.Notice, ...]
    searched: tuple[str, str] | None


class Put(msgspec.Struct, tag="put"):
    """A sealed file, as it is in the store of files."""

    name: str
    body: bytes


Record = Appended | Put
_records = msgspec.msgpack.Decoder(list[Record])


class Journal:
    """Writes into a folder that exists; it is never made, so that a volume that is not mounted is noticed.

    `slips`: a folder on the first disk. Raises Refused for a key that is none.
    """

    def __init__(self, folder: Path, to: str, slips: Path) -> None:
        import pyrage

        try:
            pyrage.x25519.Recipient.from_str(to)
        except pyrage.RecipientError:
            raise Refused(say("GRIEVANCE_JOURNAL_TO is no public key for backups: copy it once more.")) from None
        self.folder, self._to = folder, to
        self.slips = Slips(slips)
        self._failed, self.forgotten = "", False
        self._lock = threading.Lock()
        self._file, self._path, self._whole = -1, folder, 0  # how much of it is on the disk
        self._of = (0, "")  # process and day

    def failed(self) -> str:
        """Why it lacks something that somebody was told of, by any process; empty where it lacks nothing and takes more."""
        if not os.access(self.folder, os.W_OK):
            return self._failed or "its folder is gone, or takes nothing"
        if self.slips.owed():
            return self._failed or "it lacks something, which the clock notes within a minute"
        return self._failed if self.forgotten else ""

    @property
    def failing(self) -> bool:
        """Whether it did not take what it was given last."""
        return bool(self._failed)

    @contextmanager
    def underway(self, records: Sequence[Record]) -> Iterator[None]:
        """Keeps the slip while these are committed and kept: from the first line that is written until they are on both disks.

        A slip that cannot be written refuses nobody: it is missed only where this process is killed in this moment.
        """
        ids = [record.case for record in records if isinstance(record, Appended)]
        with self._lock, suppress(OSError):
            self.slips.put(ids)
        try:
            yield
        finally:
            with self._lock, suppress(OSError):
                self.slips.take(ids)

    def keep(self, records: Sequence[Record]) -> None:
        """Add these, on the disk when this returns. What cannot be kept is owed, and no reason to refuse anybody."""
        if not records:
            return
        import pyrage

        try:
            plain = msgspec.msgpack.encode(records, enc_hook=dict)  # a mapping that does not change is one to it, too
            sealed = pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(self._to)])
            frame = len(sealed).to_bytes(_LENGTH, "big") + sealed
            with self._lock:
                self._write(frame)
        except OSError as error:
            self._failed = error.strerror or "it cannot be written"
            log.error("the journal on the second volume is not written: %s", self._failed)  # noqa: TRY400  it says all
            self._owe(records)
        else:
            self._failed, self.forgotten = "", False

    def _owe(self, records: Sequence[Record]) -> None:
        try:
            self.slips.owe([one.case if isinstance(one, Appended) else one.name for one in records])
        except OSError as error:
            self.forgotten = True
            log.error("nor is it noted down that it is to be: %s; make a backup", error.strerror)  # noqa: TRY400

    def _write(self, frame: bytes) -> None:
        today = datetime.now(UTC).date()
        now = (os.getpid(), today.isoformat())
        if self._of != now:
            self._open(today)
            self._of = now
        try:
            _add(self._file, frame)
        except OSError:  # what comes later goes into another file: behind half a frame nobody would find it
            os.close(self._file)
            if not self._whole:
                self._path.unlink(missing_ok=True)
            self._file, self._of = -1, (0, "")
            raise
        self._whole += len(frame)

    def _open(self, today: date) -> None:
        if self._file >= 0 and self._of[0] == os.getpid():
            os.close(self._file)
        self._path, self._whole = self.folder / f"{today.isoformat()}-{secrets.token_hex(8)}.journal", 0
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        to_the_disk(self.folder)
        for old in self.folder.glob("*.journal"):
            if old.name[:10] < (today - LIFE).isoformat():
                old.unlink(missing_ok=True)


def _add(file: int, frame: bytes) -> None:
    if os.write(file, frame) != len(frame):
        raise OSError(0, "it is full")
    os.fsync(file)


def note(change: c.Change, rows: Sequence[Mapping[str, Any]]) -> Appended:
    """The record of a change, with its rows of the ledger."""
    lines = [Line(*(row[name] for name in Line.__struct_fields__)) for row in rows]
    return Appended(
        change.case.id,
        lines,
        change.birth,
        change.texts,
        change.items,
        change.files,
        change.rewrapped,
        change.notices,
        change.searched,
    )


def frames(file: Path) -> Iterator[bytes]:
    """The sealed messages of a file; one that was cut off in the middle of a crash is left out."""
    with file.open("rb") as source:
        while head := source.read(_LENGTH):
            body = source.read(int.from_bytes(head, "big"))
            if len(head) < _LENGTH or len(body) < int.from_bytes(head, "big"):
                return
            yield body


def records(plain: bytes) -> list[Record]:
    """What a message holds. Raises ValidationError for anything else."""
    return _records.decode(plain)
