"""Calls people to a session: a calendar file that says nothing of the case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from grievance.casework.desk import Bearer, Desk, Viewer
from grievance.casework.showing import reading
from grievance.core.errors import or_hidden

LINE = 75
"""Octets of a line of a calendar file, its break left out (RFC 5545, 3.1)."""


def invitation(
    desk: Desk, who: Viewer | Bearer, ref: str, no: int, *, roles: frozenset[str], title: str, place: bool
) -> bytes:
    """A calendar file (RFC 5545): a title, the time, and the place only if asked for. Raises Hidden without such a seat.

    Other people look into a phone's calendar: neither the number of the case nor anything else of it stands there. The
    UID is keyed, and always the same for this session and this reader: a session that is put off moves in the calendar.
    """
    case = reading.case(desk, who, ref, roles=roles)
    session = or_hidden(next((one for one in case.sessions if one.no == no), None))
    reader = who.tag.hex() if isinstance(who, Bearer) else who.person
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Meeting//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{desk.vault.mac('meeting', f'{case.ref}/{no}/{reader}'.encode()).hex()[:32]}",
        f"SEQUENCE:{session.changed}",
        f"DTSTAMP:{_stamp(desk.now())}",
        f"DTSTART:{_stamp(session.at)}",
        f"DTEND:{_stamp(session.until)}",
        f"SUMMARY:{_escaped(title)}",
        *([f"LOCATION:{_escaped(session.place)}"] if place and session.place else []),
        f"STATUS:{'CANCELLED' if session.cancelled else 'CONFIRMED'}",
        "CLASS:PRIVATE",
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
