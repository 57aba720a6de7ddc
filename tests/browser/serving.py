"""The real server for browsers: `grievance serve` in a process of its own, with its clock, its port and its folder."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import msgspec
from flask import Flask
from sqlalchemy import create_engine

from grievance.app import create_app
from grievance.casework import proving
from grievance.casework.desk import Desk
from grievance.casework.house import founding, pretending
from grievance.store import people
from grievance.store.migrations import migrate
from grievance.vault import make_keys
from tests import makers, ports

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ("-c", "from wsgi import cli; cli()", "serve")
PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Served:
    """A running house: where it stands, and a desk of our own on the same database, for what no page does."""

    address: str
    desk: Desk

    def pass_days(self, days: float) -> None:
        """Move the clock of the server and of its timetable; what is due then rings within a second or two."""
        pretending.advance(self.desk.store, timedelta(days=days))
        time.sleep(pretending.FRESH + 0.2)

    def cases(self) -> int:
        with self.desk.store.read() as tx:
            return int(tx.exec_driver_sql("SELECT count(*) FROM cases").scalar_one())


@contextmanager
def served(
    folder: Path, template: Path, database: str = "", *, moving: bool = False, languages: str = "", oidc: str = ""
) -> Iterator[Served]:
    """Production settings on a fresh copy of the house in `template`; `moving`: its clock can be moved, as in a demo.

    `languages`: those that are offered, with commas between; the usual ones otherwise. `oidc`: a file of providers.

    Chromium keeps Secure and __Host- cookies for http://127.0.0.1, a trustworthy origin: nothing has to be relaxed.
    """
    if database:
        shutil.copytree(template / "keys", folder / "keys")
    else:
        shutil.copytree(template, folder, dirs_exist_ok=True)
    folder.chmod(0o700)
    desk = makers.desk_of(makers.house(folder, database, clock=None))
    keep_proofs(desk)
    if moving:
        founding.mark_demo(desk, {})
    try:
        with running(folder, database, languages, oidc) as address:
            yield Served(address, desk)
    finally:
        desk.store.engine.dispose()


QUICK = "default/process-1@1"
"""A procedure that is proved in no time; the others take half a minute."""


def keep_proofs(desk: Desk) -> None:
    """The proof of the quick procedure, kept for each of them: a clock would reckon for half a minute beside our tests."""
    quick = proving._found(desk, desk.lawbook.procedure(QUICK))
    with desk.store.write() as tx:
        for procedure in desk.lawbook.procedures.values():
            lines = quick.lines
            if procedure.key != QUICK:
                lines = tuple(replace(one, lane=procedure.lanes[0], end=procedure.path[-1]) for one in lines)
            kept = replace(quick, mark=proving._mark(desk, procedure), lines=lines)
            people.set_fact(tx, proving._key(procedure), msgspec.json.encode(kept).decode())


def forget_proof(desk: Desk) -> None:
    """The quick procedure is not proved, as after a change of its text."""
    with desk.store.write() as tx:
        people.set_fact(tx, proving._key(desk.lawbook.procedure(QUICK)), "null")


def empty_house(folder: Path) -> Flask:
    """An app on a fresh, migrated database in which there is nothing, not even people."""
    settings = makers.settings(folder)
    make_keys(settings.keys)
    engine = create_engine(settings.database)
    migrate(engine)
    engine.dispose()
    return create_app(settings)


@contextmanager
def running(folder: Path, database: str = "", languages: str = "", oidc: str = "") -> Iterator[str]:
    """The address of `grievance serve` on this folder. It ends with us, and so do its workers."""
    with begun(folder, database, languages, oidc) as (_, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def begun(
    folder: Path, database: str = "", languages: str = "", oidc: str = ""
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Its first process, and the port on which it answers."""
    more = {"DATA": str(folder), "GRIEVANCE_TICK": "1", "GRIEVANCE_HELPLINE": "1280"}
    if database:
        more["GRIEVANCE_DATABASE"] = database
    if languages:
        more["GRIEVANCE_LANGUAGES"] = languages
    if oidc:
        more["GRIEVANCE_OIDC"] = oidc
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRIEVANCE_")}
    with ports.held() as port, (folder / "log").open("wb") as log:
        environ, command = {**kept, **more, "PORT": str(port)}, [sys.executable, *COMMAND]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(port, process, folder / "log")
            yield process, port
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    # What broke on the server's side is a fault even where the page looked right.
    said = (folder / "log").read_text(errors="replace")
    assert "Traceback" not in said, said


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)  # of ours, so past any proxy
        with suppress(OSError, http.client.HTTPException), closing(asked):
            asked.request("GET", "/favicon.ico")
            asked.getresponse()
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server does not answer:\n{log.read_text(errors='replace')}")
