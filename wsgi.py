"""The doors to the outside: `application` for a WSGI server, and `cli` for the console script `grievance`."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

from config import Settings, WrongSettings
from grievance.app import check_database, create_app

if TYPE_CHECKING:
    from flask import Flask

    application: Flask


RARELY = (20_000, 20, 50)
"""A page makes thousands of objects and leaves next to none behind: looked through every 700, it costs a twentieth more."""


def __getattr__(name: str) -> Any:
    """`application` is built when a server asks for it, so that commands do not pay for it."""
    if name == "application":
        app = create_app(Settings.read())
        check_database(app)
        gc.freeze()  # what is there before the fork stays: workers share its pages, and no collection touches them
        gc.set_threshold(*RARELY)
        return app
    raise AttributeError(name)


def cli() -> None:
    """Run one `grievance …` command and leave with its status."""
    if sys.argv[1:2] == ["witness"]:  # it has to work where there is no house: no settings are read
        from grievance.witness.command import main

        raise SystemExit(main(sys.argv[2:]))
    from grievance.cli import run

    try:
        settings = Settings.read()
    except WrongSettings as error:
        raise SystemExit(str(error)) from None
    raise SystemExit(run(sys.argv[1:], settings, create_app))
