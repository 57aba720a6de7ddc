"""A port that a test holds for its server is given to nobody else, and its server may have it."""

from __future__ import annotations

import errno
import socket

import pytest

from tests import ports


def test_a_port_that_is_held_is_for_the_server_alone() -> None:
    with ports.held() as port:
        with socket.socket() as stranger, pytest.raises(OSError, match="in use") as refused:
            stranger.bind(("127.0.0.1", port))
        assert refused.value.errno == errno.EADDRINUSE
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        with socket.create_server(("127.0.0.1", port)):  # again and again, as one that was killed begins anew
            socket.create_connection(("127.0.0.1", port)).close()
        with socket.create_server(("127.0.0.1", port)):
            socket.create_connection(("127.0.0.1", port)).close()
