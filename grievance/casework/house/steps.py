"""How somebody signs in: their second steps and recovery codes, made, removed, and taken away after a loss."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Tampered, Viewer
from grievance.casework.house import entering, passkeys, recording
from grievance.core.errors import Hidden, Invalid, Refused, Said, or_hidden, say
from grievance.language import plain_digits
from grievance.store import factors
from grievance.store import people as rows
from grievance.store import sessions as sign_ins
from grievance.store.factors import STEPS
from grievance.vault import authenticator, token_hash

KINDS: Mapping[str, Said] = {"passkey": say("Passkey"), "totp": say("Authenticator app")}
MOST: Final = 10
"""Second steps of one person; a proposal: two telephones, two computers and some keys."""
CODES: Final = 10
_SIGNS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that is read for another; twelve of them are 58 bits
OFFER: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the page."""

    id: str
    kind: str
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ways:
    """How somebody signs in."""

    steps: tuple[Step, ...]
    codes: int  # recovery codes that are left
    full: bool  # there is room for no more
    passkeys: bool  # this house takes them


@dataclass(frozen=True, slots=True)
class Offer:
    """A new app: its secret in groups, the address in its drawn code, and the secret as the form carries it, sealed."""

    groups: tuple[str, ...]
    address: str
    sealed: str


def ways(desk: Desk, viewer: Viewer) -> Ways:
    """The viewer's own."""
    with desk.store.read() as tx:
        found = factors.of(tx, viewer.person, *STEPS)
        codes = factors.count_of(tx, [viewer.person], "code").get(viewer.person, 0)
    steps = tuple(Step(one.id, one.kind, one.name, one.made_at, one.used_at) for one in found)
    return Ways(steps, codes, len(steps) >= MOST, passkeys.possible(desk))


def has_step(desk: Desk, viewer: Viewer) -> bool:
    """Whether the viewer has a second step."""
    with desk.store.read() as tx:
        return factors.has_step(tx, viewer.person)


def offer(desk: Desk, viewer: Viewer, house: str, sealed: str = "") -> Offer:
    """A secret for an app; the one that a form came back with, while it is good."""
    secret = _offered(desk, viewer, sealed) or authenticator.new_secret()
    with desk.store.read() as tx:
        someone = or_hidden(rows.person(tx, viewer.person))
    until = int((desk.now() + OFFER).timestamp())
    again = desk.vault.seal_cookie("totp offer", f"{until}/{viewer.person}/{secret}".encode())
    groups = tuple(secret[at : at + 4] for at in range(0, len(secret), 4))
    return Offer(groups, authenticator.address(secret, someone.mail, house), again)


def _offered(desk: Desk, viewer: Viewer, sealed: str) -> str | None:
    try:
        until, person, secret = desk.vault.open_cookie("totp offer", sealed).decode().split("/")
    except (Tampered, ValueError):
        return None
    return secret if person == viewer.person and desk.now().timestamp() < int(until) else None


def keep_app(desk: Desk, viewer: Viewer, token: str, sealed: str, name: str, typed: str) -> tuple[str, ...]:
    """The app whose code was typed is a second step now. Returns recovery codes where there were none.

    Raises Invalid where the code does not fit, Refused where it is kept already or there are too many.
    """
    now, secret = desk.now(), _offered(desk, viewer, sealed)
    plain = "".join(plain_digits(typed).split())
    step = authenticator.step_of(secret, plain, now, after=0) if secret else None
    if secret is None or step is None:
        raise Invalid(
            {
                "code": say(
                    "This code does not fit. Wait for the next one in your app, and look whether its clock is right."
                )
            }
        )
    kept = desk.vault.seal_cookie("totp", f"{viewer.person}/{secret}".encode())
    row_id = desk.vault.mac("totp", secret.encode()).hex()[:32]
    return _keep(desk, viewer, token, factors.Factor(row_id, viewer.person, "totp", name, kept, now, now, step))


def keep_passkey(desk: Desk, viewer: Viewer, token: str, name: str, answer: str) -> tuple[str, ...]:
    """The passkey that the browser made is a second step now, and a sign-in by itself; returns and raises as `keep_app`.

    Raises passkeys.WrongPasskey.
    """
    made = passkeys.read_new(desk, token, answer)
    kept, row_id = f"{made.id} {made.key}", passkeys.row_id(made.id)
    row = factors.Factor(row_id, viewer.person, "passkey", name, kept, desk.now(), None, made.count)
    return _keep(desk, viewer, token, row)


