"""Small files of every kind, made here, with things hidden in them."""

from __future__ import annotations

import io
import random
import struct

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


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def m4a(handler: bytes = b"soun") -> bytes:
    """A recording with the name of a place where phones write it."""
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))) + box(b"udta", HIDDEN))
    movie = box(b"moov", box(b"mvhd", bytes(100)) + track + box(b"udta", box(b"\xa9xyz", HIDDEN)))
    return box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + movie + box(b"mdat", bytes(range(256)) * 4)


def mp3() -> bytes:
    tag = b"ID3\x03\0\0" + bytes((0, 0, 0, len(HIDDEN))) + HIDDEN
    return tag + b"\xff\xfb\x90\x64" + bytes(413) + b"TAG" + HIDDEN.ljust(125, b"\0")


def ogg() -> bytes:
    first = b"OggS\0\x02" + bytes(20) + b"\x01\x13" + b"OpusHead\x01\x01" + bytes(9)
    return first + b"OggS\0\x04" + bytes(20) + b"\x01\x05" + bytes(5)


MADE = {"jpeg": jpeg, "png": png, "webp": webp, "pdf": pdf, "m4a": m4a, "mp3": mp3, "ogg": ogg}
