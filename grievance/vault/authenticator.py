"""Codes of an authenticator app: six digits for each half minute (RFC 6238), told by the step that they belong to."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Final

import pyotp

SECONDS: Final = 30
DRIFT: Final = 1
"""Steps by which a telephone's clock may be off, either way (RFC 6238, 5.2, recommends one for the delay)."""
DIGITS: Final = 6


def new_secret() -> str:
    """160 random bits in base 32, as apps take them (RFC 4226, 4, R6)."""
    return pyotp.random_base32(32)


def address(secret: str, holder: str, issuer: str) -> str:
    """What the app reads from the code on the page: the secret, whose it is, and which house."""
    return pyotp.TOTP(secret).provisioning_uri(name=holder, issuer_name=issuer)


def step_of(secret: str, typed: str, at: datetime, *, after: int) -> int | None:
    """The step whose code was typed, among now and its neighbours; never one up to `after`: that was used. None: no fit."""
    codes = pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS)
    now = int(at.timestamp()) // SECONDS
    fits = [
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if hmac.compare_digest(codes.generate_otp(step).encode(), typed.encode()) and step > after
    ]
    return fits[0] if fits else None
