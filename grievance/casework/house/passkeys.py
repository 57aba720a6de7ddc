"""Passkeys: made for one person of this house, asked with a challenge that is good once, and checked."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Tampered, Viewer
from grievance.core.errors import GrievanceError, Hidden, or_hidden, say
from grievance.store import factors
from grievance.store import people as rows
from grievance.store import sessions as sign_ins
from grievance.vault import passkeys as keys
from grievance.vault import token_hash

LASTS = timedelta(minutes=keys.MINUTES)


class WrongPasskey(GrievanceError):
    """An answer to another question, of another house or another key, or too late."""

    def __init__(self) -> None:
        super().__init__(say("The passkey did not fit, or it took longer than five minutes. Try again."))


def possible(desk: Desk) -> bool:
    """Whether browsers keep passkeys for this house: it needs a name, and not only a number."""
    return keys.House.at(desk.address).takes_passkeys


def ask(desk: Desk, tx: Connection, holder: str, person: str = "", sign: bytes = b"") -> str:
    """What the browser is to ask its passkeys, as JSON: those of a person, or whichever there is for this house.

    `sign`: the hash that they are to sign, instead of something that stands for nothing.
    """
    known = [kept(one).id for one in factors.of(tx, person, "passkey")] if person else []
    return keys.options_to_ask(keys.House.at(desk.address), _challenge(desk, tx, holder, sign), known)


def ask_anybody(desk: Desk, holder: str) -> str:
    """As `ask`, before anybody said who they are."""
    with desk.store.write() as tx:
        return ask(desk, tx, holder)


def ask_for_new(desk: Desk, viewer: Viewer, holder: str, house: str) -> str:
    """What the browser is to make, as JSON; `house` is what people call it. Raises Hidden where there can be none."""
    if not possible(desk):
        raise Hidden
    with desk.store.write() as tx:
        someone = or_hidden(rows.person(tx, viewer.person))
        known = [kept(one).id for one in factors.of(tx, viewer.person, "passkey")]
        challenge = _challenge(desk, tx, holder)
    place = keys.House.at(desk.address, house)
    return keys.options_to_make(place, someone.id, someone.mail, someone.name, challenge, known)


def take(desk: Desk, holder: str) -> bytes | None:
    """The challenge that this holder was given; it is used up, however the try ends."""
    with desk.store.write() as tx:
        return factors.take_challenge(tx, _place(holder), desk.now())


def read_new(desk: Desk, holder: str, answer: str) -> keys.Passkey:
    """The passkey that the browser made. Raises WrongPasskey."""
    challenge = take(desk, holder)
    if challenge is None:
        raise WrongPasskey
    try:
        return keys.made(keys.House.at(desk.address), answer, challenge)
    except Tampered as error:
        raise WrongPasskey from error


def check(desk: Desk, tx: Connection, answer: str, challenge: bytes | None, person: str = "") -> str:
    """Whose passkey answered: this person's, or anybody's; it counts one use more. Raises WrongPasskey."""
    try:
        found = factors.one(tx, row_id(keys.named(answer)))
        if challenge is None or found is None or found.kind != "passkey" or person not in ("", found.person):
            raise WrongPasskey
        count = keys.answered(keys.House.at(desk.address), answer, challenge, kept(found), found.person)
    except Tampered as error:
        raise WrongPasskey from error
    if not factors.advance(tx, found.id, found.count, count, desk.now()):
        raise WrongPasskey
    return found.person


def enter(desk: Desk, holder: str, answer: str) -> str:
    """The token of a session: a passkey says who somebody is, and that they are there. Raises WrongPasskey."""
    token, challenge = secrets.token_urlsafe(32), take(desk, holder)
    with desk.store.write() as tx:
        someone = rows.person(tx, check(desk, tx, answer, challenge))
        if someone is None or not someone.active:
            raise WrongPasskey
        sign_ins.open_session(tx, token_hash(token), someone.id, desk.now(), "passkey")
    return token


def row_id(passkey_id: str) -> str:
    """Under which id a passkey is kept: its own may have a thousand signs."""
    return token_hash(passkey_id).hex()[:32]


def kept(factor: factors.Factor) -> keys.Passkey:
    """As the vault checks it."""
    passkey_id, _, key = factor.kept.partition(" ")
    return keys.Passkey(passkey_id, key, factor.count)


def _challenge(desk: Desk, tx: Connection, holder: str, sign: bytes = b"") -> bytes:
    challenge, now = sign or secrets.token_bytes(32), desk.now()
    factors.set_challenge(tx, _place(holder), challenge, now + LASTS, now)
    return challenge


def _place(holder: str) -> bytes:
    return token_hash(f"passkey/{holder}")
