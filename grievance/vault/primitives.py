"""The few derivations that every part of the vault shares, each separated from the others by a label."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12

RandomBytes = Callable[[int], bytes]


def derive(key: bytes, label: str) -> bytes:
    """32 bytes by HKDF-SHA256 (RFC 5869) from a uniformly random key; another label, an unrelated key."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=label.encode()).derive(key)


def keyed(key: bytes, data: bytes) -> bytes:
    """32 bytes: HMAC-SHA256 (RFC 2104)."""
    return hmac.digest(key, data, hashlib.sha256)


def context(*parts: str) -> bytes:
    """The parts as bytes, each behind its length (4 bytes), so that no two lists of parts look the same."""
    encoded = (part.encode() for part in parts)
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


def to_text(data: bytes) -> str:
    """URL-safe base64 without padding: fit for a form field or a cookie."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_text(text: str) -> bytes:
    """The bytes of `to_text`; ValueError for anything that `to_text` cannot have written."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # Python's decoder skips foreign characters and ignores spare bits: one value would have many spellings.
    if to_text(data) != text:
        raise ValueError("not the one spelling that we write")
    return data
