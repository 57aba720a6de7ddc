"""Tells an outage of the database from a fault of ours: in the first whoever waits is told to come again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from grievance.core.errors import Busy, Down

_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
_SQLITE_READ_ONLY = "SQLITE_READONLY"
_SQLITE_DOWN = ("SQLITE_FULL", _SQLITE_READ_ONLY, "SQLITE_IOERR", "SQLITE_CANTOPEN")
_PG_BUSY = ("40", "55P03", "57014")
"""Classes and codes of PostgreSQL's errors (its manual, appendix A): others were first."""
_PG_DOWN = ("08", "25006", "53", "57", "58")
"""No connection, read-only, out of disk or memory, shut down, an error of its system."""
_PG_REFUSED, _PG_REFUSES = "42501", ("aclchk.c", "acl.c", "execMain.c", "guc.c", "rls.c")
"""Somebody may not do this, which is a fault of ours, where it comes from these files of PostgreSQL. It says the same of a disk
that the kernel turned read-only under it (`errcode_for_file_access` in its `elog.c`)."""


def outage(error: BaseException) -> Busy | None:
    """What to tell whoever waits; None where it is no outage. Takes the error of a driver, or SQLAlchemy's around it."""
    found: Any = error.orig if isinstance(error, DBAPIError) else error
    sqlite = getattr(found, "sqlite_errorname", None)
    if sqlite:
        return Busy() if sqlite.startswith(_SQLITE_BUSY) else Down() if sqlite.startswith(_SQLITE_DOWN) else None
    if not hasattr(found, "sqlstate"):
        return None
    code = found.sqlstate
    if code is None:  # no server said it: the driver found no way to one
        return Down() if type(found).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout") else None
    if code == _PG_REFUSED:
        return None if found.diag.source_file in _PG_REFUSES else Down()
    return Busy() if code.startswith(_PG_BUSY) else Down() if code.startswith(_PG_DOWN) else None


def keep_to_its_file(engine: Engine) -> None:
    """SQLite writes on into a file that was moved away, and makes an empty one in its place: here it is missed instead.

    Each connection remembers which file it opened; the look costs some microseconds.
    """
    place = Path(engine.url.database or "")

    def identity() -> tuple[int, int]:
        try:
            found = os.stat(place)  # noqa: PTH116  half the time of a Path's, before every transaction
        except OSError:
            raise Down from None
        return found.st_dev, found.st_ino

    @event.listens_for(engine, "do_connect")
    def _(*_: object) -> None:
        identity()

    @event.listens_for(engine, "connect")
    def _(_: object, record: Any) -> None:
        record.info["file"] = identity()

    @event.listens_for(engine, "checkout")
    def _(_: object, record: Any, __: object) -> None:
        if record.info["file"] != identity():
            raise DisconnectionError


def close_when_refused(engine: Engine) -> None:
    """What SQLite opened on a disk that took nothing never writes, even when it takes something again, and while one
    connection of a process is open, those that it opens later share its fate: so all are closed, until somebody has written.

    A volume that is writable again needs nobody who restarts the house.
    """
    refused = False

    @event.listens_for(engine, "handle_error")
    def _(context: ExceptionContext) -> None:
        nonlocal refused
        if getattr(context.original_exception, "sqlite_errorname", "").startswith(_SQLITE_READ_ONLY):
            context.is_disconnect = refused = True
            if context.execution_context:
                context.execution_context.cursor.close()  # or SQLite keeps what is closed until the error is forgotten
            engine.dispose()

    @event.listens_for(engine, "checkin")
    def _(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if refused and connection is not None:
            record.invalidate()

    @event.listens_for(engine, "commit")
    def _(connection: Connection) -> None:
        nonlocal refused
        if refused and not connection.get_execution_options().get("readonly"):
            refused = False
