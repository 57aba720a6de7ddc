"""A wrapped key says under which key it is: the vault writes it in front, and the store reads it there."""

from __future__ import annotations

from typing import Final

PLAIN: Final = 80
"""Bytes of a wrap (HPKE: an X25519 key, a sealed key of 32 bytes and its tag). One of this length is under the first key."""

_NUMBER_BYTES: Final = 2


def numbered(number: int, wrap: bytes) -> bytes:
    """The wrap with the number of the key in front; the first key needs none, so what was written before stays as it is."""
    return wrap if number == 1 else number.to_bytes(_NUMBER_BYTES, "big") + wrap


def number_of(wrapped: bytes) -> int:
    """The number of the key that a wrap is under; whatever has another length than we write counts as the first's."""
    if len(wrapped) != PLAIN + _NUMBER_BYTES:
        return 1
    return int.from_bytes(wrapped[:_NUMBER_BYTES], "big")


def bare(wrapped: bytes) -> bytes:
    """The wrap without its number."""
    return wrapped[_NUMBER_BYTES:] if len(wrapped) == PLAIN + _NUMBER_BYTES else wrapped
