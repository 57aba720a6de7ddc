"""Looks for words in bytes, in every shape in which words lie about; what is packed is opened first."""

from __future__ import annotations

import base64
import codecs
import html
import json
import quopri
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

BASES = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")
"""How the letters become bytes, before these are written in some other way."""


def _raw(text: str) -> Iterator[bytes]:
    for encoding in BASES:
        yield text.encode(encoding)


def _hex(text: str) -> Iterator[bytes]:
    for raw in _raw(text):
        yield from (raw.hex().encode(), raw.hex().upper().encode())


def _whole(coded: bytes, bits: int, shift: int, length: int) -> bytes:
    """The signs that depend on the text alone, where each stands for so many bits."""
    return coded[-(-8 * shift // bits) : 8 * (shift + length) // bits]


def _base64(text: str) -> Iterator[bytes]:
    """It depends on how many bytes stand before, so in its three alignments; and as in addresses."""
    for raw in _raw(text):
        for shift in range(3):
            coded = _whole(base64.b64encode(b"\0" * shift + raw), 6, shift, len(raw))
            yield from (coded, coded.translate(bytes.maketrans(b"+/", b"-_")))


def _base32(text: str) -> Iterator[bytes]:
    for shift in range(5):
        yield _whole(base64.b32encode(b"\0" * shift + text.encode()), 5, shift, len(text.encode()))


def _json(text: str) -> Iterator[bytes]:
    told = json.dumps(text)[1:-1]
    yield from (told.encode(), json.dumps(told)[1:-1].encode())  # and within another text


def _html(text: str) -> Iterator[bytes]:
    yield html.escape(text).encode()
    yield text.encode("ascii", "xmlcharrefreplace")
    yield "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in text).encode()


def _quoted(text: str) -> Iterator[bytes]:
    yield from (quote(text).encode(), quote_plus(text).encode(), quote(text).lower().encode())


def _mailed(text: str) -> Iterator[bytes]:
    coded = quopri.encodestring(text.encode()).replace(b"=\n", b"")
    yield from (coded, coded.replace(b" ", b"_"))


def _escaped(text: str) -> Iterator[bytes]:
    yield repr(text.encode())[2:-1].encode()
    yield text.encode("unicode_escape")
    yield "".join(chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}" for byte in text.encode()).encode()  # as bytea


def _turned(text: str) -> Iterator[bytes]:
    yield from (text[::-1].encode(), text.encode()[::-1])


ENCODINGS: Mapping[str, Callable[[str], Iterator[bytes]]] = {
    "utf-8": lambda text: iter([text.encode("utf-8")]),
    "utf-16-le": lambda text: iter([text.encode("utf-16-le")]),
    "utf-16-be": lambda text: iter([text.encode("utf-16-be")]),
    "utf-32": lambda text: iter([text.encode("utf-32-le")]),
    "hex": _hex,
    "base64": _base64,
    "base32": _base32,
    "json": _json,
    "html": _html,
    "url": _quoted,
    "quoted-printable": _mailed,
    "escapes of programs": _escaped,
    "small letters": lambda text: iter([text.casefold().encode()]),
    "backwards": _turned,
    "rot13": lambda text: iter([codecs.encode(text, "rot13").encode()]),
}
"""Fifteen; packed streams (gzip and zlib) are opened besides, wherever they begin."""

MOST = 1 << 24


def opened(pile: bytes, deep: int = 2) -> Iterator[bytes]:
    """The pile, and whatever is packed in it; packed things within packed things too."""
    yield pile
    for begin, bits in (
        (b"\x1f\x8b\x08", 31),
        (b"\x78\x01", 15),
        (b"\x78\x5e", 15),
        (b"\x78\x9c", 15),
        (b"\x78\xda", 15),
    ):
        at = pile.find(begin) if deep else -1
        while at >= 0:
            plain = _unpacked(pile[at:], bits)
            if len(plain) > 8:
                yield from opened(plain, deep - 1)
            at = pile.find(begin, at + 1)


def _unpacked(packed: bytes, bits: int) -> bytes:
    """As much of it as can be read; nothing where it only looked packed."""
    reader, plain = zlib.decompressobj(bits), b""
    try:
        for at in range(0, len(packed), 4096):
            plain += reader.decompress(packed[at : at + 4096], MOST)
            if reader.eof or len(plain) >= MOST:
                break
    except zlib.error:
        pass
    return plain


def traces(canary: str) -> set[bytes]:
    """Every shape of it; a long enough piece of each, whatever stands around it."""
    return {trace for encode in ENCODINGS.values() for trace in encode(canary)}


def found_in(pile: bytes, canaries: Mapping[str, str]) -> set[str]:
    """The names of the canaries that lie in the pile, in any shape."""
    found: set[str] = set()
    for plain in opened(pile):
        found |= {name for name, canary in canaries.items() if any(trace in plain for trace in traces(canary))}
    return found


def leak(vault: Any, patch: pytest.MonkeyPatch) -> None:
    """Plant a fault: every envelope that this vault seals carries its words in clear, too."""
    seal = type(vault).seal

    def leaking(self: Any, plain: bytes, **how: Any) -> Any:
        envelope = seal(self, plain, **how)
        return type(envelope)(envelope.cipher + plain, envelope.wraps)

    patch.setattr(type(vault), "seal", leaking)
