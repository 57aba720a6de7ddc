"""`grievance witness`: the same as the program `grievance-witness`, for whoever has the whole house at hand."""

from __future__ import annotations

import argparse

from grievance.cli.house import Commands, Create
from grievance.settings import Settings
from grievance.witness import command


def add(commands: Commands) -> None:
    """The command."""
    witness = commands.add_parser("witness", help="keep the published roots, and check cases and proofs against them")
    command.add(witness)
    witness.set_defaults(run=_witness)


def _witness(chosen: argparse.Namespace, _: Settings, __: Create) -> int:
    return command.run(chosen)
