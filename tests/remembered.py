"""What was hashed slowly once is not hashed again: the same password and the same number of a complaint fit again.

For tests that sign in or file in order to do something else. Those of the vault and of its timing hash each time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import pytest
from argon2 import PasswordHasher
from argon2.low_level import hash_secret_raw

from grievance.vault import passwords, receipts

_KEPT = 1000


_OURS = passwords._HASHER
_NUMBERS = lru_cache(maxsize=_KEPT)(hash_secret_raw)
_FITS = lru_cache(maxsize=_KEPT)(_OURS.verify)


class _Remembering(PasswordHasher):
    """Only what fits is remembered: a wrong password raises, and is hashed each time."""

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  as argon2 has it
        return _FITS(hash, password)


_PASSWORDS = _Remembering(_OURS.time_cost, _OURS.memory_cost, _OURS.parallelism)


@pytest.fixture(autouse=True)
def hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For all tests of a folder whose conftest.py imports it."""
    monkeypatch.setattr(passwords, "_HASHER", _PASSWORDS)
    monkeypatch.setattr(receipts, "hash_secret_raw", _NUMBERS)
