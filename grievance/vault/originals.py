"""Files as they were sent are locked for a pair whose private half lies on no host of the house, and unlocked elsewhere.

Locked: the number of the pair (2 bytes), the key as HPKE wraps it (80 bytes), the cipher. Nothing here needs a database.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from grievance.core.errors import say
from grievance.core.wraps import PLAIN
from grievance.vault import key_files
from grievance.vault.envelopes import Envelope, open_envelope, seal
from grievance.vault.errors import NoKeys, Tampered
from grievance.vault.key_files import newest, stem
from grievance.vault.keys import ORIGINALS
from grievance.vault.primitives import RandomBytes

_NUMBER_BYTES: Final = 2


def make_pair(folder: Path) -> Path:
    """Make the first pair in a folder of its own, or the next one beside it; returns the file of its public half.

    Raises NoKeys where the folder is open to others, or holds keys of the house.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key_files.refuse_others(folder, folder.stat().st_mode)
    if any(not path.name.startswith(ORIGINALS) for path in folder.glob("*.pub")):
        raise NoKeys(
            say("{folder} holds keys of the house. Make this one in a folder of its own, elsewhere.", folder=folder)
        )
    name = stem(ORIGINALS, newest(folder, ORIGINALS) + 1)
    private = X25519PrivateKey.generate()
    key_files.appear(folder / f"{name}.key", private.private_bytes_raw())
    key_files.appear(folder / f"{name}.pub", private.public_key().public_bytes_raw())
    return folder / f"{name}.pub"


def lock(original: bytes, bound: str, public: X25519PublicKey, number: int, random_bytes: RandomBytes) -> bytes:
    """What nobody opens but the holder of that private half, in this one place."""
    envelope = seal(original, bound, {ORIGINALS: public}, random_bytes)
    return b"".join((number.to_bytes(_NUMBER_BYTES, "big"), envelope.wraps[ORIGINALS], envelope.cipher))


def pair_of(locked: bytes) -> int:
    """For which pair it is locked, by number. Raises Tampered where it says none."""
    number = int.from_bytes(locked[:_NUMBER_BYTES], "big")
    if len(locked) < _NUMBER_BYTES + PLAIN or not number:
        raise Tampered
    return number


def private_half(number: int) -> str:
    """How the file is called that opens what is locked for a pair."""
    return f"{stem(ORIGINALS, number)}.key"


def unlock(locked: bytes, bound: str, folder: Path) -> bytes:
    """The original. Raises NoKeys where the folder lacks its pair, Tampered for a changed byte or another place."""
    number, head = pair_of(locked), _NUMBER_BYTES + PLAIN
    half = folder / private_half(number)
    if not half.exists():
        there = ", ".join(sorted(path.name for path in folder.glob(f"{ORIGINALS}*.key")))
        raise NoKeys(
            say(
                "It is locked for pair {number}, and {half} is not in {folder} (there: {there}). Name the folder of that pair.",
                number=number,
                half=half.name,
                folder=folder,
                there=there or "-",
            )
        )
    private = X25519PrivateKey.from_private_bytes(key_files.read(half))
    envelope = Envelope(locked[head:], {ORIGINALS: locked[_NUMBER_BYTES:head]})
    return open_envelope(envelope, bound, ORIGINALS, private)
