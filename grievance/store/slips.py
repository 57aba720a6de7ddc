"""Names what was committed and may not be on the second volume: a process was killed in between, or found no room there.

A slip lies on the first disk, because it is of use only while that one lives, and can be written while the second one cannot.
It names cases, and sealed files by the name that they are kept under.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

_UNDERWAY, _OWED = ".slip", ".owed"


class Slips:
    """The slips of a house in one folder, which is made when the first of them is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names: Counter[str] = Counter()
        self._file, self._process = -1, 0

    def put(self, names: Sequence[str]) -> None:
        """Onto that of this process, which it holds locked, before they are committed. Raises OSError.

        Not synced: what a killed process wrote is there all the same.
        """
        if self._process != os.getpid():
            self._begin()
        self._names.update(names)
        self._write()

    def take(self, names: Sequence[str]) -> None:
        """Off it, when they are on both disks, on none, or owed. Raises OSError."""
        self._names.subtract(names)
        self._names += Counter()
        self._write()

    def owe(self, names: Sequence[str]) -> None:
        """Onto one of their own, on the disk when this returns: the second volume did not take them. Raises OSError."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.folder / secrets.token_hex(8)
        to_the_disk(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _lines(names))
        path.rename(path.with_suffix(_OWED))
        to_the_disk(self.folder)

    def owed(self) -> bool:
        """Whether the second volume lacks anything that somebody was told of."""
        return any(self.folder.glob(f"*{_OWED}"))

    def left(self) -> Iterator[tuple[list[str], Callable[[], None]]]:
        """The names on each slip that is owed, or whose process is gone, and what tears it up: until then it stays."""
        for path in (*self.folder.glob(f"*{_OWED}"), *self.folder.glob(f"*{_UNDERWAY}")):
            with (
                suppress(FileNotFoundError, BlockingIOError),  # another clock's; its process lives
                path.open("r+b") as held,
            ):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield held.read().decode("ascii", "replace").split(), partial(path.unlink, missing_ok=True)

    def _begin(self) -> None:
        if self._file >= 0:
            os.close(self._file)  # of the process that this one came from, whose lock it would keep
        self._names.clear()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path, self._file = self.folder / secrets.token_hex(8), -1
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            path.rename(
                path.with_suffix(_UNDERWAY)
            )  # only now: one that is not locked is taken for that of a dead process
        except OSError:
            os.close(file)
            raise
        self._file, self._process = file, os.getpid()

    def _write(self) -> None:
        """First the new text, then its end: killed between the two it names cases too many, never too few."""
        text = _lines(self._names)
        os.pwrite(self._file, text, 0)
        os.ftruncate(self._file, len(text))


def _lines(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode()


def to_the_disk(path: Path, flags: int = os.O_RDONLY, text: bytes = b"") -> None:
    """What is there of a file or a folder, and this text, is on the disk when it returns. Raises OSError."""
    held = os.open(path, flags, 0o600)
    try:
        if text:
            os.write(held, text)
        os.fsync(held)
    finally:
        os.close(held)
