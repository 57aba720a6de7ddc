"""The real server forks its workers: none of them answers one reader with what another one asked for.

gunicorn loads the app once and forks. A connection that is open by then is shared by the workers, who read each other's
answers from it. That shows in what readers get, and only while several of them read at once.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Event

import pytest
from flask import Flask

from grievance.cli.serving import GUNICORN
from tests import makers, ports
from tests.makers import Story, desk_of, page_token
from tests.web.staff import BASE, Staff

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0  # seconds
SOUND = "from gunicorn.app.wsgiapp import run; run()"
# The check of the database returns its connection to the pool and closes none.
KEEPS_OPEN = f"from sqlalchemy import Engine; Engine.dispose = lambda _: None; {SOUND}"
ROUNDS, EACH = 6, 4
"""How often a reader connects anew, and how often they go through their pages on one connection."""


@dataclass(frozen=True)
class Reader:
    """Somebody with a browser: what stands on each of their pages, and what may stand on none."""

    cookies: str
    pages: tuple[str, ...]
    own: tuple[str, ...]
    foreign: tuple[str, ...]


@pytest.fixture
def app(database: str, tmp_path: Path, keys: Path) -> Iterator[Flask]:
    """The house that the server is to serve, at the server's own time."""
    made = makers.house(tmp_path, database, None, GRIEVANCE_KEYS=str(keys))
    yield made
    desk_of(made).store.engine.dispose()


@pytest.fixture
def readers(app: Flask) -> list[Reader]:
    """A factory and an officer at their work, and two who complain."""
    desk = desk_of(app)
    first, second, third = Story.filed(desk).taken(), Story.filed(desk), Story.filed(desk)
    factory, officer = cookies(Staff(app, "lotus-hr").client), cookies(Staff(app, "sophea").client)
    found = [
        Reader(
            factory, ("/party", f"/party/cases/{first.ref}"), (first.ref, "Vuthy"), (second.ref, third.ref, "Sophea")
        ),
        Reader(officer, ("/office", f"/office/cases/{second.ref}"), (second.ref, "Sophea"), ("Vuthy, Lotus Stitch",)),
    ]
    for mine, other in ((second, third), (third, second)):
        phone = app.test_client()
        token = page_token(phone.get("/follow", base_url=BASE).text)
        phone.post("/follow", base_url=BASE, data={"page_token": token, "number": mine.receipt})
        found.append(Reader(cookies(phone), ("/case",), (mine.ref,), (first.ref, other.ref)))
    return found


def cookies(client: object) -> str:
    """What this browser sends with each request."""
    return "; ".join(f"{one.key}={one.value}" for one in client._cookies.values())  # type: ignore[attr-defined]


@contextmanager
def serving(app: Flask, folder: Path, database: str, keys: Path, start: str = SOUND) -> Iterator[int]:
    """The port of gunicorn, started as the README says for production. It ends with us, and so do its workers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRIEVANCE_")}
    environ = {**kept, "DATA": str(folder), "GRIEVANCE_DATABASE": database, "GRIEVANCE_KEYS": str(keys)}
    with ports.held() as port, (folder / "log").open("wb") as log:
        command = [sys.executable, "-c", start, "wsgi:application", *GUNICORN]
        command += ["--bind", f"127.0.0.1:{port}", "--log-level", "critical"]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True)
        try:
            end = time.monotonic() + PATIENCE
            while process.poll() is None and time.monotonic() < end:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            yield port
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def read_at_once(port: int, readers: list[Reader], rounds: int = ROUNDS, within: float = PATIENCE) -> None:
    """All of them read at the same time. AssertionError where one is refused, shown another's page, or waits too long."""
    together, over = Barrier(len(readers), timeout=PATIENCE), Event()

    def read(reader: Reader) -> list[str]:
        together.wait()
        for _ in range(rounds):
            if over.is_set():
                break
            if wrong := read_on_one_line(port, reader, within):
                over.set()
                return wrong
        return []

    with ThreadPoolExecutor(len(readers)) as threads:
        wrong = [one for found in threads.map(read, readers) for one in found]
    assert not wrong, wrong


def read_on_one_line(port: int, reader: Reader, within: float) -> list[str]:
    """What is wrong with their pages, read again and again on a connection that is kept."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=within)
    headers = {"Host": "localhost", "Cookie": reader.cookies, "Accept-Language": "en"}
    try:
        for page in reader.pages * EACH:
            line.request("GET", page, headers=headers)
            answer = line.getresponse()
            text = answer.read().decode()
            if answer.status != http.client.OK:
                return [f"{page}: {answer.status}"]
            if wrong := [one for one in reader.own if one not in text] + [one for one in reader.foreign if one in text]:
                return [f"{page}: {wrong}"]
    except (OSError, http.client.HTTPException) as broken:
        return [f"a page: {broken!r}"]
    finally:
        line.close()
    return []


def test_each_reader_gets_their_own_pages(
    app: Flask, readers: list[Reader], tmp_path: Path, database: str, keys: Path
) -> None:
    with serving(app, tmp_path, database, keys) as port:
        read_at_once(port, readers)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_planted_a_connection_that_is_open_before_the_fork_is_found(
    app: Flask, readers: list[Reader], tmp_path: Path, database: str, keys: Path
) -> None:
    with serving(app, tmp_path, database, keys, KEEPS_OPEN) as port, pytest.raises(AssertionError):
        # Which worker takes whom is chance; and an answer that the other worker has read is waited for in vain.
        read_at_once(port, readers, rounds=10 * ROUNDS, within=5)
