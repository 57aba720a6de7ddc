"""A receipt survives any keyboard, catches slips, opens its box, and cannot be forged or guessed cheaply."""

from __future__ import annotations

import random
import unicodedata
from pathlib import Path

import pytest
from argon2.low_level import hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

import grievance.vault.receipts
from grievance.core.errors import GrievanceError
from grievance.vault import BadReceipt, BadTicket, ReceiptKeys, Vault, check_receipt, group, make_keys
from grievance.vault.receipts import Receipts, check_digits
from tests.trials.sizes import seed

INTAKE, PEPPER = bytes(range(32)), bytes(range(32, 64))
ONE = bytes(range(64, 96))
PLACE = "items/1/text/1"


@pytest.fixture(scope="module")
def vault(folder: Path) -> Vault:
    return Vault.open(folder, frozenset({"intake"}))


@pytest.fixture
def chance() -> random.Random:
    begun = seed()
    print("seed", begun)
    return random.Random(begun)


def a_number(chance: random.Random) -> str:
    body = f"{chance.randrange(10**18):018d}"
    return body + check_digits(body)


def why(text: str) -> str:
    with pytest.raises(BadReceipt) as refused:
        check_receipt(text)
    return refused.value.said.text


# Digits ---------------------------------------------------------------------------------------------------------------


def test_the_check_digits_of_the_standard() -> None:
    assert check_digits("794") == "44"  # the worked example of ISO 7064 for MOD 97-10
    assert int("79444") % 97 == 1


# asvs: 1.1.1
@pytest.mark.parametrize("zero", "0០০၀०۰٠๐０", ids=unicodedata.name)
def test_the_digits_of_every_script(chance: random.Random, zero: str) -> None:
    digits = a_number(chance)
    written = "".join(chr(ord(zero) + int(digit)) for digit in digits)
    assert check_receipt(written) == digits
    assert check_receipt(digits).isascii()


@pytest.mark.parametrize(
    "between",
    list(" -\u200b\u00a0\u202f\u2011\u2013\u2212\u00ad\ufeff\u200e\t\n."),
    ids=ascii,
)
def test_what_stands_between_digits_does_not_matter(chance: random.Random, between: str) -> None:
    digits = a_number(chance)
    assert check_receipt(between.join(digits)) == digits
    assert check_receipt(f"{between}{group(digits)}{between}") == digits


def test_groups_of_four() -> None:
    assert group("12345678901234567890") == "1234 5678 9012 3456 7890"


def test_every_single_wrong_digit_and_every_adjacent_swap_is_caught(chance: random.Random) -> None:
    for number in ["0" * 18 + "98", "9" * 18 + check_digits("9" * 18), *(a_number(chance) for _ in range(200))]:
        assert check_receipt(number) == number
        for at in range(20):
            for other in set("0123456789") - {number[at]}:
                assert why(number[:at] + other + number[at + 1 :]).startswith("One digit is not right")
        for at in range(19):
            left, right = number[at], number[at + 1]
            if left != right:
                assert why(number[:at] + right + left + number[at + 2 :]).startswith("One digit is not right")


def test_a_number_has_one_pair_of_check_digits(chance: random.Random) -> None:
    """Of the hundred pairs one passes: the remainders that MOD 97 would also accept (00, 01, 99) do not."""
    for body in ["0" * 18, f"{95:018d}", f"{96:018d}", f"{97:018d}", *(a_number(chance)[:18] for _ in range(100))]:
        passing = []
        for pair in range(100):
            try:
                passing.append(check_receipt(f"{body}{pair:02d}"))
            except BadReceipt:
                continue
        assert passing == [body + check_digits(body)]


def test_each_slip_has_its_own_sentence(chance: random.Random) -> None:
    number = a_number(chance)
    with pytest.raises(BadReceipt, match=r"Digits read: 19 of 20\."):
        check_receipt(number[:-1])
    with pytest.raises(BadReceipt, match=r"Digits read: 21 of 20\."):
        check_receipt(number + "1")
    with pytest.raises(BadReceipt, match=r"Digits read: 0 of 20\."):
        check_receipt("")
    with pytest.raises(BadReceipt, match=r"only digits.*: O"):
        check_receipt(number[:-1] + "O")
    assert why(number[:-1] + "²").startswith("A receipt number has only digits")
    assert why(" " * 10_000 + number).startswith("Digits read")
    assert why(number + " " * 10_000).startswith("Digits read")
    assert len({why(number[:-1]), why(number[:-1] + "O"), why(number[:-2] + "00")}) == 3


# Tickets --------------------------------------------------------------------------------------------------------------


def test_a_ticket_comes_back(vault: Vault) -> None:
    ticket = vault.new_ticket()
    assert len(ticket) == 64
    assert set(ticket) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert len(vault.read_ticket(ticket)) == 32
    assert vault.new_ticket() != ticket


# asvs: 9.1.1
def test_a_forged_ticket_is_refused(vault: Vault, tmp_path: Path) -> None:
    ticket = vault.new_ticket()
    make_keys(tmp_path / "other")
    elsewhere = Vault.open(tmp_path / "other", frozenset({"intake"})).new_ticket()
    own_mark = ticket[:43] + elsewhere[43:]
    spellings = [f"{ticket}=", f" {ticket}", f"{ticket}\n", f"{ticket[:30]}!{ticket[30:]}"]
    for forged in ["", "A" * 64, ticket[:-1], ticket[:43], ticket + "AAAA", elsewhere, own_mark, "ថ" * 64, *spellings]:
        with pytest.raises(BadTicket):
            vault.read_ticket(forged)
    for at in range(64):
        with pytest.raises(BadTicket):
            vault.read_ticket(ticket[:at] + ("A" if ticket[at] != "A" else "B") + ticket[at + 1 :])


