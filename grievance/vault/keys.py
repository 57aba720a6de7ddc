"""A folder of keys is made once, whole and private; a process reads from it only what its doors need."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from grievance.core.errors import Said, say
from grievance.vault import key_files
from grievance.vault.errors import KeysExist, NoKeys
from grievance.vault.key_files import newest, numbers, stem
from grievance.vault.primitives import KEY_BYTES

COMPARTMENTS: Final = (
    "identity", "contact", "words", "exchange", "deliberation", "mediation", "statements", "notes"
)  # fmt: skip
"""Who filed; how to reach them; their own words, files and messages; what the parties say to each other (answers,
replies, reasons, settlement texts); the panel's positions and reasons; what somebody wrote to the mediator
alone; of that what a party wrote, for the party itself; the officers' notes."""

DOOR_COMPARTMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "intake": (),
        "office": ("contact", "words", "exchange", "notes"),
        "custody": ("identity",),
        "party": ("exchange", "statements"),
        "panel": ("exchange", "deliberation", "mediation"),
        "account": (),
        "monitoring": (),
        "register": (),
    }
)
"""The private halves that each door needs. Nobody but the panel opens 'deliberation', nobody but custody 'identity', where
names are opened; intake opens nothing."""

SECRETS: Final = ("intake", "pepper", "session")
DOOR_SECRETS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    # The office issues receipts too: complaints come by telephone and over the counter.
    {door: SECRETS if door in ("intake", "office") else ("session",) for door in DOOR_COMPARTMENTS}
)
"""The symmetric keys that each door needs: receipts' digits, receipts' pepper, cookies."""


RECORD: Final = "record"
"""The pair that signs the daily root over all cases. No door needs its private half: only the clock reads it."""

PAIRS: Final = (*COMPARTMENTS, RECORD)

