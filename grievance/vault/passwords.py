"""A password is kept as a slow hash, a stranger costs as much to refuse as a member, and the obvious are refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from grievance.core.errors import Said, say

SHORTEST: Final = 15
LONGEST: Final = 1024

# 19 MiB, two passes, one lane: the argon2id setting of the OWASP Password Storage Cheat Sheet; about 20 ms here.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# The hash of 32 random bytes that were thrown away: nobody's password, and as much work as anybody's.
_NOBODY: Final = "$argon2id$v=19$m=19456,t=2,p=1$fGEoHVDSDf5Q8mlBMFKaqg$jEH2mG7BxF/XYy6eD5ceB60UUk4okpbVVGnjDxI4nnA"

_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "12345678901234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "1q2w3e4r5t6y7u8i9o0p",
)
_WORDS: Final = (
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "passwort",
    "passphrase",
    "administrator",
    "admin",
    "welcome",
    "letmein",
    "changeme",
    "iloveyou",
    "grievance",
    "complaint",
    "secret",
    "default",
    "qwerty",
)
_RUN: Final = 4  # so many neighbours on a keyboard or in the alphabet count as one thought
_OWN_SIGNS: Final = 5  # so many signs must be left when words and runs are taken away
_DIFFERENT: Final = 5
_LONGEST_PERIOD: Final = 4


def hash_password(text: str) -> str:
    """Argon2id in PHC form, about 100 ASCII characters, with its own salt and costs; about 20 ms and 19 MiB."""
    return _HASHER.hash(_bytes(text))


def password_fits(stored: str | None, text: str) -> bool:
    """Is `text` the password behind `stored`? None (no such account) costs the same work and is never true."""
    try:
        # No stored password is longer; and the hash is not fed with megabytes.
        _HASHER.verify(_NOBODY if stored is None else stored, _bytes(text[:LONGEST]))
    except InvalidHashError:  # a damaged row must not be told from a wrong password by its speed
        return password_fits(None, text)
    except VerificationError:
        return False
    return stored is not None and len(text) <= LONGEST


def needs_rehash(stored: str) -> bool:
    """Was it made at other costs than today's? Then hash anew after the next sign-in; true for a damaged one too."""
    try:
        return _HASHER.check_needs_rehash(stored)
    except InvalidHashError:
        return True


def new_password_faults(text: str, about: Iterable[str] = ()) -> Said | None:
    """What is wrong with a new password, or None: 15 to 1024 characters, and not one of the obvious.

    `about`: what belongs to its owner, such as name and mail address; the words of it count for nothing.

    15 where the password is all, and no rule asks for signs of certain kinds (NIST SP 800-63B-4, 3.1.1.2); spaces and every
    script are welcome.
    """
    if len(text) > LONGEST:
        return say("Use at most {most} characters.", most=LONGEST)
    plain = _fold(text)
    if min(len(text), len(plain)) < SHORTEST:
        return say(
            "Use at least {least} characters. Four or five words that belong to nothing do well.", least=SHORTEST
        )
    if len(set(plain)) < _DIFFERENT or _repeats(plain):
        return say("This repeats the same few signs. Four or five words that belong to nothing do well.")
    theirs = (word for piece in about for word in re.split(r"[\W_]+", _fold(piece, keep_blanks=True)))
    words = (*_WORDS, *sorted((word for word in theirs if len(word) >= _RUN), key=len, reverse=True))
    if len(_own_signs(plain, words)) < _OWN_SIGNS:
        return say("This is among the first things that somebody would try. Use words that belong to nothing.")
    return None


def _bytes(text: str) -> bytes:
    # Keyboards differ in how they compose the same letter: NFKC makes them agree.
    return unicodedata.normalize("NFKC", text).encode("utf-8", "surrogatepass")


def _fold(text: str, *, keep_blanks: bool = False) -> str:
    """Lower case, digits of every script as ASCII, no spaces: how somebody who guesses would look at it."""
    signs = unicodedata.normalize("NFKC", text).casefold()
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in signs if keep_blanks or not sign.isspace())


def _repeats(plain: str) -> bool:
    return any(plain == (plain[:period] * len(plain))[: len(plain)] for period in range(1, _LONGEST_PERIOD + 1))


def _own_signs(plain: str, words: Iterable[str]) -> str:
    """What is left without the obvious words and without runs of four or more along a row, either way."""
    for word in words:
        plain = plain.replace(word, "")
    rows = [*_ROWS, *(row[::-1] for row in _ROWS)]
    left: list[str] = []
    at = 0
    while at < len(plain):
        run = max(_run_length(plain, at, row) for row in rows)
        if run < _RUN and left[-1:] != [plain[at]]:  # the same sign again is no other thought
            left.append(plain[at])
        at += run if run >= _RUN else 1
    return "".join(left)


def _run_length(plain: str, at: int, row: str) -> int:
    """How many signs from `at` on stand side by side in this row."""
    length = 0
    while at + length < len(plain) and plain[at : at + length + 1] in row:
        length += 1
    return length
