"""Signs the daily root over all cases, and tells whether a signature holds; the blinding of its leaves is derived here too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from grievance.vault.keys import read_record_key, read_record_public
from grievance.vault.primitives import keyed


class Signer:
    """Holds the private half of `record`. Never printed."""

    __slots__ = ("_private",)

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def open(cls, folder: Path) -> Self | None:
        """From the key folder; None on a host that does not hold it. Raises NoKeys where it is damaged."""
        private = read_record_key(folder)
        return cls(private) if private else None

    @property
    def public(self) -> str:
        """The public half, as 64 hex digits."""
        return self._private.public_key().public_bytes_raw().hex()

    def sign(self, said: bytes) -> str:
        """128 hex digits (Ed25519, RFC 8032)."""
        return self._private.sign(said).hex()


def record_public(folder: Path) -> str:
    """The public half of `record` in a key folder as 64 hex digits; empty where it is not. Raises NoKeys."""
    public = read_record_public(folder)
    return public.public_bytes_raw().hex() if public else ""


def signature_fits(public: str, said: bytes, signature: str) -> bool:
    """Whether this key (hex) signed this."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), said)
    except (InvalidSignature, ValueError):
        return False
    return True


def blinder(key: bytes) -> Callable[[str], bytes]:
    """From a key of 32 bytes: for each name 32 bytes that nobody without the key can tell from random ones."""
    return lambda name: keyed(key, name.encode())
