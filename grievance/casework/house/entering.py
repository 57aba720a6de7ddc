"""The second step: whoever has one shows it after the password, and again before what is hard to undo."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Tampered, Viewer
from grievance.casework.house import passkeys, people, recording
from grievance.core.errors import GrievanceError, or_hidden, say
from grievance.language import plain_digits
from grievance.store import deeds, factors
from grievance.store import people as rows
from grievance.store import sessions as sign_ins
from grievance.vault import authenticator, password_fits, token_hash

FRESH = timedelta(minutes=10)
"""How long ago somebody may have shown who they are, where they must have done so just now."""


class WrongCode(GrievanceError):
    """The code is not that of now, was used already, or is no recovery code of theirs."""

    def __init__(self) -> None:
        super().__init__(
            say("This code does not fit, or it was used already. Wait for the next one in your app, then try again.")
        )


class WrongProof(GrievanceError):
    """The password of whoever has no second step does not fit."""

    def __init__(self) -> None:
        super().__init__(say("This is not your password. Try again, or sign out and ask for a new one by mail."))


class Over(GrievanceError):
    """The sign-in waited too long for its second step, or was used."""

    def __init__(self) -> None:
        super().__init__(say("That took longer than five minutes. Sign in again."))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page can ask somebody for. `passkey`: options for the browser, empty where it has none to ask for."""

    code: bool
    password: bool
    passkey: str = ""


def recovery_id(desk: Desk, person: str, typed: str) -> str:
    """Under which id a recovery code is kept: a keyed hash; how it was broken up and cased does not matter."""
    plain = "".join(sign for sign in plain_digits(typed).upper() if sign.isalnum())
    return desk.vault.mac("recovery", f"{person}/{plain}".encode()).hex()


def open_secret(desk: Desk, factor: factors.Factor) -> str | None:
    """The secret of an app; None where it was sealed by a key that is no more, or for somebody else."""
    try:
        person, _, secret = desk.vault.open_cookie("totp", factor.kept).decode().partition("/")
    except Tampered:
        return None
    return secret if person == factor.person else None


def asked_of_half(desk: Desk, half: str) -> Asked:
    """What the page of the second step asks for. Raises Over."""
    with desk.store.write() as tx:
        person = sign_ins.half(tx, token_hash(half), desk.now())
        if person is None:
            raise Over
        return _asked(desk, tx, person, half)


def asked_of(desk: Desk, viewer: Viewer, token: str) -> Asked:
    """What somebody who is signed in is asked for, to show again who they are."""
    with desk.store.write() as tx:
        return _asked(desk, tx, viewer.person, token)


def _asked(desk: Desk, tx: Connection, person: str, holder: str) -> Asked:
    kinds = {one.kind for one in factors.of(tx, person, *factors.STEPS, "code")}
    return Asked(
        code=bool(kinds - {"passkey"}),
        password=not kinds & set(factors.STEPS),
        passkey=passkeys.ask(desk, tx, holder, person) if "passkey" in kinds else "",
    )


def second(desk: Desk, half: str, typed: str, answer: str = "") -> str:
    """The token of a session, for a code or the answer of a passkey. The half-open sign-in is gone with it.

    Raises Over; WrongCode, or TooMany as for passwords, for a code; passkeys.WrongPasskey.
    """
    now, key = desk.now(), token_hash(half)
    with desk.store.read() as tx:
        person = sign_ins.half(tx, key, now)
        someone = rows.person(tx, person) if person else None
    if someone is None or not someone.active:
        raise Over
    token = secrets.token_urlsafe(32)
    challenge = _begin(desk, someone.id, half, answer)
    with desk.store.write() as tx:
        by = _shown(desk, tx, someone.id, typed, answer, challenge)
        through = sign_ins.close_half(tx, key)
        if through is None:
            raise Over
        sign_ins.open_session(tx, token_hash(token), someone.id, now, by, through=through)
    return token


def is_fresh(desk: Desk, viewer: Viewer, token: str) -> bool:
    """Whether this session's holder showed who they are just now; a password counts only where there is no second step.

    That an organisation let them in never counts: their browser may have been signed in there since the morning.
    """
    with desk.store.read() as tx:
        found = sign_ins.session(tx, token_hash(token))
        if found is None or desk.now() - found[0].proved_at > FRESH:
            return False
        by = found[0].proved_by
        return by != "organisation" and (by != "password" or not factors.has_step(tx, viewer.person))


def prove(desk: Desk, viewer: Viewer, token: str, typed: str, answer: str = "") -> None:
    """The viewer shows who they are: by a code or a passkey, or by the password where there is no second step.

    Raises WrongProof for a password, else as `second`; TooMany counts with the tries of signing in.
    """
    with desk.store.read() as tx:
        someone, has_step = or_hidden(rows.person(tx, viewer.person)), factors.has_step(tx, viewer.person)
    if not has_step:
        _prove_by_password(desk, someone, token, typed)
        return
    challenge = _begin(desk, viewer.person, token, answer)
    with desk.store.write() as tx:
        by = _shown(desk, tx, viewer.person, typed, answer, challenge)
        sign_ins.prove_session(tx, token_hash(token), desk.now(), by)


def _prove_by_password(desk: Desk, someone: rows.Person, token: str, typed: str) -> None:
    key = people.throttle(desk, someone.mail)
    with desk.store.write() as tx:
        people.count_try(tx, key, desk.now())
    if not password_fits(someone.password, typed):
        raise WrongProof
    with desk.store.write() as tx:
        sign_ins.forget_failures(tx, key)
        sign_ins.prove_session(tx, token_hash(token), desk.now(), "password")


def _begin(desk: Desk, person: str, holder: str, answer: str) -> bytes | None:
    """A try begins, before it is known how it ends: a challenge is used up, the try of a code is counted."""
    if answer:  # nobody guesses a signature: whoever knows only the password cannot lock the owner of a passkey out
        return passkeys.take(desk, holder)
    with desk.store.write() as tx:
        people.count_try(tx, _key(desk, person), desk.now())
    return None


def _shown(desk: Desk, tx: Connection, person: str, typed: str, answer: str, challenge: bytes | None) -> str:
    if answer:
        passkeys.check(desk, tx, answer, challenge, person)
        return "passkey"
    plain = "".join(plain_digits(typed).split())
    by = "totp" if len(plain) == authenticator.DIGITS and plain.isdecimal() else "code"
    if not (_fits(desk, tx, person, plain) if by == "totp" else _used_up(desk, tx, person, plain)):
        raise WrongCode
    sign_ins.forget_failures(tx, _key(desk, person))
    return by


def _fits(desk: Desk, tx: Connection, person: str, plain: str) -> bool:
    now = desk.now()
    for one in factors.of(tx, person, "totp"):
        secret = open_secret(desk, one)
        step = authenticator.step_of(secret, plain, now, after=one.count) if secret else None
        if step is not None:
            return factors.advance(tx, one.id, one.count, step, now)
    return False


def _used_up(desk: Desk, tx: Connection, person: str, plain: str) -> bool:
    deeds.one_at_a_time(tx)
    found = factors.remove(tx, person, recovery_id(desk, person, plain), "code")
    if found:
        left = factors.count_of(tx, [person], "code").get(person, 0)
        recording.note(desk, tx, person, "code_used", person, n=left)
        recording.tell(desk, tx, person, "recovery")
    return found


def _key(desk: Desk, person: str) -> bytes:
    """Under which wrong codes are counted: apart from passwords, so that a right password does not begin them anew."""
    return desk.vault.mac("throttle", f"second {person}".encode())
