"""A cookie is read back only unchanged, by us, for its purpose."""

from __future__ import annotations

import hashlib
import os

import pytest

from grievance.vault import Tampered, token_hash
from grievance.vault.cookies import Cookies

CANARY = b"the box key of a receipt"


@pytest.fixture
def cookies() -> Cookies:
    return Cookies(bytes(range(32)), os.urandom)


@pytest.mark.parametrize("payload", [b"", b"x", CANARY, bytes(2000)], ids=len)
def test_a_cookie_comes_back(cookies: Cookies, payload: bytes) -> None:
    text = cookies.seal("receipt", payload)
    assert cookies.open("receipt", text) == payload
    assert text.isascii()
    assert not set(text) & set(' ",;\\=')
    assert cookies.seal("receipt", payload) != text


# asvs: 9.1.3, 9.2.2, 9.2.3
def test_another_purpose_another_key_does_not_open(cookies: Cookies) -> None:
    text = cookies.seal("receipt", CANARY)
    with pytest.raises(Tampered):
        cookies.open("session", text)
    with pytest.raises(Tampered):
        Cookies(bytes(32), os.urandom).open("receipt", text)


# asvs: 9.1.1
def test_every_changed_sign_is_noticed(cookies: Cookies) -> None:
    text = cookies.seal("receipt", CANARY)
    for at, sign in enumerate(text):
        for other in "AZ_-9" + chr(ord(sign) ^ 1):  # the last also tries a spelling that differs in spare bits only
            if other != sign:
                with pytest.raises(Tampered):
                    cookies.open("receipt", text[:at] + other + text[at + 1 :])


# asvs: 9.1.2
@pytest.mark.parametrize("text", ["", "A", "AAAA", "A" * 37, "=" * 40, "ថ" * 50, "A" * 100_000, "A B", "+/+/"])
def test_nonsense_is_refused(cookies: Cookies, text: str) -> None:
    with pytest.raises(Tampered):
        cookies.open("receipt", text)


def test_other_spellings_of_a_true_cookie_are_refused(cookies: Cookies) -> None:
    text = cookies.seal("receipt", CANARY)
    for spelling in (f"{text}=", f"{text} ", f" {text}", f"{text}\n", f"{text[:9]}.{text[9:]}"):
        with pytest.raises(Tampered):
            cookies.open("receipt", spelling)


def test_a_cookie_holds_no_plain_words(cookies: Cookies) -> None:
    text = cookies.seal("receipt", CANARY)
    assert CANARY.hex() not in text
    assert CANARY.decode() not in text


def test_a_mac_fits_its_purpose_and_its_data(cookies: Cookies) -> None:
    mac = cookies.mac("csrf", b"session")
    assert len(mac) == 32
    assert cookies.mac_fits("csrf", b"session", mac)
    assert not cookies.mac_fits("csrf", b"another", mac)
    assert not cookies.mac_fits("login", b"session", mac)
    assert not cookies.mac_fits("csrf", b"session", mac[:-1])
    assert not cookies.mac_fits("csrf", b"session", b"")
    assert not Cookies(bytes(32), os.urandom).mac_fits("csrf", b"session", mac)


def test_the_hash_of_a_token() -> None:
    assert token_hash("abc") == hashlib.sha256(b"abc").digest()
