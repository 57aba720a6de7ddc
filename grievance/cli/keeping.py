"""`grievance verify`: what is kept is what was written, or every difference."""

from __future__ import annotations

import argparse

from grievance.casework import verifying
from grievance.cli.house import Commands, Create, desk_of
from grievance.settings import Settings


def add(commands: Commands) -> None:
    """The command."""
    check = commands.add_parser("verify", help="re-derive every case from its ledger and report differences")
    check.set_defaults(run=_verify)


def _verify(_: argparse.Namespace, settings: Settings, create: Create) -> int:
    looked_at, differences = verifying.verify(desk_of(settings, create))
    for difference in differences:
        print(difference)
    print(f"{looked_at} cases verified, {len(differences)} differences.")
    return 1 if differences else 0
