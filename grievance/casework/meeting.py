"""Meetings with a mediator: sessions and texts as a viewer may see them, and an invitation that says nothing of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from grievance.casework.desk import Bearer, Desk, Viewer
from grievance.casework.views import SessionView, TextView
from grievance.core.case import Case
from grievance.core.matters import Session
from grievance.core.visibility import MEETING

LINE = 75
"""Octets of a line of a calendar file, its break left out (RFC 5545, 3.1)."""


def sessions(case: Case, places: Mapping[int, str], roles: tuple[str, ...], now: datetime) -> tuple[SessionView, ...]:
    """The sessions in order, for those who meet; nothing for the panel, which stays out of what is said there."""
    return tuple(_view(one, places.get(one.seq, ""), now) for one in case.sessions) if MEETING & set(roles) else ()


def _view(session: Session, place: str, now: datetime) -> SessionView:
    at = datetime.fromisoformat(session.at)
    until = at + timedelta(hours=session.hours)
    return SessionView(session.no, at, until, place, session.cancelled, at <= now, session.came)


def texts(case: Case, proposed: tuple[TextView, ...]) -> tuple[TextView, ...]:
    """The versions of the settlement; the last one with the sides that signed it."""
    signed = tuple(role for role, version in case.signed.items() if version == case.settlement)
    return (*proposed[:-1], *(replace(newest, signed=signed) for newest in proposed[-1:]))


def invitation(desk: Desk, who: Viewer | Bearer, case: Case, session: SessionView, *, title: str, place: bool) -> bytes:
    """A calendar file (RFC 5545) for one session: a title, its time, and the place only if asked for.

    A phone's calendar is read by others: neither the number of the case nor anything else of it stands there. The UID is
    keyed, always the same for this session and this reader, so that a session that is put off moves in the calendar.
    """
    kept = next(one for one in case.sessions if one.no == session.no)
    reader = who.tag.hex() if isinstance(who, Bearer) else who.person
    uid = desk.vault.mac("meeting", f"{case.id}/{session.no}/{reader}".encode()).hex()[:32]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Meeting//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{kept.changed}",
        f"DTSTAMP:{_stamp(desk.now())}",
        f"DTSTART:{_stamp(session.at)}",
        f"DTEND:{_stamp(session.until)}",
        f"SUMMARY:{_escaped(title)}",
        *([f"LOCATION:{_escaped(session.place)}"] if place and session.place else []),
        f"STATUS:{'CANCELLED' if session.cancelled else 'CONFIRMED'}",
        "CLASS:PRIVATE",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(part for line in lines for part in _folded(line))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """RFC 5545, 3.3.11."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> Iterator[bytes]:
    """Long lines go on after a break and a blank, and no letter is cut in two."""
    room, part = LINE, b""
    for letter in line:
        raw = letter.encode()
        if len(part) + len(raw) > room:
            yield part + b"\r\n"
            room, part = LINE, b" "
        part += raw
    yield part + b"\r\n"
