"""Small files of every kind, made here, with things hidden in them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import av
import pillow_heif
from PIL import Image
from PIL.PngImagePlugin import PngInfo

HIDDEN = b"CANARYfile Sokha Lotus"
"""What stands in the comments, names and places of the files below, and must not be there afterwards."""


def picture(width: int = 60, height: int = 40) -> Image.Image:
    """Red left, blue right, so that one sees how it lies."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    return image


def jpeg(*, turned: int = 1, width: int = 60, height: int = 40) -> bytes:
    """With a comment, a place, the name of a phone, and an orientation as cameras write it."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = HIDDEN.decode()  # maker
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    picture(width, height).save(out, "JPEG", exif=exif, comment=HIDDEN, quality=95)
    return out.getvalue()


def png() -> bytes:
    out, words = io.BytesIO(), PngInfo()
    words.add_text("Author", HIDDEN.decode())
    picture().save(out, "PNG", pnginfo=words)
    return out.getvalue()


def webp() -> bytes:
    out = io.BytesIO()
    picture().save(out, "WEBP", xmp=HIDDEN, exif=Image.Exif().tobytes() + HIDDEN)
    return out.getvalue()


def pdf(words: bytes = b"Pay slip", *, weight: int = 0) -> bytes:
    """One page with these words on it, and so many bytes of a picture that cannot be packed."""
    drawn = b"BT /F1 12 Tf 10 10 Td (" + words + b") Tj ET"
    shown = b"/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</B 6 0 R>>>>"
    image = b"/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R" + shown + b">>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type%s/Length %d>>stream\n%s\nendstream" % (image, weight, random.Random(weight).randbytes(weight)),
    ]
    body, places = b"%PDF-1.4\n", []
    for no, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (no, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table)
    return body + head + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(body))


def heic() -> bytes:
    """As telephones keep photos, with a place and the name of the telephone."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = HIDDEN.decode()
    exif.get_ifd(0x8825)[1] = "N"
    pillow_heif.from_pillow(picture()).save(out, exif=exif.tobytes(), quality=90)
    return out.getvalue()


@cache
def m4a() -> bytes:
    """A recording with the name of a place where phones write it."""
    return _recorded("ipod", sound="aac")


@cache
def mp3() -> bytes:
    return _recorded("mp3", sound="libmp3lame")


@cache
def ogg() -> bytes:
    return _recorded("ogg", sound="libopus")


@cache
def mp4() -> bytes:
    """A second of a video with its sound, and where and with what it was made."""
    return _recorded("mp4", sound="aac", picture="mpeg4")


def _recorded(form: str, *, sound: str, picture: str = "") -> bytes:
    out = io.BytesIO()
    told = {"title": HIDDEN.decode(), "location": "+11.5564+104.9282/", "comment": HIDDEN.decode()}
    opened: Any = av.open(out, "w", format=form)
    with opened as made:
        made.metadata.update(told)
        heard = made.add_stream(sound, rate=48_000)
        heard.codec_context.layout = "mono"
        heard.metadata["title"] = HIDDEN.decode()
        seen = made.add_stream(picture, rate=10) if picture else None
        if seen:
            seen.width, seen.height, seen.pix_fmt = 64, 48, "yuv420p"
            for no in range(10):
                frame = av.VideoFrame(64, 48, "yuv420p")
                frame.pts = no
                made.mux(seen.encode(frame))
        for no in range(50):
            piece = av.AudioFrame(format=heard.codec_context.format.name, layout="mono", samples=960)
            for plane in piece.planes:
                plane.update(bytes(plane.buffer_size))
            piece.sample_rate, piece.pts = 48_000, no * 960
            made.mux(heard.encode(piece))
        for stream in filter(None, (seen, heard)):
            made.mux(stream.encode(None))
    return out.getvalue()


SENT: Mapping[str, Callable[[], bytes]] = {
    "jpeg": jpeg,
    "png": png,
    "webp": webp,
    "heic": heic,
    "pdf": pdf,
    "mp4": mp4,
    "m4a": m4a,
    "mp3": mp3,
    "ogg": ogg,
}
"""By what they are when they come."""
MADE = {kind: made for kind, made in SENT.items() if kind != "heic"}
"""By what they are kept as."""


def damaged(lot: random.Random, sent: bytes) -> bytes:
    """Some bytes of it are others, and now and then a piece is missing or doubled."""
    body = bytearray(sent)
    for _ in range(lot.randint(1, 12)):
        body[lot.randrange(len(body))] = lot.randrange(256)
    if lot.random() < 0.3:
        at = lot.randrange(len(body))
        body[at : at + lot.randint(0, 40)] = body[:20] if lot.random() < 0.5 else b""
    return bytes(body)
