"""Somebody's browser without a browser: the same questions to the house in this process, or to gunicorn through HTTP."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import NamedTuple, Protocol
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import BASE

SAME = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
COOKIES = ("__Host-session", "__Host-receipt", "__Host-door", "__Host-language")


class Answer(NamedTuple):
    """What came back: its status, its kind and its text."""

    status: int
    kind: str
    text: str


class Asks(Protocol):
    """Whoever asks, with their cookies."""

    def get(self, address: str, asked: Mapping[str, str] | None = None) -> Answer:
        """A page."""

    def post(self, address: str, answers: Mapping[str, str]) -> Answer:
        """A form, sent from a page of ours."""


class Here:
    """In this process."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def get(self, address: str, asked: Mapping[str, str] | None = None) -> Answer:
        """A page."""
        answer = self._client.get(address, base_url=BASE, query_string=dict(asked or {}), headers=SAME)
        return _answer(answer)

    def post(self, address: str, answers: Mapping[str, str]) -> Answer:
        """A form, sent from a page of ours."""
        answer = self._client.post(address, base_url=BASE, data=dict(answers), headers=SAME)
        answer.request.environ["wsgi.input"].close()  # a long text was spooled to a file
        return _answer(answer)


def _answer(answer: TestResponse) -> Answer:
    kind = answer.content_type or ""
    return Answer(answer.status_code, kind, answer.text if kind.startswith("text") else "")


class Wire:
    """Through HTTP to a server on this machine, with the cookies that somebody has in this process.

    Each question is a connection of its own: a worker that died under one is met by nobody else's.
    """

    def __init__(self, port: int, client: FlaskClient) -> None:
        self._port = port
        kept = ((name, client.get_cookie(name, "localhost")) for name in COOKIES)
        self._cookies = {name: cookie.value for name, cookie in kept if cookie}

    def get(self, address: str, asked: Mapping[str, str] | None = None) -> Answer:
        """A page."""
        query = urlencode(asked or {}, errors="surrogatepass")
        return self._ask("GET", address + (f"?{query}" if query else ""), b"", {})

    def post(self, address: str, answers: Mapping[str, str]) -> Answer:
        """A form, sent from a page of ours."""
        body = urlencode(answers, errors="surrogatepass").encode()
        return self._ask("POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        try:
            connection.request(method, address, body, {"Host": "localhost", **SAME, **cookies, **headers})
            answer = connection.getresponse()
            kind, plain = answer.getheader("Content-Type") or "", answer.read()
        finally:
            connection.close()
        for name, value in answer.getheaders():
            cookie, _, rest = value.partition("=")
            if name.lower() == "set-cookie" and cookie in COOKIES:
                self._cookies[cookie] = rest.partition(";")[0]
        return Answer(answer.status, kind, plain.decode() if kind.startswith("text") else "")
