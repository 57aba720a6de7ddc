"""Keeps on a second volume what was committed, sealed to a key that is elsewhere: a filing survives the loss of one disk.

Written after the commit and before anybody is answered. Each process has a file a day; a frame is its length in four bytes
and one message of age with the records of a transaction. Files older than the key backups live are taken away
(docs/adr/0031). Beside it each process has a slip with the ids of cases that it is about to commit, under a lock that goes with
the process: whoever died between commit and frame is known by it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from grievance.core.errors import Refused, say
from grievance.store import changes as c

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

    Raises Refused for a key that is none.
    """

    def __init__(self, folder: Path, to: str) -> None:
        import pyrage

        try:
            pyrage.x25519.Recipient.from_str(to)
        except pyrage.RecipientError:
            raise Refused(say("GRIEVANCE_JOURNAL_TO is no public key for backups: copy it once more.")) from None
        self.folder, self._to = folder, to
        self._failed = ""
        self._lock = threading.Lock()
        self._file = -1
        self._of = (0, "")  # process and day
        self._slip = _Slip(folder)

    def failed(self) -> str:
        """Why the last record is not in it; empty when it is, and its folder is there."""
        return self._failed or ("" if os.access(self.folder, os.W_OK) else "its folder is gone")

    @contextmanager
    def underway(self, records: Sequence[Record]) -> Iterator[None]:
        """Keeps the slip while these are committed and kept: from the first line that is written until they are on both disks.

        A slip that cannot be written refuses nobody; the journal itself then cannot either, and says so.
        """
        ids = [record.case for record in records if isinstance(record, Appended)]
        with self._lock, suppress(OSError):
            self._slip.put(ids)
        try:
            yield
        finally:
            with self._lock, suppress(OSError):
                self._slip.take(ids)

    def left(self) -> Iterator[list[str]]:
        """The ids on each slip of a process that is gone; it is torn up when the next one is asked for."""
        for file in self.folder.glob("*.slip"):
            with (
                suppress(FileNotFoundError, BlockingIOError),
                file.open("r+b") as held,
            ):  # another clock's; its process lives
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield held.read().decode("ascii", "replace").split()
                file.unlink(missing_ok=True)

    def keep(self, records: Sequence[Record]) -> None:
        """Add these, on the disk when this returns. What cannot be kept is an alarm, and no reason to refuse anybody."""
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
        else:
            self._failed = ""

    def _write(self, frame: bytes) -> None:
        today = datetime.now(UTC).date()
        now = (os.getpid(), today.isoformat())
        if self._of != now:
            self._open(today)
            self._of = now
        try:
            _to_the_disk(self._file, frame)
        except OSError:  # what comes later goes into another file: behind half a frame nobody would find it
            os.close(self._file)
            self._file, self._of = -1, (0, "")
            raise

    def _open(self, today: date) -> None:
        if self._file >= 0 and self._of[0] == os.getpid():
            os.close(self._file)
        name = f"{today.isoformat()}-{secrets.token_hex(8)}.journal"
        self._file = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        held = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)
        for old in self.folder.glob("*.journal"):
            if old.name[:10] < (today - LIFE).isoformat():
                old.unlink(missing_ok=True)


class _Slip:
    """The ids of the cases that this process is about to commit, in a file that it holds locked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ids: Counter[str] = Counter()
        self._file, self._process = -1, 0

    def put(self, ids: Sequence[str]) -> None:
        """Before they are committed. Not synced: what a killed process wrote is there all the same."""
        if self._process != os.getpid():
            self._begin()
        self._ids.update(ids)
        self._write()

    def take(self, ids: Sequence[str]) -> None:
        """When they are on both disks, or on none."""
        self._ids.subtract(ids)
        self._ids += Counter()
        self._write()

    def _begin(self) -> None:
        if self._file >= 0:
            os.close(self._file)  # of the process that this one came from, whose lock it would keep
        self._ids.clear()
        name, self._file = self._folder / secrets.token_hex(8), -1
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            name.rename(
                name.with_suffix(".slip")
            )  # only now: one that is not locked is taken for that of a dead process
        except OSError:
            os.close(file)
            raise
        self._file, self._process = file, os.getpid()

    def _write(self) -> None:
        """First the new text, then its end: killed between the two it names cases too many, never too few."""
        text = "".join(f"{one}\n" for one in self._ids).encode()
        os.pwrite(self._file, text, 0)
        os.ftruncate(self._file, len(text))


def _to_the_disk(file: int, frame: bytes) -> None:
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
