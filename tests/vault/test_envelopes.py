"""An envelope opens for its readers, in its place, unchanged; every planted attack is refused."""

from __future__ import annotations

import dataclasses
import hashlib
import random
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from grievance.vault import COMPARTMENTS, DOOR_COMPARTMENTS, Envelope, Sealed, Tampered, Vault, commitment
from grievance.vault.envelopes import _SUITE, _wrap_context, pad, padded_length, unpad
from tests.trials.sizes import seed

PLACE = "items/7/text/1"
CANARY = "the supervisor hit me on line 4 ថ្ងៃ".encode()


@pytest.fixture(scope="module")
def vault(folder: Path) -> Vault:
    return Vault.open(folder, frozenset(DOOR_COMPARTMENTS))


def flip(data: bytes, position: int, bit: int = 0) -> bytes:
    changed = bytearray(data)
    changed[position] ^= 1 << bit
    return bytes(changed)


@pytest.mark.parametrize("plain", [b"", b"x", CANARY, bytes(100_000)], ids=["empty", "one", "canary", "large"])
def test_every_reader_opens_and_nobody_else(vault: Vault, plain: bytes) -> None:
    envelope = vault.seal(plain, bound=PLACE, readers=["words", "notes"])
    for reader in COMPARTMENTS:
        if reader in ("words", "notes"):
            assert vault.open_sealed(envelope, bound=PLACE, reader=reader) == plain
        else:
            with pytest.raises(Sealed):
                vault.open_sealed(envelope, bound=PLACE, reader=reader)


@pytest.mark.parametrize("door", sorted(DOOR_COMPARTMENTS))
def test_each_door_seals_for_all_and_opens_only_its_own(folder: Path, vault: Vault, door: str) -> None:
    behind = Vault.open(folder, frozenset({door}))
    envelope = behind.seal(CANARY, bound=PLACE, readers=COMPARTMENTS)
    for reader in COMPARTMENTS:
        assert vault.open_sealed(envelope, bound=PLACE, reader=reader) == CANARY
        if reader in DOOR_COMPARTMENTS[door]:
            assert behind.open_sealed(envelope, bound=PLACE, reader=reader) == CANARY
        else:
            with pytest.raises(Sealed):
                behind.open_sealed(envelope, bound=PLACE, reader=reader)


def test_intake_cannot_read_what_was_just_filed_there(folder: Path) -> None:
    intake = Vault.open(folder, frozenset({"intake", "account"}))
    envelope = intake.seal(CANARY, bound=PLACE, readers=["words"])
    with pytest.raises(Sealed):
        intake.open_sealed(envelope, bound=PLACE, reader="words")


def test_the_office_never_opens_deliberation(folder: Path) -> None:
    office = Vault.open(folder, frozenset({"office", "intake", "account", "monitoring", "register", "party"}))
    envelope = office.seal(CANARY, bound=PLACE, readers=["deliberation"])
    with pytest.raises(Sealed):
        office.open_sealed(envelope, bound=PLACE, reader="deliberation")


def test_a_wrap_under_another_readers_name_does_not_open(vault: Vault) -> None:
    """What an insider with the database would try: rename the panel's wrap to the office's."""
    envelope = vault.seal(CANARY, bound=PLACE, readers=["deliberation"])
    renamed = Envelope(envelope.cipher, {"notes": envelope.wraps["deliberation"]})
    with pytest.raises(Tampered):
        vault.open_sealed(renamed, bound=PLACE, reader="notes")


def test_the_readers_name_is_bound_even_where_two_readers_share_a_key(vault: Vault) -> None:
    private = vault._keys.private["words"]
    envelope = vault.seal(CANARY, bound=PLACE, readers=[], box=private.public_key().public_bytes_raw())
    renamed = Envelope(envelope.cipher, {"words": envelope.wraps["box"]})
    with pytest.raises(Tampered):
        vault.open_sealed(renamed, bound=PLACE, reader="words")


def test_the_receipts_box_opens_what_is_wrapped_to_it(vault: Vault) -> None:
    mine, other = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    envelope = vault.seal(CANARY, bound=PLACE, readers=["exchange"], box=mine.public_key().public_bytes_raw())
    assert set(envelope.wraps) == {"exchange", "box"}
    assert vault.open_with_box(envelope, bound=PLACE, box_private=mine.private_bytes_raw()) == CANARY
    assert vault.open_sealed(envelope, bound=PLACE, reader="exchange") == CANARY
    with pytest.raises(Tampered):
        vault.open_with_box(envelope, bound=PLACE, box_private=other.private_bytes_raw())
    with pytest.raises(Tampered):
        vault.open_with_box(envelope, bound="items/8/text/1", box_private=mine.private_bytes_raw())
    with pytest.raises(Tampered):
        vault.open_with_box(envelope, bound=PLACE, box_private=b"short")
    with pytest.raises(Sealed):
        vault.open_sealed(envelope, bound=PLACE, reader="box")
    for_office = vault.seal(CANARY, bound=PLACE, readers=["words"])
    with pytest.raises(Sealed):
        vault.open_with_box(for_office, bound=PLACE, box_private=mine.private_bytes_raw())


