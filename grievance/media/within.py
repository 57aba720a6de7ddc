"""The program of the process that reads a stranger's file: it closes itself in, and reads."""

from __future__ import annotations

import sys

from grievance.media import papers, pictures, recordings
from grievance.media.bounds import DAMAGED, LOCKED, OK, TOO_MUCH, Locked, TooMuch, close_in


def main(kind: str) -> int:
    """Reads a file of this kind, writes what it is and the file anew, and says by its end how it went."""
    cleaner = {"pdf": papers, "mp4": recordings, "mp3": recordings, "ogg": recordings}.get(kind, pictures)
    sent = sys.stdin.buffer.read()
    cleaner.load()  # from here on nothing can be imported, for nothing can be opened
    close_in()
    try:
        found, body = cleaner.cleaned(kind, sent)
    except Locked:
        return LOCKED
    except (TooMuch, MemoryError, OverflowError, RecursionError):
        return TOO_MUCH
    except Exception:  # noqa: BLE001  whatever a file does to its reader, it is not taken
        return DAMAGED
    sys.stdout.buffer.write(found.encode() + b"\n" + body)
    return OK
