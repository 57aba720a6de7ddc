"""`grievance verify`, `backup` and `restore`: what is kept is what was written, is copied as of one moment, and comes back."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from grievance.casework import standstill
from grievance.casework.house import anchoring, packing, recording, safekeeping, verifying
from grievance.casework.showing import exporting
from grievance.cli.house import Commands, Create, contents, desk_of
from grievance.core.errors import Refused, say
from grievance.core.record import Checkpoint
from grievance.settings import Settings
from grievance.vault import record_public
from grievance.witness import roots


def add(commands: Commands) -> None:
    """The command."""
    check = commands.add_parser("verify", help="re-derive every case from its ledger and report differences")
    check.add_argument("file", nargs="?", type=Path, help="an exported case instead: needs no database and no key")
    check.add_argument(
        "--roots", type=Path, help="roots that `grievance witness keep` kept elsewhere, to be compared too"
    )
    check.set_defaults(run=_verify)
    saving = commands.add_parser(
        "backup", help="write everything, as of this moment, encrypted to a key that is elsewhere"
    )
    saving.add_argument("file", type=Path, help="where the cases go; it must not be there yet")
    saving.add_argument("wraps", type=Path, nargs="?", help="where their keys go, which are kept for two weeks alone")
    saving.add_argument("--to", action="append", default=[], metavar="age1…", help="who can read it; may be repeated")
    saving.add_argument(
        "--with-keys", action="store_true", help="the keys of the house too: whoever reads it reads all"
    )
    saving.add_argument("--make-key", action="store_true", help="write a new private key to the file instead")
    saving.set_defaults(run=_backup)
    filling = commands.add_parser("restore", help="fill an empty house from a backup; its clock stands still at first")
    filling.add_argument("file", type=Path, help="the case backup")
    filling.add_argument("wraps", type=Path, nargs="?", help="the newest key backup there is")
    filling.add_argument("--identity", type=Path, required=True, help="the file with the private key")
    filling.add_argument(
        "--journal", type=Path, help="the folder of the journal: what was acknowledged after the backup"
    )
    filling.add_argument("--roots", type=Path, help="roots that were kept elsewhere, to be compared at once")
    filling.add_argument(
        "--accept-loss",
        action="store_true",
        help="although the key backup is missing, older than the cases, or too old",
    )
    filling.set_defaults(run=_restore)


def _verify(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    try:
        return _verified(chosen, settings, create)
    except roots.Unreadable as error:
        print(error, file=sys.stderr)
        return 1


def _verified(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
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
    outside = _outside(chosen.roots)
    verdict = anchoring.verify(desk, record_public(settings.keys), outside)
    for fault in verdict.faults:
        print(fault)
    print(f"{looked_at} cases verified, {len(differences)} differences.")
    if verdict.newest:
        print(f"Record of {verdict.days} days. Root of {verdict.newest.day}: {verdict.newest.root}")
        if not outside:
            print(
                "Whoever holds the signing key can write it anew: compare it with a root that was kept elsewhere, --roots."
            )
    else:
        print("There is no record of any day yet: a clock with record.key makes one each day.")
    clean = not (differences or broken or verdict.faults)
    restored = standstill.verified(desk, clean=clean, outside=bool(outside))
    if restored:
        print(RESTORED[restored])
    return 0 if clean else 1


RESTORED = {
    standstill.VERIFIED: "This restored house is what was written. See that the other system does not run any more, then: "
    "grievance clock --resume --reason …",
    standstill.CONTRADICTED: "This restored house does not meet a root that was kept elsewhere: its clock stays as it is.",
    standstill.UNVERIFIED: "This restored house is not what was written: its clock stays as it is.",
}


def _outside(file: Path | None) -> list[Checkpoint]:
    """The roots that somebody kept. Raises Refused where there are none: nothing would be compared."""
    found = roots.read(file) if file else []
    if file and not found:
        raise Refused(say("{file} holds no roots: name the file that grievance witness keep wrote.", file=file))
    return found


def _verify_file(file: Path) -> int:
    checked = exporting.check_file(contents(file))
    for fault in checked.faults:
        print(fault)
    content = checked.content
    if content:
        kind = "whole" if content["whole"] else f"as {', '.join(content['roles'])} may see it"
        print(f"Case {content['ref']}, {kind}: {len(content['entries'])} entries, {len(content['texts'])} texts.")
        for note in checked.notes:
            print(note)
        print(f"Newest hash  {content['head']}")
        print(f"Fingerprint  {content['fingerprint']}")
    if not checked.faults:
        print("The file fits together. Whoever wrote it anew as a whole could make it fit too: compare the fingerprint")
        print(
            "with the one that was noted when the file was made, or the newest hash of a whole case with the ledger's."
        )
    return 1 if checked.faults else 0


def _backup(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    if chosen.make_key:
        public, private = packing.make_key()
        with new_file(chosen.file) as file:
            file.write(f"# public key: {public}\n{private}\n".encode())
        print(f"Private key in {chosen.file}: keep it away from this machine. Back up with: --to {public}")
        return 0
    if not chosen.to:
        raise Refused(say("Say for whom, with --to and a public key. Make one on another machine with --make-key."))
    if not chosen.wraps:
        raise Refused(say("Name two files: one for the cases, and one for the keys of their sealed words."))
    with new_file(chosen.file) as cases, new_file(chosen.wraps) as wraps:
        kept = safekeeping.backup(
            desk_of(settings, create), cases, wraps, chosen.to, settings.keys if chosen.with_keys else None
        )
    keys = (
        f"{kept.keys} keys" if chosen.with_keys else "no keys: without them no sealed word can be read, keep them too"
    )
    print(f"Backed up in {chosen.file}: {kept.rows} rows, {kept.files} files, {keys}.")
    print(
        f"Backed up in {chosen.wraps}: {kept.wraps} keys of sealed words. Delete it in {safekeeping.KEYS_LIFE.days} days."
    )
    return 0


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file for this user alone, which stands under its name only when it is whole. Raises Refused where there is one."""
    if path.exists():
        raise Refused(say("{file} is there already: name another file.", file=path))
    part = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        raise Refused(say("{file} cannot be written: {why}.", file=path, why=error.strerror)) from None
    finally:
        part.unlink(missing_ok=True)


