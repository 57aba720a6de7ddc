"""`grievance …`: init, serve, clock, prove, verify, demo, catalogues; each says what it did, or what to do instead."""

from __future__ import annotations

import argparse
import getpass
import logging
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine

from grievance import catalogues, clock, demo
from grievance.casework import escalating, founding, pretending, verifying
from grievance.casework.desk import Desk
from grievance.core.errors import Faulty, GrievanceError
from grievance.core.lawbook import Lawbook, read_lawbook
from grievance.core.proof import draw, prove, report
from grievance.settings import Settings
from grievance.store.migrations import migrate
from grievance.vault import make_keys

ROOT = Path(__file__).resolve().parent.parent
SPAN = re.compile(r"(\d{1,4})([dh])")


Create = Callable[[Settings], Flask]


def run(arguments: Sequence[str], settings: Settings, create: Create) -> int:
    """One command; returns its exit status."""
    chosen = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        return int(COMMANDS[chosen.command](chosen, settings, create))
    except GrievanceError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="grievance", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    first = commands.add_parser("init", help="make keys, database and the first administrator")
    first.add_argument("--mail", help="the administrator's mail address")
    first.add_argument("--name", help="the administrator's name")
    commands.add_parser("serve", help="serve the doors, with the clock when GRIEVANCE_CLOCK is embedded")
    commands.add_parser("clock", help="run the clock alone")
    proof = commands.add_parser("prove", help="prove procedures, or show all of their faults")
    proof.add_argument("files", nargs="*", type=Path, help="TOML files; all that are shipped when none is named")
    proof.add_argument("--draw", action="store_true", help="print each as a Mermaid diagram")
    commands.add_parser("verify", help="re-derive every case from its ledger and report differences")
    show = commands.add_parser("demo", help="load the demo where there is nothing yet")
    show.add_argument("--serve", action="store_true", help="then serve it, with its clock")
    show.add_argument("--advance", metavar="10d", help="move the demo's clock forward by days (d) or hours (h)")
    texts = commands.add_parser("catalogues", help="compile the translations")
    texts.add_argument("--check", action="store_true", help="refuse catalogues that are not current or not complete")
    texts.add_argument("--update", action="store_true", help="collect the messages anew into every catalogue")
    return parser


def _desk(settings: Settings, create: Create) -> Desk:
    desk = create(settings).extensions["grievance"].desk
    if not isinstance(desk, Desk):
        raise TypeError("the app has no desk")
    return desk


def _prepare(settings: Settings) -> None:
    """The data folder and the newest form of the database."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(settings.database)
    migrate(engine)
    engine.dispose()


def _init(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    if not settings.keys.exists():
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_keys(settings.keys)
        print(f"Keys made in {settings.keys}. Copy them to a safe place now: without them no sealed word can be read.")
    _prepare(settings)
    mail = chosen.mail or input("Mail address of the first administrator: ")
    name = chosen.name or input("Name: ")
    password = getpass.getpass("Password (12 characters or more): ") if sys.stdin.isatty() else sys.stdin.readline()
    founding.first_administrator(_desk(settings, create), mail, name, password.rstrip("\n"), "en")
    print("The first administrator can sign in. Start the house with: grievance serve")
    return 0


def _serve(_: argparse.Namespace, settings: Settings, create: Create) -> int:
    _prepare(settings)
    return _web(settings, _desk(settings, create))


def _web(settings: Settings, desk: Desk) -> int:
    """Gunicorn as a child; the clock, when it is embedded, ticks in this process. Ends when either is told to."""
    command = [sys.executable, "-m", "gunicorn", "wsgi:application", "--bind", f"{settings.host}:{settings.port}"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]
    scheduler = clock.timetable(desk, clock.sender(settings.mail, settings.mail_from), settings.tick)
    server = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT)  # noqa: S603  our own words
    if settings.clock == "embedded":
        scheduler.start()
    try:
        return server.wait()
    except KeyboardInterrupt:
        return server.wait()
    finally:
        if scheduler.running:
            scheduler.shutdown(wait=False)


def _clock(_: argparse.Namespace, settings: Settings, create: Create) -> int:
    desk = _desk(settings, create)
    scheduler = clock.timetable(desk, clock.sender(settings.mail, settings.mail_from), settings.tick)
    scheduler.start()
    print(f"The clock looks every {settings.tick} seconds. Ctrl-C ends it.", flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        scheduler.shutdown()
    return 0


def _prove(chosen: argparse.Namespace, _: Settings, __: Create) -> int:
    lawbook = _lawbook(chosen.files)
    status = 0
    for procedure in lawbook.procedures.values():
        if chosen.files and Path(procedure.file).resolve() not in {file.resolve() for file in chosen.files}:
            continue
        if chosen.draw:
            print(draw(procedure))
            continue
        proof = prove(procedure, lawbook.calendar_of(procedure))
        print("\n".join(str(line) for line in report(proof)))
        status |= bool(proof.faults)
    return status


def _lawbook(files: Sequence[Path]) -> Lawbook:
    """The shipped law; a named file is read with the calendars that lie beside its folder."""
    folders = {file.resolve().parent.parent for file in files} or {ROOT / "workflows"}
    try:
        books = [read_lawbook(folder) for folder in sorted(folders)]
    except Faulty as error:
        raise SystemExit(str(error)) from None
    return Lawbook(
        {key: value for book in books for key, value in book.procedures.items()},
        {key: value for book in books for key, value in book.calendars.items()},
    )


def _verify(_: argparse.Namespace, settings: Settings, create: Create) -> int:
    looked_at, differences = verifying.verify(_desk(settings, create))
    for difference in differences:
        print(difference)
    print(f"{looked_at} cases verified, {len(differences)} differences.")
    return 1 if differences else 0


def _demo(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    if not settings.keys.exists():
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_keys(settings.keys)
    _prepare(settings)
    desk = _desk(settings, create)
    if chosen.advance:
        return _advance(desk, chosen.advance)
    if demo.load(desk):
        print("The demo is loaded.")
    print(demo.guide(f"http://localhost:{settings.port}", founding.demo_receipts(desk)), flush=True)
    return _web(settings, desk) if chosen.serve else 0


def _advance(desk: Desk, by: str) -> int:
    match = SPAN.fullmatch(by)
    if match is None:
        print("Say how far, such as 10d (days) or 12h (hours).", file=sys.stderr)
        return 2
    amount = int(match[1])
    offset = pretending.advance(desk.store, timedelta(days=amount) if match[2] == "d" else timedelta(hours=amount))
    time.sleep(pretending.FRESH)
    rungs = escalating.sweep(desk).rungs
    print(f"The demo's clock now runs {offset.days} days ahead; {rungs} rungs rang.")
    return 0


def _catalogues(chosen: argparse.Namespace, _: Settings, __: Create) -> int:
    if chosen.update:
        return catalogues.update()
    return catalogues.check() if chosen.check else catalogues.compile_all()


COMMANDS: dict[str, Callable[[argparse.Namespace, Settings, Create], int]] = {
    "init": _init,
    "serve": _serve,
    "clock": _clock,
    "prove": _prove,
    "verify": _verify,
    "demo": _demo,
    "catalogues": _catalogues,
}
