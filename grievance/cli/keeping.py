"""`grievance verify`: what is kept, or what was exported, is what was written, or every difference."""

from __future__ import annotations

import argparse
from pathlib import Path

from grievance.casework import exporting, recording, verifying
from grievance.cli.house import Commands, Create, desk_of
from grievance.core.errors import Refused, say
from grievance.settings import Settings


def add(commands: Commands) -> None:
    """The command."""
    check = commands.add_parser("verify", help="re-derive every case from its ledger and report differences")
    check.add_argument("file", nargs="?", type=Path, help="an exported case instead: needs no database and no key")
    check.set_defaults(run=_verify)


def _verify(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    if chosen.file:
        return _verify_file(chosen.file)
    desk = desk_of(settings, create)
    looked_at, differences = verifying.verify(desk)
    for difference in differences:
        print(difference)
    broken = recording.verify(desk)
    for no in broken:
        print(
            f"The record of administrators does not hold at entry {no}: it, or the one before, was changed or taken away."
        )
    print(f"{looked_at} cases verified, {len(differences)} differences.")
    return 1 if differences or broken else 0


def _verify_file(file: Path) -> int:
    try:
        checked = exporting.check_file(file.read_bytes())
    except OSError as error:
        raise Refused(say("{file} cannot be read: {why}.", file=file, why=error.strerror)) from None
    for fault in checked.faults:
        print(fault)
    content = checked.content
    if content:
        kind = "whole" if content["whole"] else f"as {', '.join(content['roles'])} may see it"
        print(f"Case {content['ref']}, {kind}: {len(content['entries'])} entries, {len(content['texts'])} texts.")
        print(f"Newest hash  {content['head']}")
        print(f"Fingerprint  {content['fingerprint']}")
    if not checked.faults:
        print("The file fits together. Whoever wrote it anew as a whole could make it fit too: compare the fingerprint")
        print(
            "with the one that was noted when the file was made, or the newest hash of a whole case with the ledger's."
        )
    return 1 if checked.faults else 0
