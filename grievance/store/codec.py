"""Turns events and cases into text and back; the text of an event is written once, and that text is what the chain hashes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from grievance.core.case import Case
from grievance.core.chain import link
from grievance.core.events import KINDS, Entry, Event
from grievance.core.matters import Actor
from grievance.store.schema import micros

_case = msgspec.json.Decoder(Case)
_actor = msgspec.json.Decoder(Actor)
_kinds = {name: msgspec.json.Decoder(kind) for name, kind in KINDS.items()}


def write_event(event: Event) -> str:
    """JSON without spaces, fields in the order in which the event declares them, UTF-8; the stored text is what is hashed."""
    return msgspec.json.encode(event).decode()


def read_event(kind: str, data: str) -> Event:
    """The event from its text. Raises KeyError for an unknown kind, ValidationError for a damaged text."""
    return _kinds[kind].decode(data)


def write_actor(actor: Actor) -> str:
    """Who acted, as JSON."""
    return msgspec.json.encode(actor).decode()


def read_actor(data: str) -> Actor:
    """Who acted."""
    return _actor.decode(data)


def write_case(case: Case) -> str:
    """The folded case as JSON."""
    return msgspec.json.encode(case).decode()


def read_case(state: str) -> Case:
    """The folded case from its JSON."""
    return _case.decode(state)


def says(state: str, case: Case) -> bool:
    """Whether a kept text is this case to the letter; a field that an older version did not know may be missing.

    A reader passes over spaces and names that it does not know; whoever put them there changed the row all the same.
    """
    written = write_case(case)
    if state == written:
        return True
    try:
        stands = msgspec.json.decode(state)
        return (
            msgspec.json.encode(stands).decode() == state
            and _within(stands, msgspec.json.decode(written))
            and read_case(state) == case
        )
    except ValueError:
        return False


def _within(stands: object, said: object) -> bool:
    """Whether everything that stands there is said, in the same order of lists."""
    match stands, said:
        case dict(), dict():
            return all(name in said and _within(value, said[name]) for name, value in stands.items())
        case list(), list():
            return len(stands) == len(said) and all(map(_within, stands, said))
    return type(stands) is type(said) and stands == said


def chain(previous: str, case_id: str, seq: int, at: datetime, kind: str, actor: str, data: str) -> str:
    """Hash of one entry, as `core/chain.py` reckons it."""
    return link(previous, case_id, seq, micros(at), kind, actor, data)


def links(previous: str, case_id: str, entries: Iterable[Entry]) -> list[dict[str, object]]:
    """The rows of the ledger for these entries, each chained to the one before."""
    rows: list[dict[str, object]] = []
    for entry in entries:
        kind, actor, data = type(entry.event).__name__, write_actor(entry.actor), write_event(entry.event)
        previous = chain(previous, case_id, entry.seq, entry.at, kind, actor, data)
        rows.append(
            {
                "case_id": case_id,
                "seq": entry.seq,
                "at": entry.at,
                "kind": kind,
                "actor": actor,
                "data": data,
                "hash": previous,
            }
        )
    return rows
