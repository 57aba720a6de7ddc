"""Other processes of the house, each with an engine of its own: tests start them, kill them with -9, start them again."""

from __future__ import annotations

import html
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Protocol

from flask import Flask

from config import Settings
from grievance.app import create_app
from grievance.casework import escalating, filing
from grievance.casework.desk import Desk
from grievance.core import events as e
from grievance.core import machine
from grievance.core.errors import Busy
from grievance.core.matters import Seat
from grievance.core.seating import Sitting
from grievance.store import ledger
from tests import makers
from tests.trials.sizes import CALM
from tests.web.staff import BASE, Staff

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.trials.processes", "tests.trials.warm"])


@dataclass(frozen=True)
class House:
    """Where a process finds its database and its keys, and what time it is there."""

    folder: Path
    database: str
    keys: Path
    at: datetime = makers.START
    journal: Path | None = None
    """The folder of a second volume, where the house keeps one; sealed to `journal_to`."""
    journal_to: str = ""

    @property
    def settings(self) -> dict[str, str]:
        """Where everything is, as the environment says it."""
        found = {"DATA": str(self.folder), "GRIEVANCE_DATABASE": self.database, "GRIEVANCE_KEYS": str(self.keys)}
        if self.journal:
            found |= {"GRIEVANCE_JOURNAL": str(self.journal), "GRIEVANCE_JOURNAL_TO": self.journal_to}
        return found

    def app(self) -> Flask:
        """The house, with an engine of its own."""
        return create_app(Settings.read(self.settings | CALM), makers.Clock(self.at), makers.law())

    def desk(self) -> Desk:
        """Its desk."""
        return makers.desk_of(self.app())


class Work(Protocol):
    """What a process does: it talks through the connection until it is done or dead."""

    def __call__(self, house: House, link: Connection, /) -> None: ...


@contextmanager
def running(house: House, work: Work) -> Iterator[tuple[ForkServerProcess, Connection]]:
    """A process at this work, and our end of its connection; it is gone when the block ends."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=work, args=(house, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join()
        ours.close()


def heard(link: Connection) -> Iterator[Any]:
    """Everything that a process said before it died or hung up."""
    while True:
        try:
            yield link.recv()
        except (EOFError, ConnectionResetError):
            return


# --- What they do -----------------------------------------------------------------------------------------------------


def file_complaints(house: House, link: Connection) -> None:
    """Files under each ticket that it is given, and acknowledges each with its receipt."""
    desk = house.desk()
    link.send("ready")
    tickets: Sequence[str] = link.recv()
    for ticket in tickets:
        receipt = filing.file(desk, "kh", makers.complaint(), ticket)
        link.send((ticket, receipt.digits))


def race(house: House, link: Connection) -> None:
    """An officer at a browser, who sends the form of a move when told, and says how it went and if the text was kept."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  for as long as this process lives
    app = house.app()
    officer = Staff(app, link.recv())
    token = makers.page_token(officer.get("/account").text)
    link.send("ready")
    while told := link.recv():
        ref, move, form, at = told
        time.sleep(max(0.0, at - time.monotonic()))
        answer = officer.client.post(f"/office/cases/{ref}/{move}", base_url=BASE, data={"page_token": token, **form})
        kept = all(html.escape(value) in answer.text for name, value in form.items() if name != "seen")
        link.send((answer.status_code, kept))


def sweep(house: House, link: Connection) -> None:
    """Sweeps until nothing is due, saying after each sweep how many rungs it rang; in small batches, for kills to hit."""
    desk = house.desk()
    link.send("ready")
    while True:
        try:
            swept = escalating.sweep(desk, 25)
        except Busy:
            continue
        link.send((swept.rungs, len(swept.aside)))
        if not swept.rungs:
            return


# --- Many cases at once -----------------------------------------------------------------------------------------------


def many_cases(desk: Desk, count: int, dice: random.Random) -> None:
    """So many cases, filed without sealed words in one append: the clock does not look at words."""
    procedure = desk.lawbook.in_force("kh/worker-1", desk.now().date())
    calendar = desk.lawbook.calendar_of(procedure)
    changes = []
    for _ in range(count):
        at = desk.now() + timedelta(minutes=dice.randrange(600))
        filed = e.Filed(
            procedure.key, "kh", "", "", "U3", "worker", "anonymous", "km", "2026-W10", ("wages",),
            refusals=("restatement_to_respondent",),
        )  # fmt: skip
        seats = (Seat(1, "complainant", "receipt", "receipt"), Seat(2, "officer", "body", "office-kh"))
        fired = machine.file(Sitting(procedure, calendar, at, dice.choice), dice.randbytes(16).hex(), filed, seats)
        birth = ledger.Birth(dice.randbytes(8).hex(), dice.randbytes(32), dice.randbytes(32))
        changes.append(ledger.Change(fired.case, fired.entries, birth=birth))
    with desk.store.write() as tx:
        ledger.append(tx, changes)
