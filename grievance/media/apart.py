"""Opens a stranger's file in a process of its own, which can reach nothing and is ended when it takes too much.

Decoders of pictures, papers and sound are C and C++ that read whatever somebody sends. So they run where a file that takes
them over finds nothing: no network and no file (the process may open nothing any more once it has begun to read), no child,
512 MB and half a minute of the processor, and not a byte of the house but the file itself (`grievance/media/bounds.py`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from grievance.media.bounds import DAMAGED, LOCKED, MOST_ANSWER, OK, TOO_MUCH

PATIENCE = 90
"""Seconds of the clock that one file may take on a machine that is busy."""
AT_ONCE = threading.BoundedSemaphore(2)
"""So many of these processes beside each other: several photos at once would take the machine."""

ROOT = Path(__file__).resolve().parents[2]
BEGIN = (
    "import sys; sys.path.insert(0, sys.argv[2]); from grievance.media.within import main; sys.exit(main(sys.argv[1]))"
)


class Unreadable(Exception):
    """The file is not taken; `why` is LOCKED, DAMAGED or TOO_MUCH."""

    def __init__(self, why: int) -> None:
        super().__init__(str(why))
        self.why = why


def cleaned(kind: str, sent: bytes) -> tuple[str, bytes]:
    """The kind that it turned out to be (of core.evidence.KINDS), and the file anew. Raises Unreadable."""
    # -I: neither the folder nor the environment says what the process imports.
    command = [sys.executable, "-I", "-c", BEGIN, kind, str(ROOT)]
    # What it answers goes into a file in memory that the kernel lets it fill so far and no further; what it complains, nowhere.
    with AT_ONCE, os.fdopen(os.memfd_create("answer"), "w+b") as answer:
        try:
            done = subprocess.run(  # noqa: S603  our own program
                command, input=sent, stdout=answer, stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False, env={}
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(TOO_MUCH) from None
        answer.seek(0)
        found, _, body = answer.read(MOST_ANSWER).partition(b"\n")
    if done.returncode == OK and body:
        return found.decode("ascii", "replace"), body
    # Negative: killed by a signal, as where it asked for more time than it may have.
    raise Unreadable(done.returncode if done.returncode in (LOCKED, DAMAGED) else TOO_MUCH)
