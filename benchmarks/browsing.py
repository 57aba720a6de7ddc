"""Browsers that load a server: each keeps its connection and its cookies, fills in forms, and is timed."""

from __future__ import annotations

import gzip
import http.client
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from benchmarks.processes import Server, cpu

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, unpacked."""

    status: int
    body: str
    location: str


@dataclass(slots=True)
class Browser:
    """One phone: gzip, English unless told otherwise, one connection that stays open."""

    port: int
    language: str = "en"
    cookies: dict[str, str] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        """One page."""
        return self._ask("GET", path, None, "")

    def post(self, path: str, fields: Fields) -> Answer:
        """A plain form."""
        return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def post_parts(self, path: str, fields: Fields) -> Answer:
        """A form as multipart/form-data, as the filing page asks for."""
        mark = secrets.token_hex(12)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
        ]
        body = f"{''.join(parts)}--{mark}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={mark}")

    def _ask(self, method: str, path: str, body: bytes | None, kind: str) -> Answer:
        headers = {"Accept-Encoding": "gzip", "Accept-Language": self.language}
        if kind:
            headers["Content-Type"] = kind
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self._line.request(method, path, body, headers)
            response = self._line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server may hang up on a silent connection; a browser then calls again.
            self._line.close()
            self._line.request(method, path, body, headers)
            response = self._line.getresponse()
        raw = response.read()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if response.getheader("Content-Encoding") == "gzip":
            raw = gzip.decompress(raw)
        return Answer(response.status, raw.decode(), response.getheader("Location", ""))


def hidden(html: str, name: str) -> str:
    """The value of a hidden field. Raises LookupError where the page has none."""
    match = re.search(rf'name="{name}" value="([^"]*)"', html)
    if match is None:
        raise LookupError(f"the page has no field {name}")
    return match[1]


@dataclass(frozen=True, slots=True)
class Load:
    """One run: how many actions, seconds they took in all, seconds of CPU of the web and the database, each one's seconds."""

    count: int
    wall: float
    web: float
    database: float
    each: tuple[float, ...]

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of CPU an action, of all processes that serve it."""
        return (self.web + self.database) / self.count * 1000

    @property
    def database_ms(self) -> float:
        """The part of it in the database's own processes."""
        return self.database / self.count * 1000

    @property
    def rate(self) -> float:
        """Actions a second."""
        return self.count / self.wall


Action = Callable[[Browser], object]


def load(server: Server, database: Callable[[], float], browsers: Sequence[Browser], action: Action, each: int) -> Load:
    """All browsers at once, each doing the action `each` times; an action that raises ends the benchmark."""
    times: list[float] = []
    faults: list[BaseException] = []
    ready = threading.Barrier(len(browsers) + 1)

    def act(browser: Browser) -> None:
        ready.wait()
        try:
            for _ in range(each):
                began = time.perf_counter()
                action(browser)
                times.append(time.perf_counter() - began)
        except BaseException as error:  # noqa: BLE001  raised again below, in the thread that waits
            faults.append(error)

    threads = [threading.Thread(target=act, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    pids = server.pids
    web, base, began = cpu(pids), database(), time.perf_counter()
    ready.wait()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - began
    if faults:
        raise faults[0]
    return Load(len(times), wall, cpu(pids) - web, database() - base, tuple(times))


def cold(port: int, path: str, language: str) -> tuple[int, int]:
    """(bytes, requests) of a first visit: the page and what it names, heads and bodies as they come over the line."""
    head, body = _raw(port, path, language)
    page = gzip.decompress(body).decode() if b"Content-Encoding: gzip" in head else body.decode()
    total, wanted = len(head) + len(body), list(_named(page))
    if 'rel="icon"' not in page:
        wanted.append("/favicon.ico")  # browsers ask for it unless the page names another
    for name in wanted:
        head, body = _raw(port, name, language)
        total += len(head) + len(body)
    return total, 1 + len(wanted)


def _named(page: str) -> Iterable[str]:
    return dict.fromkeys(re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/[^"]+)"', page))


def _raw(port: int, path: str, language: str) -> tuple[bytes, bytes]:
    lines: Mapping[str, str] = {
        "Host": "localhost",
        "Accept-Encoding": "gzip",
        "Accept-Language": language,
        "Connection": "close",
    }
    asked = f"GET {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(asked.encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    head, gap, body = answer.partition(b"\r\n\r\n")
    if not re.match(rb"HTTP/1\.1 20[04] ", head):
        raise RuntimeError(f"{path}: {head[:60]!r}")
    return head + gap, body
