"""`grievance demo` and `grievance catalogues`: an invented programme to look at, and the words that people read."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import time
from datetime import timedelta

from grievance import catalogues, demo
from grievance.casework import escalating
from grievance.casework.desk import Desk
from grievance.casework.house import founding, pretending
from grievance.cli.house import Commands, Create, desk_of, make_missing_keys, prepare
from grievance.cli.serving import serve_doors
from grievance.settings import Settings
from grievance.vault import make_pair

SPAN = re.compile(r"(\d{1,4})([dh])")


def add(commands: Commands) -> None:
    """The two commands."""
    show = commands.add_parser("demo", help="load the demo where there is nothing yet")
    show.add_argument("--serve", action="store_true", help="then serve it, with its clock")
    show.add_argument("--advance", metavar="10d", help="move the demo's clock forward by days (d) or hours (h)")
    show.set_defaults(run=_demo)
    texts = commands.add_parser("catalogues", help="compile the translations")
    texts.add_argument("--check", action="store_true", help="refuse catalogues that are not current or not complete")
    texts.add_argument("--update", action="store_true", help="collect the messages anew into every catalogue")
    texts.set_defaults(run=_catalogues)


def _demo(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    if make_missing_keys(settings):
        # In a real house this half is on another machine; a demo is one machine.
        public = make_pair(settings.data / "offline")
        shutil.copy(public, settings.keys / public.name)
    prepare(settings)
    desk = desk_of(settings, create)
    if chosen.advance:
        return _advance(desk, chosen.advance)
    if demo.load(desk):
        print("The demo is loaded.")
    print(demo.guide(f"http://localhost:{settings.port}", founding.demo_receipts(desk)), flush=True)
    return serve_doors(settings, desk) if chosen.serve else 0


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
