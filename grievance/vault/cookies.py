"""What leaves for a browser comes back unread and unchanged, and only for the purpose that it was made for."""

from __future__ import annotations

import hashlib
import hmac
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from grievance.vault.errors import Tampered
from grievance.vault.primitives import NONCE_BYTES, RandomBytes, derive, from_text, keyed, to_text

_LONGEST: Final = 8192  # no browser keeps a longer cookie


class Cookies:
    """Seals cookies and signs tokens under keys derived from the session key, one for each purpose.

    There is no clock here: a payload that must grow old carries its own time.
    """

    __slots__ = ("_cipher", "_mac_key", "_random_bytes")

    def __init__(self, session: bytes, random_bytes: RandomBytes) -> None:
        # Purposes are few, and named in our own code; every request asks for one of them.
        self._cipher = cache(lambda purpose: AESGCM(derive(session, f"cookie {purpose}")))
        self._mac_key = cache(lambda purpose: derive(session, f"mac {purpose}"))
        self._random_bytes = random_bytes

    def seal(self, purpose: str, payload: bytes) -> str:
        """AES-256-GCM under HKDF(session key, purpose), URL-safe. Its length tells the payload's length."""
        nonce = self._random_bytes(NONCE_BYTES)
        return to_text(nonce + self._cipher(purpose).encrypt(nonce, payload, None))

    def open(self, purpose: str, text: str) -> bytes:
        """The payload; Tampered for anything that was not sealed here for this purpose."""
        if len(text) > _LONGEST:
            raise Tampered
        try:
            whole = from_text(text)
            nonce, cipher = whole[:NONCE_BYTES], whole[NONCE_BYTES:]
            return self._cipher(purpose).decrypt(nonce, cipher, None)
        except (InvalidTag, ValueError) as error:  # ValueError: not our spelling, or cut within the nonce
            raise Tampered from error

    def mac(self, purpose: str, data: bytes) -> bytes:
        """32 bytes: HMAC-SHA256 under HKDF(session key, purpose)."""
        return keyed(self._mac_key(purpose), data)

    def mac_fits(self, purpose: str, data: bytes, given: bytes) -> bool:
        """Is `given` the mac of `data`? Takes the same time wherever they differ."""
        return hmac.compare_digest(self.mac(purpose, data), given)


def token_hash(token: str) -> bytes:
    """SHA-256, 32 bytes: what is stored of a session token. Fit for random tokens of 128 bits or more only."""
    return hashlib.sha256(token.encode()).digest()
