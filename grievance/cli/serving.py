"""`grievance init`, `database` and `serve`: a house begins, and opens its doors."""

from __future__ import annotations

import argparse
import getpass
import logging
import signal
import subprocess
import sys

from grievance.casework.desk import Desk
from grievance.casework.house import founding
from grievance.cli.house import ROOT, Commands, Create, desk_of, make_missing_keys, prepare, timetable
from grievance.core.errors import Refused
from grievance.settings import Settings
from grievance.store import fitness, roles
from grievance.store.engines import engine_for

log = logging.getLogger(__name__)

WORKERS = 2
GUNICORN = (
    *("--worker-class", "grievance.listening.Worker", "--workers", str(WORKERS), "--threads", "4"),
    *("--preload", "--no-control-socket"),
)
"""How the doors are served, in tests and measurements too."""

NO_ORIGINALS = (
    "Files are kept cleaned, and not as they were sent. To keep both, make a key on another machine: "
    "grievance original make-key FOLDER"
)


def add(commands: Commands) -> None:
    """The three commands."""
    first = commands.add_parser("init", help="make keys, database and the first administrator")
    first.add_argument("--mail", help="the administrator's mail address")
    first.add_argument("--name", help="the administrator's name")
    first.add_argument("--language", help="of pages and letters for them; the first of GRIEVANCE_LANGUAGES otherwise")
    first.set_defaults(run=_init)
    database = commands.add_parser("database", help="bring the database to its newest form, and let a role work in it")
    database.add_argument("--program", metavar="ROLE", help="the program's own role on PostgreSQL, which owns nothing")
    database.set_defaults(run=_database)
    serve = commands.add_parser("serve", help="serve the doors, with the clock when GRIEVANCE_CLOCK is embedded")
    serve.set_defaults(run=_serve)


def serve_doors(settings: Settings, desk: Desk) -> int:
    """Gunicorn as a child; the clock, when it is embedded, ticks in this process. Ends when either is told to."""
    command = [sys.executable, "-m", "gunicorn", "wsgi:application", *GUNICORN]
    command += ["--bind", f"{settings.host}:{settings.port}", "--log-level", "warning"]
    scheduler = timetable(settings, desk)
    server = subprocess.Popen(command, cwd=ROOT)  # noqa: S603  our own words
    # Whoever ends a service tells its first process alone: the doors finish what they are at, and it ends after them.
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    if settings.clock == "embedded":
        scheduler.start()
    try:
        return server.wait()
    except KeyboardInterrupt:
        return server.wait()
    finally:
        if scheduler.running:
            scheduler.shutdown(wait=False)


def _init(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    if make_missing_keys(settings):
        print(f"Keys made in {settings.keys}. Copy them to a safe place now: without them no sealed word can be read.")
    prepare(settings)
    desk = desk_of(settings, create)
    if not founding.is_empty(desk):
        raise Refused(founding.BEGUN)
    mail = chosen.mail or input("Mail address of the first administrator: ")
    name = chosen.name or input("Name: ")
    password = getpass.getpass("Password (15 characters or more): ") if sys.stdin.isatty() else sys.stdin.readline()
    language = chosen.language or settings.languages[0]
    founding.first_administrator(desk, mail, name, password.rstrip("\n"), language)
    print(NO_ORIGINALS)
    print("The first administrator can sign in. Start the house with: grievance serve")
    print(f"Then go on at {settings.address}/account/sign-in: organisations, a programme, sites, people, rosters.")
    return 0


def _database(chosen: argparse.Namespace, settings: Settings, _: Create) -> int:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with engine_for(settings.database) as engine:
        fitness.check(engine)
        roles.bring_up(engine)
        if chosen.program:
            roles.let_in(engine, chosen.program)
    print("The database has its newest form.")
    if chosen.program:
        print(f"Name {chosen.program} in GRIEVANCE_DATABASE from now on: it works in the tables and owns none of them.")
    return 0


def _serve(_: argparse.Namespace, settings: Settings, create: Create) -> int:
    prepare(settings)
    desk = desk_of(settings, create)
    if not desk.vault.keeps_originals:
        log.warning(NO_ORIGINALS)
    return serve_doors(settings, desk)
