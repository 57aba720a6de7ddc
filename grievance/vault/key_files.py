"""Key files: one line each, private, checked by itself; a compartment's later pairs carry a number in their names."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from pathlib import Path
from typing import Final

from grievance.core.errors import say
from grievance.vault.errors import NoKeys

_LINE: Final = re.compile(r"grievance-key-1 (?P<name>[a-z0-9.-]+) (?P<key>[0-9a-f]{64}) (?P<check>[0-9a-f]{16})\n")
_NUMBERED: Final = re.compile(r"(?P<name>[a-z]+)(?:-(?P<number>[1-9][0-9]{0,3}))?\.pub")
_LONGEST_LINE: Final = 4096
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def newest(folder: Path, name: str) -> int:
    """The number of the newest pair of a compartment, 0 where there is none. A pair counts from its public half on."""
    return max(numbers(folder, name), default=0)


def numbers(folder: Path, name: str) -> tuple[int, ...]:
    """The numbers of the pairs whose public half lies in the folder, the first pair first."""
    found = (_NUMBERED.fullmatch(path.name) for path in folder.glob(f"{name}*.pub"))
    return tuple(sorted(int(one["number"] or 1) for one in found if one and one["name"] == name))


def stem(name: str, number: int) -> str:
    """How the files of a pair are called: those of the first one carry no number."""
    return name if number == 1 else f"{name}-{number}"


def check_of(name: str, key: bytes) -> str:
    """What a key file says to check itself by."""
    # A flipped bit in a symmetric key would silently give every worker another receipt; so each file checks itself.
    return hashlib.sha256(b"grievance-key-1 " + name.encode() + b"\0" + key).hexdigest()[:16]


def write(path: Path, key: bytes) -> None:
    """A new file (0600), on the disk when this returns. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"grievance-key-1 {path.name} {key.hex()} {check_of(path.name, key)}\n")
        file.flush()
        os.fsync(descriptor)


def appear(path: Path, key: bytes) -> None:
    """A file that is there whole or not at all."""
    beside = Path(f"{path.parent}/.making-{path.name}")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    write(beside / path.name, key)
    (beside / path.name).rename(path)
    beside.rmdir()
    sync(path.parent)


def sync(folder: Path) -> None:
    """What was made, renamed or removed in a folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> bytes:
    """The key, 32 bytes. Raises NoKeys with a sentence for the operator."""
    missing = say("The key file {path} is missing. Restore it from your copy of the keys.", path=path)
    damaged = say("The key file {path} is damaged. Restore it from your copy of the keys.", path=path)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe must not make us wait
    except FileNotFoundError as error:
        raise NoKeys(missing) from error
    except OSError as error:
        raise NoKeys(say("The key file {path} cannot be read by this process.", path=path)) from error
    try:
        # The mode of what was opened, not of what the name pointed to a moment before.
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise NoKeys(damaged)
        refuse_others(path, mode)
        line = _LINE.fullmatch(os.read(descriptor, _LONGEST_LINE).decode("ascii", errors="replace"))
    finally:
        os.close(descriptor)
    if line is None or line["name"] != path.name:
        raise NoKeys(damaged)
    key = bytes.fromhex(line["key"])
    if line["check"] != check_of(path.name, key):
        raise NoKeys(damaged)
    return key


def refuse_others(path: Path, mode: int) -> None:
    """Raises NoKeys where other accounts may look at it."""
    if mode & _OTHERS:
        raise NoKeys(
            say(
                "{path} is open to other accounts (mode {mode}). Close it with: chmod go= {path}",
                path=path,
                mode=f"{stat.S_IMODE(mode):04o}",
            )
        )
