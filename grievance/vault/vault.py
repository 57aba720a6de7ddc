"""The one object that holds keys: it seals for anybody, and opens only what the doors of its process need."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from grievance.core.chain import SALT_BYTES
from grievance.core.wraps import bare, number_of, numbered
from grievance.vault import originals
from grievance.vault.cookies import Cookies
from grievance.vault.envelopes import BOX, Envelope, open_beside, open_envelope, rewrap, seal, seal_both
from grievance.vault.errors import NoKeys, Sealed, Tampered
from grievance.vault.keys import ORIGINALS, KeyRing, read_keys
from grievance.vault.primitives import KEY_BYTES, RandomBytes
from grievance.vault.receipts import Receipt, ReceiptKeys, Receipts

log = logging.getLogger(__name__)

LOOKS_EVERY = 1.0
"""Seconds after which a process looks again which key files there are."""


class Vault:
    """Keys of one process. Its representation names the doors and the compartments it can open, never a key."""

    __slots__ = ("_cookies", "_doors", "_folder", "_keys", "_looks_at", "_names", "_random_bytes", "_receipts")

    def __init__(
        self,
        keys: KeyRing,
        doors: frozenset[str],
        random_bytes: RandomBytes = os.urandom,
        folder: Path | None = None,
        names: frozenset[str] = frozenset(),
    ) -> None:
        self._keys = keys
        self._folder = folder
        self._names = names
        self._looks_at = 0.0
        self._doors = doors
        self._random_bytes = random_bytes
        secrets = keys.secrets
        self._receipts = (
            Receipts(secrets["intake"], secrets["pepper"], random_bytes)
            if "intake" in secrets and "pepper" in secrets
            else None
        )
        self._cookies = Cookies(secrets["session"], random_bytes) if "session" in secrets else None

    @classmethod
    def open(cls, folder: Path, doors: frozenset[str], *, random_bytes: RandomBytes = os.urandom) -> Self:
        """Read the folder of `make_keys`, or a copy with only the files that `doors` need.

        Without any door it reads public halves alone: it can seal, and opens nothing. Raises NoKeys.
        """
        names = _names(folder)  # before they are read: what comes meanwhile is then seen as new
        return cls(read_keys(folder, doors), doors, random_bytes, folder, names)

    def __repr__(self) -> str:
        doors = ", ".join(sorted(self._doors)) or "no door"
        return f"Vault({doors}; opens {', '.join(sorted(self._keys.private)) or 'nothing'})"

    def __reduce__(self) -> str:
        raise TypeError("a vault is not copied or pickled: its keys stay in this process")

    # Envelopes ----------------------------------------------------------------------------------------------------

    def opens(self, reader: str) -> bool:
        """Tell whether this process holds the compartment's private half."""
        return reader in self._keys.private

    def seal(self, plain: bytes, *, bound: str, readers: Iterable[str], box: bytes | None = None) -> Envelope:
        """Seal for compartments, and for the receipt's public key (`box`, 32 raw bytes) when given.

        bound: "table/row/column/revision", the one place where it will open. Needs public halves only.
        ValueError for an unknown compartment or nobody to read it; Tampered for a box that is no public key.
        """
        publics, ring = self._publics(readers)
        if box is not None:
            publics[BOX] = _box_public(box)
        envelope = seal(plain, bound, publics, self._random_bytes)
        return Envelope(envelope.cipher, _numbered(ring, envelope.wraps))

    @property
    def keeps_originals(self) -> bool:
        """Whether there is a public half for which originals are sealed; nothing here opens them."""
        return ORIGINALS in self._ring().public

    def seal_file(
        self, plain: bytes, original: bytes, *, bound: str, readers: Iterable[str], box: bytes
    ) -> tuple[Envelope, bytes]:
        """The envelope of a file as `seal` makes it, and its original, locked for the key that is elsewhere and then sealed
        under the key of the envelope. No original where there is no such key.
        """
        publics, ring = self._publics(readers)
        publics[BOX], locked = _box_public(box), b""
        if ORIGINALS in ring.public:
            pair = ring.public[ORIGINALS], ring.numbers[ORIGINALS]
            locked = originals.lock(original, bound, *pair, self._random_bytes)
        envelope, beside = seal_both(plain, locked, bound, publics, self._random_bytes)
        return Envelope(envelope.cipher, _numbered(ring, envelope.wraps)), beside

    def open_locked(self, beside: Envelope, *, bound: str, reader: str) -> bytes:
        """An original, still locked for the key that is elsewhere (`originals.unlock`); errors as in `open_sealed`."""
        plain, private = self._fitting(beside, reader)
        return open_beside(plain, bound, reader, private)

    def open_sealed(self, envelope: Envelope, *, bound: str, reader: str) -> bytes:
        """The plain bytes, as this compartment. Sealed: no key here, or no wrap for it; Tampered: does not fit."""
        plain, private = self._fitting(envelope, reader)
        return open_envelope(plain, bound, reader, private)

    def share(
        self, envelope: Envelope, *, bound: str, reader: str, more: Iterable[str] = (), box: bytes | None = None
    ) -> dict[str, bytes]:
        """Wraps that let `more` compartments, or a receipt's `box`, open what `reader` opens here; errors as above.

        Nothing is sealed anew.
        """
        plain, private = self._fitting(envelope, reader)
        publics, ring = self._publics(more)
        if box is not None:
            publics[BOX] = _box_public(box)
        return _numbered(ring, rewrap(plain, bound, reader, private, publics))

    def open_with_box(self, envelope: Envelope, *, bound: str, box_private: bytes) -> bytes:
        """The plain bytes for the holder of a receipt; errors as in `open_sealed`. Needs no key of this process."""
        return self.box(box_private)(envelope, bound)

    def box(self, box_private: bytes) -> Callable[[Envelope, str], bytes]:
        """What opens many envelopes, each in its place, for the holder of one receipt. Tampered: that is no key."""
        if len(box_private) != KEY_BYTES:
            raise Tampered
        private = X25519PrivateKey.from_private_bytes(box_private)
        return lambda envelope, bound: open_envelope(envelope, bound, BOX, private)

    def new_salt(self) -> bytes:
        """32 random bytes for one `commitment`."""
        return self._random_bytes(SALT_BYTES)

    # Receipts: every method raises Sealed in a process whose doors take no complaints -------------------------------

    def new_ticket(self) -> str:
        """A fresh ticket for one form: 64 URL-safe characters."""
        return self._taking().new_ticket()

    def read_ticket(self, text: str) -> bytes:
        """The ticket's 32 bytes; BadTicket unless issued under this intake key."""
        return self._taking().read_ticket(text)

    def receipt_of(self, ticket: bytes) -> Receipt:
        """The receipt that belongs to a ticket, always the same one."""
        return self._taking().receipt_of(ticket)

    def open_receipt(self, digits: str) -> ReceiptKeys:
        """Tag and box of a receipt, about 5 ms; BadReceipt. Call it before looking anything up: see `Receipts`."""
        return self._taking().open_receipt(digits)

    def ticket_hash(self, ticket: bytes) -> bytes:
        """32 bytes to remember a used ticket by, for a week."""
        return self._taking().ticket_hash(ticket)

    def fingerprint(self, body: bytes) -> bytes:
        """32 bytes to tell the same filing sent twice from another one, for a week."""
        return self._taking().fingerprint(body)

    # Cookies: every method raises Sealed in a process without doors --------------------------------------------------

    def seal_cookie(self, purpose: str, payload: bytes) -> str:
        """An encrypted cookie value, good for this purpose only."""
        return self._sessions().seal(purpose, payload)

    def open_cookie(self, purpose: str, text: str) -> bytes:
        """The payload; Tampered for anything else."""
        return self._sessions().open(purpose, text)

    def mac(self, purpose: str, data: bytes) -> bytes:
        """32 bytes, as for a CSRF token."""
        return self._sessions().mac(purpose, data)

    def mac_fits(self, purpose: str, data: bytes, given: bytes) -> bool:
        """Tell in constant time whether `given` is the mac of `data`."""
        return self._sessions().mac_fits(purpose, data, given)

    def _publics(self, readers: Iterable[str]) -> tuple[dict[str, X25519PublicKey], KeyRing]:
        """The newest public halves, and the ring that they are from: another thread may look for newer ones meanwhile."""
        ring, wanted = self._ring(), tuple(readers)
        strangers = [reader for reader in wanted if reader not in ring.public]
        if strangers:
            raise ValueError(f"no such compartment: {strangers[0]}")
        return {reader: ring.public[reader] for reader in wanted}, ring

    def _fitting(self, envelope: Envelope, reader: str) -> tuple[Envelope, X25519PrivateKey]:
        """The envelope with this reader's wrap alone, and the private half that it is under. Raises Sealed."""
        wrapped = envelope.wraps.get(reader)
        if reader not in self._keys.private or wrapped is None:
            raise Sealed
        number = number_of(wrapped)
        private = _half(self._ring(), reader, number)
        if private is None:  # another process may have sealed with a pair that was made this very moment
            private = _half(self._ring(at_once=True), reader, number)
        if private is None:
            raise Sealed
        return Envelope(envelope.cipher, {reader: bare(wrapped)}), private

    def _ring(self, *, at_once: bool = False) -> KeyRing:
        """The keys, read again when the folder holds other files than before: looked at once a second, not once a request."""
        now = time.monotonic()
        if self._folder is None or (now < self._looks_at and not at_once):
            return self._keys
        self._looks_at = now + LOOKS_EVERY
        names = _names(self._folder)
        if names != self._names:
            try:
                self._keys = read_keys(self._folder, self._doors)
            except NoKeys as error:
                # Keys that are half copied to this host: with those in hand it goes on, and looks again.
                log.warning("the key folder changed and is not whole: %s", error)
            else:
                self._names = names
        return self._keys

    def _taking(self) -> Receipts:
        if self._receipts is None:
            raise Sealed
        return self._receipts

    def _sessions(self) -> Cookies:
        if self._cookies is None:
            raise Sealed
        return self._cookies


def _names(folder: Path | None) -> frozenset[str]:
    """The names of the key files; nothing where the folder is gone, which takes nothing from whoever has read it."""
    try:
        return frozenset(path.name for path in folder.iterdir() if path.suffix != "") if folder else frozenset()
    except OSError:
        return frozenset()


def _half(ring: KeyRing, reader: str, number: int) -> X25519PrivateKey | None:
    if number == ring.numbers.get(reader, 1):
        return ring.private.get(reader)
    return ring.older.get((reader, number))


def _numbered(ring: KeyRing, wraps: Mapping[str, bytes]) -> dict[str, bytes]:
    return {reader: numbered(ring.numbers.get(reader, 1), wrap) for reader, wrap in wraps.items()}


def _box_public(box: bytes) -> X25519PublicKey:
    try:
        return X25519PublicKey.from_public_bytes(box)
    except ValueError as error:
        raise Tampered from error
