"""People who file without a pause, each with a browser, through whatever becomes of the house meanwhile."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from secrets import token_hex
from threading import Event, Lock, Thread

PAUSE = 0.3
"""Seconds until somebody who was told to come again does."""
PATIENCE = 60.0
"""Seconds within which what was typed has to arrive once all is well."""
WORDS = " ".join(["គេមិនបើកប្រាក់ថែមម៉ោង for two months."] * 60)
FORM = {"workplace": "Lotus Stitch", "words": WORDS, "phone": "012345678", "name": "Mom", "anonymity": "confidential"}


@dataclass
class Filers:
    """Those at the doors on this port of ours. Each brings one of `photos` along; one with empty bytes is none."""

    port: int
    photos: Sequence[bytes] = (b"", b"", b"")
    acknowledged: dict[str, str] = field(default_factory=dict)
    """The number of a case by the ticket of its form."""
    photographed: int = 0
    """How many of these came with a photo."""
    refused: int = 0
    """How often somebody was told that nothing could be saved, and saw what they had typed."""
    closed: int = 0
    """How often no form could be opened, or nobody answered at all."""
    wrong: list[str] = field(default_factory=list)
    """Whatever else happened."""
    last: float = 0.0
    """When somebody last saw a number (`time.monotonic`)."""

    def __post_init__(self) -> None:
        self._stop, self._lock, self._since = Event(), Lock(), 0.0
        self._people = [Thread(target=self._file, args=(photo,), daemon=True) for photo in self.photos]
        self._first = 0.0

    def begin(self) -> None:
        """Returns when the first of them saw a number."""
        for person in self._people:
            person.start()
        self.back()

    def back(self) -> float:
        """All is well from now on: seconds until somebody sees a number. What was sent before does not count."""
        with self._lock:
            self._since, self._first = time.monotonic(), 0.0
        while not self._first and time.monotonic() < self._since + PATIENCE:
            time.sleep(0.02)
        assert not self.wrong, self.wrong[0]
        assert self._first, f"nothing arrived within a minute: {self}"
        return self._first - self._since

    def end(self) -> None:
        """Everybody finishes what they have begun."""
        self._stop.set()
        for person in self._people:
            person.join(PATIENCE)
            assert not person.is_alive(), f"what was typed did not arrive within a minute: {self}"
        assert not self.wrong, self.wrong[0]

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None, photo: bytes = b"") -> tuple[int, str]:
        """One request; status 0 where nobody answers."""
        kind, body = _body(form or {}, photo)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {"Host": "localhost", "Content-Type": kind})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def _file(self, photo: bytes) -> None:
        try:
            while not self._stop.is_set():
                status, page = self.ask("GET", "/file")
                found = re.search(r'name="ticket" value="([^"]+)"', page)
                if status == http.client.OK and found:
                    self._send(FORM | {"ticket": found[1]}, photo)
                else:
                    assert status in (0, 503), f"the form: {status}\n{page}"
                    self.closed += 1
                    time.sleep(PAUSE)
        except AssertionError as error:
            self.wrong.append(str(error))

    def _send(self, form: Mapping[str, str], photo: bytes) -> None:
        while True:
            began = time.monotonic()
            status, page = self.ask("POST", "/file", form, photo)
            if status == http.client.OK:
                break
            if status:
                assert status == http.client.SERVICE_UNAVAILABLE, f"{status}\n{page}"
                assert WORDS in unescape(page), f"what was typed is gone\n{page}"
                assert form["ticket"] in page, f"it would be another complaint\n{page}"
            with self._lock:
                self.refused, self.closed = self.refused + bool(status), self.closed + (not status)
            time.sleep(PAUSE)
        shown = re.search(r"(?:[0-9]{4}\W+){4}[0-9]{4}", re.sub(r"<[^>]*>", " ", page))
        assert shown, f"no number\n{page}"
        with self._lock:
            self.acknowledged[form["ticket"]] = re.sub(r"\D", "", shown[0])
            self.photographed += bool(photo)
            self.last = time.monotonic()
            if began >= self._since > 0 and not self._first:
                self._first = self.last


def _body(form: Mapping[str, str], photo: bytes) -> tuple[str, bytes]:
    """A form as a browser sends it (RFC 7578), with a photo or without."""
    edge = token_hex(12)
    parts = [f'form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in form.items()]
    if photo:
        head = b'form-data; name="files"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(head + photo + b"\r\n")
    sent = b"".join(f"--{edge}\r\nContent-Disposition: ".encode() + part for part in parts)
    return f"multipart/form-data; boundary={edge}", sent + f"--{edge}--\r\n".encode()
