"""`grievance import-sites`: a list of sites is looked at, and with --apply taken over, whole or not at all."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from grievance.casework.house import importing, staffing
from grievance.cli.house import Commands, Create, contents, desk_of
from grievance.settings import Settings


def add(commands: Commands) -> None:
    """The command."""
    sites = commands.add_parser("import-sites", help="look at a list of sites, or take it over")
    sites.add_argument("file", type=Path, help=f"a CSV file with the heads {','.join(importing.COLUMNS)}")
    sites.add_argument("--programme", required=True, help="the short name of their programme, such as kh")
    sites.add_argument("--by", required=True, metavar="MAIL", help="the administrator in whose name it is recorded")
    sites.add_argument("--apply", action="store_true", help="take the list over; without it nothing is written")
    sites.set_defaults(run=_import)


def _import(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    desk = desk_of(settings, create)
    viewer = staffing.administrator(desk, chosen.by)
    data = contents(chosen.file)
    plan = importing.dry_run(desk, viewer, chosen.programme, data)
    for fault in plan.faults:
        print(f"{chosen.file}:{fault.line}: {fault.said}", file=sys.stderr)
    if plan.faults:
        return 1
    for site, changes in plan.changed:
        print(f"{site.code}: {'; '.join(f'{before} becomes {after}' for before, after in changes.values())}")
    for site in plan.new:
        print(f"{site.code}: new, {site.name}")
    if chosen.apply:
        importing.take(desk, viewer, chosen.programme, data, plan.mark)
    done = "taken over" if chosen.apply else "looked at; nothing was written (--apply does it)"
    print(f"{len(plan.new)} new, {len(plan.changed)} changed, {plan.same} as they are: {done}.")
    return 0
