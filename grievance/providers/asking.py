"""Fetches JSON from a provider and from nowhere else: no redirect is followed, nothing large or slow is waited for."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Protocol
from urllib.parse import SplitResult, urlencode, urlsplit

from grievance.providers.errors import Unreachable

LARGEST = 131_072
"""Bytes of an answer. Sets of keys with whole certificates take some 20,000."""
CONNECT = 4.0
"""Seconds until there is a connection."""
LONGEST = 8.0
"""Seconds from then on until the whole answer is there, however slowly it drips."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Auth(Protocol):
    """As Authlib shows the client's secret."""

    def prepare(self, method: str, uri: str, headers: dict[str, str], body: str) -> tuple[str, dict[str, str], str]:
        """Address, headers and body as they are to be sent."""


class Answer:
    """An answer of a provider, in the shape that Authlib reads."""

    def __init__(self, status: int, value: dict[str, Any]) -> None:
        self.status_code, self._value = status, value

    def json(self) -> dict[str, Any]:
        """The object that it holds."""
        return self._value

    def raise_for_status(self) -> None:
        """Raises Unreachable unless it is well."""
        if self.status_code != http.HTTPStatus.OK:
            raise Unreachable("status")


class Line:
    """The one way out; what Authlib takes for a session."""

    def get(self, address: str) -> dict[str, Any]:
        """The object at this address. Raises Unreachable."""
        answer = _ask("GET", address, {"Accept": "application/json"}, "")
        answer.raise_for_status()
        return answer.json()

    def post(self, address: str, data: Mapping[str, str], headers: Mapping[str, str], auth: Auth) -> Answer:
        """What a form gets for an answer; 4xx too, for these say why. Raises Unreachable."""
        address, sent, body = auth.prepare("POST", address, dict(headers), urlencode(data))
        return _ask("POST", address, sent, body)


def checked(address: object, issuer: str) -> str:
    """An address that a provider names, https://, or on this machine where the provider is. Raises Unreachable."""
    parts = _split(address)
    here = parts.scheme == "http" and parts.hostname in LOOPBACK and _split(issuer).hostname in LOOPBACK
    if not (parts.scheme == "https" or here) or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise Unreachable("address")
    return str(address)


def _split(address: object) -> SplitResult:
    try:
        parts = urlsplit(address if isinstance(address, str) and address.isascii() else "")
        parts.port  # noqa: B018  asking for the port is what makes urllib check it
    except ValueError:
        raise Unreachable("address") from None
    return parts


def _ask(method: str, address: str, headers: Mapping[str, str], body: str) -> Answer:
    parts = _split(address)
    made = _connection(parts)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        made.connect()
        with _cut_in_time(made.sock):
            made.request(method, target, body=body or None, headers=dict(headers))
            answer = made.getresponse()
            raw = answer.read(LARGEST + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(type(error).__name__) from None
    finally:
        made.close()
    return Answer(_status(answer.status), _object(raw))


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=CONNECT, context=context)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=CONNECT)


@contextmanager
def _cut_in_time(line: socket.socket) -> Iterator[None]:
    """Each wait has its end, and so has all of it together: a line that drips is cut."""
    cut = threading.Timer(LONGEST, _cut, [line])
    cut.daemon = True
    cut.start()
    try:
        yield
    finally:
        cut.cancel()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # of the line itself: TLS has no say in it


def _status(status: int) -> int:
    if status in range(200, 300) or status in range(400, 500):
        return status
    raise Unreachable("status")  # a redirect leads elsewhere, and nobody follows it


def _object(raw: bytes) -> dict[str, Any]:
    if len(raw) > LARGEST:
        raise Unreachable("large")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise Unreachable("no JSON") from None
    if not isinstance(value, dict):
        raise Unreachable("no JSON")
    return value
