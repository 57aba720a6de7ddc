"""`grievance keys`: what the key folder holds, what an earlier version did not make, and new pairs in the place of old ones."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from sqlalchemy import inspect

from grievance.casework.desk import Desk
from grievance.casework.house import rotating
from grievance.cli.house import Commands, Create, desk_of
from grievance.cli.serving import NO_ORIGINALS
from grievance.core.errors import Refused, say
from grievance.settings import Settings
from grievance.store import audit, checkpoints, wraps
from grievance.store.engines import engine_for
from grievance.store.store import Store
from grievance.vault import COMPARTMENTS, ORIGINALS, RECORD, add_pairs, missing_pairs
from grievance.vault.key_files import newest
from grievance.vault.keys import read_all
from grievance.vault.rotating import held_older


def add(commands: Commands) -> None:
    """The command."""
    keys = commands.add_parser("keys", help="say which keys there are; make missing ones; change pairs for new ones")
    what = keys.add_mutually_exclusive_group()
    what.add_argument("--add-missing", action="store_true", help="make them; every other key stays as it is")
    what.add_argument(
        "--rotate",
        nargs="*",
        metavar="COMPARTMENT",
        help="make a new pair, and wrap every key under it; all, if none is named",
    )
    what.add_argument(
        "--retire", nargs="+", metavar="COMPARTMENT", help="take older private halves out, once nothing is under them"
    )
    keys.add_argument(
        "--to", type=Path, metavar="FOLDER", help="with --retire: keep them there; older backups need them"
    )
    keys.add_argument(
        "--destroy", action="store_true", help="with --retire: keep them nowhere, so older backups stay closed"
    )
    keys.set_defaults(run=_keys)


def _keys(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    if chosen.rotate is not None:
        return _rotate(desk_of(settings, create), settings.keys, chosen.rotate or list(COMPARTMENTS))
    if chosen.retire:
        return _retire(desk_of(settings, create), settings.keys, chosen)
    missing = missing_pairs(settings.keys)
    if not missing:
        read_all(settings.keys)
        print(f"Nothing is missing in {settings.keys}.")
        pair = newest(settings.keys, ORIGINALS)
        print(f"Files are kept as they were sent, locked for pair {pair} of originals." if pair else NO_ORIGINALS)
        _pairs(settings)
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


def _pairs(settings: Settings) -> None:
    """Where a compartment has more than one pair: how many wraps are under each, and which private halves lie here."""
    changed = [name for name in COMPARTMENTS if newest(settings.keys, name) > 1]
    if not changed:
        return
    with engine_for(settings.database) as engine, Store(engine).whole() as tx:
        under = wraps.counted(tx) if inspect(engine).has_table("wraps") else {}
    for name in changed:
        told = ", ".join(f"{count} under pair {number}" for number, count in under.get(name, {}).items()) or "no wraps"
        older = ", ".join(map(str, held_older(settings.keys, name))) or "none"
        print(f"{name}: newest pair {newest(settings.keys, name)}; {told}; older private halves here: {older}")


def _rotate(desk: Desk, folder: Path, names: list[str]) -> int:
    aside = 0
    for name in names:
        begun = time.monotonic()
        done = rotating.rotate(desk, folder, name, lambda n, name=name: print(f"{name}: {n}", flush=True))  # type: ignore[misc]
        verb = "a new pair" if done.made else "taken up, so no new pair was made"
        print(f"{name}: pair {done.number} ({verb}), {done.anew} wraps anew in {time.monotonic() - begun:.1f} s.")
        for place in done.aside:
            print(f"  does not open, left as it is: {place}")
        aside += len(done.aside)
    print("Copy the key folder now. Hosts that open these compartments need the new .key and .pub, all others the new")
    print(
        "public halves (.pub): until then they seal under the old pair. Run this again afterwards; then, when no backup"
    )
    print("needs the old private halves in this folder: grievance keys --retire COMPARTMENT … --to FOLDER")
    return 1 if aside else 0


def _retire(desk: Desk, folder: Path, chosen: argparse.Namespace) -> int:
    if bool(chosen.to) == chosen.destroy:
        raise Refused(
            say(
                "Say what becomes of them: --to FOLDER keeps them there, for backups made before; --destroy keeps them "
                "nowhere, and what those backups hold stays closed for good."
            )
        )
    for name in chosen.retire:
        gone = rotating.put_away(desk, folder, name, chosen.to)
        print(
            f"{', '.join(gone)}: {f'kept in {chosen.to}' if chosen.to else 'destroyed'}, and not in {folder} any more."
        )
    return 0


def _refuse_lost(settings: Settings, missing: tuple[str, ...]) -> None:
    """Keys for which something is sealed were there: new ones in their place would open none of it. Raises Refused."""
    with engine_for(settings.database) as engine:
        store = Store(engine)
        if not inspect(engine).has_table("wraps"):
            return
        with store.whole() as tx:
            lost = [name for name in missing if audit.sealed_for(tx, name)]
            signs = inspect(engine).has_table("checkpoints") and checkpoints.newest(tx) is not None
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