def _restore(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    if chosen.journal and not chosen.journal.is_dir():
        raise Refused(say("{file} is no folder: name the one of the journal.", file=chosen.journal))
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = safekeeping.Place(settings.database, settings.files, settings.keys)
    try:
        with chosen.file.open("rb") as cases, chosen.wraps.open("rb") if chosen.wraps else nullcontext() as wraps:
            kept = safekeeping.restore(
                place,
                cases,
                wraps,
                chosen.identity.read_text(),
                datetime.now(UTC),
                accept_loss=chosen.accept_loss,
                journal=chosen.journal,
            )
    except OSError as error:
        raise Refused(say("{file} cannot be read: {why}.", file=error.filename, why=error.strerror)) from None
    print(
        f"Restored: {kept.rows} rows, {kept.files} files, {kept.keys} keys. The clock stands still, and no notice leaves."
    )
    print(
        f"Keys of sealed words: {kept.wraps}, of which {kept.strays} belong to nothing in the case backup: not taken over."
    )
    if kept.replayed:
        print(
            f"From the journal: {kept.replayed.changes} changes, {kept.replayed.files} files. Not taken over: "
            f"{kept.replayed.left} changes that hang on something missing, {kept.replayed.unread} messages for another key."
        )
    if not settings.keys.exists():
        print(f"Put the keys into {settings.keys}, then run: grievance verify")
        return 0
    return _verify(argparse.Namespace(file=None, roots=chosen.roots), settings, create)
