"""A PDF is written anew from its pages alone, in a process of its own that is killed when it takes too much.

What stands beside the pages goes: the names in Info and XMP, forms and their fields, actions and scripts, embedded files,
bookmarks, comments' authors, and the place and phone in photographs. What is drawn on the pages stays, filled-in fields
and comments too: they become part of the page.

This file is also the program of that process: it reads a PDF and writes one, and imports nothing of the house.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from typing import Any

SECONDS, PATIENCE = 20, 60
"""How long one file may take: of the processor, and of the clock on a machine that is busy."""
MOST_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space: a small file can unfold into more than the machine has."""
MOST_PAGES = 500

OK, LOCKED, DAMAGED, TOO_MUCH = 0, 3, 4, 5
"""How the process ends; any other end is that of something that the file did to it."""


class Unreadable(Exception):
    """The file is not taken; `why` is LOCKED, DAMAGED or TOO_MUCH."""

    def __init__(self, why: int) -> None:
        super().__init__(str(why))
        self.why = why


def written_anew(sent: bytes) -> bytes:
    """The same pages as a new PDF. Raises Unreadable."""
    try:
        # -I: neither the folder nor the environment says what the process imports.
        done = subprocess.run(  # noqa: S603  our own program, and the file goes in as bytes
            [sys.executable, "-I", __file__], input=sent, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(TOO_MUCH) from None
    if done.returncode == OK and done.stdout:
        return done.stdout
    # Negative: killed by a signal, as where it asked for more time than it may have.
    raise Unreadable(done.returncode if done.returncode in (LOCKED, DAMAGED) else TOO_MUCH)


def main() -> int:
    """Reads a PDF, writes one, and says by its end how it went."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pikepdf

    try:
        clean = rewritten(sys.stdin.buffer.read())
    except pikepdf.PasswordError:
        return LOCKED
    except (MemoryError, OverflowError, RecursionError):
        return TOO_MUCH
    except Exception:  # noqa: BLE001  whatever a file does to its reader, it is not taken
        return DAMAGED
    if not clean:
        return TOO_MUCH
    sys.stdout.buffer.write(clean)
    return OK


def rewritten(sent: bytes) -> bytes:
    """The pages in a new PDF; empty for too many of them."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(sent)) as old, pikepdf.new() as new:
        if not old.pages:
            raise ValueError("no pages")
        if len(old.pages) > MOST_PAGES:
            return b""
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


if __name__ == "__main__":
    sys.exit(main())
