"""Whoever sends slowly, or not at all any more, does not hold a thread for ever."""

from __future__ import annotations

import math
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import pytest

from grievance import listening
from grievance.cli import serving
from grievance.listening import FREE, PACE, Patient
from tests import ports

ROOT = Path(__file__).resolve().parents[1]
Pair = tuple[Patient, socket.socket]


@dataclass
class Wire:
    """A socket that lends its clock: what is sent to us, and in which second, is told beforehand, and nobody waits for it."""

    sent: Iterator[tuple[float, bytes]]
    now: float = 0.0
    patience: float | None = None

    def gettimeout(self) -> float | None:
        return self.patience

    def settimeout(self, seconds: float | None) -> None:
        self.patience = seconds

    def recv(self, _: int) -> bytes:
        at, came = next(self.sent, (math.inf, b""))
        assert self.patience is not None, "it would wait for ever"
        if at > self.now + self.patience:
            self.sent = chain([(at, came)], self.sent)
            self.now += self.patience
            raise TimeoutError
        self.now = max(self.now, at)
        return came


Listen = Callable[[Iterable[tuple[float, bytes]]], tuple[Patient, Wire]]
DRIP = [(float(second), b"x") for second in range(600)]


@pytest.fixture
def listen(monkeypatch: pytest.MonkeyPatch) -> Listen:
    """Our end of a wire on which this is sent, and the wire."""

    def begin(sent: Iterable[tuple[float, bytes]]) -> tuple[Patient, Wire]:
        wire = Wire(iter(sent))
        monkeypatch.setattr(listening, "time", SimpleNamespace(monotonic=lambda: wire.now))
        return Patient(wire), wire

    return begin


def heard(patient: Patient) -> int:
    """How many bytes came until it was over."""
    return sum(map(len, iter(lambda: patient.recv(8192), b"")))


def test_who_says_nothing_any_more_is_not_waited_for(listen: Listen) -> None:
    patient, wire = listen([(1.0, b"POST /file HTTP/1.1\r\n")])
    assert heard(patient) == 21
    assert FREE < wire.now < FREE + 1
    assert patient.gettimeout() is None, "left as it was found"


def test_who_drips_is_cut_off(listen: Listen) -> None:
    patient, wire = listen(DRIP)
    assert heard(patient) < FREE + 2
    assert FREE < wire.now < FREE + 1


def test_planted_without_a_pace_who_drips_is_heard_for_ever(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PACE", 1)
    assert heard(listen(DRIP)[0]) == len(DRIP)


def test_who_sends_slowly_but_goes_on_is_heard_whole(listen: Listen) -> None:
    patient, wire = listen((float(second), b"x" * PACE) for second in range(100))
    assert heard(patient) == 100 * PACE
    assert wire.now > 5 * FREE


def test_the_next_request_has_its_own_time(listen: Listen) -> None:
    patient, _ = listen([(FREE + 1, b"again")])
    assert heard(patient) == 0
    patient.begin()
    assert patient.recv(100) == b"again"


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Our end, and theirs."""
    ours, theirs = socket.socketpair()
    yield Patient(ours), theirs
    ours.close()
    theirs.close()


def test_a_real_socket_is_not_waited_for_either(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "FREE", 0.3)
    pair[1].send(b"half")
    pair[0].begin()
    assert heard(pair[0]) <= 4
    assert pair[0].gettimeout() is None


def test_who_takes_no_answer_is_left(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "TAKEN", 0.2)
    with pytest.raises(ConnectionResetError):
        pair[0].sendall(b"x" * 50_000_000)


def test_the_house_is_served_so() -> None:
    assert "grievance.listening.Worker" in Path(serving.__file__).read_text(encoding="utf-8")
    assert "--worker-class grievance.listening.Worker" in (ROOT / "README.md").read_text(encoding="utf-8")


PLAIN = """
import sys
from grievance import listening
from gunicorn.app.wsgiapp import run

listening.FREE = float(sys.argv.pop())
sys.argv = ["gunicorn", "tests.test_listening:application", "--worker-class", "grievance.listening.Worker", "--threads", "2",
            "--bind", sys.argv.pop(), "--no-control-socket", "--log-level", "error"]
run()
"""


def application(environ: dict[str, object], start_response: object) -> list[bytes]:
    """Reads what was sent, as the house does, and answers how much it was."""
    said = str(len(environ["wsgi.input"].read())).encode()  # type: ignore[attr-defined]
    start_response("200 OK", [("Content-Length", str(len(said)))])  # type: ignore[operator]
    return [said]


@pytest.mark.parametrize(("free", "answered"), [(0.7, True), (60.0, False)])
def test_a_house_whose_threads_all_listen_to_dripping_answers_again(free: float, answered: bool) -> None:
    """Planted with a minute's patience, nobody else is heard meanwhile."""
    with ports.held() as port:
        server = subprocess.Popen([sys.executable, "-c", PLAIN, f"127.0.0.1:{port}", str(free)], cwd=ROOT)
        slow: list[socket.socket] = []
        try:
            assert asked(port, 60) == b"4", "it is there"
            for half in (
                b"POST / HTTP/1.1\r\nHost: a\r\nX-Drip: ",
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n",
            ):
                slow.append(socket.create_connection(("127.0.0.1", port)))
                slow[-1].sendall(half)
                threading.Thread(target=drip, args=(slow[-1],), daemon=True).start()
            time.sleep(0.3)
            # Until both threads have begun to listen to them, somebody else may be heard once more.
            assert asked(port, 60) == b"4" if answered else not all(asked(port, 3) for _ in range(20))
        finally:
            for one in slow:
                one.close()
            server.terminate()
            server.wait(60)


def drip(line: socket.socket) -> None:
    """A sign each fifth of a second, until nobody listens any more."""
    with suppress(OSError):
        while True:
            line.send(b"x")
            time.sleep(0.2)


def asked(port: int, most: float) -> bytes:
    """The body of an answer that came within so many seconds."""
    end = time.monotonic() + most
    while (left := end - time.monotonic()) > 0:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=left) as line:
            line.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nhere")
            whole = b"".join(iter(lambda: line.recv(8192), b""))
            if whole:
                return whole.rpartition(b"\r\n\r\n")[2]
        time.sleep(0.05)
    return b""
