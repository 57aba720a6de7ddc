"""Nothing that an administrator does goes unrecorded: the transaction of a deed commits with its entry or not at all.

Nor does what somebody changes of their own account that lets somebody in (decision 38). Coming and going has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Viewer
from grievance.core.errors import Hidden, Said, say
from grievance.store import deeds, directory, outbox, people

PAGE = 25

KINDS: Mapping[str, Said] = {
    "installed": say("The system was set up, with {about} as its first administrator"),
    "programme_made": say("Made the programme {about}"),
    "programme_changed": say("Changed the programme {about}"),
    "body_made": say("Entered the organisation {about}"),
    "body_changed": say("Changed the organisation {about}"),
    "site_made": say("Entered the site {about}"),
    "site_changed": say("Changed the site {about}"),
    "site_retired": say("Retired the site {about}"),
    "site_back": say("Brought the site {about} back"),
    "body_retired": say("Retired the organisation {about}"),
    "body_back": say("Brought the organisation {about} back"),
    "programme_retired": say("Retired the programme {about}"),
    "programme_back": say("Brought the programme {about} back"),
    "sites_imported": say("Took sites of {about} from a list: {made} new, {changed} changed"),
    "invited": say("Invited {about}"),
    "invited_again": say("Invited {about} once more"),
    "mail_corrected": say("Corrected the mail address of {about}"),
    "joined": say("{about} accepted the invitation"),
    "renamed": say("{about} took another name"),
    "password_changed": say("{about} set a new password"),
    "password_reset": say("{about} set a new password through a link in a letter"),
    "passkey_added": say("{about} added a passkey"),
    "passkey_removed": say("{about} removed a passkey"),
    "totp_added": say("{about} added an authenticator app"),
    "totp_removed": say("{about} removed an authenticator app"),
    "codes_made": say("{about} got new recovery codes"),
    "code_used": say("{about} used a recovery code; left: {n}"),
    "belongs": say("{about} belongs to {body} now"),
    "left": say("{about} belongs to {body} no more"),
    "deactivated": say("Closed the account of {about}"),
    "reactivated": say("Opened the account of {about} again"),
    "signed_out": say("Ended sign-ins of {about}: {n}"),
    "steps_taken": say("Took the second steps of {about} away: {reason}"),
    "bound": say("{about} signs in through {body} from now on"),
    "unbound": say("{about} does not sign in through {body} any more: unbound"),
    "administrator": say("Made {about} an administrator"),
    "no_administrator": say("{about} is an administrator no more"),
    "keys_rotated": say("Made a new pair of keys for the compartment {about}"),
    "keys_put_away": say("Put the older private keys of the compartment {about} away, outside the key folder"),
    "keys_destroyed": say("Destroyed the older private keys of the compartment {about}"),
    "rostered": say("Put {about} on the roster of {programme}"),
    "unrostered": say("Took {about} off the roster of {programme}"),
}
"""What an entry says; values that are ids are shown as names."""

FIELDS: Mapping[str, Said] = {
    "title": say("Name"),
    "name": say("Name"),
    "country": say("Country"),
    "calendar": say("Calendar"),
    "languages": say("Languages"),
    "office": say("Case office"),
    "worker": say("Procedure for workers and unions"),
    "employer": say("Procedure for employers and associations"),
    "process": say("Procedure for complaints about the procedure"),
    "kind": say("Kind"),
    "side": say("Side"),
    "place": say("Place"),
    "body": say("Run by"),
    "buyers": say("Buyers"),
    "post": say("Post"),
    "function": say("Function"),
}

Changes = Mapping[str, tuple[str, str]]
"""Field → before, after."""
WORDS = frozenset({"kind", "side", "post", "function"})
"""Fields whose values are messages of ours, to be said in the reader's language; the others are names as typed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is read."""

    no: int
    at: datetime
    actor: str
    said: Said
    changes: tuple[tuple[Said, Said | str, Said | str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of any list, with what the pager needs."""

    rows: tuple[Any, ...]
    total: int
    first: int
    page: int
    pages: int


@dataclass
class Deed:
    """A transaction that somebody began. `note` writes its entry."""

    desk: Desk
    tx: Connection
    actor: str
    noted: int = field(default=0)

    def note(self, kind: str, about: str, **data: Any) -> None:
        """What was done, to whom or what."""
        note(self.desk, self.tx, self.actor, kind, about, **data)
        self.noted += 1


def only(viewer: Viewer) -> None:
    """Raises Hidden for whoever does not administer."""
    if not viewer.administrator:
        raise Hidden


@contextmanager
def deed(desk: Desk, viewer: Viewer) -> Iterator[Deed]:
    """A transaction of an administrator; without a note in it nothing is kept. Raises Hidden for anybody else."""
    only(viewer)
    with own(desk, viewer.person) as act:
        yield act


@contextmanager
def own(desk: Desk, person: str) -> Iterator[Deed]:
    """A transaction of somebody about their own account; without a note in it nothing is kept."""
    with desk.store.write() as tx:
        deeds.one_at_a_time(tx)  # first, as in every deed: two that wait for each other's rows would wait for ever
        done = Deed(desk, tx, person)
        yield done
        if not done.noted:
            raise RuntimeError("a change without an entry")


def note(desk: Desk, tx: Connection, actor: str, kind: str, about: str, **data: Any) -> None:
    """One entry. Nobody's mail address or password belongs into it: it is never erased."""
    deeds.add(tx, desk.now(), actor, kind, about, data)


def tell(desk: Desk, tx: Connection, person: str, kind: str) -> None:
    """Somebody is told by mail what was done to their account: each time anew."""
    outbox.tell(tx, [person], kind, f"{kind} {new_id(desk)}", desk.now())


def new_id(desk: Desk) -> str:
    """Sixteen characters that tell neither time nor order."""
    return desk.random.randbytes(8).hex()


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """The fields that differ."""
    return {name: (before[name], value) for name, value in after.items() if before[name] != value}


def page_of(rows: tuple[Any, ...], total: int, page: int) -> Page:
    """These rows as that page of a list."""
    return Page(rows, total, (page - 1) * PAGE + 1, page, max(1, -(-total // PAGE)))


def record(desk: Desk, viewer: Viewer, words: str = "", page: int = 1) -> Page:
    """The newest entries first, 25 a page; words are looked for in names and values."""
    only(viewer)
    with desk.store.read() as tx:
        ids = directory.ids_named(tx, words) if words else []
        kinds = [kind for kind, said in KINDS.items() if words and words.casefold() in said.text.casefold()]
        found, total = deeds.listed(tx, words, ids, kinds, first=(page - 1) * PAGE, most=PAGE)
        named = {one.actor for one in found} | {one.about for one in found}
        named |= {str(value) for one in found for value in one.data.values() if isinstance(value, str)}
        named |= {value for one in found for value in one.data.get("changes", {}).get("office", ())}
        names = people.names(tx, sorted(named))
        names |= {programme.id: programme.title for programme in people.programmes_all(tx)}
    return page_of(tuple(_line(one, names) for one in found), total, page)


def _line(one: deeds.Deed, names: Mapping[str, str]) -> Line:
    values = {key: names.get(value, value) if isinstance(value, str) else value for key, value in one.data.items()}
    said = say(KINDS[one.kind].text, about=names.get(one.about, one.about), **values)
    changes = one.data.get("changes") or {}
    told = tuple(
        (FIELDS[key], _value(key, before, names), _value(key, after, names))
        for key, (before, after) in sorted(changes.items())
    )
    return Line(one.no, one.at, names.get(one.actor, one.actor), said, told)


def _value(key: str, value: str, names: Mapping[str, str]) -> Said | str:
    return say(value) if key in WORDS and value else names.get(value, value) if key == "office" else value


def verify(desk: Desk) -> list[int]:
    """The numbers of entries that were tampered with; a chain that holds gives none."""
    with desk.store.read() as tx:
        return list(deeds.broken(tx))
