"""`grievance prove`: procedures proved or drawn, or all of their faults."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from grievance.cli.house import ROOT, Commands, Create
from grievance.core.errors import Faulty
from grievance.core.lawbook import Lawbook, read_lawbook
from grievance.core.proof import draw, prove, report
from grievance.settings import Settings


def add(commands: Commands) -> None:
    """The command."""
    proof = commands.add_parser("prove", help="prove procedures, or show all of their faults")
    proof.add_argument("files", nargs="*", type=Path, help="TOML files; all that are shipped when none is named")
    proof.add_argument("--draw", action="store_true", help="print each as a Mermaid diagram")
    proof.set_defaults(run=_prove)


def _prove(chosen: argparse.Namespace, _: Settings, __: Create) -> int:
    lawbook = _lawbook(chosen.files)
    named = {"/".join(file.resolve().parts[-2:]) for file in chosen.files}
    found = [one for one in lawbook.procedures.values() if not named or one.file in named]
    for missing in sorted(named - {procedure.file for procedure in found}):
        raise SystemExit(f"There is no procedure in {missing}: name a TOML file such as workflows/kh/worker-1.toml.")
    status = 0
    for procedure in found:
        if chosen.draw:
            print(draw(procedure))
            continue
        proof = prove(procedure, lawbook.calendar_of(procedure))
        print("\n".join(str(line) for line in report(proof)))
        status |= bool(proof.faults)
    return status


def _lawbook(files: Sequence[Path]) -> Lawbook:
    """The shipped law; a named file is read with the calendars that lie beside its folder."""
    folders = {file.resolve().parent.parent for file in files} or {ROOT / "workflows"}
    try:
        books = [read_lawbook(folder) for folder in sorted(folders)]
    except Faulty as error:
        raise SystemExit(str(error)) from None
    return Lawbook(
        {key: value for book in books for key, value in book.procedures.items()},
        {key: value for book in books for key, value in book.calendars.items()},
    )