@pytest.mark.parametrize("box", [b"", bytes(31), bytes(32), bytes([1]) + bytes(31)], ids=["0", "31", "zero", "one"])
def test_a_box_that_is_no_safe_public_key_is_refused(vault: Vault, box: bytes) -> None:
    with pytest.raises(Tampered):
        vault.seal(CANARY, bound=PLACE, readers=["words"], box=box)


@pytest.mark.parametrize(
    "elsewhere",
    ["items/8/text/1", "items/7/text/2", "items/7/name/1", "texts/7/text/1", "items/7/text/", "items/7/text/1 ", ""],
)
def test_swapped_between_cases_columns_or_revisions(vault: Vault, elsewhere: str) -> None:
    envelope = vault.seal(CANARY, bound=PLACE, readers=["words"])
    with pytest.raises(Tampered):
        vault.open_sealed(envelope, bound=elsewhere, reader="words")


def test_item_and_wrap_are_each_bound_even_under_one_data_key(vault: Vault) -> None:
    """With the same data key in two places neither the item nor the wrap of one passes in the other."""
    keys: list[bytes] = []

    def watched(size: int) -> bytes:
        keys.append(random.Random(size).randbytes(size))
        return keys[-1]

    watching = Vault(vault._keys, frozenset(), watched)
    here = watching.seal(CANARY, bound=PLACE, readers=["words"])
    there = watching.seal(b"other", bound="items/8/text/1", readers=["words"])  # the same data key, on purpose
    assert keys[0] == keys[2]
    with pytest.raises(Tampered):
        vault.open_sealed(Envelope(here.cipher, there.wraps), bound="items/8/text/1", reader="words")
    with pytest.raises(Tampered):
        vault.open_sealed(Envelope(there.cipher, here.wraps), bound="items/8/text/1", reader="words")


@pytest.mark.parametrize("size", [0, 5, 33, 64])
def test_a_wrapped_key_of_another_length_is_noticed(vault: Vault, size: int) -> None:
    """Anybody can wrap anything to a public key."""
    envelope = vault.seal(CANARY, bound=PLACE, readers=["words"])
    wrap = _SUITE.encrypt(bytes(size), vault._keys.public["words"], _wrap_context(PLACE, "words"))
    with pytest.raises(Tampered):
        vault.open_sealed(Envelope(envelope.cipher, {"words": wrap}), bound=PLACE, reader="words")


# asvs: 11.3.3
def test_mixing_the_cipher_of_one_with_the_wraps_of_another(vault: Vault) -> None:
    first = vault.seal(CANARY, bound=PLACE, readers=["words"])
    second = vault.seal(CANARY, bound=PLACE, readers=["words"])
    with pytest.raises(Tampered):
        vault.open_sealed(Envelope(first.cipher, second.wraps), bound=PLACE, reader="words")


# asvs: 11.3.3
def test_every_flipped_bit_is_noticed(vault: Vault) -> None:
    envelope = vault.seal(CANARY, bound=PLACE, readers=["words"])
    wrap = envelope.wraps["words"]
    for position in range(len(envelope.cipher)):
        with pytest.raises(Tampered):
            vault.open_sealed(
                Envelope(flip(envelope.cipher, position, position % 8), envelope.wraps), bound=PLACE, reader="words"
            )
    for position in range(len(wrap)):
        # The top bit of an X25519 coordinate is masked (RFC 7748), yet HPKE hashes the bytes as they came.
        for bit in (0, 7):
            changed = Envelope(envelope.cipher, {"words": flip(wrap, position, bit)})
            with pytest.raises(Tampered):
                vault.open_sealed(changed, bound=PLACE, reader="words")


@pytest.mark.parametrize("size", [0, 1, 12, 27, 28, 200])
def test_a_cut_cipher_or_wrap_is_noticed(vault: Vault, size: int) -> None:
    envelope = vault.seal(CANARY, bound=PLACE, readers=["words"])
    with pytest.raises(Tampered):
        vault.open_sealed(Envelope(envelope.cipher[:size], envelope.wraps), bound=PLACE, reader="words")
    cut = Envelope(envelope.cipher, {"words": envelope.wraps["words"][: min(size, 79)]})
    with pytest.raises(Tampered):
        vault.open_sealed(cut, bound=PLACE, reader="words")


