"""Tells an outage of the database from a fault of ours: in the first whoever waits is told to come again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import DBAPIError, DisconnectionError

from grievance.core.errors import Busy, Down

_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
_SQLITE_DOWN = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN")
_PG_BUSY = ("40", "55P03", "57014")
"""Classes and codes of PostgreSQL's errors (its manual, appendix A): others were first."""
_PG_DOWN = ("08", "25006", "53", "57", "58")
"""No connection, read-only, out of disk or memory, shut down, an error of its system."""


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


def forget_the_refused(engine: Engine) -> None:
    """A connection of SQLite that was opened while the disk took nothing never writes again: the pool opens others instead.

    So a volume that is writable again needs nobody who restarts the house.
    """

    @event.listens_for(engine, "handle_error")
    def _(context: ExceptionContext) -> None:
        if isinstance(outage(context.original_exception), Down):
            context.is_disconnect = True
