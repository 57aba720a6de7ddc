"""`grievance clock`: runs the clock alone, says how it stands, stops it, or lets it go on."""

from __future__ import annotations

import argparse
import time

from grievance import clock
from grievance.cli.house import Commands, Create, desk_of
from grievance.settings import Settings


def add(commands: Commands) -> None:
    """The command."""
    ticking = commands.add_parser("clock", help="run the clock alone")
    ticking.set_defaults(run=_clock)


def _clock(_: argparse.Namespace, settings: Settings, create: Create) -> int:
    desk = desk_of(settings, create)
    scheduler = clock.timetable(desk, clock.sender(settings.mail, settings.mail_from), settings.tick)
    scheduler.start()
    print(f"The clock looks every {settings.tick} seconds. Ctrl-C ends it.", flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        scheduler.shutdown()
    return 0
