"""Gunicorn's threads, and for how long one of them listens to somebody: a phone that lost its line gives its thread back.

Gunicorn hands a request to a thread with its first byte and reads the rest there, for ever if need be: eight phones out of
reach, or eight programs that drip, and the house is deaf. So a request has to arrive at a pace. That frees threads; it
stops nobody who comes again and again. A proxy that takes requests in whole before it passes them on does.
"""

from __future__ import annotations

import errno
import time
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

FREE = 20.0
"""Seconds in which a request has to be there, and one more for each `PACE` bytes that came: our proposal, after what
Apache's mod_reqtimeout does by default (20 seconds, 500 bytes a second)."""
PACE = 500
TAKEN = 300.0
"""Seconds in which each piece of an answer has to be taken: 10 MB in that time are 280 kbit/s."""


class Patient:
    """A socket that ends, as if the other side had hung up, where what it waits for comes too slowly."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self.begin()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)

    def begin(self) -> None:
        """Another request is expected from now on."""
        self._until = time.monotonic() + FREE

    def recv(self, size: int, *flags: int) -> bytes:
        """What came; nothing where the time of this request is over."""
        left, asked = self._until - time.monotonic(), self.raw.gettimeout()
        if left <= 0:
            return b""
        if asked is not None and asked <= left:  # somebody waits for less: they know what to do
            return bytes(self.raw.recv(size, *flags))
        self.raw.settimeout(left)
        try:
            found = bytes(self.raw.recv(size, *flags))
        except TimeoutError:
            return b""
        finally:
            self.raw.settimeout(asked)
        self._until += len(found) / PACE
        return found

    def sendall(self, data: bytes) -> None:
        """Raises ConnectionResetError where nobody takes it."""
        asked = self.raw.gettimeout()
        self.raw.settimeout(TAKEN)
        try:
            self.raw.sendall(data)
        except TimeoutError:
            raise ConnectionResetError(errno.ECONNRESET, "nobody takes the answer") from None
        finally:
            self.raw.settimeout(asked)


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads, on patient sockets; the name that `--worker-class` takes."""

    def handle(self, conn: TConn) -> object:
        """One request of a connection, in a thread."""
        if isinstance(conn.sock, Patient):
            conn.sock.begin()
        else:
            conn.sock = Patient(conn.sock)
        return super().handle(conn)