ORIGINALS: Final = "originals"
"""The pair for which files are sealed as they were sent. It is made elsewhere (`vault.originals`), its private half lies on
no host of the house, and without its public half no original is kept."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """What one process holds. Never printed: the representation names keys and shows none.

    `public` and `private`: the newest pair of each compartment; `numbers`: which pair that is, where it is not the first;
    `older`: (compartment, number) → a private half from before a rotation, as long as it lies in the folder.
    """

    public: Mapping[str, X25519PublicKey] = field(repr=False)
    private: Mapping[str, X25519PrivateKey] = field(repr=False)
    secrets: Mapping[str, bytes] = field(repr=False)
    numbers: Mapping[str, int] = field(default_factory=dict)
    older: Mapping[tuple[str, int], X25519PrivateKey] = field(default_factory=dict, repr=False)


def make_keys(folder: Path) -> None:
    """Create `folder` (0700) with `<compartment>.pub` and `.key`, the same of `record`, and `intake|pepper|session.key` (0600).

    The folder appears whole or not at all: it is written beside, synced to the disk and renamed.
    Raises KeysExist when anything, even an empty folder or a broken link, stands under that name.
    """
    taken = say("Something is already at {folder}. Keys are never overwritten: choose another place.", folder=folder)
    if os.path.lexists(folder):
        raise KeysExist(taken)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))  # mkdtemp gives mode 0700
    try:
        for name in PAIRS:
            _make_pair(beside, name)
        for secret in SECRETS:
            key_files.write(beside / f"{secret}.key", os.urandom(KEY_BYTES))
        key_files.sync(beside)
        try:
            beside.rename(folder)
        except OSError as error:
            if os.path.lexists(folder):  # somebody was faster
                raise KeysExist(taken) from error
            raise
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    key_files.sync(folder.parent)


def missing_pairs(folder: Path) -> tuple[str, ...]:
    """The pairs of which a folder holds neither half: whoever made it had an earlier version of the program."""
    return tuple(name for name in PAIRS if not newest(folder, name) and not os.path.lexists(_pair(folder, name)[0]))


def add_pairs(folder: Path) -> tuple[str, ...]:
    """Make what `missing_pairs` names, and leave every other file as it is; returns the names.

    Raises NoKeys where there is no folder of ours, where it is open to others, and where other private halves are missing
    too: a folder that may only seal gets its public halves from where the private ones are.
    """
    if not folder.is_dir():
        raise NoKeys(say("There is no key folder at {folder}. Make one once with: grievance init", folder=folder))
    key_files.refuse_others(folder, folder.stat().st_mode)
    added = missing_pairs(folder)
    for name in PAIRS:
        if name not in added and not all(map(os.path.lexists, _pair(folder, stem(name, newest(folder, name) or 1)))):
            raise NoKeys(
                say(
                    "{folder} does not hold both halves of the keys for {name}. Add keys where all of them are, and copy "
                    "here what this host may have.",
                    folder=folder,
                    name=name,
                )
            )
    for name in added:
        _make_pair(folder, name)
    key_files.sync(folder)
    return added


def read_record_key(folder: Path) -> Ed25519PrivateKey | None:
    """What signs the record, where this host holds it. Raises NoKeys where it is damaged, or no half of `record.pub`."""
    key, pub = _pair(folder, RECORD)
    if not os.path.lexists(key):
        return None
    private = Ed25519PrivateKey.from_private_bytes(key_files.read(key))
    if private.public_key().public_bytes_raw() != key_files.read(pub):
        raise NoKeys(_strangers(folder, RECORD))
    return private


def read_record_public(folder: Path) -> Ed25519PublicKey | None:
    """What the record is checked with, where this host holds it. Raises NoKeys where it is damaged."""
    pub = _pair(folder, RECORD)[1]
    return Ed25519PublicKey.from_public_bytes(key_files.read(pub)) if os.path.lexists(pub) else None


def _make_pair(folder: Path, name: str) -> None:
    private = Ed25519PrivateKey.generate() if name == RECORD else X25519PrivateKey.generate()
    key, pub = _pair(folder, name)
    key_files.write(key, private.private_bytes_raw())
    key_files.write(pub, private.public_key().public_bytes_raw())


def _strangers(folder: Path, name: str) -> Said:
    return say(
        "{name}.pub and {name}.key in {folder} do not belong together. Restore both from the same copy.",
        name=name,
        folder=folder,
    )


def _pair(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.key", folder / f"{name}.pub"


def read_keys(folder: Path, doors: frozenset[str]) -> KeyRing:
    """Every public half, and of the rest only what `doors` need; files of other keys are not even opened.

    Raises NoKeys with a sentence for the operator: missing, open to others, damaged, halves of two pairs.
    ValueError for a door that does not exist.
    """
    unknown = doors - DOOR_COMPARTMENTS.keys()
    if unknown:
        raise ValueError(f"no such door: {', '.join(sorted(unknown))}")
    try:
        mode = folder.stat().st_mode
    except OSError as error:
        raise NoKeys(
            say("There is no key folder at {folder}. Make one once with: grievance init", folder=folder)
        ) from error
    if not stat.S_ISDIR(mode):
        raise NoKeys(say("The key folder {folder} is not a folder.", folder=folder))
    key_files.refuse_others(folder, mode)
    lacking = tuple(name for name in missing_pairs(folder) if name != RECORD)
    if lacking and len(lacking) < len(COMPARTMENTS):
        raise NoKeys(
            say(
                "In {folder} is missing, both halves: {names}. If an earlier version made the folder, copy it and run: "
                "grievance keys --add-missing. If they are lost, restore them from your copy of the keys.",
                folder=folder,
                names=", ".join(lacking),
            )
        )
    astray = next(folder.glob(f"{ORIGINALS}*.key"), None)
    if astray:
        raise NoKeys(
            say(
                "{path} opens what people sent, with the places and names that are in it. It belongs on no machine that "
                "serves: take it to where the key of the backups is, and leave its .pub here.",
                path=astray,
            )
        )
    needed = {name for door in doors for name in DOOR_COMPARTMENTS[door]}
    wanted = {name for door in doors for name in DOOR_SECRETS[door]}
    return read_ring(folder, needed, wanted)


def read_ring(folder: Path, needed: Iterable[str], wanted: Iterable[str] = ()) -> KeyRing:
    """Every public half, the private halves of `needed` compartments, and the `wanted` secrets. Raises NoKeys."""
    newest_of = {name: newest(folder, name) or 1 for name in COMPARTMENTS}
    if newest(folder, ORIGINALS):
        newest_of[ORIGINALS] = newest(folder, ORIGINALS)
    public = {name: _public(folder, name, number) for name, number in newest_of.items()}
    private: dict[str, X25519PrivateKey] = {}
    older: dict[tuple[str, int], X25519PrivateKey] = {}
    for name in sorted(needed):
        private[name] = _private(folder, name, newest_of[name], public[name])
        for number in numbers(folder, name)[:-1]:
            if os.path.lexists(folder / f"{stem(name, number)}.key"):  # else it is put away
                older[name, number] = _private(folder, name, number, _public(folder, name, number))
    secrets = {name: key_files.read(folder / f"{name}.key") for name in sorted(wanted)}
    return KeyRing(
        MappingProxyType(public),
        MappingProxyType(private),
        MappingProxyType(secrets),
        MappingProxyType(newest_of),
        MappingProxyType(older),
    )


def read_all(folder: Path) -> None:
    """Every key that lies here, whichever door it is for. Raises NoKeys, which names the first that cannot be used."""

    def here(names: Iterable[str]) -> list[str]:
        return [name for name in names if os.path.lexists(folder / f"{stem(name, newest(folder, name) or 1)}.key")]

    read_ring(folder, here(COMPARTMENTS), here(SECRETS))
    read_record_public(folder)
    read_record_key(folder)


def _public(folder: Path, name: str, number: int) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(key_files.read(folder / f"{stem(name, number)}.pub"))


def _private(folder: Path, name: str, number: int, public: X25519PublicKey) -> X25519PrivateKey:
    private = X25519PrivateKey.from_private_bytes(key_files.read(folder / f"{stem(name, number)}.key"))
    if private.public_key() != public:
        # Sealing to a public half whose private half nobody holds would lose every word that is filed.
        raise NoKeys(_strangers(folder, stem(name, number)))
    return private
