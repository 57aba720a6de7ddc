"""What somebody sends as a file comes out as a photo, a PDF, a video or a recording that is what it says, or is refused.

A photo is painted anew from its pixels: place, time, names, comments and whatever was hidden behind it are gone. A PDF is
written anew from its pages, a video or a recording from its picture and sound. Kinds are told by their bytes (a polyglot is
what its first bytes say, and afterwards not even that), never by a name or a declared type.

Nothing here reads a stranger's file: a process of its own does (`grievance/media/apart.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from grievance.core.errors import GrievanceError, say
from grievance.media import apart, bounds

__all__ = ["Clean", "Unfit", "clean"]

_FIRST_BYTES = (
    ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("heic", re.compile(rb"....ftyp(hei[cxms]|hev[cx]|mif1|msf1)", re.DOTALL)),
    ("pdf", re.compile(rb"%PDF-[12]\.\d")),
    ("ogg", re.compile(rb"OggS\x00\x02.{20}[\x01-\xff].{0,255}?(OpusHead|\x01vorbis|Speex   |\x7fFLAC)", re.DOTALL)),
    ("mp4", re.compile(rb"....ftyp(M4A |M4B |M4V |mp4[12]|isom|iso[2-9]|avc1|qt  |3gp\d|3g2\w)", re.DOTALL)),
    ("mp3", re.compile(rb"ID3[\x02-\x04]|\xff[\xfa\xfb\xf2\xf3\xe2\xe3]")),
)


class Unfit(GrievanceError):
    """A file that is not taken; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Clean:
    """A file that is taken: its kind (`core.evidence.KINDS`) and the bytes to keep."""

    kind: str
    body: bytes = field(repr=False)


def clean(sent: bytes) -> Clean:
    """The file as it is kept. Raises Unfit."""
    # Here: the process that reads a file begins with this package, and half the house behind it took it a third of its time.
    from grievance.core.evidence import LARGEST, MEGABYTE

    if not sent:
        raise Unfit(say("This file is empty. Choose another one."))
    if len(sent) > LARGEST:
        most = LARGEST // MEGABYTE
        raise Unfit(say("This file is too large: at most {most} MB. Send a smaller one, or a part of it.", most=most))
    kind = next((kind for kind, first in _FIRST_BYTES if first.match(sent)), "")
    if not kind:
        raise Unfit(
            say(
                "We take photos (JPEG, PNG, WebP, HEIC), PDF, videos (MP4) and recordings (M4A, MP3, OGG). This is "
                "something else."
            )
        )
    try:
        found, body = apart.cleaned(kind, sent)
    except apart.Unreadable as error:
        raise Unfit(_NOT_READ[error.why]) from error
    if not _can_become(kind, found, body):
        raise Unfit(_NOT_READ[bounds.TOO_MUCH])
    return Clean(found, body)


def _can_become(kind: str, found: str, body: bytes) -> bool:
    """Whoever took the reader over answers in its name: only what this file can have become is believed, by its first bytes."""
    begins = {**dict(_FIRST_BYTES), "m4a": dict(_FIRST_BYTES)["mp4"]}
    return found in _BECOMES.get(kind, (kind,)) and begins[found].match(body) is not None


_BECOMES = {"heic": ("jpeg",), "mp4": ("mp4", "m4a")}
"""As what a kind can come out, where that is not itself."""

_NOT_READ = {
    bounds.LOCKED: say("This PDF is locked with a password. Save a copy without one, or send photos of its pages."),
    bounds.DAMAGED: say("This file is damaged or not complete. Open it yourself first, then send it again."),
    bounds.TOO_MUCH: say(
        "This file is too much to be opened safely. Send a smaller one, a part of it, or a photo of it."
    ),
}