def test_one_ticket_one_receipt(vault: Vault, folder: Path) -> None:
    ticket = vault.read_ticket(vault.new_ticket())
    again = Vault.open(folder, frozenset({"office"}))
    assert vault.receipt_of(ticket) == again.receipt_of(ticket)
    assert vault.receipt_of(ticket) != vault.receipt_of(ONE)
    assert check_receipt(group(vault.receipt_of(ticket).digits)) == vault.receipt_of(ticket).digits
    with pytest.raises(ValueError, match="32 bytes"):
        vault.receipt_of(b"short")


def test_receipts_are_spread_evenly(chance: random.Random) -> None:
    """No digit of the body is fixed or favoured: 2000 receipts, each place within six deviations of a tenth."""
    receipts = Receipts(INTAKE, PEPPER, chance.randbytes)
    numbers = [receipts.receipt_of(chance.randbytes(32)).digits for _ in range(2000)]
    for at in range(18):
        for digit in "0123456789":
            assert 120 < sum(number[at] == digit for number in numbers) < 281


# What the digits open -------------------------------------------------------------------------------------------------


def test_a_receipt_handed_out_today_opens_for_ever() -> None:
    """Known answers: whoever changes the derivation locks out every worker who holds a receipt."""
    receipts = Receipts(INTAKE, PEPPER, bytes)
    assert receipts.receipt_of(ONE).digits == "83567284458371693610"
    keys = receipts.open_receipt("83567284458371693610")
    assert keys.tag.hex() == "c829bce9f0558615f79bffa3508858543b6c6ea759e2cfe842dceb629be6ce11"
    assert keys.box_public.hex() == "f0cf54e25e115cd54249e9f38d4cc2270e246722195bee8b5f9ce884a93d4106"


def test_tag_and_box_follow_from_the_digits_alone(vault: Vault, folder: Path) -> None:
    digits = vault.receipt_of(ONE).digits
    keys = vault.open_receipt(digits)
    assert keys == Vault.open(folder, frozenset({"intake"})).open_receipt(group(digits))
    assert len(keys.tag) == len(keys.box_private) == len(keys.box_public) == 32
    assert len({keys.tag, keys.box_private, keys.box_public}) == 3
    assert X25519PrivateKey.from_private_bytes(keys.box_private).public_key().public_bytes_raw() == keys.box_public


def test_a_receipt_opens_what_was_sealed_to_it_at_filing(vault: Vault) -> None:
    digits = vault.receipt_of(vault.read_ticket(vault.new_ticket())).digits
    box = vault.open_receipt(digits).box_public
    filed = vault.seal(b"we heard you", bound=PLACE, readers=["exchange"], box=box)
    later = vault.open_receipt(digits)
    assert vault.open_with_box(filed, bound=PLACE, box_private=later.box_private) == b"we heard you"


def test_without_the_pepper_the_digits_open_nothing() -> None:
    digits = Receipts(INTAKE, PEPPER, bytes).receipt_of(ONE).digits
    stolen = Receipts(INTAKE, bytes(32), bytes).open_receipt(digits)
    assert stolen.tag != Receipts(INTAKE, PEPPER, bytes).open_receipt(digits).tag


def test_a_guess_that_opens_nothing_costs_the_same_work(monkeypatch: pytest.MonkeyPatch, chance: random.Random) -> None:
    """Every well-formed number goes through one and the same slow derivation: the vault cannot tell hit from miss."""
    asked: list[tuple[object, ...]] = []
    slow = hash_secret_raw

    def counted(*given: object) -> bytes:
        asked.append(given[1:])
        return slow(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(grievance.vault.receipts, "hash_secret_raw", counted)
    receipts = Receipts(INTAKE, PEPPER, bytes)
    receipts.open_receipt(receipts.receipt_of(ONE).digits)
    receipts.open_receipt(a_number(chance))
    assert len(asked) == 2
    assert asked[0] == asked[1]
    assert asked[0][1:5] == (1, 8192, 1, 32)


def test_a_slip_is_refused_before_the_slow_part(vault: Vault) -> None:
    with pytest.raises(BadReceipt):
        vault.open_receipt("12345678901234567890")


def test_hashes_tell_apart_and_tell_nothing(vault: Vault) -> None:
    hashes = [vault.ticket_hash(ONE), vault.fingerprint(ONE), vault.fingerprint(b""), vault.fingerprint(b"a")]
    assert len(set(hashes)) == 4
    assert {len(value) for value in hashes} == {32}
    assert vault.fingerprint(b"a") == vault.fingerprint(b"a")
    other = Receipts(bytes(32), PEPPER, bytes)
    assert other.fingerprint(b"a") != vault.fingerprint(b"a")
    assert other.ticket_hash(ONE) != vault.ticket_hash(ONE)


def test_nothing_of_a_receipt_is_printed(vault: Vault) -> None:
    receipt = vault.receipt_of(ONE)
    keys = vault.open_receipt(receipt.digits)
    shown = f"{receipt!r} {keys!r} {keys!s} {receipt!s}"
    assert isinstance(keys, ReceiptKeys)
    assert shown == "Receipt() ReceiptKeys() ReceiptKeys() Receipt()"


def test_the_refusals_belong_to_the_family() -> None:
    assert issubclass(BadReceipt, GrievanceError)
    assert issubclass(BadTicket, GrievanceError)
