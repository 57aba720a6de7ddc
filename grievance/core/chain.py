"""Chains what happened: the hash of each entry covers the one before, so that nothing changes without all that follows."""

from __future__ import annotations

import hashlib

GENESIS = "0" * 64
SALT_BYTES = 32


def link(previous: str, case_id: str, seq: int, at: int, kind: str, actor: str, data: str) -> str:
    """Hash of one entry: SHA-256 over the one before and everything that the entry says. Hex; `at` in microseconds."""
    line = "\n".join((previous, case_id, str(seq), str(at), kind, actor, data))
    return hashlib.sha256(line.encode()).hexdigest()


def commitment(salt: bytes, text: str) -> str:
    """SHA-256(salt ‖ text in UTF-8) as 64 hex digits: what an entry says of a text beside it. The salt is 32 bytes.

    The text is taken as it stands: callers keep the very string that they committed to.
    """
    return digest(salt, text.encode())


def opens(ref: str, tag: bytes, box: bytes) -> str:
    """What the first entry says of how a case is opened: its reference, and what its number finds and unlocks it by.

    SHA-256 over tag and box, 32 random bytes each, and the reference; 64 hex digits. Whoever lays another box in its place
    would read all that is written to the complainant from then on.
    """
    return hashlib.sha256(tag + box + ref.encode()).hexdigest()


def digest(salt: bytes, body: bytes) -> str:
    """The same for the bytes of a file."""
    if len(salt) != SALT_BYTES:  # with a free length, salt and text could trade bytes and still agree
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    whole = hashlib.sha256(salt)
    whole.update(body)
    return whole.hexdigest()
