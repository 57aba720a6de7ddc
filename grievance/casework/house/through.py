"""Signing in through the house of one's own organisation: it says who somebody is, and never what they may do here."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Tampered, Viewer
from grievance.casework.house import recording
from grievance.casework.house.people import HALF, Entry
from grievance.core.effects.purchasing import BUYING, CONTACT
from grievance.core.errors import GrievanceError, Hidden, Said, or_hidden, say
from grievance.providers import Begun, Failed, Provider, Told, Unreachable
from grievance.store import bindings, factors
from grievance.store import people as rows
from grievance.store import sessions as sign_ins
from grievance.vault import token_hash

log = logging.getLogger(__name__)

LASTS = timedelta(minutes=10)
"""How long somebody may be away at their organisation."""
PURPOSE = "through"
OFFICE = "office"
OF_BRANDS = frozenset({BUYING, CONTACT})
"""Rosters of whom a programme knows at a brand: they speak for it, and judge nobody."""

Binding = bindings.Binding


class Astray(GrievanceError):
    """A sign-in through an organisation that leads nowhere; its sentence says what to do next."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)


class Away(Astray):
    """The provider does not answer, or not as it must."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say("{organisation} does not answer now. Wait a moment and try again, or sign in here.", organisation=name)
        )


class Gone(Astray):
    """It was not begun in this browser, or too long ago, or it was used."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "This sign-in was begun more than ten minutes ago or in another browser, or it was used already. "
                "Begin again."
            )
        )


class Unproved(Astray):
    """The provider turned them away, or what it said does not show who they are."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "What {organisation} answered does not show who you are, so nobody is signed in. Try again. "
                "If it stays so, tell whoever looks after sign-ins there.",
                organisation=name,
            )
        )


class Unverified(Astray):
    """The provider does not say whose mail address it is."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "{organisation} does not confirm your mail address, so we cannot tell which account is yours. "
                "Ask there to have it confirmed, or sign in here.",
                organisation=name,
            )
        )


class Stranger(Astray):
    """Nobody here whom this organisation can let in."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "No account here can be opened through {organisation} with your address. An account begins with an "
                "invitation: ask an administrator of this house to invite you as one of {organisation}, and accept it with "
                "the link in the letter. Whoever belongs to several organisations signs in here.",
                organisation=name,
            )
        )


class Taken(Astray):
    """The account is bound to somebody else at this provider."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say(
                "Your account here belongs to another sign-in at {organisation}. Sign in here, and ask an administrator "
                "to unbind it.",
                organisation=name,
            )
        )


