"""Whoever sends slowly, or not at all any more, does not hold a thread for ever."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from grievance import listening
from grievance.cli import serving
from grievance.listening import Patient

ROOT = Path(__file__).resolve().parents[1]
Pair = tuple[Patient, socket.socket]


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Our end, which is patient for a third of a second, and theirs."""
    monkeypatch.setattr(listening, "FREE", 0.3)
    ours, theirs = socket.socketpair()
    yield Patient(ours), theirs
    ours.close()
    theirs.close()


def drip(theirs: socket.socket, *, seconds: float, every: float = 0.02) -> None:
    end = time.monotonic() + seconds
    with suppress(OSError):
        while time.monotonic() < end:
            theirs.send(b"x")
            time.sleep(every)


def heard(patient: Patient, most: float) -> float | None:
    """After how many seconds it was over; None where it was not after `most`."""
    began = time.monotonic()
    while time.monotonic() - began < most:
        if not patient.recv(8192):
            return time.monotonic() - began
    return None


def test_who_says_nothing_any_more_is_not_waited_for(pair: Pair) -> None:
    pair[1].send(b"POST /file HTTP/1.1\r\n")
    assert heard(pair[0], 5) is not None
    assert pair[0].gettimeout() is None, "left as it was found"


def test_who_drips_is_cut_off(pair: Pair) -> None:
    dripping = threading.Thread(target=drip, args=(pair[1],), kwargs={"seconds": 3})
    dripping.start()
    assert (heard(pair[0], 2) or 9) < 1.5
    pair[1].close()
    dripping.join()


def test_planted_without_a_pace_who_drips_is_heard_for_ever(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PACE", 1)
    dripping = threading.Thread(target=drip, args=(pair[1],), kwargs={"seconds": 1.5})
    dripping.start()
    assert heard(pair[0], 1) is None
    dripping.join()


def test_who_sends_slowly_but_goes_on_is_heard_whole(pair: Pair) -> None:
    def send() -> None:
        for _ in range(20):
            pair[1].sendall(b"x" * 500)
            time.sleep(0.04)
        pair[1].shutdown(socket.SHUT_WR)

    sending = threading.Thread(target=send)
    sending.start()
    came = 0
    while found := pair[0].recv(8192):
        came += len(found)
    sending.join()
    assert came == 20 * 500, "0.8 seconds, where a third of one is free"


def test_the_next_request_has_its_own_time(pair: Pair) -> None:
    assert heard(pair[0], 5) is not None
    pair[0].begin()
    pair[1].send(b"again")
    assert pair[0].recv(100) == b"again"


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
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    server = subprocess.Popen([sys.executable, "-c", PLAIN, f"127.0.0.1:{port}", str(free)], cwd=ROOT)
    slow: list[socket.socket] = []
    try:
        assert asked(port, 20) == b"4", "it is there"
        for half in (
            b"POST / HTTP/1.1\r\nHost: a\r\nX-Drip: ",
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n",
        ):
            slow.append(socket.create_connection(("127.0.0.1", port)))
            slow[-1].sendall(half)
            threading.Thread(target=drip, args=(slow[-1],), kwargs={"seconds": 6, "every": 0.2}, daemon=True).start()
        time.sleep(0.3)
        assert (asked(port, 3) == b"4") is answered
    finally:
        for one in slow:
            one.close()
        server.terminate()
        server.wait(20)


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