def test_erasure_is_the_removal_of_wraps(vault: Vault) -> None:
    envelope = vault.seal(CANARY, bound=PLACE, readers=["words", "notes"])
    erased = Envelope(envelope.cipher, {"notes": envelope.wraps["notes"]})
    with pytest.raises(Sealed):
        vault.open_sealed(erased, bound=PLACE, reader="words")
    assert vault.open_sealed(erased, bound=PLACE, reader="notes") == CANARY


@pytest.mark.parametrize("reader", ["box", "everybody", ""])
def test_an_unknown_reader_is_a_mistake_in_the_program(vault: Vault, reader: str) -> None:
    with pytest.raises(ValueError, match="no such compartment"):
        vault.seal(CANARY, bound=PLACE, readers=["words", reader])


def test_without_place_or_reader_nothing_is_sealed(vault: Vault) -> None:
    with pytest.raises(ValueError, match="place"):
        vault.seal(CANARY, bound="", readers=["words"])
    with pytest.raises(ValueError, match="reader"):
        vault.seal(CANARY, bound=PLACE, readers=[])


def test_neither_bytes_nor_representation_hold_the_words(vault: Vault) -> None:
    envelope = vault.seal(CANARY, bound=PLACE, readers=COMPARTMENTS)
    shown = f"{envelope!r} {envelope!s}"
    for piece in (CANARY, CANARY[:8], CANARY[-8:]):
        assert piece not in envelope.cipher + b"".join(envelope.wraps.values())
        assert piece.decode(errors="ignore") not in shown
    assert envelope.cipher[:4].hex() not in shown
    assert shown.startswith("Envelope(284 bytes for contact, deliberation,")


def test_an_envelope_does_not_change(vault: Vault) -> None:
    wraps = dict(vault.seal(b"", bound=PLACE, readers=["words"]).wraps)
    envelope = Envelope(b"", wraps)
    wraps.clear()
    assert set(envelope.wraps) == {"words"}
    with pytest.raises(TypeError):
        envelope.wraps["words"] = b""  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        envelope.cipher = b""  # type: ignore[misc]


def test_no_two_envelopes_are_alike(vault: Vault) -> None:
    ciphers = {vault.seal(CANARY, bound=PLACE, readers=["words"]).cipher for _ in range(50)}
    assert len({cipher[:12] for cipher in ciphers}) == 50
    assert len({cipher[12:] for cipher in ciphers}) == 50


def test_lengths_hide_in_buckets(vault: Vault) -> None:
    def sealed(size: int) -> int:
        return len(vault.seal(bytes(size), bound=PLACE, readers=["words"]).cipher)

    assert {sealed(size) for size in range(253)} == {12 + 256 + 16}
    assert {sealed(size) for size in range(253, 509)} == {12 + 512 + 16}
    assert len({sealed(size) for size in range(4093)}) == 16


def test_buckets_hold_cost_little_and_keep_their_order() -> None:
    begun = seed()
    print("seed", begun)
    chance = random.Random(begun)
    lengths = sorted({*range(1, 9000), *(chance.randrange(9000, 2**30) for _ in range(3000))})
    for length in lengths:
        bucket = padded_length(length)
        assert bucket >= length
        assert padded_length(bucket) == bucket
        assert length <= 4096 or bucket <= length * 1.0625
    assert all(padded_length(a) <= padded_length(b) for a, b in pairwise(lengths))
    assert len({padded_length(length) for length in lengths}) < 700
    # Padmé by hand: 100000 has 17 bits, exponent 16, which takes 5 bits to write: 11 of them are free.
    assert padded_length(100_000) == 49 * 2048


def test_a_length_that_cannot_be_true_is_noticed() -> None:
    whole = pad(CANARY)
    assert unpad(whole) == CANARY
    for wrong in (b"", b"\0\0", (10**9).to_bytes(4, "big") + whole[4:], whole + bytes(256), whole[:-1]):
        with pytest.raises(Tampered):
            unpad(wrong)


# asvs: 11.4.3
def test_a_commitment_is_the_hash_that_the_ledger_promises() -> None:
    salt = bytes(range(32))
    text = "ខ្ញុំ"
    assert commitment(salt, text) == hashlib.sha256(salt + text.encode()).hexdigest()
    assert commitment(salt, text) != commitment(salt, text + " ")
    assert commitment(salt, text) != commitment(bytes(32), text)
    for size in (0, 31, 33):
        with pytest.raises(ValueError, match="32 bytes"):
            commitment(bytes(size), text)


def test_salts_come_from_the_given_source(vault: Vault) -> None:
    assert len(vault.new_salt()) == 32
    assert vault.new_salt() != vault.new_salt()
    assert Vault(vault._keys, frozenset(), lambda size: b"r" * size).new_salt() == b"r" * 32
