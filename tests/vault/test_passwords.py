"""Passwords are hashed slowly, checked at equal cost, and the obvious are refused."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters

import grievance.vault.passwords
from grievance.vault import hash_password, needs_rehash, new_password_faults, password_fits
from grievance.vault.passwords import _NOBODY

GOOD = "tide lantern seven mango"


# asvs: 11.4.2
def test_a_password_fits_itself_only() -> None:
    stored = hash_password(GOOD)
    assert password_fits(stored, GOOD)
    assert not password_fits(stored, GOOD + " ")
    assert not password_fits(stored, "")
    assert GOOD not in stored
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hash_password(GOOD) != stored


def test_keyboards_that_compose_differently_agree() -> None:
    composed = unicodedata.normalize("NFC", "café au lait à midi")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert password_fits(hash_password(composed), decomposed)


def test_nobody_costs_what_somebody_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            checked.append(str(hash))
            return super().verify(hash, password)

    stored = hash_password(GOOD)
    assert extract_parameters(_NOBODY) == extract_parameters(stored)
    monkeypatch.setattr(
        grievance.vault.passwords, "_HASHER", Counting(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    )
    assert not password_fits(None, GOOD)
    assert not password_fits(stored, "wrong")
    assert checked == [_NOBODY, stored]


def test_no_account_is_refused_even_with_the_password_behind_the_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grievance.vault.passwords, "_NOBODY", hash_password(GOOD))
    assert not password_fits(None, GOOD)


# asvs: 16.5.3
@pytest.mark.parametrize("damaged", ["", "nonsense", "$argon2id$v=19$m=19456,t=2,p=1$", "$2b$12$abc"])
def test_a_damaged_row_lets_nobody_in(damaged: str) -> None:
    assert not password_fits(damaged, GOOD)
    assert not password_fits(damaged, "")
    assert needs_rehash(damaged)


def test_an_overlong_text_fits_nothing() -> None:
    stored = hash_password("ab" * 512)
    assert password_fits(stored, "ab" * 512)
    assert not password_fits(stored, "ab" * 512 + "c")


def test_other_costs_ask_for_a_new_hash() -> None:
    assert not needs_rehash(hash_password(GOOD))
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD))


# asvs: 6.2.1
@pytest.mark.parametrize("text", ["", "short", "fourteen signs", "  spaces       ", "x" * 14, "១២៣"])
def test_too_short(text: str) -> None:
    fault = new_password_faults(text)
    assert fault is not None
    assert str(fault).startswith("Use at least 15 characters.")


# asvs: 6.2.9
def test_too_long() -> None:
    assert new_password_faults("tide lantern " * 78) is None  # 1014
    fault = new_password_faults("x" * 1025)
    assert str(fault) == "Use at most 1024 characters."


@pytest.mark.parametrize("text", ["a" * 15, "abcabcabcabcabc", "121212121212121", "1234123412341234", "ថ" * 15])
def test_the_same_few_signs(text: str) -> None:
    fault = new_password_faults(text)
    assert fault is not None
    assert str(fault).startswith("This repeats")


# asvs: 6.1.2, 6.2.11
@pytest.mark.parametrize(
    "text",
    [
        "password1234567",
        "PASSWORD!!!!!!!",
        "Pass word 12345678",
        "p@ssw0rdadmin2026",
        "passwordpassword",
        "qwertyuiop12345",
        "poiuytrewq!!!!!",
        "asdfghjkl;12345",
        "qwertyuiopasdfghjkl",
        "123456789012345",
        "abcdefghijklmno",
        "1q2w3e4r5t6y7u8i",
        "1qaz2wsx3edc4rfv",
        "Administrator12",
        "grievancesecret2026",
        "welcome12345678",
        "១២៣៤៥៦៧៨៩០១២៣៤៥",
        "ｐａｓｓｗｏｒｄ１２３４５６７",
    ],
)
def test_the_obvious(text: str) -> None:
    fault = new_password_faults(text)
    assert fault is not None
    assert str(fault).startswith("This is among the first")


# asvs: 6.2.5
@pytest.mark.parametrize(
    "text", [GOOD, "correct horse battery", "khmer-rice-fields-9", "ទឹកឃ្មុំនិងស្វាយទុំ", "Xk3#pQ9!mZ2vw7$"]
)
def test_good_ones(text: str) -> None:
    assert new_password_faults(text) is None


# asvs: 6.2.11
def test_what_belongs_to_the_person_does_not_count() -> None:
    about = ("Sophea Chan-Rith", "sophea.office@lotus-garments.example")
    for text in (
        "sophea chan rith lotus",
        "Sophea.Office@Lotus-Garments",
        "garments sophea 9",
        "chan rith sophea office",
    ):
        fault = new_password_faults(text, about)
        assert fault is not None, text
        assert str(fault).startswith("This is among the first")
    assert new_password_faults("sophea tide lantern seven", about) is None, "five signs of one's own are enough"
    assert new_password_faults(GOOD, ("a", "", "I. of it")) is None, "short words take nothing away"
