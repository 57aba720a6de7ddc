"""A scanner for harmful files: what it has not said is harmless is shown to nobody, and asked about until it has answered."""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import false, update

from grievance.casework.desk import Desk
from grievance.casework.files import evidence, keeping, scanning
from grievance.casework.files.keeping import Upload
from grievance.casework.house import verifying
from grievance.core.errors import Refused
from grievance.media import scanning as client
from grievance.store import cases, tables
from grievance.store import files as kept_files
from tests import files
from tests.makers import ROLES, Story

HARMFUL = b"harmful-in-the-eyes-of-this-scanner"


def plainly(sent: bytes) -> bytes:
    return b"stream: Test.Sign FOUND\0" if HARMFUL in sent else b"stream: OK\0"


class Scanner:
    """A clamd that speaks INSTREAM at a real socket; `says` is what it thinks of the bytes, None that it hangs up."""

    def __init__(self, folder: Path) -> None:
        self.address = f"unix:{folder / 'clamd'}"
        self.says: Callable[[bytes], bytes | None] = plainly
        self.asked = 0
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(folder / "clamd"))
        self.socket.listen(8)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(link,), daemon=True).start()

    def _talk(self, link: socket.socket) -> None:
        with link, suppress(OSError), link.makefile("rb") as reading:
            assert reading.read(10) == b"zINSTREAM\0"
            sent = b""
            while size := struct.unpack(">I", reading.read(4))[0]:
                sent += reading.read(size)
            self.asked += 1
            answer = self.says(sent)
            if answer is not None:
                link.sendall(answer)


@contextmanager
def listening() -> Iterator[Scanner]:
    # Not pytest's folder: a socket's path must stay under 108 bytes, wherever $TMPDIR is.
    with TemporaryDirectory(dir="/tmp") as folder:
        scanner = Scanner(Path(folder))
        try:
            yield scanner
        finally:
            scanner.socket.close()


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    with listening() as one:
        yield one


@pytest.fixture
def scanned(desk: Desk, scanner: Scanner) -> Desk:
    return replace(desk, clamd=scanner.address)


def added(desk: Desk, body: bytes) -> tuple[Story, list[keeping.Refusal]]:
    story = Story.filed(desk)
    sent = [Upload("a", body)]
    _, refused = evidence.add(desk, story.who("complainant"), "", sent, "", roles=ROLES["complainant"], once="x")
    return story, refused


def opened(desk: Desk, story: Story, role: str) -> bytes:
    return evidence.open_file(desk, story.who(role), story.ref, 1, roles=ROLES[role]).body


def hangs(_: bytes) -> None:
    time.sleep(2)


UNANSWERED: dict[str, Callable[[bytes], bytes | None]] = {
    "hangs up": lambda _: None,
    "garbage": lambda _: b"HTTP/1.1 200 OK\r\n\r\n\0",
    "an error of its own": lambda _: b"INSTREAM size limit exceeded. ERROR\0",
    "half a word": lambda _: b"stream: O",
    "no end": lambda _: b"stream: " + b"x" * 5000,
    "an OK behind something else": lambda _: b"stream: OK\nstream: OK\0",
    "slow": hangs,
}


def test_what_is_harmless_is_taken_and_what_is_harmful_is_not(scanned: Desk, scanner: Scanner) -> None:
    story, refused = added(scanned, files.jpeg())
    assert (refused, scanner.asked) == ([], 1)
    assert opened(scanned, story, "officer")
    _, refused = added(scanned, files.jpeg() + HARMFUL)
    assert "harmful" in refused[0].said.text


