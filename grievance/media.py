"""What somebody sends as a file comes out as a photo, a PDF or a recording that is what it says, or is refused with a reason.

A photo is painted anew from its pixels: place, time, names, comments and whatever was hidden behind it are gone. A PDF is
written anew from its pages. Of a recording the parts that hold names, places and pictures are blanked. Kinds are told by
their bytes (a polyglot is what its first bytes say, and an image is not even that afterwards), never by a name or a
declared type.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grievance import papers
from grievance.core.errors import GrievanceError, say
from grievance.core.evidence import LARGEST, MEGABYTE

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 4000
"""Pixels. A page photographed at this size can be read to its smallest print."""
MOST_PIXELS = {"jpeg": 120_000_000, "png": 25_000_000, "webp": 25_000_000}
"""A JPEG is decoded at a fraction of its size; the others only whole, at four bytes a pixel."""

_ONE_AT_A_TIME = threading.Lock()
"""A picture in the making takes up to 100 MB: several at once would take the machine."""

_FIRST_BYTES = (
    ("jpeg", re.compile(rb"\xff\xd8\xff")),
    ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
    ("pdf", re.compile(rb"%PDF-[12]\.\d")),
    ("ogg", re.compile(rb"OggS\x00\x02.{20}[\x01-\xff].{0,255}?(OpusHead|\x01vorbis|Speex   |\x7fFLAC)", re.DOTALL)),
    ("m4a", re.compile(rb"....ftyp(M4A |M4B |mp4[12]|isom|iso[2-6]|3gp\d)", re.DOTALL)),
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
    if not sent:
        raise Unfit(say("This file is empty. Choose another one."))
    if len(sent) > LARGEST:
        most = LARGEST // MEGABYTE
        raise Unfit(say("This file is too large: at most {most} MB. Send a smaller one, or a part of it.", most=most))
    kind = next((kind for kind, first in _FIRST_BYTES if first.match(sent)), "")
    if not kind:
        raise Unfit(
            say("We take photos (JPEG, PNG, WebP), PDF and recordings (M4A, MP3, OGG). This is something else.")
        )
    if kind in MOST_PIXELS:
        return Clean(kind, _painted_anew(kind, sent))
    return Clean(kind, {"pdf": _pdf, "m4a": _m4a, "mp3": _mp3, "ogg": _ogg}[kind](sent))


DAMAGED = say("This file is damaged or not complete. Open it yourself first, then send it again.")


def _painted_anew(kind: str, sent: bytes) -> bytes:
    from PIL import Image, ImageFile, ImageOps

    with _ONE_AT_A_TIME:
        try:
            # A check of ours comes first and knows the kind; Pillow's own would warn beside it.
            Image.MAX_IMAGE_PIXELS = None
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            with Image.open(io.BytesIO(sent), formats=(kind.upper(),)) as image:
                _refuse_bomb(kind, image)
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read at a half, a quarter or an eighth
                image.load()
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                return _saved(kind, upright)
        except Unfit:
            raise
        except Exception as error:  # whatever a picture does to its decoder, it is not taken
            raise Unfit(DAMAGED) from error


def _saved(kind: str, image: Image) -> bytes:
    """From the pixels alone: a picture saved again would keep its comments."""
    from PIL import Image as Pictures

    mode = "RGBA" if kind != "jpeg" and image.has_transparency_data else "RGB"
    bare = Pictures.new(mode, image.size)
    bare.paste(image.convert(mode))
    out = io.BytesIO()
    bare.save(out, kind.upper(), **({} if kind == "png" else {"quality": 85}))
    return out.getvalue()


def _refuse_bomb(kind: str, image: Image) -> None:
    """Before it is decoded: a small file can unfold into more than the machine has."""
    if image.width * image.height > MOST_PIXELS[kind]:
        raise Unfit(say("This picture has too many points to be opened safely. Send a smaller one, or a photo of it."))


def _pdf(sent: bytes) -> bytes:
    if b"%%EOF" not in sent[-2048:]:
        raise Unfit(DAMAGED)
    try:
        return papers.written_anew(sent)
    except papers.Unreadable as error:
        raise Unfit(_NOT_READ[error.why]) from error


_NOT_READ = {
    papers.LOCKED: say("This PDF is locked with a password. Save a copy without one, or send photos of its pages."),
    papers.DAMAGED: DAMAGED,
    papers.TOO_MUCH: say("This PDF is too much to be opened safely. Send a part of it, or photos of its pages."),
}


def _ogg(sent: bytes) -> bytes:
    if b"OggS" not in sent[28:]:  # the head alone is no recording
        raise Unfit(DAMAGED)
    return sent


def _mp3(sent: bytes) -> bytes:
    """Without its tags, which can hold names, places and pictures."""
    body = sent
    if body[:3] == b"ID3":
        size = sum((byte & 0x7F) << shift for byte, shift in zip(body[6:10], (21, 14, 7, 0), strict=False))
        body = body[10 + size :].lstrip(b"\0")
    if body[-128:-125] == b"TAG":
        body = body[:-128]
    if not re.match(rb"\xff[\xfa\xfb\xf2\xf3\xe2\xe3][\x10-\xef]", body):
        raise Unfit(DAMAGED)
    return body


_BLANKED = (b"udta", b"meta", b"uuid")
"""Boxes of an M4A that hold names, places and pictures. Their place and length stay: the sound is found by offsets."""
_OPENED = (b"moov", b"trak")
"""Boxes that hold other boxes."""


def _m4a(sent: bytes) -> bytes:
    body = bytearray(sent)
    if not {b"ftyp", b"moov", b"mdat"} <= {name for name, *_ in _boxes(body, 0, len(body))}:
        raise Unfit(DAMAGED)
    if re.search(rb"hdlr.{8}vide", sent, re.DOTALL):
        raise Unfit(say("We do not take videos. Send single pictures of it, or its sound as a recording."))
    _blank(body, 0, len(body))
    return bytes(body)


def _blank(body: bytearray, start: int, end: int) -> None:
    for name, at, content, after in _boxes(body, start, end):
        if name in _BLANKED:
            body[at + 4 : at + 8] = b"free"
            body[content:after] = bytes(after - content)
        elif name in _OPENED:
            _blank(body, content, after)


def _boxes(body: bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Name, beginning, beginning of the content and end of each box; Unfit where they do not fill the space exactly."""
    while start < end:
        size, head = int.from_bytes(body[start : start + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(body[start + 8 : start + 16], "big"), 16
        if size == 0:  # up to the end
            size = end - start
        if size < head or start + size > end:
            raise Unfit(DAMAGED)
        yield bytes(body[start + 4 : start + 8]), start, start + head, start + size
        start += size
