"""Ports for servers of tests: nobody else on this machine is given one meanwhile, however long the server takes to begin."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held(host: str = "127.0.0.1") -> Iterator[int]:
    """A port on which nobody listens, and on which a server of ours may: it sets SO_REUSEADDR, as they all do."""
    with socket.socket() as mark:
        mark.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        mark.bind((host, 0))
        yield int(mark.getsockname()[1])
