"""Twenty digits are the only key a worker needs: they open a case, survive any keyboard, and are stored nowhere."""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from grievance.core.errors import say
from grievance.vault.errors import BadReceipt, BadTicket
from grievance.vault.primitives import KEY_BYTES, RandomBytes, derive, from_text, keyed, to_text

DIGITS: Final = 20
TICKET_BYTES: Final = 32
_BODY_DIGITS: Final = 18
_MARK_BYTES: Final = 16
_LONGEST_INPUT: Final = 200
_ARGON_KIB: Final = 8 * 1024

# Spaces, controls, formatting (zero-width, soft hyphen, direction marks), dashes, connectors.
_SEPARATORS: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Pc"})
_MORE_SEPARATORS: Final = frozenset(".\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The number as the worker gets it. `digits`: 20 ASCII digits; never logged, never stored."""

    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """What the digits open. tag: 32 bytes, the case's unique column; box: a raw X25519 pair, 32 bytes each."""

    tag: bytes = field(repr=False)
    box_private: bytes = field(repr=False)
    box_public: bytes = field(repr=False)


def check_digits(body: str) -> str:
    """Two check digits (02 to 98) by ISO 7064 MOD 97-10 for a string of ASCII digits."""
    return f"{98 - int(body) * 100 % 97:02d}"


def check_receipt(text: str) -> str:
    """The 20 ASCII digits of what somebody typed, in any script's digits, with spaces, hyphens, zero-width signs.

    Raises BadReceipt with one sentence each for a sign that is no digit, a wrong count, and check digits that disagree.
    """
    read: list[str] = []
    for sign in text[:_LONGEST_INPUT]:
        value = unicodedata.decimal(sign, None)
        if value is not None:
            read.append(str(value))
        elif unicodedata.category(sign) not in _SEPARATORS and sign not in _MORE_SEPARATORS:
            raise BadReceipt(say("A receipt number has only digits. Check this sign: {sign}", sign=sign))
    digits = "".join(read)
    if len(digits) != DIGITS or len(text) > _LONGEST_INPUT:
        raise BadReceipt(
            say(
                "Digits read: {count} of {length}. Look for a digit that is missing or written twice.",
                count=len(digits),
                length=DIGITS,
            )
        )
    if check_digits(digits[:_BODY_DIGITS]) != digits[_BODY_DIGITS:]:
        raise BadReceipt(
            say("One digit is not right, or two have changed places. Compare the number with your receipt.")
        )
    return digits


def group(digits: str) -> str:
    """The digits in groups of four: "1234 5678 9012 3456 7890"."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


class Receipts:
    """Issues tickets and turns them into receipts; holds keys derived from the intake key and the pepper."""

    __slots__ = ("_digits", "_fingerprint", "_mark", "_random_bytes", "_salt", "_seen")

    def __init__(self, intake: bytes, pepper: bytes, random_bytes: RandomBytes) -> None:
        self._mark = derive(intake, "ticket mark")
        self._digits = derive(intake, "receipt digits")
        self._seen = derive(intake, "ticket seen")
        self._fingerprint = derive(intake, "body fingerprint")
        self._salt = keyed(pepper, b"receipt")
        self._random_bytes = random_bytes

    def new_ticket(self) -> str:
        """64 URL-safe characters: 32 random bytes and a 16-byte mark that only we can have put there."""
        ticket = self._random_bytes(TICKET_BYTES)
        return to_text(ticket + keyed(self._mark, ticket)[:_MARK_BYTES])

    def read_ticket(self, text: str) -> bytes:
        """The ticket's 32 random bytes; BadTicket unless we issued it."""
        try:
            whole = from_text(text)
        except ValueError as error:
            raise BadTicket from error
        ticket, mark = whole[:TICKET_BYTES], whole[TICKET_BYTES:]
        if not hmac.compare_digest(mark, keyed(self._mark, ticket)[:_MARK_BYTES]):
            raise BadTicket
        return ticket

    def receipt_of(self, ticket: bytes) -> Receipt:
        """The same ticket always gives the same receipt, so that a form sent twice is one case."""
        if len(ticket) != TICKET_BYTES:
            raise ValueError(f"a ticket has {TICKET_BYTES} bytes")
        number = int.from_bytes(keyed(self._digits, ticket), "big") % 10**_BODY_DIGITS
        body = f"{number:0{_BODY_DIGITS}d}"
        return Receipt(body + check_digits(body))

    def open_receipt(self, digits: str) -> ReceiptKeys:
        """Tag and box of a receipt, after one pass of Argon2id over 8 MiB (RFC 9106), about 5 ms.

        Callers derive first and look up the tag second, so that a number that opens nothing costs what a true one
        costs. Raises BadReceipt like `check_receipt`.
        """
        root = hash_secret_raw(check_receipt(digits).encode("ascii"), self._salt, 1, _ARGON_KIB, 1, KEY_BYTES, Type.ID)
        box = X25519PrivateKey.from_private_bytes(derive(root, "box"))
        return ReceiptKeys(derive(root, "tag"), box.private_bytes_raw(), box.public_key().public_bytes_raw())

    def ticket_hash(self, ticket: bytes) -> bytes:
        """32 bytes, kept for a week: tells that this ticket has been used, without telling its digits."""
        return keyed(self._seen, ticket)

    def fingerprint(self, body: bytes) -> bytes:
        """32 bytes, kept for a week: tells the same filing sent twice from another one."""
        return keyed(self._fingerprint, body)