def _keep(desk: Desk, viewer: Viewer, token: str, row: factors.Factor) -> tuple[str, ...]:
    with recording.own(desk, viewer.person) as act:
        tx = act.tx
        rows.lock(tx, viewer.person)
        there = factors.count_of(tx, [viewer.person], *STEPS, "code")
        if factors.count_of(tx, [viewer.person], *STEPS).get(viewer.person, 0) >= MOST:
            raise Refused(say("You have {most} second steps. Remove one that you do not use.", most=MOST))
        if not factors.add(tx, row):
            raise Refused(say("This one is entered already."))
        sign_ins.prove_session(tx, token_hash(token), desk.now(), row.kind)
        act.note(f"{row.kind}_added", viewer.person)
        recording.tell(desk, tx, viewer.person, "steps")
        return () if there else _new_codes(desk, act, viewer.person)


def new_codes(desk: Desk, viewer: Viewer) -> tuple[str, ...]:
    """Ten recovery codes, shown this once; those before are good no more. Raises Refused without a second step."""
    with recording.own(desk, viewer.person) as act:
        rows.lock(act.tx, viewer.person)
        if not factors.has_step(act.tx, viewer.person):
            raise Refused(say("Recovery codes stand in for a second step. Add one first."))
        recording.tell(desk, act.tx, viewer.person, "steps")
        return _new_codes(desk, act, viewer.person)


def _new_codes(desk: Desk, act: recording.Deed, person: str) -> tuple[str, ...]:
    factors.remove_all(act.tx, person, "code")
    codes = []
    for _ in range(CODES):
        plain = "".join(secrets.choice(_SIGNS) for _ in range(12))
        row_id = entering.recovery_id(desk, person, plain)
        factors.add(act.tx, factors.Factor(row_id, person, "code", "", "", desk.now(), None, 0))
        codes.append("-".join(plain[at : at + 4] for at in range(0, 12, 4)))
    act.note("codes_made", person)
    return tuple(codes)


def remove(desk: Desk, viewer: Viewer, step_id: str) -> None:
    """One of the viewer's own goes; with the last one the recovery codes too. Raises Hidden where it is not theirs."""
    with recording.own(desk, viewer.person) as act:
        tx, gone = act.tx, factors.one(act.tx, step_id)
        if gone is None or not factors.remove(tx, viewer.person, step_id, *STEPS):
            raise Hidden
        act.note(f"{gone.kind}_removed", viewer.person)
        if not factors.has_step(tx, viewer.person):
            factors.remove_all(tx, viewer.person, "code")
        recording.tell(desk, tx, viewer.person, "steps")


def take_away(desk: Desk, viewer: Viewer, person: str, reason: str) -> None:
    """Somebody lost their telephone: all their second steps go, every sign-in ends, and the password alone is asked.

    It is entered with the reason, and told to them by mail. Raises Refused, Hidden.
    """
    with recording.deed(desk, viewer) as act:
        or_hidden(rows.person(act.tx, person))
        if person == viewer.person:
            raise Refused(say("Your own second steps are on the page “How you sign in”."))
        if not factors.remove_all(act.tx, person, *STEPS):
            raise Refused(say("They have no second step."))
        forget(desk, act.tx, person)
        act.note("steps_taken", person, reason=reason)


def take_away_at_the_host(desk: Desk, mail: str, reason: str) -> None:
    """As `take_away`, for whoever works at the command line: the only administrator may have lost the telephone."""
    with desk.store.write() as tx:
        someone = rows.person_by_mail(tx, mail.strip().lower())
        if someone is None or not factors.remove_all(tx, someone.id, *STEPS):
            raise Refused(say("Nobody with the address {mail} has a second step.", mail=mail))
        forget(desk, tx, someone.id)
        recording.note(desk, tx, "host", "steps_taken", someone.id, reason=reason)


def forget(desk: Desk, tx: Connection, person: str) -> None:
    """What goes with somebody's second steps; they are told."""
    factors.remove_all(tx, person, "code")
    sign_ins.close_sessions(tx, person)
    recording.tell(desk, tx, person, "steps")
