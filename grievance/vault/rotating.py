"""A compartment gets another pair beside the one that it has; the older private half stays until an operator puts it away."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from grievance.core.errors import Said, say
from grievance.core.wraps import bare, number_of, numbered
from grievance.vault import key_files
from grievance.vault.envelopes import Envelope, rewrap
from grievance.vault.errors import NoKeys
from grievance.vault.key_files import newest, numbers, stem
from grievance.vault.keys import COMPARTMENTS, read_ring

Rewrap = Callable[[bytes, str], bytes]
"""From a wrap and its place to the same key wrapped under the newest pair. Raises Sealed or Tampered."""


def make_next(folder: Path, name: str) -> int:
    """Make the next pair of a compartment; returns its number. Nothing of the pairs before is touched.

    The private half is on the disk before the public one appears, and processes count a pair from its public half on: so none
    ever seals for a private half that a crash left unwritten. Raises NoKeys where the folder is not whole.
    """
    _known(name)
    with _alone(folder):
        if not numbers(folder, name):
            raise NoKeys(say("{folder} holds no pair for {name}.", folder=folder, name=name))
        number = newest(folder, name) + 1
        private = X25519PrivateKey.generate()
        for half, key in (("key", private.private_bytes_raw()), ("pub", private.public_key().public_bytes_raw())):
            key_files.appear(folder / f"{stem(name, number)}.{half}", key)
        return number


def rewrapper(folder: Path, name: str) -> tuple[int, Rewrap]:
    """The number of the newest pair, and what wraps a key under it that is wrapped under an older one.

    Reads the private halves of this compartment and of no other. Raises NoKeys.
    """
    _known(name)
    ring = read_ring(folder, (name,))
    number, public = ring.numbers[name], ring.public[name]
    held = {number: ring.private[name]} | {no: key for (_, no), key in ring.older.items()}

    def anew(wrapped: bytes, bound: str) -> bytes:
        private = held.get(number_of(wrapped))
        if private is None:
            raise NoKeys(_put_away(folder, stem(name, number_of(wrapped))))
        made = rewrap(Envelope(b"", {name: bare(wrapped)}), bound, name, private, {name: public})
        return numbered(number, made[name])

    return number, anew


def held_older(folder: Path, name: str) -> tuple[int, ...]:
    """The numbers of the pairs before the newest whose private half still lies in the folder."""
    return tuple(no for no in numbers(folder, name)[:-1] if os.path.lexists(folder / f"{stem(name, no)}.key"))


def retire(folder: Path, name: str, to: Path | None) -> tuple[str, ...]:
    """Take the older private halves out of the folder: to another one, or, without one, destroy them.

    Returns the names of the files. Public halves stay, so that nobody gives a number twice. The bytes are written over
    first; whether the disk keeps them elsewhere is the disk's affair. Raises NoKeys where something stands in the way.
    """
    _known(name)
    done: list[str] = []
    with _alone(folder):
        for number in held_older(folder, name):
            path = folder / f"{stem(name, number)}.key"
            if to:
                key = key_files.read(path)
                to.mkdir(mode=0o700, parents=True, exist_ok=True)
                if os.path.lexists(to / path.name):
                    if key_files.read(to / path.name) != key:
                        raise NoKeys(say("Another {name} lies in {folder} already.", name=path.name, folder=to))
                else:
                    key_files.appear(to / path.name, key)
            _wipe(path)
            done.append(path.name)
        key_files.sync(folder)
    return tuple(done)


def _wipe(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, bytes(os.fstat(descriptor).st_size))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink()


def _known(name: str) -> None:
    if name not in COMPARTMENTS:
        raise NoKeys(
            say("There is no compartment {name}. There are: {names}.", name=name, names=", ".join(COMPARTMENTS))
        )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time changes a folder of keys. Raises NoKeys where there is none."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise NoKeys(
            say("There is no key folder at {folder}. Make one once with: grievance init", folder=folder)
        ) from error
    try:
        key_files.refuse_others(folder, os.fstat(descriptor).st_mode)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _put_away(folder: Path, name: str) -> Said:
    return say(
        "{name}.key is not in {folder}: it was put away. Lay it back from where it is kept.", name=name, folder=folder
    )