# asvs: 5.4.3
@pytest.mark.parametrize("how", [*UNANSWERED, "down"])
def test_while_it_does_not_answer_the_file_waits_and_nobody_opens_it(
    scanned: Desk, scanner: Scanner, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner.says = UNANSWERED.get(how, plainly)
    away = replace(scanned, clamd=scanned.clamd + "-not-there") if how == "down" else scanned
    with monkeypatch.context() as patch:
        patch.setattr(client, "PATIENCE", 0.5)
        story, refused = added(away, files.jpeg())
        assert refused == []
        for role in ("complainant", "officer"):
            with pytest.raises(Refused, match="scanner"):
                opened(scanned, story, role)
            (piece,) = story.view(role).evidence
            assert piece.why_not_open is not None
        assert scanning.ask_again(away) == 0
    scanner.says = plainly
    assert scanning.ask_again(scanned) == 1
    assert scanning.ask_again(scanned) == 0
    assert opened(scanned, story, "officer")
    assert verifying.verify(scanned) == (1, [])


def test_found_harmful_later_it_is_never_shown_and_has_its_entry(scanned: Desk, scanner: Scanner) -> None:
    scanner.says = lambda _: None
    story, _ = added(scanned, files.jpeg())
    scanner.says = lambda _: b"stream: Test.Sign FOUND\0"
    assert scanning.ask_again(scanned) == 1
    for role in ("complainant", "officer"):
        with pytest.raises(Refused, match="harmful"):
            opened(scanned, story, role)
    assert verifying.verify(scanned) == (1, [])


def test_a_row_that_says_that_nobody_has_to_be_asked_is_reported(scanned: Desk, scanner: Scanner) -> None:
    scanner.says = lambda _: None
    added(scanned, files.jpeg())
    assert verifying.verify(scanned) == (1, [])
    with scanned.store.engine.begin() as connection:
        connection.execute(update(tables.files).values(waiting=false()))
    (found,) = verifying.verify(scanned)[1]
    assert "wait for the scanner" in str(found)


def test_a_process_without_the_keys_or_the_scanner_leaves_it_waiting(scanned: Desk, scanner: Scanner) -> None:
    scanner.says = lambda _: None
    story, _ = added(scanned, files.jpeg())
    scanner.says = plainly
    assert scanning.ask_again(replace(scanned, clamd="")) == 0
    with pytest.raises(Refused):
        opened(scanned, story, "officer")


def test_one_file_that_is_damaged_does_not_hold_up_the_others(
    scanned: Desk, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner.says = lambda _: None
    added(scanned, files.jpeg())
    added(scanned, files.png())
    scanner.says = plainly
    with scanned.store.read() as tx:
        first = kept_files.waiting(tx, 1)[0][0]
    scanned.store.objects.drop([first])
    assert scanning.ask_again(scanned) == 1


def test_one_of_which_the_scanner_can_say_nothing_does_not_hold_up_the_others(scanned: Desk, scanner: Scanner) -> None:
    """Whoever sends a file that ends the scanner, or that is too much for it, else keeps everybody's from being opened."""
    scanner.says = lambda _: None
    for body in (files.jpeg(), files.png(), files.pdf(), files.webp()):
        added(scanned, body)
    with scanned.store.read() as tx:
        waiting = kept_files.waiting(tx, 9)
    bodies = {name: _body(scanned, case_id, name) for name, case_id in waiting}
    worst = bodies[waiting[0][0]]
    scanner.says = lambda sent: None if sent == worst else plainly(sent)
    assert scanning.ask_again(scanned) == 3
    with scanned.store.read() as tx:
        assert kept_files.waiting(tx, 9) == waiting[:1]
    assert scanning.ask_again(scanned) == 0


def _body(desk: Desk, case_id: str, name: str) -> bytes:
    with desk.store.read() as tx:
        held = cases.by_id(tx, case_id)
        assert held is not None
        return evidence.body_of(desk, tx, held.case, next(one for one in held.case.evidence if one.object == name))


def test_where_many_are_too_much_for_it_each_turn_begins_elsewhere(
    scanned: Desk, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else those that stand first use up every turn."""
    monkeypatch.setattr(scanning, "MISSES", 1)
    scanner.says = lambda _: None
    for body in (files.jpeg(), files.png(), files.pdf()):
        added(scanned, body)
    begun = []
    draws = random.Random(20261127)
    away = replace(scanned, random=draws)
    monkeypatch.setattr(scanning, "_harmful", lambda _, __, name: begun.append(name))
    for _ in range(20):
        assert scanning.ask_again(away) == 0
    assert len(set(begun)) == 3, "seed 20261127"


def test_planted_a_guess_where_nothing_was_said_shows_the_file(
    scanned: Desk, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "answered", lambda *_: True)
    with pytest.raises(pytest.fail.Exception):
        test_while_it_does_not_answer_the_file_waits_and_nobody_opens_it(scanned, scanner, "hangs up", monkeypatch)


def test_through_a_port_too(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]

        def serve() -> None:
            link, _ = door.accept()
            with link:
                while b"\0\0\0\0" not in link.recv(65536):
                    pass
                link.sendall(b"stream: OK\0")

        threading.Thread(target=serve, daemon=True).start()
        assert client.harmful(f"127.0.0.1:{port}", b"x" * 200_000) is False
