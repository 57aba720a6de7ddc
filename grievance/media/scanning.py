"""Asks a scanner for harmful files (clamd) about bytes; whoever does not get a plain answer gets none, and never a guess.

The protocol is clamd's INSTREAM, as its manual page has it (clamd(8), read on 27 November 2026): the command with a zero byte
behind it, pieces behind their length in four bytes, an empty piece as the end; the answer ends with a zero byte.
"""

from __future__ import annotations

import socket
import struct
import time
from contextlib import closing

PATIENCE = 20.0
"""Seconds for the whole conversation: somebody waits for the page."""
PIECE = 64 * 1024
LONGEST_ANSWER = 1024
CLEAN, FOUND = b"stream: OK", b" FOUND"


class Unanswered(Exception):
    """The scanner is not there, is slow, or says something else than yes or no."""


def harmful(scanner: str, body: bytes) -> bool:
    """Whether the scanner at unix:/path or host:port finds something in these bytes. Raises Unanswered."""
    until = time.monotonic() + PATIENCE
    try:
        with closing(_connected(scanner)) as link:
            link.sendall(b"zINSTREAM\0")
            for at in range(0, len(body), PIECE):
                piece = body[at : at + PIECE]
                _patient(link, until)
                link.sendall(struct.pack(">I", len(piece)) + piece)
            link.sendall(struct.pack(">I", 0))
            answer = _answer(link, until)
    except (OSError, ValueError) as error:
        raise Unanswered from error
    if answer == CLEAN:
        return False
    if answer.startswith(b"stream: ") and answer.endswith(FOUND):
        return True
    raise Unanswered


def _connected(scanner: str) -> socket.socket:
    if scanner.startswith("unix:"):
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(PATIENCE)
        try:
            link.connect(scanner.removeprefix("unix:"))
        except OSError:
            link.close()
            raise
        return link
    host, _, port = scanner.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)


def _answer(link: socket.socket, until: float) -> bytes:
    said = b""
    while not said.endswith(b"\0"):
        _patient(link, until)
        more = link.recv(LONGEST_ANSWER)
        if not more or len(said) > LONGEST_ANSWER:
            raise Unanswered
        said += more
    return said[:-1]


def _patient(link: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise Unanswered
    link.settimeout(left)
