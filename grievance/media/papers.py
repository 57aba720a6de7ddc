"""A PDF is written anew from its pages alone.

What stands beside the pages goes: the names in Info and XMP, forms and their fields, actions and scripts, embedded files,
bookmarks, comments' authors, and the place and phone in photographs. What is drawn on the pages stays, filled-in fields
and comments too: they become part of the page. Runs in a process of its own.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import Any

from grievance.media.bounds import Locked, TooMuch

MOST_PAGES = 500


def load() -> None:
    """Everything that will be needed; what qpdf draws random numbers from it opens at the first paper with a password."""
    import pikepdf

    first = io.BytesIO()
    with pikepdf.new() as made:
        made.save(first, encryption=pikepdf.Encryption(owner="anybody"))
    pikepdf.open(first).close()


def cleaned(kind: str, sent: bytes) -> tuple[str, bytes]:
    """(pdf, the new file). Raises Locked, TooMuch, or whatever a damaged one does to its reader."""
    import pikepdf

    if b"%%EOF" not in sent[-2048:]:
        raise ValueError("it broke off")
    try:
        return kind, rewritten(sent)
    except pikepdf.PasswordError as error:
        raise Locked from error


def rewritten(sent: bytes) -> bytes:
    """The pages in a new PDF. Raises TooMuch."""
    import pikepdf

    with pikepdf.open(io.BytesIO(sent)) as old, pikepdf.new() as new:
        if not old.pages:
            raise ValueError("no pages")
        if len(old.pages) > MOST_PAGES:
            raise TooMuch
        old.generate_appearance_streams()
        old.flatten_annotations("all")  # a filled-in field and a comment become part of the page
        for page in old.pages:
            _bare(page.obj)
        new.pages.extend(old.pages)
        for thing in new.objects:
            # What has no type is a list of names, such as that of a page's fonts, and may hold any of these keys.
            if isinstance(thing, pikepdf.Stream) or (isinstance(thing, pikepdf.Dictionary) and "/Type" in thing):
                _bare(thing)
        out = io.BytesIO()
        # What nothing points to any more is not written.
        new.save(
            out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True, fix_metadata_version=False
        )
        return out.getvalue()


BESIDE = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/A", "/Annots", "/AF", "/EF", "/JS", "/Thumb", "/B",
    "/StructParents", "/StructParent", "/SeparationInfo", "/OPI", "/PresSteps", "/Author", "/Creator", "/Producer",
)  # fmt: skip
"""Keys of pages, pictures and forms that say who, when, where or with what, that do something, or hold files."""


def _bare(thing: Any) -> None:
    import pikepdf

    for key in BESIDE:
        if key in thing:
            del thing[key]
    if not isinstance(thing, pikepdf.Stream) or "/Filter" not in thing:
        return
    said = thing["/Filter"]
    packed = [str(name) for name in said] if isinstance(said, pikepdf.Array) else [str(said)]
    if packed == ["/DCTDecode"]:
        thing.write(_without_segments(thing.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)
    elif packed == ["/FlateDecode", "/DCTDecode"]:
        photo = zlib.decompress(thing.read_raw_bytes())
        thing.write(_without_segments(photo), filter=pikepdf.Name.DCTDecode)


def _without_segments(photo: bytes) -> bytes:
    """A JPEG without comments and without what cameras write: the colours alone need segments 0 (JFIF), 2 and 14."""
    kept, at = bytearray(photo[:2]), 2
    while (found := _SEGMENT.match(photo, at)) is not None:
        after = at + 2 + int.from_bytes(found["length"], "big")
        if not _TELLING.match(found["marker"]):
            kept += photo[at:after]
        at = after
    return bytes(kept + photo[at:])


_SEGMENT = re.compile(rb"\xff(?P<marker>[\xc0-\xcf\xdb-\xfe])(?P<length>..)", re.DOTALL)
"""A piece of a JPEG's head; the first that is none begins the picture itself."""
_TELLING = re.compile(rb"[\xe1\xe3-\xed\xef\xfe]")
"""What cameras and programs write, and comments."""
