"""`grievance keys`: what the key folder holds, and the keys that an earlier version of the program did not make."""

from __future__ import annotations

import argparse

from sqlalchemy import create_engine, inspect

from grievance.cli.house import Commands, Create
from grievance.core.errors import Refused, say
from grievance.settings import Settings
from grievance.store import audit, checkpoints
from grievance.store.store import Store
from grievance.vault import COMPARTMENTS, RECORD, add_pairs, missing_pairs


def add(commands: Commands) -> None:
    """The command."""
    keys = commands.add_parser("keys", help="say which keys are missing, and make those that earlier versions did not")
    keys.add_argument("--add-missing", action="store_true", help="make them; every other key stays as it is")
    keys.set_defaults(run=_keys)


def _keys(chosen: argparse.Namespace, settings: Settings, _: Create) -> int:
    missing = missing_pairs(settings.keys)
    if not missing:
        print(f"Nothing is missing in {settings.keys}.")
        return 0
    if missing[: len(COMPARTMENTS)] == COMPARTMENTS:
        raise Refused(
            say("There is no key folder at {folder}. Make one once with: grievance init", folder=settings.keys)
        )
    if not chosen.add_missing:
        print(f"Missing in {settings.keys}: {', '.join(missing)}. Copy the folder, then: grievance keys --add-missing")
        return 1
    _refuse_lost(settings, missing)
    added = add_pairs(settings.keys)
    print(
        f"Added in {settings.keys}: {', '.join(added)}. Copy the folder to a safe place now: without it no sealed word"
    )
    print("can be read. Other hosts of this house need the new public halves (.pub), and the private ones that their")
    print("doors open: copy them from here, and do not make them there.")
    return 0


def _refuse_lost(settings: Settings, missing: tuple[str, ...]) -> None:
    """Keys for which something is sealed were there: new ones in their place would open none of it. Raises Refused."""
    engine = create_engine(settings.database)
    store = Store(engine)
    try:
        if not inspect(engine).has_table("wraps"):
            return
        with store.whole() as tx:
            lost = [name for name in missing if audit.sealed_for(tx, name)]
            signs = inspect(engine).has_table("checkpoints") and checkpoints.newest(tx) is not None
    finally:
        engine.dispose()
    if signs and RECORD in missing:
        raise Refused(
            say(
                "The record is signed already, so its key was there and is lost. Restore it from your copy: whoever keeps the "
                "roots would refuse another one. Nothing was changed."
            )
        )
    if lost:
        raise Refused(
            say(
                "Words are sealed for {names}, so these keys were there and are lost. Restore them from your copy: new "
                "keys would not open them. Nothing was changed.",
                names=", ".join(lost),
            )
        )
