"""`grievance retention`: which words would go by a day, before they do; or let go now what the clock would within the hour."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, time, timedelta

from grievance.casework.desk import Desk
from grievance.casework.words import erasing
from grievance.cli.house import Commands, Create, desk_of
from grievance.settings import Settings


def add(commands: Commands) -> None:
    """The command."""
    kept = commands.add_parser(
        "retention", help="say which words go when their time is over, or let those go that are due"
    )
    what = kept.add_mutually_exclusive_group(required=True)
    what.add_argument("--dry-run", action="store_true", help="say what would go; nothing is changed")
    what.add_argument("--now", action="store_true", help="erase what is due, as the clock does every hour")
    kept.add_argument(
        "--until", type=date.fromisoformat, metavar="DAY", help="with --dry-run: by this day; today, if none"
    )
    kept.set_defaults(run=_retention)


def _retention(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    desk = desk_of(settings, create)
    if chosen.dry_run:
        return _would_go(desk, chosen.until)
    swept = erasing.sweep(desk)
    print(f"Erased: the words of {swept.cases} cases.")
    for case_id, why in swept.aside.items():
        print(f"  set aside: case {case_id}: {why}")
    return 1 if swept.aside else 0


def _would_go(desk: Desk, day: date | None) -> int:
    until = datetime.combine(day + timedelta(days=1), time(), UTC) if day else desk.now()
    going = held = texts = files = 0
    for one in erasing.dry_run(desk, until):
        note = "  HELD, stays" if one.held else ""
        print(
            f"{one.ref}  {one.procedure}  ended {one.ended_at:%Y-%m-%d}  goes {one.goes_at:%Y-%m-%d}  "
            f"{one.texts} texts, {one.files} files{note}"
        )
        if one.held:
            held += 1
            continue
        going, texts, files = going + 1, texts + one.texts, files + one.files
    print(
        f"By {day or until.date()}: {texts} texts and {files} files of {going} cases would go; {held} held. Nothing changed."
    )
    return 0
