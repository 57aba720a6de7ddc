"""An item is sealed once and wrapped for each reader; it opens only in the place that it was sealed for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from grievance.vault.errors import Sealed, Tampered
from grievance.vault.primitives import KEY_BYTES, NONCE_BYTES, RandomBytes, context

BOX: Final = "box"
"""The reader's name of the receipt's own key."""

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_LENGTH_BYTES: Final = 4
_STEP: Final = 256
_STEPS_UP_TO: Final = 4096


@dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """One sealed item. cipher: nonce (12 bytes), ciphertext, tag (16). wraps: reader's name -> HPKE blob (80 bytes)."""

    cipher: bytes
    wraps: Mapping[str, bytes]

    def __post_init__(self) -> None:
        object.__setattr__(self, "wraps", MappingProxyType(dict(self.wraps)))

    def __repr__(self) -> str:
        return f"Envelope({len(self.cipher)} bytes for {', '.join(sorted(self.wraps)) or 'nobody'})"


def padded_length(length: int) -> int:
    """The bucket of a length in bytes: the next multiple of 256 up to 4 KiB, from there Padmé.

    Padmé keeps log2 log2 of the length as its only precision, so that it costs at most 6.25 % here.
    Source: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs 2019.
    """
    if length <= _STEPS_UP_TO:
        return max(_STEP, -(-length // _STEP) * _STEP)
    exponent = length.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (length + mask) & ~mask


def pad(plain: bytes) -> bytes:
    """The length (4 bytes), the plain bytes, and zeros up to the bucket."""
    size = _LENGTH_BYTES + len(plain)
    return b"".join((len(plain).to_bytes(_LENGTH_BYTES, "big"), plain, bytes(padded_length(size) - size)))


def unpad(padded: bytes) -> bytes:
    """The plain bytes of `pad`; Tampered when the length cannot be true."""
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    if len(padded) != padded_length(_LENGTH_BYTES + length):
        raise Tampered
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]


def seal(plain: bytes, bound: str, readers: Mapping[str, X25519PublicKey], random_bytes: RandomBytes) -> Envelope:
    """Seal under a fresh AES-256-GCM key bound to `bound`, and wrap that key for each reader with HPKE (RFC 9180).

    Suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode. ValueError without a place or a reader;
    Tampered for a public key of small order.
    """
    return seal_both(plain, b"", bound, readers, random_bytes)[0]


def seal_both(
    plain: bytes, beside: bytes, bound: str, readers: Mapping[str, X25519PublicKey], random_bytes: RandomBytes
) -> tuple[Envelope, bytes]:
    """The same, and the cipher of what stands `beside` it (nothing, if it is empty) under the very same key.

    So there are no wraps for it alone: whoever destroys those of the envelope closes both. It opens with `open_beside`.
    """
    if not bound or not readers:
        raise ValueError("an envelope needs a place and at least one reader")
    key, nonce = random_bytes(KEY_BYTES), random_bytes(NONCE_BYTES)
    cipher = nonce + AESGCM(key).encrypt(nonce, pad(plain), _item_context(bound))
    second = b""
    if beside:
        nonce = random_bytes(NONCE_BYTES)
        second = nonce + AESGCM(key).encrypt(nonce, beside, _beside_context(bound))
    try:
        wraps = {name: _SUITE.encrypt(key, public, _wrap_context(bound, name)) for name, public in readers.items()}
    except ValueError as error:  # a point of small order, which would make the wrap readable for everybody
        raise Tampered from error
    return Envelope(cipher, wraps), second


def open_envelope(envelope: Envelope, bound: str, reader: str, private: X25519PrivateKey) -> bytes:
    """The plain bytes. Sealed without a wrap for this reader; Tampered for a changed byte, another place or key."""
    return unpad(_decrypted(envelope.cipher, _item_key(envelope, bound, reader, private), _item_context(bound)))


def open_beside(second: Envelope, bound: str, reader: str, private: X25519PrivateKey) -> bytes:
    """What stands beside an envelope: `second` holds its cipher, and the wraps of the first; errors as above."""
    return _decrypted(second.cipher, _item_key(second, bound, reader, private), _beside_context(bound))


def rewrap(
    envelope: Envelope, bound: str, reader: str, private: X25519PrivateKey, more: Mapping[str, X25519PublicKey]
) -> dict[str, bytes]:
    """The wraps that let `more` readers open the same item in the same place; errors as in `open_envelope`."""
    key = _item_key(envelope, bound, reader, private)
    return {name: _SUITE.encrypt(key, public, _wrap_context(bound, name)) for name, public in more.items()}


def _item_key(envelope: Envelope, bound: str, reader: str, private: X25519PrivateKey) -> bytes:
    wrap = envelope.wraps.get(reader)
    if wrap is None:
        raise Sealed
    try:
        return _SUITE.decrypt(wrap, private, _wrap_context(bound, reader))
    except (InvalidTag, ValueError) as error:
        raise Tampered from error


def _decrypted(cipher: bytes, key: bytes, place: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(cipher[:NONCE_BYTES], cipher[NONCE_BYTES:], place)
    except (InvalidTag, ValueError) as error:  # ValueError: cut within the nonce, or a key of another length
        raise Tampered from error


def _item_context(bound: str) -> bytes:
    return context("grievance/item/1", bound)


def _beside_context(bound: str) -> bytes:
    return context("grievance/beside/1", bound)


def _wrap_context(bound: str, reader: str) -> bytes:
    # As HPKE `info` it enters the key schedule: in single-shot use this binds as firmly as associated data would.
    return context("grievance/wrap/1", bound, reader)
