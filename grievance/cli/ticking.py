"""`grievance clock`: runs the clock alone, says how it stands, stops it, or lets it go on."""

from __future__ import annotations

import argparse
import getpass
import time

from grievance.casework import standstill
from grievance.casework.desk import Desk
from grievance.cli.house import Commands, Create, check_database, desk_of, timetable
from grievance.settings import Settings

STATES = {
    standstill.RUNS: "runs",
    standstill.FROZEN: "stands still: nothing escalates",
    standstill.SILENT: "stands still: nothing escalates, and no notice leaves",
}


def add(commands: Commands) -> None:
    """The command."""
    ticking = commands.add_parser("clock", help="run the clock alone, or say how it stands, stop it, let it go on")
    order = ticking.add_mutually_exclusive_group()
    order.add_argument(
        "--status", action="store_true", help="say how the clock stands, and all that is on record of it"
    )
    order.add_argument("--freeze", action="store_true", help="nothing escalates until --resume")
    order.add_argument(
        "--restored", action="store_true", help="it came back from a copy: nothing rings or leaves until it is verified"
    )
    order.add_argument("--resume", action="store_true", help="the clock goes on from what is due by then")
    ticking.add_argument(
        "--unverified", action="store_true", help="let a restored house go on although no verify found it whole"
    )
    ticking.add_argument("--reason", default="", help="why: it stays on record, with your name on this machine")
    ticking.set_defaults(run=_clock)


def _clock(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    desk = desk_of(settings, create)
    if chosen.status:
        return _status(desk)
    if chosen.freeze:
        standstill.freeze(desk, getpass.getuser(), chosen.reason)
        return _status(desk)
    if chosen.restored:
        standstill.came_back(desk, getpass.getuser(), chosen.reason)
        return _status(desk)
    if chosen.resume:
        standstill.resume(desk, getpass.getuser(), chosen.reason, unverified=chosen.unverified)
        return _status(desk)
    return _run(desk, settings)


def _status(desk: Desk) -> int:
    for stand in standstill.record(desk):
        print(f"{stand.at:%Y-%m-%d %H:%M} UTC  {stand.state:6}  {stand.who}: {stand.reason}")
    standing = standstill.standing(desk)
    state = standing.state if standing else standstill.RUNS
    print(f"The clock {STATES[state]}.")
    return 0 if state == standstill.RUNS else 1


def _run(desk: Desk, settings: Settings) -> int:
    check_database(settings)
    scheduler = timetable(settings, desk)
    scheduler.start()
    print(f"The clock looks every {settings.tick} seconds. Ctrl-C ends it.", flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        scheduler.shutdown()
    return 0
