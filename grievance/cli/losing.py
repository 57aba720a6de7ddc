"""`grievance forget-steps`: whoever lost the telephone signs in with the password again, where no administrator can help."""

from __future__ import annotations

import argparse

from grievance.casework.house import steps
from grievance.cli.house import Commands, Create, desk_of
from grievance.settings import Settings


def add(commands: Commands) -> None:
    """The command."""
    lost = commands.add_parser("forget-steps", help="take somebody's second steps away, after a lost telephone")
    lost.add_argument("mail", help="the address with which they sign in")
    lost.add_argument("--reason", required=True, help="why; it is entered in the record")
    lost.set_defaults(run=_forget)


def _forget(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    steps.take_away_at_the_host(desk_of(settings, create), chosen.mail, chosen.reason)
    print("Their second steps are gone, and every sign-in is ended. They are told by mail.")
    return 0
