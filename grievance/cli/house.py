"""What every command starts from: the settings, the app made from them, its desk, and a database in its newest form."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from grievance import clock
from grievance.casework.desk import Desk
from grievance.core.errors import Refused, say
from grievance.settings import Settings
from grievance.store import fitness, roles
from grievance.store.engines import engine_for
from grievance.vault import Signer, make_keys

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]

Create = Callable[[Settings], Flask]


class Commands(Protocol):
    """Where argparse takes new commands; its own name for that is not public."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002  argparse's word
        """One more command."""
        ...


def desk_of(settings: Settings, create: Create) -> Desk:
    """The desk of a house with these settings."""
    desk = create(settings).extensions["grievance"].desk
    if not isinstance(desk, Desk):
        raise TypeError("the app has no desk")
    return desk


def prepare(settings: Settings) -> None:
    """The data folder and the newest form of the database. Raises WrongDatabase or WrongRole, before anything is written."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with engine_for(settings.database) as engine:
        fitness.check(engine)
        roles.bring_up(engine)
        with engine.connect() as tx:
            if roles.too_much(tx):
                log.warning(
                    "The program signs in to PostgreSQL as a role that could take the guards of the tables off. "
                    "Give it one of its own: docs/operating.md, 'Two roles'."
                )


def check_database(settings: Settings) -> None:
    """For who does not prepare it. Raises WrongDatabase."""
    with engine_for(settings.database) as engine:
        fitness.check(engine)


def contents(file: Path) -> bytes:
    """What a file holds that a command names. Raises Refused."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(say("{file} cannot be read: {why}.", file=file, why=error.strerror)) from None


def timetable(settings: Settings, desk: Desk) -> BackgroundScheduler:
    """What the clock of this house does regularly, not begun yet."""
    send, signer = clock.sender(settings.mail, settings.mail_from), Signer.open(settings.keys)
    return clock.timetable(desk, send, settings.tick, signer)


def make_missing_keys(settings: Settings) -> bool:
    """Keys where there are none; says whether it made them."""
    if settings.keys.exists():
        return False
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_keys(settings.keys)
    return True