class Stepless(Astray):
    """Who administers, works in the office or judges needs a second step of this house."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "Whoever administers, works in the case office or can be drawn for a seat needs a second step here to come "
                "in this way. Sign in here, and add one under “How you sign in”."
            )
        )


@dataclass(frozen=True, slots=True)
class Way:
    """A link of the sign-in page."""

    body: str
    name: str


def ways(desk: Desk) -> tuple[Way, ...]:
    """The organisations through which somebody can sign in, by name; only those that are entered here."""
    if not desk.providers:
        return ()
    with desk.store.read() as tx:
        known = rows.names(tx, desk.providers)
    found = (Way(body, desk.providers[body].name or name) for body, name in known.items())
    return tuple(sorted(found, key=lambda way: way.name.casefold()))


def way(desk: Desk, body: str) -> Way:
    """One of them. Raises Hidden."""
    return or_hidden(next((one for one in ways(desk) if one.body == body), None))


def begin(desk: Desk, body: str) -> tuple[str, str]:
    """Where the browser goes, and what it keeps meanwhile, sealed. Raises Hidden, Away."""
    name, provider = way(desk, body).name, desk.providers[body]
    try:
        begun = provider.begin()
    except Unreachable as error:
        raise _away(body, name, error) from None
    until = int((desk.now() + LASTS).timestamp())
    kept = json.dumps([until, body, begun.state, begun.nonce, begun.verifier])
    return begun.address, desk.vault.seal_cookie(PURPOSE, kept.encode())


def end(desk: Desk, body: str, sealed: str, query: Mapping[str, str]) -> Entry:
    """They came back. A fresh token: of a session, or of a sign-in that waits for the second step (`entering.second`).

    Raises Hidden, and an Astray that says what to do next. It never makes an account.
    """
    name, provider = way(desk, body).name, desk.providers[body]
    begun = _begun(desk, body, sealed)
    if not secrets.compare_digest(query.get("state", "").encode(), begun.state.encode()):
        raise Gone
    now = desk.now()
    with desk.store.write() as tx:
        if not bindings.take(tx, token_hash(f"{PURPOSE}/{begun.state}"), now + LASTS, now):
            raise Gone
    told = _told(desk, body, name, provider, begun, query)
    token = secrets.token_urlsafe(32)
    with desk.store.write() as tx:
        someone = _known(desk, tx, body, name, told)
        stepped = factors.has_step(tx, someone.id)
        if stepped:
            sign_ins.open_half(tx, token_hash(token), someone.id, now + HALF, now, through=body)
        else:
            sign_ins.open_session(tx, token_hash(token), someone.id, now, "organisation", through=body)
    return Entry(token, whole=not stepped)


def of(desk: Desk, viewer: Viewer, person: str) -> tuple[Binding, ...]:
    """Through which organisations somebody signs in, for an administrator."""
    recording.only(viewer)
    with desk.store.read() as tx:
        return bindings.of(tx, person)


def names(desk: Desk, sessions: tuple[sign_ins.Session, ...]) -> Mapping[str, str]:
    """The names of the organisations through which these sign-ins were opened, by id."""
    asked = {one.through for one in sessions if one.through}
    if not asked:
        return {}
    with desk.store.read() as tx:
        return rows.names(tx, sorted(asked))


def unbind(desk: Desk, viewer: Viewer, person: str, body: str) -> None:
    """They are nobody at that provider any more; what they opened through it ends. They are told. Raises Hidden."""
    with recording.deed(desk, viewer) as act:
        if not bindings.unbind(act.tx, person, body):
            raise Hidden
        sign_ins.close_through(act.tx, person, body)
        recording.tell(desk, act.tx, person, "through")
        act.note("unbound", person, body=body)


def _begun(desk: Desk, body: str, sealed: str) -> Begun:
    try:
        until, whose, state, nonce, verifier = json.loads(desk.vault.open_cookie(PURPOSE, sealed))
    except (Tampered, ValueError):
        raise Gone from None
    if whose != body or desk.now().timestamp() >= until:
        raise Gone
    return Begun("", state, nonce, verifier)


def _told(desk: Desk, body: str, name: str, provider: Provider, begun: Begun, query: Mapping[str, str]) -> Told:
    try:
        return provider.end(begun, query, desk.now())
    except Unreachable as error:
        raise _away(body, name, error) from None
    except Failed as error:
        log.warning("signing in through %s failed: %s", body, error)
        raise Unproved(name) from None


def _away(body: str, name: str, error: Unreachable) -> Away:
    log.warning("the provider of %s cannot be used: %s", body, error)  # a word of ours: nothing that it sent
    return Away(name)


def _known(desk: Desk, tx: Connection, body: str, name: str, told: Told) -> rows.Person:
    """Whose account it is. Whom nobody knows yet is bound by the verified address; the seat rule stands in both cases."""
    bound = bindings.holder(tx, told.issuer, told.subject)
    if bound is None and not told.mail:
        raise Unverified(name)
    someone = rows.person(tx, bound) if bound else rows.person_by_mail(tx, told.mail)
    if someone is None or not someone.active:
        raise Stranger(name)
    bodies = rows.bodies_of(tx, someone.id)
    # Of this organisation and of no other: what one of them says may not open what another one lets people see.
    if [one.id for one in bodies] != [body]:
        raise Stranger(name)
    if _weighty(tx, someone, bodies[0]) and not factors.has_step(tx, someone.id):
        raise Stepless
    if bound is None:
        if not bindings.bind(tx, told.issuer, told.subject, someone.id, body, desk.now()):
            raise Taken(name)
        recording.note(desk, tx, someone.id, "bound", someone.id, body=body)
        recording.tell(desk, tx, someone.id, "through")
    return someone


def _weighty(tx: Connection, someone: rows.Person, body: rows.Body) -> bool:
    """Whether an organisation alone may not let them in: whoever runs its provider could act as one who judges it."""
    return someone.administrator or body.kind == OFFICE or bool(rows.functions_of(tx, someone.id) - OF_BRANDS)
