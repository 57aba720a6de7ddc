"""`grievance original`: the key for files as they were sent, made elsewhere; one taken out, opened elsewhere, all counted."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from grievance.casework.files import originals
from grievance.cli.house import Commands, Create, contents, desk_of
from grievance.cli.keeping import new_file
from grievance.cli.serving import NO_ORIGINALS
from grievance.core.errors import Refused, say
from grievance.settings import Settings
from grievance.vault import ORIGINALS, make_pair, private_half
from grievance.vault.key_files import newest


def add(commands: Commands) -> None:
    """The command and its three orders."""
    original = commands.add_parser("original", help="files as they were sent: make their key, take one out, open it")
    orders = original.add_subparsers(dest="order", required=True)
    making = orders.add_parser("make-key", help="on another machine: make the pair, or the next one")
    making.add_argument("folder", type=Path, help="where the private half stays; never the key folder of the house")
    making.set_defaults(run=_make)
    taking = orders.add_parser(
        "take", help="on the host: write one, still locked, to a file; it is entered in its case"
    )
    taking.add_argument("ref", help="the reference of the case")
    taking.add_argument("no", type=int, help="the number of the file in it")
    taking.add_argument("file", type=Path, help="where it goes; it must not be there yet")
    taking.add_argument("--reason", required=True, help="what for; the complainant and the office read it in the case")
    taking.set_defaults(run=_take)
    counting = orders.add_parser(
        "pairs",
        help="on the host: say how many are locked for which pair, and so which private halves are needed still",
    )
    counting.set_defaults(run=_pairs)
    opening = orders.add_parser("open", help="where the private half is: open what “take” wrote")
    opening.add_argument("taken", type=Path, help="the file that “take” wrote")
    opening.add_argument("file", type=Path, help="where the original goes; it must not be there yet")
    opening.add_argument("--key", type=Path, required=True, metavar="FOLDER", help="the folder of the private half")
    opening.set_defaults(run=_open)


def _make(chosen: argparse.Namespace, settings: Settings, _: Create) -> int:
    if chosen.folder.resolve() == settings.keys.resolve():
        raise Refused(say("That is the key folder of the house. Make this pair elsewhere, on another machine."))
    public = make_pair(chosen.folder)
    print(
        f"Made in {chosen.folder}: {public.stem}.key, which stays away from every machine of the house, and {public.name}."
    )
    print(
        f"Lay {public.name}, and nothing else of it, into the key folder of every host that takes files (chmod 600). From"
    )
    print("then on each file is kept as it was sent, too. Whoever loses the private half can open none of them.")
    older = sorted(path.name for path in chosen.folder.glob(f"{ORIGINALS}*.key") if path.stem != public.stem)
    if older:
        print(
            f"Nothing is locked anew: what is kept already, in older backups too, opens with the halves of before. Keep them: "
            f"{', '.join(older)}."
        )
        print(
            "How many files still need which one says, on a host with the keys of the office: grievance original pairs"
        )
    return 0


def _take(chosen: argparse.Namespace, settings: Settings, create: Create) -> int:
    with new_file(chosen.file) as file:
        taken = originals.take(desk_of(settings, create), chosen.ref, chosen.no, chosen.reason)
        file.write(taken)
    pair = originals.pair_in(taken)
    print(f"In {chosen.file}, locked for pair {pair}. It stands in the case, with the reason.")
    print(f"Where the private half of that pair is ({private_half(pair)}), open it with:")
    print(f"grievance original open {chosen.file.name} FILE --key FOLDER")
    return 0


def _pairs(_: argparse.Namespace, settings: Settings, create: Create) -> int:
    found, last = originals.counted(desk_of(settings, create)), newest(settings.keys, ORIGINALS)
    if not found and not last:
        print(NO_ORIGINALS)
        return 0
    for number in sorted({*found, last} - {0}):
        more = "  what comes now is locked for it" if number == last else ""
        print(f"pair {number}  {private_half(number)}  {found[number]} files{more}")
    print("Keep each private half as long as a file needs it, and as long as a backup that holds such files is kept.")
    if found[0]:
        print(f"{found[0]} could not be read: grievance verify names them.")
    return 1 if found[0] else 0


def _open(chosen: argparse.Namespace, _: Settings, __: Create) -> int:
    taken = contents(chosen.taken)
    with new_file(chosen.file) as file:
        found = originals.opened(taken, chosen.key)
        file.write(found.body)
    about = found.about
    print(f"Case {about.ref}, file {about.no}: {len(found.body)} bytes, as they were sent, in {chosen.file}.")
    print(f"SHA-256 of the file          {hashlib.sha256(found.body).hexdigest()}")
    print(f"Salt                         {found.salt.hex()}")
    print(f"SHA-256 of salt and file     {about.committed}")
    print(
        f"The last one is what entry {about.entry} of the case says (“original”): hold it against the case as a file."
    )
    print("It can tell where and when it was made, and by whom; and it is as it came, so open it on a machine apart.")
    return 0
