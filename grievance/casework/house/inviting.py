"""Lets people in: an invitation or a new password comes by a letter whose link is good once and for some time."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from grievance.casework.delivering import LINK
from grievance.casework.desk import Desk, Tampered, Viewer
from grievance.casework.house import recording
from grievance.casework.house.people import new_hash
from grievance.casework.house.staffing import fitting_post, post_label
from grievance.core.errors import GrievanceError, Invalid, Refused, or_hidden, say
from grievance.store import outbox, passes, setup
from grievance.store import people as rows
from grievance.store import sessions as sign_ins
from grievance.vault import token_hash

LASTS = {"invitation": timedelta(days=7), "reset": timedelta(hours=1)}
PAGES = {"invitation": "/account/join/", "reset": "/account/reset/"}
"""Where the link of a letter leads; behind it stands the token."""

ADDRESS = re.compile(r"[^@\s<>,;\"\x00-\x1f]+@[^@\s<>,;\"\x00-\x1f]+\.[^@\s<>,;\"\x00-\x1f.]{2,}")
WRONG_ADDRESS = say("Write one mail address, such as name@example.org.")
ASKINGS = 3
"""How often a new password can be asked for in an hour, for one address."""
HOUR = timedelta(hours=1)
LETTERS = 100
"""So many askings are answered at one look of the clock."""


class NoPass(GrievanceError):
    """A link that was used, that is too old, or that we did not send."""

    def __init__(self) -> None:
        super().__init__(
            say("This link was used already, or it is too old. Ask for a new password, or whoever invited you.")
        )


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom to invite. `body` may be empty: neutrals belong to no organisation."""

    mail: str
    name: str
    language: str
    body: str = ""
    post: str = ""
    administrator: bool = False


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who holds a good link."""

    id: str
    mail: str
    name: str
    language: str


def invite(desk: Desk, viewer: Viewer, invitation: Invitation) -> str:
    """The id of the account that waits for them; they get a letter. Raises Invalid."""
    with recording.deed(desk, viewer) as act:
        mail = _free_mail(act.tx, invitation.mail)
        person = rows.Person(
            recording.new_id(desk), mail, invitation.name, invitation.language, None, invitation.administrator, False
        )
        setup.add_person(act.tx, person)
        act.note("invited", person.id)
        if invitation.body:
            fitting_post(act.tx, invitation.body, invitation.post)
            setup.add_member(act.tx, person.id, invitation.body, invitation.post)
            act.note("belongs", person.id, body=invitation.body, changes=_post(invitation.post))
        if invitation.administrator:
            act.note("administrator", person.id)
        _send(desk, act.tx, person.id, "invitation")
    return person.id


def _post(post: str) -> dict[str, tuple[str, str]]:
    return {"post": ("", post_label(post))} if post else {}


def invite_again(desk: Desk, viewer: Viewer, person: str) -> None:
    """Another letter; the link of the one before is void. Raises Refused for somebody who has joined."""
    with recording.deed(desk, viewer) as act:
        someone = or_hidden(rows.person(act.tx, person))
        if someone.active or someone.password is not None:
            raise Refused(say("This person has joined already, so there is nothing to invite them to."))
        _send(desk, act.tx, person, "invitation")
        act.note("invited_again", person)


def correct_mail(desk: Desk, viewer: Viewer, person: str, mail: str) -> None:
    """Another address for somebody: they sign in with it from now on. Raises Invalid.

    Links that were sent to the old address are void; whoever is invited gets another letter at the new one.
    """
    with recording.deed(desk, viewer) as act:
        someone = or_hidden(rows.person(act.tx, person))
        setup.change_person(act.tx, person, mail=_free_mail(act.tx, mail, person))
        passes.revoke(act.tx, person)
        for kind in LASTS:
            outbox.withdraw(act.tx, person, kind)
        if not someone.active and someone.password is None:
            _send(desk, act.tx, person, "invitation")
        act.note("mail_corrected", person)


def _free_mail(tx: Connection, mail: str, person: str = "") -> str:
    plain = mail.strip().lower()
    if not ADDRESS.fullmatch(plain):
        raise Invalid({"mail": WRONG_ADDRESS})
    other = rows.person_by_mail(tx, plain)
    if other is not None and other.id != person:
        raise Invalid({"mail": say("Somebody has an account with this address already. Look for them under People.")})
    return plain


def guest(desk: Desk, token: str, kind: str) -> Guest:
    """Who holds this link, without using it up: a mail program looks at links before people do. Raises NoPass."""
    with desk.store.read() as tx:
        person = passes.holder(tx, token_hash(token), kind, desk.now())
        someone = rows.person(tx, person) if person else None
    if someone is None:
        raise NoPass
    return Guest(someone.id, someone.mail, someone.name, someone.language)


def join(desk: Desk, token: str, name: str, language: str, password: str) -> None:
    """The invited takes the account. Raises NoPass, Invalid for a weak password; then the link is still good."""
    found = guest(desk, token, "invitation")  # a stranger is not given 20 ms of our time
    hashed = new_hash(password, about=(name, found.mail))
    with _redeemed(desk, found, token, "invitation") as act:
        setup.change_person(act.tx, found.id, name=name, language=language, password=hashed, active=True)
        act.note("joined", found.id)


def ask_reset(desk: Desk, mail: str) -> None:
    """Somebody asks for a new password. An unknown address costs the same: nobody looks it up before the clock does."""
    now, plain = desk.now(), mail.strip().lower()
    key, sealed = desk.vault.mac("asking", plain.encode()), desk.vault.seal_cookie("asking", plain.encode())
    with desk.store.write() as tx:
        count, last_at = sign_ins.failures(tx, key)
        count = count if last_at is not None and now < last_at + HOUR else 0
        if count < ASKINGS:
            sign_ins.count_failure(tx, key, count + 1, now)
            passes.ask(tx, sealed, now)


def answer_askings(desk: Desk) -> int:
    """Sends a letter to those who asked and have an account; the others are forgotten. Returns how many letters."""
    letters = 0
    with desk.store.write() as tx:
        for sealed, at in passes.take_askings(tx, LETTERS):
            try:
                mail = desk.vault.open_cookie("asking", sealed).decode()
            except Tampered:  # sealed with a key that is no more: nobody can be told
                continue
            someone = rows.person_by_mail(tx, mail)
            if someone is not None and someone.active and desk.now() < at + LASTS["reset"]:
                _send(desk, tx, someone.id, "reset")
                letters += 1
    return letters


def reset(desk: Desk, token: str, password: str) -> None:
    """A new password; every sign-in of theirs ends. Raises NoPass, Invalid for a weak one; then the link is still good."""
    found = guest(desk, token, "reset")
    hashed = new_hash(password, about=(found.name, found.mail))
    with _redeemed(desk, found, token, "reset") as act:
        rows.set_password(act.tx, found.id, hashed)
        sign_ins.close_sessions(act.tx, found.id)
        sign_ins.forget_failures(act.tx, desk.vault.mac("throttle", found.mail.encode()))
        act.note("password_reset", found.id)


@contextmanager
def _redeemed(desk: Desk, found: Guest, token: str, kind: str) -> Iterator[recording.Deed]:
    """A transaction of whoever held this link, which is used up. Raises NoPass where somebody was quicker."""
    with recording.own(desk, found.id) as act:
        if passes.redeem(act.tx, token_hash(token), kind, desk.now()) != found.id:
            raise NoPass
        yield act


def _send(desk: Desk, tx: Connection, person: str, kind: str) -> None:
    """A pass in a letter. The token is sealed in the outbox and gone from there once it is sent."""
    token = secrets.token_urlsafe(32)
    key, now = token_hash(token), desk.now()
    passes.hand_out(tx, key, person, kind, now + LASTS[kind])
    outbox.withdraw(tx, person, kind)
    link = desk.vault.seal_cookie(LINK, f"{desk.address}{PAGES[kind]}{token}".encode())
    outbox.post(tx, person, kind, f"pass/{key.hex()}", now, link)
