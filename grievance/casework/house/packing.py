"""A tar that one key alone opens, written and read as a stream: nothing in clear touches the disk.

Encrypted with age (https://age-encryption.org/v1) to public keys; gzipped. Its last member is `end`: without it, it was cut.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from grievance.core.errors import Refused, say

if TYPE_CHECKING:
    from pyrage.x25519 import Identity, Recipient

Add = Callable[[str, bytes], None]
Parts = Iterator[tuple[str, bytes]]

END = "end"


def make_key() -> tuple[str, str]:
    """A key pair for backups: the public half, and the private one, which belongs on another machine."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    return str(identity.to_public()), str(identity)


def readers(recipients: Iterable[str]) -> list[Recipient]:
    """Who can read it. Raises Refused for what is no public key of age."""
    import pyrage

    try:
        return [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError:
        raise Refused(
            say("That is no public key for backups: it begins with age1. Make one with --make-key.")
        ) from None


def reader(identity: str) -> Identity:
    """The private key in a file that --make-key wrote. Raises Refused."""
    import pyrage

    try:
        return pyrage.x25519.Identity.from_str(identity.strip().splitlines()[-1])
    except (pyrage.IdentityError, IndexError):
        raise Refused(say("That is no private key for backups. It begins with AGE-SECRET-KEY-1.")) from None


def pack(target: BinaryIO, to: Iterable[Recipient], fill: Callable[[Add], None]) -> None:
    """Write to `target` whatever `fill` adds, a name and a body each, and the end."""
    import pyrage

    def write(sink: BinaryIO) -> None:
        with (
            gzip.GzipFile(fileobj=sink, mode="wb", compresslevel=3) as zipped,
            tarfile.open(fileobj=zipped, mode="w|") as tar,
        ):
            fill(lambda name, body: add(tar, name, body))
            add(tar, END, b"")

    with _pipe(write) as source:
        pyrage.encrypt_io(source, target, list(to))


@contextmanager
def unpacked(source: BinaryIO, key: Identity) -> Iterator[Parts]:
    """Its parts in their order. Raises Refused for a file that is damaged, cut short, or of another key, at the latest
    when the block ends: whatever was done with the parts has to be undone then.
    """
    import pyrage

    wrong = say("This backup cannot be read: it is damaged, cut short, or made for another key.")
    try:
        with (
            _pipe(lambda sink: pyrage.decrypt_io(source, sink, [key])) as plain,
            tarfile.open(fileobj=plain, mode="r|gz") as tar,
        ):
            yield _parts(tar)
    except (pyrage.DecryptError, tarfile.TarError, msgspec.MsgspecError, ValueError, EOFError, OSError) as error:
        raise Refused(wrong) from error


def add(tar: tarfile.TarFile, name: str, body: bytes) -> None:
    """One more member."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(body), 0o600
    tar.addfile(member, io.BytesIO(body))


def _parts(tar: tarfile.TarFile) -> Parts:
    name = ""
    for member in tar:
        name, held = member.name, tar.extractfile(member)
        if name != END:
            yield name, held.read() if held else b""
    if name != END:
        raise ValueError("cut short")


@contextmanager
def _pipe(write: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
    """What `write` writes, to be read here. Its error is raised when the block ends."""
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
